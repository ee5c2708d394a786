//! The body of an answer as frames, pulled by whoever listens.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::Stream;
use http_body::Body as _;
use reqwest::Body;
use reqwest::Response;
use tokio::time::Sleep;
use tokio::time::sleep;

use crate::engine::upstream::Origin;
use crate::error::Error;
use crate::error::Result;
use crate::speech::Frame;
use crate::speech::Outcome;
use crate::telemetry::Attempt;

use super::decoder::Decoder;
use super::defect::Defect;

/// How long the end of the body is awaited once the server has said that all audio was sent.
///
/// Only a body read to its end leaves a connection that can be used again. It comes with the last event or right behind
/// it; a server that keeps it back must not keep the listener waiting.
const LINGER: Duration = Duration::from_millis(200);

/// An answer being read. Dropping it closes the connection unless the body has ended; no task stands behind it.
///
/// Written out as a stream, because one made of async blocks is moved, decoder and all, at every step.
pub(super) struct Frames {
    body: Body,
    decoder: Decoder,
    origin: Origin,
    attempt: Attempt,
    ready: VecDeque<Bytes>,
    /// What one reading brings, on its way to `ready`.
    decoded: Vec<Bytes>,
    fault: Option<Error>,
    /// Some audio came out of the decoder: from now on a fault is a truncation.
    heard: bool,
    stage: Stage,
    /// Until when the end of a body whose audio is complete is awaited.
    linger: Option<Pin<Box<Sleep>>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// More of the body may come.
    Reading,
    /// All of it has come, but has not been told.
    Read,
    /// The last frame has been told.
    Told,
}

impl Frames {
    pub(super) fn new(response: Response, decoder: Decoder, origin: Origin, attempt: Attempt) -> Self {
        Self {
            body: Body::from(response),
            decoder,
            origin,
            attempt,
            ready: VecDeque::new(),
            decoded: Vec::new(),
            fault: None,
            heard: false,
            stage: Stage::Reading,
            linger: None,
        }
    }

    /// What can be told without reading on.
    fn told(&mut self) -> Option<Result<Frame>> {
        if let Some(audio) = self.ready.pop_front() {
            return Some(Ok(Frame::Audio(audio)));
        }
        let last = match self.fault.take() {
            Some(fault) => Err(fault),
            None if self.stage == Stage::Read => self.end(),
            None => return None,
        };
        if let Err(error) = &last {
            self.attempt.failed(error);
        }
        self.stage = Stage::Told;
        Some(last)
    }

    /// Reads and decodes the next part of the body.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let chunk = ready!(self.poll_chunk(cx));
        let audio = &mut self.decoded;
        let result = match chunk {
            Ok(Some(chunk)) => self.decoder.push(chunk, audio).map_err(|defect| defect.into_error(&self.origin)),
            Ok(None) => {
                self.stage = Stage::Read;
                match self.decoder.finish(audio) {
                    // An answer without a single event is no cut stream, but no stream at all.
                    Err(Defect::NoEnd) if !self.heard && audio.is_empty() => Err(self.origin.silent()),
                    finished => finished.map_err(|defect| defect.into_error(&self.origin)),
                }
            }
            Err(error) => Err(error),
        };
        self.heard |= !audio.is_empty();
        self.ready.extend(audio.drain(..));
        self.fault = result.err().map(|error| if self.heard { error.after_audio() } else { error });
        Poll::Ready(())
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        let chunk = self.poll_data(cx);
        if !self.decoder.is_done() {
            return chunk.map_err(|cause| self.origin.disconnected(cause));
        }
        // Whatever becomes of the connection now, the audio is whole.
        match chunk {
            Poll::Ready(chunk) => Poll::Ready(Ok(chunk.unwrap_or_default())),
            Poll::Pending => {
                let linger = self.linger.get_or_insert_with(|| Box::pin(sleep(LINGER)));
                linger.as_mut().poll(cx).map(|()| Ok(None))
            }
        }
    }

    /// The next bytes of the body; trailers hold nothing for us.
    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, reqwest::Error>> {
        while let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(cx)?) {
            if let Ok(data) = frame.into_data() {
                return Poll::Ready(Ok(Some(data)));
            }
        }
        Poll::Ready(Ok(None))
    }

    fn end(&self) -> Result<Frame> {
        let lone_bytes = self.decoder.lone_bytes();
        if lone_bytes > 0 {
            let request_id = self.origin.request_id().unwrap_or_default();
            self.attempt.span().in_scope(|| {
                tracing::warn!(lone_bytes, request_id, "half a sample was dropped at the end of a WAV file");
            });
        }
        if !self.heard {
            return Err(self.origin.silent());
        }
        Ok(Frame::End(Outcome { tokens: self.decoder.tokens(), ..Outcome::default() }))
    }
}

impl Stream for Frames {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame>>> {
        let this = &mut *self;
        while this.stage != Stage::Told {
            if let Some(told) = this.told() {
                return Poll::Ready(Some(told));
            }
            ready!(this.poll_read(cx));
        }
        Poll::Ready(None)
    }
}
