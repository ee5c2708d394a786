//! One call, being spoken: a stream of events that owns everything the call holds.
//!
//! Dropping it closes the upstream connections and frees the place at the door. It looks at its deadline whenever it is
//! polled; who polls it when nothing else happens is the business of its [`Leash`](super::leash).

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use bytes::Bytes;
use bytes::BytesMut;
use futures_util::stream::Stream;
use tokio::time::Instant;

use crate::admission::Permit;
use crate::audio::Chunker;
use crate::audio::Joiner;
use crate::error::Error;
use crate::error::Kind;
use crate::pipeline::account::Account;
use crate::pipeline::ahead::Ahead;
use crate::pipeline::ahead::Heard;
use crate::pipeline::event::Chunk;
use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::event::Finish;
use crate::pipeline::event::Sent;
use crate::pipeline::event::Span;
use crate::pipeline::event::Started;
use crate::pipeline::event::Summary;
use crate::pipeline::event::Timings;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::pipeline::plan::Plan;
use crate::speech::Encoding;
use crate::speech::playing_time;
use crate::telemetry;
use crate::telemetry::Observer;

/// When a call came, how long it waited, and when it must end.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// When the request reached the handler.
    pub received: Instant,
    /// When it got its place.
    pub admitted: Instant,
    /// When it ends, spoken or not.
    pub deadline: Instant,
}

/// The events of one call, at the pace at which they are polled.
pub struct Performance {
    ahead: Ahead,
    joiner: Joiner,
    chunker: Chunker,
    /// A WAV header until it has been sent.
    header: Option<Bytes>,
    overture: Option<(Started, Vec<Warning>)>,
    outbox: VecDeque<Event>,
    encoding: Encoding,
    sent: Sent,
    pcm_bytes: u64,
    segment_bytes: u64,
    retries_told: u32,
    account: Account,
    observer: Arc<Observer>,
    clocks: Clocks,
    asked: Option<Instant>,
    first_byte: Option<Duration>,
    first_audio: Option<Duration>,
    handed_out: Option<Instant>,
    max_backpressure: Duration,
    is_over: bool,
    _permit: Permit,
}

impl Performance {
    /// Sets the stage; nothing is asked of an engine before the first poll.
    pub fn new(plan: Plan, clocks: Clocks, permit: Permit, observer: Arc<Observer>) -> Self {
        Self {
            ahead: Ahead::new(plan.engine, plan.segments, observer.span().clone()),
            joiner: Joiner::default(),
            chunker: Chunker::new(plan.max_chunk_bytes),
            header: plan.header,
            overture: Some((plan.started, plan.warnings)),
            outbox: VecDeque::new(),
            encoding: plan.encoding,
            sent: Sent { duration: plan.encoding.is_made_here().then_some(Duration::ZERO), ..Sent::default() },
            pcm_bytes: 0,
            segment_bytes: 0,
            retries_told: 0,
            account: plan.account,
            observer,
            clocks,
            asked: None,
            first_byte: None,
            first_audio: None,
            handed_out: None,
            max_backpressure: Duration::ZERO,
            is_over: false,
            _permit: permit,
        }
    }

    /// Ready once there is something to hand out, so that a failure before it can come instead of a stream.
    pub(super) fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        while self.outbox.is_empty() && !self.is_over {
            ready!(self.poll_fill(cx))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Puts at least one event into the outbox, now or later; or says why there will be none.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        let now = Instant::now();
        if now >= self.clocks.deadline {
            return Poll::Ready(Err(self.fail(too_late())));
        }
        let asked = *self.asked.get_or_insert(now);
        match ready!(Pin::new(&mut self.ahead).poll_next(cx)) {
            Some(Ok(Heard::Audio(audio))) => {
                self.first_byte.get_or_insert_with(|| asked.elapsed());
                self.hear(audio);
            }
            Some(Ok(Heard::End(segment, outcome))) => {
                self.account.book(&segment, &outcome, self.segment_duration());
                self.end_segment();
            }
            Some(Err(error)) => return Poll::Ready(Err(self.fail(error))),
            None => self.finish(),
        }
        Poll::Ready(Ok(()))
    }

    fn hear(&mut self, audio: Bytes) {
        if self.segment_bytes == 0
            && let Some(segment) = self.ahead.playing()
        {
            self.account.begin(segment);
        }
        self.segment_bytes += audio.len() as u64;
        self.tell_of_retries();
        let audio = if self.encoding.is_made_here() { self.joiner.push(audio, self.ahead.is_last()) } else { audio };
        self.send(audio);
    }

    fn end_segment(&mut self) {
        self.segment_bytes = 0;
        if self.encoding.is_made_here() {
            let end = if self.ahead.is_last() { self.joiner.finish() } else { self.joiner.joint() };
            self.send(end);
        }
    }

    /// Hands audio out, cut to size, behind what must come before it.
    fn send(&mut self, audio: Bytes) {
        if audio.is_empty() {
            return;
        }
        self.open();
        self.first_audio.get_or_insert_with(|| self.clocks.received.elapsed());
        for pcm in self.chunker.cut(audio) {
            let span = self.span(pcm.len());
            let data = match self.header.take() {
                Some(header) => prefixed(&header, &pcm),
                None => pcm,
            };
            self.sent.bytes += data.len() as u64;
            self.observer.delivered(data.len(), span.map_or(Duration::ZERO, |span| span.duration));
            self.outbox.push_back(Event::Audio(Chunk { data, sequence: self.sent.chunks, span }));
            self.sent.chunks += 1;
        }
    }

    /// The stretch of time that the next `bytes` of PCM fill.
    fn span(&mut self, bytes: usize) -> Option<Span> {
        self.sent.duration?;
        let start = playing_time(self.pcm_bytes);
        self.pcm_bytes += bytes as u64;
        let end = playing_time(self.pcm_bytes);
        self.sent.duration = Some(end);
        Some(Span { start, duration: end.saturating_sub(start) })
    }

    /// Says who speaks, once.
    fn open(&mut self) {
        if let Some((started, warnings)) = self.overture.take() {
            self.outbox.push_back(Event::Started(started));
            self.outbox.extend(warnings.into_iter().map(Event::Warning));
        }
    }

    fn tell_of_retries(&mut self) {
        let retries = self.account.retries();
        if retries > self.retries_told {
            let times = retries - self.retries_told;
            self.retries_told = retries;
            self.open();
            self.outbox.push_back(Event::Warning(Warning {
                kind: WarningKind::SegmentRetried,
                message: format!("The speech engine failed before its audio and was asked again ({times} more calls)."),
                field: None,
            }));
        }
    }

    fn finish(&mut self) {
        self.is_over = true;
        self.open();
        let cost = self.account.cost();
        if let Some(cost) = &cost {
            self.observer.charged(telemetry::Cost { currency: cost.currency.as_str().into(), nanos: cost.nanos });
        }
        let finish = if self.first_byte.is_some() { Finish::Completed } else { Finish::NoSpeakableText };
        self.outbox.push_back(Event::Summary(Box::new(Summary {
            finish,
            sent: self.sent,
            usage: self.account.usage(),
            cost,
            timings: Timings {
                queue: self.clocks.admitted - self.clocks.received,
                upstream_first_byte: self.first_byte,
                first_audio: self.first_audio,
                total: self.clocks.received.elapsed(),
                max_backpressure: self.max_backpressure,
            },
            upstream_request_ids: self.account.request_ids(),
        })));
    }

    /// The end of a call whose time is over.
    pub(super) fn give_up(&mut self) -> Failure {
        self.fail(too_late())
    }

    /// The end of a call that will not be finished.
    fn fail(&mut self, error: Error) -> Failure {
        self.is_over = true;
        let error = if self.sent.chunks > 0 { error.after_audio() } else { error };
        self.observer.failed(&error);
        Failure { error, sent: self.sent, resume_char: self.ahead.resume_char(), usage: self.account.usage() }
    }

    fn segment_duration(&self) -> Option<Duration> {
        self.encoding.is_made_here().then(|| playing_time(self.segment_bytes))
    }

    /// Notes how long the reader has left us waiting with something in hand.
    fn note_backpressure(&mut self) {
        if let Some(handed_out) = self.handed_out.take() {
            let wait = handed_out.elapsed();
            if wait > self.max_backpressure {
                self.max_backpressure = wait;
                self.observer.blocked(wait);
            }
        }
    }
}

impl Stream for Performance {
    type Item = Result<Event, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        this.note_backpressure();
        loop {
            if let Some(event) = this.outbox.pop_front() {
                this.handed_out = Some(Instant::now());
                return Poll::Ready(Some(Ok(event)));
            }
            if this.is_over {
                return Poll::Ready(None);
            }
            if let Err(failure) = ready!(this.poll_fill(cx)) {
                return Poll::Ready(Some(Err(failure)));
            }
        }
    }
}

fn prefixed(header: &[u8], audio: &[u8]) -> Bytes {
    let mut data = BytesMut::with_capacity(header.len() + audio.len());
    data.extend_from_slice(header);
    data.extend_from_slice(audio);
    data.freeze()
}

pub(super) fn too_late() -> Error {
    Error::new(Kind::DeadlineExceeded, "The deadline of the call has passed before all of the text was spoken.")
}
