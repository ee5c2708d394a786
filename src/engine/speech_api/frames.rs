//! The body of an answer as frames, pulled by whoever listens.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use futures_util::stream::Stream;
use reqwest::Response;
use tokio::time::Instant;
use tokio::time::timeout_at;

use crate::error::Error;
use crate::error::Result;
use crate::speech::Frame;
use crate::speech::Outcome;
use crate::telemetry::Attempt;

use super::decoder::Decoder;
use super::decoder::Defect;
use super::fault::Origin;

/// How long the end of the body is awaited once the server has said that all audio was sent.
///
/// Only a body read to its end leaves a connection that can be used again. It comes with the last event or right behind
/// it; a server that keeps it back must not keep the listener waiting.
const LINGER: Duration = Duration::from_millis(200);

/// An answer being read. Dropping it closes the connection unless the body has ended; no task stands behind it.
pub(super) struct Frames {
    response: Response,
    decoder: Decoder,
    origin: Origin,
    attempt: Attempt,
    ready: VecDeque<Bytes>,
    fault: Option<Error>,
    /// Some audio came out of the decoder: from now on a fault is a truncation.
    heard: bool,
    ended: bool,
    /// Until when the end of a body whose audio is complete is awaited.
    linger: Option<Instant>,
}

impl Frames {
    pub(super) fn new(response: Response, decoder: Decoder, origin: Origin, attempt: Attempt) -> Self {
        Self {
            response,
            decoder,
            origin,
            attempt,
            ready: VecDeque::new(),
            fault: None,
            heard: false,
            ended: false,
            linger: None,
        }
    }

    /// The frames up to the end or the first error. All is released with the last of them.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Frame>> + Send + 'static {
        stream::unfold(Some(self), async |frames| {
            let mut frames = frames?;
            let frame = frames.next().await;
            if let Err(error) = &frame {
                frames.attempt.failed(error);
            }
            let goes_on = matches!(frame, Ok(Frame::Audio(_)));
            Some((frame, goes_on.then_some(frames)))
        })
    }

    async fn next(&mut self) -> Result<Frame> {
        loop {
            if let Some(audio) = self.ready.pop_front() {
                return Ok(Frame::Audio(audio));
            }
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            if self.ended {
                return self.end();
            }
            self.read().await;
        }
    }

    /// Reads and decodes the next part of the body.
    async fn read(&mut self) {
        let mut audio = Vec::new();
        let result = match self.chunk().await {
            Ok(Some(chunk)) => self.decoder.push(chunk, &mut audio).map_err(|defect| self.origin.spoiled(defect)),
            Ok(None) => {
                self.ended = true;
                match self.decoder.finish(&mut audio) {
                    // An answer without a single event is no cut stream, but no stream at all.
                    Err(Defect::NoEnd) if !self.heard && audio.is_empty() => Err(self.origin.silent()),
                    finished => finished.map_err(|defect| self.origin.spoiled(defect)),
                }
            }
            Err(error) => Err(error),
        };
        self.heard |= !audio.is_empty();
        self.ready.extend(audio);
        self.fault = result.err().map(|error| if self.heard { error.after_audio() } else { error });
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>> {
        if !self.decoder.is_done() {
            return self.response.chunk().await.map_err(|cause| self.origin.disconnected(cause));
        }
        let until = *self.linger.get_or_insert_with(|| Instant::now() + LINGER);
        // Whatever becomes of the connection now, the audio is whole.
        Ok(timeout_at(until, self.response.chunk()).await.ok().and_then(Result::ok).flatten())
    }

    fn end(&self) -> Result<Frame> {
        let lone_bytes = self.decoder.lone_bytes();
        if lone_bytes > 0 {
            let request_id = self.origin.request_id().unwrap_or_default();
            tracing::warn!(lone_bytes, request_id, "half a sample was missing at the end of the audio");
        }
        if !self.heard {
            return Err(self.origin.silent());
        }
        Ok(Frame::End(Outcome { tokens: self.decoder.tokens() }))
    }
}
