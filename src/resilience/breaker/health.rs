//! What is known about an endpoint's health, shared by whoever calls it and whoever wants to know.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::resilience::breaker::machine::Machine;
use crate::resilience::breaker::machine::Standing;
use crate::resilience::breaker::machine::State;
use crate::resilience::breaker::machine::Ticket;
use crate::resilience::breaker::policy::BreakerPolicy;
use crate::resilience::breaker::verdict::verdict;
use crate::telemetry::Metrics;

/// The health of one endpoint, as its calls show it.
pub struct Health {
    name: Arc<str>,
    metrics: Metrics,
    record: Mutex<Record>,
}

struct Record {
    machine: Machine,
    /// Why the breaker opened last.
    cause: &'static str,
}

impl Health {
    /// The health of the endpoint that the configuration calls `name`, of which nothing bad is known yet.
    pub(super) fn new(name: &str, policy: BreakerPolicy, metrics: Metrics) -> Self {
        let name = name.into();
        metrics.breaker_is(&name, gauge(State::Closed));
        let record = Record { machine: Machine::new(policy, Instant::now()), cause: "" };
        Self { name, metrics, record: Mutex::new(record) }
    }

    /// Whether calls reach the endpoint. [`State::Probing`] begins when the time of [`State::Open`] is over, even if nobody
    /// has called yet.
    pub fn state(&self) -> State {
        self.lock().machine.state(Instant::now())
    }

    /// How good a choice the endpoint is now.
    pub fn standing(&self) -> Standing {
        self.lock().machine.standing(Instant::now())
    }

    /// Whether a call would be let through.
    pub fn is_open(&self) -> bool {
        !matches!(self.standing(), Standing::Shut(_))
    }

    /// Lets a call through.
    ///
    /// # Errors
    /// [`Kind::UpstreamUnavailable`] if the endpoint is left alone, with the time for which that will last. It is not to be
    /// tried again in the same place.
    pub(super) fn admit(self: &Arc<Self>) -> Result<Pass> {
        match self.change(|record, now| record.machine.admit(now).map_err(|wait| (wait, record.cause))) {
            Ok(ticket) => Ok(Pass { health: Arc::clone(self), ticket }),
            Err((wait, cause)) => Err(self.shut(wait, cause)),
        }
    }

    fn shut(&self, wait: Duration, cause: &str) -> Error {
        Error::new(Kind::UpstreamUnavailable, "The speech engine is failing and is left alone for a while. Try later.")
            .with_detail(format!("`{}` is not asked for {wait:?} because of {cause}", self.name))
            .with_retry_after(wait)
            .with_retry(false)
    }

    /// Tells the machine something, and the operator what came of it. Under the lock, so that what is told last is true.
    fn change<T>(&self, tell: impl FnOnce(&mut Record, Instant) -> T) -> T {
        let (mut record, now) = (self.lock(), Instant::now());
        let era = record.machine.era();
        let told = tell(&mut record, now);
        if record.machine.era() != era {
            self.announce(&record, now);
        }
        told
    }

    fn announce(&self, record: &Record, now: Instant) {
        let (engine, reason, state) = (&*self.name, record.cause, record.machine.state(now));
        self.metrics.breaker_is(&self.name, gauge(state));
        self.metrics.breaker_moved(&self.name, state.name());
        match (state, record.machine.standing(now)) {
            (State::Open, Standing::Shut(wait)) => tracing::warn!(engine, reason, ?wait, "an endpoint is left alone"),
            (State::Closed, _) => tracing::info!(engine, "an endpoint speaks again"),
            _ => tracing::info!(engine, "an endpoint is tried again"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").field("name", &self.name).field("state", &self.state()).finish_non_exhaustive()
    }
}

/// A call that was let through. It is told how the call goes; being dropped without that means that the caller hung up,
/// which says nothing about the endpoint.
pub(super) struct Pass {
    health: Arc<Health>,
    ticket: Ticket,
}

impl Pass {
    /// The first audio is here.
    pub(super) fn began(&mut self) {
        let ticket = &mut self.ticket;
        self.health.change(|record, now| record.machine.began(ticket, now));
    }

    /// The clip is whole.
    pub(super) fn was_whole(self) {
        self.health.change(|record, _| record.machine.was_whole(&self.ticket));
    }

    /// The call ended with `error`.
    pub(super) fn went_wrong(self, error: &Error) {
        let verdict = verdict(error, self.ticket.has_begun);
        self.health.change(|record, now| {
            let era = record.machine.era();
            record.machine.went_wrong(&self.ticket, verdict, now, rand::random());
            if record.machine.era() != era {
                record.cause = error.kind().reason();
            }
        });
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.health.change(|record, _| record.machine.left(&self.ticket));
    }
}

/// The states as numbers, for a gauge.
fn gauge(state: State) -> u64 {
    match state {
        State::Closed => 0,
        State::Open => 1,
        State::Probing => 2,
    }
}
