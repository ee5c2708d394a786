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
use futures_util::stream::Stream;
use tokio::time::Instant;

use crate::admission::Permit;
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
use crate::pipeline::event::Started;
use crate::pipeline::event::Summary;
use crate::pipeline::event::Timings;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::pipeline::pacer::Pacer;
use crate::pipeline::plan::Plan;
use crate::pipeline::production::Production;
use crate::pipeline::timing;
use crate::pipeline::trail::Trail;
use crate::speech::Alignment;
use crate::speech::Encoding;
use crate::speech::Outcome;
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
    production: Production,
    pacer: Option<Pacer>,
    alignment: Option<Alignment>,
    trail: Trail,
    overture: Option<(Started, Vec<Warning>)>,
    outbox: VecDeque<Event>,
    stage: Stage,
    /// What broke the call, told behind the audio that was there before it.
    broken: Option<Error>,
    /// What has been made, in the outbox or out of it.
    made: Sent,
    /// What has been handed out.
    sent: Sent,
    /// The segment that sounds, until it has been booked.
    playing: Option<Segment>,
    /// Bytes that the engine has given of it.
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
    /// All is spoken that will be; the summary, or what went wrong, is still to be told.
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
        let nothing = Sent { duration: plan.format.playing_time(0), ..Sent::default() };
        Ok(Self {
            ahead: Ahead::new(plan.engine, plan.segments, observer.span().clone()),
            production: Production::new(plan.format, &plan.dispatch, plan.style)?,
            pacer: plan.dispatch.pacing_lead.map(Pacer::new),
            alignment: plan.alignment,
            trail: Trail::default(),
            overture: Some((plan.started, plan.warnings)),
            outbox: VecDeque::new(),
            stage: Stage::Speaking,
            broken: None,
            made: nothing,
            sent: nothing,
            playing: None,
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

    /// Ready once there is audio to hand out, so that a failure before it can come instead of a stream.
    pub(super) fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        while self.made.chunks == 0 && self.stage == Stage::Speaking {
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
            Some(Ok(Heard::End(segment, outcome))) => self.end_segment(&segment, &outcome),
            Some(Err(error)) => self.stop(error),
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
        self.production.push(audio, self.ahead.is_last())?;
        self.send();
        Ok(())
    }

    fn end_segment(&mut self, segment: &Segment, outcome: &Outcome) -> Result<()> {
        self.account.book(segment, outcome, segment_duration(segment, self.segment_bytes));
        self.playing = None;
        self.segment_bytes = 0;
        let heard = self.production.end_segment((!self.ahead.is_last()).then_some(segment.closing))?;
        let end = heard.as_ref().map(|heard| heard.end);
        let timing = self.alignment.zip(heard).map(|(alignment, heard)| timing::timing(segment, heard, alignment));
        self.send();
        self.trail.end(segment.start_char, end, &self.made, timing);
        self.tell_timing(false);
        Ok(())
    }

    /// Ends a call whose engine has failed: what came before the fault is still heard, and then the fault is told.
    fn stop(&mut self, error: Error) -> Result<()> {
        if self.made.chunks == 0 {
            return Err(error);
        }
        self.broken = Some(error);
        self.finish()
    }

    fn spoken(&mut self) -> Result<()> {
        self.finish()?;
        self.open();
        Ok(())
    }

    /// Lets go of everything that is still held back.
    fn finish(&mut self) -> Result<()> {
        self.stage = Stage::Spoken;
        self.production.finish()?;
        self.send();
        self.tell_timing(true);
        Ok(())
    }

    /// Hands out what is ready, behind what must come before it.
    fn send(&mut self) {
        for run in self.production.drain() {
            open(&mut self.overture, &mut self.outbox);
            let sequence = self.made.chunks;
            self.made.chunks += 1;
            self.made.bytes += run.data.len() as u64;
            self.made.duration = run.span.map(|span| span.start + span.duration);
            self.outbox.push_back(Event::Audio(Chunk { data: run.data, sequence, span: run.span }));
        }
        self.tell_timing(false);
    }

    fn tell_timing(&mut self, is_all: bool) {
        self.outbox.extend(self.trail.due(&self.made, is_all).map(Event::Timing));
    }

    /// Counts what leaves.
    fn hand_out(&mut self, event: &Event) {
        if let Event::Audio(chunk) = event {
            self.first_audio.get_or_insert_with(|| self.clocks.received.elapsed());
            let playing = chunk.span.map_or(Duration::ZERO, |span| span.duration);
            self.sent.chunks += 1;
            self.sent.bytes += chunk.data.len() as u64;
            self.sent.duration = self.sent.duration.map(|sent| sent + playing);
            self.trail.pass(&self.sent);
            self.observer.delivered(chunk.data.len(), playing);
        }
    }

    /// Says who speaks, once.
    fn open(&mut self) {
        open(&mut self.overture, &mut self.outbox);
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
                leading_silence: self.production.leading_silence(),
                total: self.clocks.received.elapsed(),
                max_backpressure: self.observer.longest_block(),
            },
            upstream_request_ids: self.account.request_ids(),
        }
    }

    /// Charges what was used, however the call ends: an upstream bills what it has begun to speak.
    fn settle(&mut self) -> Option<Cost> {
        if let Some(segment) = self.playing.take() {
            self.account.cut(&segment, segment_duration(&segment, self.segment_bytes));
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
        let error = if self.sent.chunks > 0 { error.after_audio() } else { error.unheard() };
        self.observer.failed(&error);
        self.settle();
        Failure { error, sent: self.sent, resume_char: self.resume_char(), usage: self.account.usage() }
    }

    /// The first code point whose audio the caller may not have.
    fn resume_char(&self) -> usize {
        self.trail.resume_char().unwrap_or_else(|| self.ahead.resume_char())
    }

    /// Ready once the audio that is next, if it is, may leave. Until then the engine is kept at work.
    fn poll_pace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (Some(pacer), Some(Event::Audio(Chunk { span: Some(span), .. }))) = (&mut self.pacer, self.outbox.front())
        else {
            return Poll::Ready(());
        };
        let due = pacer.poll_due(*span, cx);
        if due.is_pending() {
            self.ahead.drive(cx);
        }
        due
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
            ready!(this.poll_pace(cx));
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
                    if let Some(error) = this.broken.take() {
                        return Poll::Ready(Some(Err(this.fail(error))));
                    }
                    this.stage = Stage::Over;
                    return Poll::Ready(Some(Ok(Event::Summary(Box::new(this.summary())))));
                }
                Stage::Over => return Poll::Ready(None),
            }
        }
    }
}

/// How long `bytes` of what the engine was asked for play, where that is known.
fn segment_duration(segment: &Segment, bytes: u64) -> Option<Duration> {
    (segment.delivery.encoding == Encoding::PcmS16le).then(|| playing_time(bytes))
}

fn open(overture: &mut Option<(Started, Vec<Warning>)>, outbox: &mut VecDeque<Event>) {
    if let Some((started, warnings)) = overture.take() {
        outbox.push_back(Event::Started(started));
        outbox.extend(warnings.into_iter().map(Event::Warning));
    }
}

pub(super) fn too_late() -> Error {
    Error::new(Kind::DeadlineExceeded, "The deadline of the call has passed before all of the text was spoken.")
}
