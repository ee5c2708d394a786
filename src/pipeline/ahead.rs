//! Speaks segments in order, with exactly one prepared while one plays.
//!
//! A stream of streams that is flattened does not look ahead: while one segment plays nobody polls the request for the
//! next one, and the listener hears a gap as long as that request. Here each poll first drives the request for the next
//! segment and then the audio of the present one. No task, no channel, and no more than one request of look-ahead.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::Stream;
use tracing::Span;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::shorten;
use crate::pipeline::source::Source;
use crate::speech::Frame;
use crate::speech::Outcome;
use crate::speech::Segment;
use crate::speech::Speech;

/// What is heard of the segments, in order.
pub(super) enum Heard {
    /// The next bytes of the present segment.
    Audio(Bytes),
    /// This segment is over.
    End(Segment, Outcome),
}

/// The segments of one utterance, one after the other.
pub(super) struct Ahead<S> {
    engine: Arc<dyn Engine>,
    /// What the engine does belongs to this span.
    span: Span,
    source: S,
    /// Parts of a refused segment, which come before the other segments.
    parts: VecDeque<Segment>,
    next: Next,
    playing: Option<Playing>,
    /// An engine had begun it when the one before it failed.
    unheard: Option<Segment>,
    resume_char: usize,
}

struct Playing {
    segment: Segment,
    speech: Speech,
    /// What it said while nobody wanted to hear it yet.
    early: Option<Result<Frame>>,
}

enum Next {
    /// Nothing is being prepared; more segments may come.
    Idle,
    /// There are no more segments.
    Exhausted,
    /// An engine has been asked and has not begun.
    Asked(Segment, BoxFuture<'static, Result<Speech>>),
    /// An engine has begun, or refused.
    Begun(Segment, Result<Speech>),
    /// There is no next segment, for this reason.
    Refused(Error),
}

impl<S: Source> Ahead<S> {
    /// Will have `engine` speak what `source` gives, nothing of which starts before the first poll.
    pub(super) fn new(engine: Arc<dyn Engine>, source: S, span: Span) -> Self {
        let (parts, next) = (VecDeque::new(), Next::Idle);
        Self { engine, span, source, parts, next, playing: None, unheard: None, resume_char: 0 }
    }

    /// Where the segments come from.
    pub(super) fn source(&mut self) -> &mut S {
        &mut self.source
    }

    /// The segment that is being heard.
    pub(super) fn playing(&self) -> Option<&Segment> {
        self.playing.as_ref().map(|playing| &playing.segment)
    }

    /// Whether it is known that no segment follows the one that is being heard. True to the moment of the last
    /// [`Heard::Audio`].
    pub(super) fn is_last(&self) -> bool {
        matches!(self.next, Next::Exhausted)
    }

    /// The first code point that has not been spoken whole.
    pub(super) fn resume_char(&self) -> usize {
        self.resume_char
    }

    /// Lets go of the next segment, as nobody will hear it. If an engine had begun it, it is to be paid for.
    pub(super) fn give_up_next(&mut self) -> Option<Segment> {
        if let Next::Begun(segment, Ok(mut speech)) = std::mem::replace(&mut self.next, Next::Exhausted) {
            self.unheard = Some(speech.take_spoken().unwrap_or(segment));
        }
        self.unheard.take()
    }

    /// Keeps the engine at work while nobody wants to hear more: it goes on with the next segment's request, and with the
    /// present segment until that has said one thing more.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        self.prepare(cx);
        if let Some(playing) = self.playing.as_mut().filter(|playing| playing.early.is_none())
            && let Poll::Ready(frame) = Pin::new(&mut playing.speech).poll_next(cx)
        {
            playing.early = Some(frame.unwrap_or_else(|| Err(cut())));
        }
    }

    /// Asks for the next segment, if there is one and none is being prepared, and drives that request.
    fn prepare(&mut self, cx: &mut Context<'_>) {
        loop {
            if matches!(self.next, Next::Idle) {
                let part = self.parts.pop_front().map(|part| Some(Ok(part)));
                let Poll::Ready(segment) = part.map_or_else(|| self.source.poll_segment(cx), Poll::Ready) else {
                    return;
                };
                self.next = match segment {
                    Some(Ok(segment)) => {
                        Next::Asked(segment.clone(), self.span.in_scope(|| self.engine.speak(segment)))
                    }
                    Some(Err(error)) => Next::Refused(error),
                    None => Next::Exhausted,
                };
            }
            let Next::Asked(segment, request) = &mut self.next else { return };
            let Poll::Ready(begun) = self.span.in_scope(|| request.as_mut().poll(cx)) else { return };
            let Some(parts) = begun.as_ref().err().and_then(|error| shorten::parts(segment, error)) else {
                self.next = Next::Begun(segment.clone(), begun);
                return;
            };
            self.span.in_scope(|| note_refusal(segment));
            self.parts.extend(parts);
            self.next = Next::Idle;
        }
    }

    /// Moves the prepared segment to the front. `None` if all have been spoken.
    fn advance(&mut self) -> Poll<Option<Result<()>>> {
        match std::mem::replace(&mut self.next, Next::Idle) {
            Next::Exhausted => {
                self.next = Next::Exhausted;
                Poll::Ready(None)
            }
            waiting @ (Next::Idle | Next::Asked(..)) => {
                self.next = waiting;
                Poll::Pending
            }
            Next::Refused(error) => Poll::Ready(Some(Err(self.stop(error)))),
            Next::Begun(segment, Ok(mut speech)) => {
                let segment = speech.take_spoken().unwrap_or(segment);
                self.resume_char = segment.start_char;
                self.playing = Some(Playing { segment, speech, early: None });
                Poll::Ready(Some(Ok(())))
            }
            Next::Begun(segment, Err(error)) => {
                self.resume_char = segment.start_char;
                Poll::Ready(Some(Err(self.stop(error))))
            }
        }
    }

    /// Drops everything that is still open; an error is the last thing heard.
    fn stop(&mut self, error: Error) -> Error {
        self.parts.clear();
        self.unheard = self.give_up_next();
        self.playing = None;
        error
    }
}

impl<S: Source + Unpin> Stream for Ahead<S> {
    type Item = Result<Heard>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            this.prepare(cx);
            let Some(playing) = &mut this.playing else {
                match this.advance() {
                    Poll::Ready(Some(Ok(()))) => continue,
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(None) => return Poll::Ready(None),
                    Poll::Pending => return Poll::Pending,
                }
            };
            let polled = match playing.early.take() {
                Some(early) => Poll::Ready(Some(early)),
                None => Pin::new(&mut playing.speech).poll_next(cx),
            };
            return match polled {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Some(Ok(Frame::Audio(audio)))) => Poll::Ready(Some(Ok(Heard::Audio(audio)))),
                Poll::Ready(Some(Ok(Frame::End(outcome)))) => {
                    let segment = playing.segment.clone();
                    this.resume_char = segment.start_char + segment.chars;
                    this.playing = None;
                    Poll::Ready(Some(Ok(Heard::End(segment, outcome))))
                }
                Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(this.stop(error)))),
                Poll::Ready(None) => Poll::Ready(Some(Err(this.stop(cut())))),
            };
        }
    }
}

fn note_refusal(segment: &Segment) {
    let (chars, model) = (segment.chars, &segment.delivery.model);
    tracing::warn!(chars, model, "the upstream takes less text in one call than the limits of its model say");
}

fn cut() -> Error {
    Error::new(Kind::UpstreamTruncated, "The speech engine stopped in the middle of its answer.")
        .with_detail("an engine's stream ended without its end mark")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::time::Duration;

    use futures_util::StreamExt;
    use tokio::time::Instant;
    use tracing::Span;

    use super::Ahead;
    use super::Heard;
    use crate::engine::fake::Act;
    use crate::engine::fake::Fake;
    use crate::engine::fake::segment;
    use crate::error::Kind;
    use crate::pipeline::source::Segments;

    const CONNECT: Duration = Duration::from_millis(300);
    const FRAME: Duration = Duration::from_millis(100);

    fn answer() -> Vec<Act> {
        let mut acts = vec![Act::Wait(CONNECT)];
        for _ in 0..5 {
            acts.extend([Act::Say(10, 1), Act::Wait(FRAME)]);
        }
        acts
    }

    fn ahead(engine: &Arc<Fake>, segments: usize) -> Ahead<Segments> {
        let segments = (0..segments).map(|index| segment(&format!("segment {index}"), index));
        Ahead::new(Arc::<Fake>::clone(engine), Box::new(segments), Span::none())
    }

    #[tokio::test(start_paused = true)]
    async fn plays_in_order_without_a_gap_between_segments() {
        let engine = Fake::new([answer()]);
        let mut ahead = ahead(&engine, 4);
        let (mut last, mut longest, mut ended) = (None, Duration::ZERO, Vec::new());
        while let Some(heard) = ahead.next().await {
            match heard.unwrap() {
                Heard::Audio(_) => {
                    let now = Instant::now();
                    longest = longest.max(last.map_or(Duration::ZERO, |last| now - last));
                    last = Some(now);
                    assert!(engine.calls() <= ended.len() + 2, "more than one segment is prepared");
                }
                Heard::End(segment, _) => ended.push(segment.index),
            }
        }
        assert_eq!(ended, [0, 1, 2, 3]);
        // Without look-ahead the gap between two segments would be FRAME + CONNECT.
        assert!(longest <= FRAME + Duration::from_millis(2), "{longest:?}");
        assert_eq!(engine.open(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_ahead_is_told_after_what_can_still_be_heard() {
        let engine = Fake::new([answer(), vec![Act::Fail(Kind::UpstreamUnavailable)]]);
        let mut ahead = ahead(&engine, 3);
        let mut frames = 0;
        let error = loop {
            match ahead.next().await.unwrap() {
                Ok(Heard::Audio(_)) => frames += 1,
                Ok(Heard::End(..)) => {}
                Err(error) => break error,
            }
        };
        assert_eq!((frames, error.kind()), (5, Kind::UpstreamUnavailable));
        assert_eq!(ahead.resume_char(), 100);
        assert!(ahead.next().await.is_none());
        assert_eq!((engine.calls(), engine.open()), (2, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_without_its_end_mark_was_cut() {
        let engine = Fake::new([vec![Act::Say(10, 1), Act::Cut]]);
        let mut ahead = ahead(&engine, 2);
        assert!(matches!(ahead.next().await, Some(Ok(Heard::Audio(_)))));
        assert_eq!(ahead.next().await.unwrap().err().unwrap().kind(), Kind::UpstreamTruncated);
        assert_eq!(engine.open(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_begun_for_nobody_is_told_so_that_it_is_paid_for() {
        let engine = Fake::new([answer(), vec![Act::Say(10, 1), Act::Wait(FRAME * 9), Act::Say(10, 1)]]);
        let mut hung_up = ahead(&engine, 3);
        assert!(matches!(hung_up.next().await, Some(Ok(Heard::Audio(_)))));
        assert!(matches!(hung_up.next().await, Some(Ok(Heard::Audio(_)))));
        assert_eq!(hung_up.give_up_next().map(|segment| segment.index), Some(1));
        assert!(hung_up.give_up_next().is_none());
        assert_eq!(engine.open(), 1, "the one that is heard");

        let engine = Fake::new([vec![Act::Say(10, 1), Act::Wait(CONNECT * 2), Act::Cut], answer()]);
        let mut broken = ahead(&engine, 3);
        while !matches!(broken.next().await, Some(Err(_))) {}
        assert_eq!(engine.open(), 0);
        assert_eq!(broken.give_up_next().map(|segment| segment.index), Some(1));

        let engine = Fake::new([vec![Act::Say(10, 1), Act::Wait(FRAME), Act::Cut], answer()]);
        let mut broken = ahead(&engine, 3);
        while !matches!(broken.next().await, Some(Err(_))) {}
        assert!(broken.give_up_next().is_none(), "it had not begun");
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_it_drops_what_plays_and_what_is_prepared() {
        let engine = Fake::new([answer()]);
        let mut ahead = ahead(&engine, 4);
        assert!(matches!(ahead.next().await, Some(Ok(Heard::Audio(_)))));
        assert!(matches!(ahead.next().await, Some(Ok(Heard::Audio(_)))));
        assert_eq!(engine.open(), 2);
        drop(ahead);
        assert_eq!(engine.open(), 0);
    }
}
