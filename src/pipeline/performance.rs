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
use crate::audio::Encoder;
use crate::audio::Joiner;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::account::Account;
use crate::pipeline::ahead::Ahead;
use crate::pipeline::ahead::Heard;
use crate::pipeline::event::Chunk;
use crate::pipeline::event::Cost;
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
use crate::speech::Format;
use crate::speech::Segment;
use crate::speech::playing_time;
use crate::telemetry;
use crate::telemetry::Observer;

/// When a call came, how long it waited, and when it must end.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// When the request reached the handler, whole.
    pub received: Instant,
    /// How long it waited for its place.
    pub queued: Duration,
    /// When it ends, spoken or not.
    pub deadline: Instant,
}

/// The events of one call, at the pace at which they are polled.
pub struct Performance {
    ahead: Ahead,
    joiner: Joiner,
    encoder: Encoder,
    chunker: Chunker,
    /// A WAV header until it has been sent.
    header: Option<Bytes>,
    overture: Option<(Started, Vec<Warning>)>,
    outbox: VecDeque<Event>,
    format: Format,
    stage: Stage,
    /// What has been made, in the outbox or out of it.
    made: Sent,
    /// What has been handed out.
    sent: Sent,
    /// The segment that sounds, until it has been booked.
    playing: Option<Segment>,
    /// What has been made, without the header.
    made_bytes: u64,
    segment_bytes: u64,
    retries_told: u32,
    account: Account,
    observer: Arc<Observer>,
    clocks: Clocks,
    asked: Option<Instant>,
    first_byte: Option<Duration>,
    first_audio: Option<Duration>,
    _permit: Permit,
}

/// How far a call has come.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// More may be spoken.
    Speaking,
    /// All is spoken; the summary is still to be told.
    Spoken,
    /// The last thing has been told.
    Over,
}

impl Performance {
    /// Sets the stage; nothing is asked of an engine before the first poll.
    ///
    /// # Errors
    /// [`Kind::Internal`] if the format cannot be made, which would be a bug.
    pub fn new(plan: Plan, clocks: Clocks, permit: Permit, observer: Arc<Observer>) -> Result<Self> {
        Ok(Self {
            encoder: Encoder::new(plan.format)?,
            ahead: Ahead::new(plan.engine, plan.segments, observer.span().clone()),
            joiner: Joiner::default(),
            chunker: Chunker::new(plan.max_chunk_bytes, plan.format.sample_bytes().unwrap_or(1)),
            header: plan.header,
            overture: Some((plan.started, plan.warnings)),
            outbox: VecDeque::new(),
            format: plan.format,
            stage: Stage::Speaking,
            made: nothing(plan.format),
            sent: nothing(plan.format),
            playing: None,
            made_bytes: 0,
            segment_bytes: 0,
            retries_told: 0,
            account: plan.account,
            observer,
            clocks,
            asked: None,
            first_byte: None,
            first_audio: None,
            _permit: permit,
        })
    }

    /// Ready once there is something to hand out, so that a failure before it can come instead of a stream.
    pub(super) fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        while self.outbox.is_empty() && self.stage == Stage::Speaking {
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
        let done = match ready!(Pin::new(&mut self.ahead).poll_next(cx)) {
            Some(Ok(Heard::Audio(audio))) => {
                self.first_byte.get_or_insert_with(|| asked.elapsed());
                self.hear(audio)
            }
            Some(Ok(Heard::End(segment, outcome))) => {
                self.account.book(&segment, &outcome, self.segment_duration());
                self.playing = None;
                self.end_segment()
            }
            Some(Err(error)) => Err(error),
            None => self.spoken(),
        };
        Poll::Ready(done.map_err(|error| self.fail(error)))
    }

    fn hear(&mut self, audio: Bytes) -> Result<()> {
        if self.segment_bytes == 0
            && let Some(segment) = self.ahead.playing()
        {
            self.account.begin(segment);
            self.playing = Some(segment.clone());
        }
        self.segment_bytes += audio.len() as u64;
        self.tell_of_retries();
        if self.is_made_here() {
            let audio = self.joiner.push(audio, self.ahead.is_last());
            return self.encode(audio);
        }
        self.send(audio);
        Ok(())
    }

    fn end_segment(&mut self) -> Result<()> {
        self.segment_bytes = 0;
        if !self.is_made_here() || self.ahead.is_last() {
            return Ok(());
        }
        let end = self.joiner.joint();
        self.encode(end)
    }

    /// What the joiner and the encoder still hold back.
    fn flush(&mut self) -> Result<()> {
        if self.is_made_here() {
            let end = self.joiner.finish();
            self.encode(end)?;
            let rest = self.encoder.finish()?;
            self.send(rest);
        }
        Ok(())
    }

    fn encode(&mut self, pcm: Bytes) -> Result<()> {
        let made = self.encoder.push(pcm)?;
        self.send(made);
        Ok(())
    }

    fn is_made_here(&self) -> bool {
        self.format.encoding().is_made_here()
    }

    /// Hands audio out, cut to size, behind what must come before it.
    fn send(&mut self, audio: Bytes) {
        if audio.is_empty() {
            return;
        }
        self.open();
        let mut audio = audio;
        if let Some(header) = self.header.take() {
            let beside = self.chunker.beside(header.len()).min(audio.len());
            let run = audio.split_to(beside);
            let span = self.span(run.len());
            self.put(prefixed(&header, &run), span);
        }
        for run in self.chunker.cut(audio) {
            let span = self.span(run.len());
            self.put(run, span);
        }
    }

    fn put(&mut self, data: Bytes, span: Option<Span>) {
        self.made.bytes += data.len() as u64;
        self.outbox.push_back(Event::Audio(Chunk { data, sequence: self.made.chunks, span }));
        self.made.chunks += 1;
    }

    /// Counts what leaves.
    fn hand_out(&mut self, event: &Event) {
        if let Event::Audio(chunk) = event {
            self.first_audio.get_or_insert_with(|| self.clocks.received.elapsed());
            let playing = chunk.span.map_or(Duration::ZERO, |span| span.duration);
            self.sent.chunks += 1;
            self.sent.bytes += chunk.data.len() as u64;
            self.sent.duration = self.sent.duration.map(|sent| sent + playing);
            self.observer.delivered(chunk.data.len(), playing);
        }
    }

    /// The stretch of time that the next `bytes` behind the header fill, where bytes map to time.
    fn span(&mut self, bytes: usize) -> Option<Span> {
        let start = self.format.playing_time(self.made_bytes)?;
        self.made_bytes += bytes as u64;
        let end = self.format.playing_time(self.made_bytes)?;
        self.made.duration = Some(end);
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

    fn spoken(&mut self) -> Result<()> {
        self.flush()?;
        self.stage = Stage::Spoken;
        self.open();
        Ok(())
    }

    /// The last event, made when everything before it has been handed out.
    fn summary(&mut self) -> Summary {
        let cost = self.settle();
        let finish = if self.first_byte.is_some() { Finish::Completed } else { Finish::NoSpeakableText };
        Summary {
            finish,
            sent: self.made,
            usage: self.account.usage(),
            cost,
            timings: Timings {
                queue: self.clocks.queued,
                upstream_first_byte: self.first_byte,
                first_audio: self.first_audio,
                total: self.clocks.received.elapsed(),
                max_backpressure: self.observer.longest_block(),
            },
            upstream_request_ids: self.account.request_ids(),
        }
    }

    /// Charges what was used, however the call ends: an upstream bills what it has begun to speak.
    fn settle(&mut self) -> Option<Cost> {
        if let Some(segment) = self.playing.take() {
            self.account.cut(&segment, self.segment_duration());
        }
        let cost = self.account.cost();
        if let Some(cost) = &cost {
            self.observer.charged(telemetry::Cost { currency: cost.currency.as_str().into(), nanos: cost.nanos });
        }
        cost
    }

    /// The end of a call whose time is over, or whose server leaves; none if all has been told.
    pub(super) fn give_up(&mut self, error: Error) -> Option<Failure> {
        (self.stage != Stage::Over).then(|| self.fail(error))
    }

    /// The end of a call that will not be finished.
    fn fail(&mut self, error: Error) -> Failure {
        self.stage = Stage::Over;
        let error = if self.sent.chunks > 0 { error.after_audio() } else { error };
        self.observer.failed(&error);
        self.settle();
        Failure { error, sent: self.sent, resume_char: self.ahead.resume_char(), usage: self.account.usage() }
    }

    fn segment_duration(&self) -> Option<Duration> {
        self.is_made_here().then(|| playing_time(self.segment_bytes))
    }
}

/// A caller who hangs up has used what was spoken until then.
impl Drop for Performance {
    fn drop(&mut self) {
        if self.stage != Stage::Over {
            self.settle();
        }
    }
}

impl Stream for Performance {
    type Item = Result<Event, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(event) = this.outbox.pop_front() {
                this.hand_out(&event);
                return Poll::Ready(Some(Ok(event)));
            }
            match this.stage {
                Stage::Speaking => {
                    if let Err(failure) = ready!(this.poll_fill(cx)) {
                        return Poll::Ready(Some(Err(failure)));
                    }
                }
                Stage::Spoken => {
                    this.stage = Stage::Over;
                    return Poll::Ready(Some(Ok(Event::Summary(Box::new(this.summary())))));
                }
                Stage::Over => return Poll::Ready(None),
            }
        }
    }
}

/// Nothing yet, in a format whose bytes map to time or do not.
fn nothing(format: Format) -> Sent {
    Sent { duration: format.playing_time(0), ..Sent::default() }
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
