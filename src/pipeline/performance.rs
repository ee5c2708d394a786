//! One call of a whole text, being spoken: a stream of events that owns everything the call holds.
//!
//! Dropping it closes the upstream connections and frees the place at the door. It looks at its deadline whenever it is
//! polled; who polls it when nothing else happens is the business of its [`Leash`](super::leash).

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use tokio::time::Instant;

use crate::admission::Permit;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::ahead::Ahead;
use crate::pipeline::cast::Cast;
use crate::pipeline::event::Cost;
use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::event::Finish;
use crate::pipeline::event::Summary;
use crate::pipeline::event::Timings;
use crate::pipeline::leash::Act;
use crate::pipeline::pacer::Pacer;
use crate::pipeline::plan::Plan;
use crate::pipeline::production::Production;
use crate::pipeline::source::Segments;
use crate::pipeline::take::Take;
use crate::speech::Format;
use crate::telemetry;
use crate::telemetry::Observer;

/// When a call came, how long it waited, and when it must end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clocks {
    /// When the request reached the handler, whole.
    pub(super) received: Instant,
    /// How long it waited for its place.
    pub(super) queued: Duration,
    /// When it ends, spoken or not.
    pub(super) deadline: Instant,
}

/// The events of one call, at the pace at which they are polled.
pub struct Performance {
    take: Take<Segments>,
    pacer: Option<Pacer>,
    /// Who may speak, until it is told who does.
    prologue: Option<(Cast, Format)>,
    /// What is told before any audio.
    overture: VecDeque<Event>,
    observer: Arc<Observer>,
    clocks: Clocks,
    is_over: bool,
    _permit: Permit,
}

impl Performance {
    /// Sets the stage; nothing is asked of an engine before the first poll.
    ///
    /// # Errors
    /// [`Kind::Internal`] if the format cannot be made, which would be a bug.
    pub(super) fn new(plan: Plan, clocks: Clocks, permit: Permit, observer: Arc<Observer>) -> Result<Self> {
        let Plan { cast, segments, format, ensemble, account } = plan;
        let ahead = Ahead::new(ensemble.engine, segments, observer.span().clone());
        let production = Production::new(format, &cast.manner.dispatch, cast.style.clone())?;
        let (alignment, entrances) = (cast.manner.alignment, ensemble.entrances);
        Ok(Self {
            take: Take::new(ahead, production, alignment, account, entrances, Arc::clone(&observer)),
            pacer: cast.manner.dispatch.pacing_lead.map(Pacer::new),
            prologue: Some((cast, format)),
            overture: VecDeque::new(),
            observer,
            clocks,
            is_over: false,
            _permit: permit,
        })
    }

    /// Ready once there is audio to hand out, so that a failure before it can come instead of a stream.
    pub(super) fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.look_at_the_clock()?;
        Poll::Ready(ready!(self.take.poll_begin(cx)).map_err(|error| self.fail(error)))
    }

    fn look_at_the_clock(&mut self) -> Result<(), Failure> {
        if Instant::now() < self.clocks.deadline { Ok(()) } else { Err(self.fail(too_late())) }
    }

    /// The last event, made when everything before it has been handed out.
    fn summary(&mut self) -> Summary {
        let cost = self.settle();
        let take = &self.take;
        Summary {
            finish: if take.has_sounded() { Finish::Completed } else { Finish::NoSpeakableText },
            sent: take.sent(),
            utterances: 1,
            usage: take.account().usage(),
            cost,
            timings: Timings {
                queue: self.clocks.queued,
                aggregation: None,
                upstream_first_byte: take.first_byte(),
                first_audio: take.first_audio().map(|first| first - self.clocks.received),
                leading_silence: take.leading_silence(),
                total: self.clocks.received.elapsed(),
                max_backpressure: self.observer.longest_block(),
            },
            upstream_request_ids: take.account().request_ids(),
        }
    }

    fn settle(&mut self) -> Option<Cost> {
        self.take.settle();
        let cost = self.take.account().cost();
        if let Some(cost) = &cost {
            self.observer.charged(telemetry::Cost { currency: cost.currency.as_str().into(), nanos: cost.nanos });
        }
        cost
    }

    /// The end of a call that will not be finished.
    fn fail(&mut self, error: Error) -> Failure {
        self.is_over = true;
        let sent = self.take.sent();
        let error = if sent.chunks > 0 { error.after_audio() } else { error.unheard() };
        self.observer.failed(&error);
        self.settle();
        let usage = Box::new(self.take.account().usage());
        Failure { error, sent, utterance: 0, resume_char: self.take.resume_char(), usage }
    }
}

impl Act for Performance {
    type Event = Event;

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, Failure>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        self.look_at_the_clock()?;
        if let Some((cast, format)) = self.prologue.take() {
            self.overture.push_back(Event::Started(cast.started(self.take.place(), format)));
            self.overture.extend(cast.warnings.into_iter().map(Event::Warning));
        }
        if let Some(event) = self.overture.pop_front() {
            return Poll::Ready(Some(Ok(event)));
        }
        Poll::Ready(Some(match ready!(self.take.poll_next(cx, &mut self.pacer)) {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(self.fail(error)),
            None => {
                self.is_over = true;
                Ok(Event::Summary(Box::new(self.summary())))
            }
        }))
    }

    fn give_up(&mut self, error: Error) -> Option<Failure> {
        (!self.is_over).then(|| self.fail(error))
    }
}

/// A caller who hangs up has used what was spoken until then.
impl Drop for Performance {
    fn drop(&mut self) {
        if !self.is_over {
            self.settle();
        }
    }
}

pub(super) fn too_late() -> Error {
    Error::new(Kind::DeadlineExceeded, "The deadline of the call has passed before all of the text was spoken.")
}
