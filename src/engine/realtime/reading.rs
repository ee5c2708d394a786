//! One text being read, as frames, pulled by whoever listens.
//!
//! Dropping it ends the reading at the server.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use futures_util::stream::Stream;

use crate::engine::upstream::Origin;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Frame;
use crate::speech::Ledger;
use crate::speech::Outcome;
use crate::telemetry::Exchange;

use super::ear::Ear;
use super::event::Done;
use super::guard::Guard;
use super::inbox::Inbox;
use super::inbox::Said;
use super::session::Place;

/// A reading that was asked for.
pub(super) struct Reading {
    pub(super) inbox: Arc<Inbox>,
    pub(super) ear: Ear,
    pub(super) guard: Guard,
    pub(super) origin: Origin,
    pub(super) exchange: Exchange,
    pub(super) ledger: Arc<Ledger>,
    /// Some of it was heard.
    pub(super) has_sounded: bool,
    pub(super) end: Option<Result<Outcome>>,
    pub(super) is_told: bool,
    /// Last, so that it is given back when nothing refers to the reading any more.
    pub(super) _place: Place,
}

impl Reading {
    fn take(&mut self, said: Said) -> Result<()> {
        match said {
            Said::Begun(response) => {
                self.origin.named(&response);
                self.exchange.named(&response);
                self.ledger.note_request_id(&response);
                Ok(())
            }
            Said::Transcript(text) => self.guard.read(&text),
            Said::Audio(Some(audio)) => {
                let pcm = self.ear.hear(audio)?;
                self.guard.hear(pcm)
            }
            Said::Audio(None) => Err(self.origin.unusable("the upstream sent audio that is no base64")),
            Said::Done(done) => self.finish(&done),
            Said::Failed(error) => Err(error),
        }
    }

    /// The server has ended it. What it used is billed, also if nobody is to hear it.
    fn finish(&mut self, done: &Done) -> Result<()> {
        let finished = self.finish_whole(done);
        if finished.is_err()
            && !self.has_sounded
            && let Some(tokens) = done.tokens
        {
            self.ledger.count_tokens(tokens, true);
        }
        finished
    }

    fn finish_whole(&mut self, done: &Done) -> Result<()> {
        if done.status != "completed" {
            return Err(self.unfinished(done));
        }
        let rest = self.ear.finish()?;
        self.guard.hear(rest)?;
        let deviation = self.guard.finish()?;
        self.end = Some(Ok(Outcome { tokens: done.tokens, deviation }));
        Ok(())
    }

    /// Why a reading that the server has ended is not whole.
    fn unfinished(&self, done: &Done) -> Error {
        match (done.status.as_str(), done.reason.as_deref()) {
            ("failed", _) => self.origin.reported(done.error.as_ref().unwrap_or(&serde_json::Value::Null)),
            ("incomplete", Some("content_filter")) => {
                self.origin.failed(Kind::ContentRejected, "the upstream's filter ended the reading")
            }
            // It would end there again.
            ("incomplete", _) => self
                .origin
                .failed(Kind::UpstreamUnavailable, "the upstream ended the reading at its longest (max_output_tokens)")
                .with_retry(false),
            _ => self.origin.failed(Kind::UpstreamUnavailable, "the upstream cancelled the reading"),
        }
    }
}

/// What has been heard is charged by those who heard it.
impl Drop for Reading {
    fn drop(&mut self) {
        if !self.has_sounded {
            self.inbox.leave_unheard(&self.ledger);
        }
    }
}

impl Stream for Reading {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame>>> {
        let this = &mut *self;
        loop {
            if this.is_told {
                return Poll::Ready(None);
            }
            if let Some(pcm) = this.guard.let_go() {
                this.has_sounded = true;
                return Poll::Ready(Some(Ok(Frame::Audio(pcm))));
            }
            if let Some(end) = this.end.take() {
                this.is_told = true;
                return Poll::Ready(Some(end.map(Frame::End)));
            }
            let said = ready!(this.inbox.poll(cx));
            if let Err(error) = this.take(said) {
                let error = if this.has_sounded { error.after_audio() } else { error };
                this.exchange.failed(&error);
                this.end = Some(Err(error));
            }
        }
    }
}
