//! The states of a breaker, and what leads from one to the next. Knows no clock and no lock: both are its holder's.
//!
//! A call counts from its first audio on, not from its end, because a clip ends when its listener has heard it: a breaker
//! that waited for that would keep an endpoint closed for as long as somebody reads slowly, and would see the quick
//! failures of a burst before its many slow successes. What the first audio cannot tell, the end does. Clips that break off
//! are counted for themselves, and only a whole one ends their row; nor does anything else end the doubling of the waits,
//! so that an endpoint that begins well and always breaks off is left alone longer and longer.

use std::time::Duration;

use tokio::time::Instant;

use crate::resilience::breaker::policy::BreakerPolicy;
use crate::resilience::breaker::verdict::Verdict;
use crate::resilience::breaker::window::Tally;
use crate::resilience::breaker::window::Window;

/// A breaker that is told the time.
pub(super) struct Machine {
    policy: BreakerPolicy,
    phase: Phase,
    /// Rises with every change of phase. What a call tells is heeded only in the era that let it through.
    era: u64,
    window: Window,
    /// Calls in a row that failed before their first audio.
    failed: u32,
    /// Clips in a row that broke off.
    broken: u32,
    /// How often it has opened since a clip was whole.
    openings: u32,
    /// Until when the endpoint wants to be spared.
    busy_until: Option<Instant>,
}

#[derive(Clone, Copy)]
enum Phase {
    Closed,
    Open {
        until: Instant,
    },
    Probing {
        /// Probes of whose first audio nothing is known yet.
        out: u32,
        /// When the last of them was let through.
        last: Instant,
    },
}

/// Whether calls reach an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// All of them do.
    Closed,
    /// None does.
    Open,
    /// A few do, to see whether the endpoint speaks again.
    Probing,
}

impl State {
    /// The name, as in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Probing => "probing",
        }
    }
}

/// How good a choice an endpoint is at this moment; the better one is the lesser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Calls are welcome.
    Well,
    /// Calls are let through, but the endpoint has asked to be spared.
    Busy,
    /// Calls are turned away, for this long at most.
    Shut(Duration),
}

/// A call that was let through.
#[derive(Debug)]
pub(super) struct Ticket {
    era: u64,
    /// Its first audio has come.
    pub(super) has_begun: bool,
}

impl Machine {
    /// A closed breaker.
    pub(super) fn new(policy: BreakerPolicy, now: Instant) -> Self {
        let window = Window::new(policy.window, now);
        Self { policy, phase: Phase::Closed, era: 0, window, failed: 0, broken: 0, openings: 0, busy_until: None }
    }

    /// Lets a call through, or says how long none will be.
    pub(super) fn admit(&mut self, now: Instant) -> Result<Ticket, Duration> {
        if let Standing::Shut(wait) = self.standing(now) {
            return Err(wait);
        }
        match &mut self.phase {
            Phase::Closed => {}
            Phase::Open { .. } => self.enter(Phase::Probing { out: 1, last: now }),
            Phase::Probing { out, last } => {
                *out = out.saturating_add(1);
                *last = now;
            }
        }
        Ok(Ticket { era: self.era, has_begun: false })
    }

    /// The first audio of a call is here. A probe closes the breaker with it.
    pub(super) fn began(&mut self, ticket: &mut Ticket, now: Instant) {
        ticket.has_begun = true;
        if ticket.era != self.era {
            return;
        }
        if matches!(self.phase, Phase::Probing { .. }) {
            self.enter(Phase::Closed);
            ticket.era = self.era;
        }
        self.failed = 0;
        self.window.add(Tally { calls: 1, faults: 0 }, now);
    }

    /// A clip has come whole.
    pub(super) fn was_whole(&mut self, ticket: &Ticket) {
        if ticket.era == self.era {
            self.broken = 0;
            self.openings = 0;
        }
    }

    /// A call ended with an error that means `verdict`; `chance` is a random number between 0 and 1.
    pub(super) fn went_wrong(&mut self, ticket: &Ticket, verdict: Verdict, now: Instant, chance: f64) {
        if ticket.era != self.era {
            return;
        }
        match verdict {
            Verdict::Nothing => {}
            Verdict::Busy(rest) => {
                let until = now + rest.min(self.policy.max_open_for);
                self.busy_until = self.busy_until.max(Some(until));
            }
            Verdict::Useless => self.open(now, chance),
            Verdict::Fault => {
                self.count_fault(ticket.has_begun, now);
                if matches!(self.phase, Phase::Probing { .. }) || self.is_too_much(now) {
                    self.open(now, chance);
                }
            }
        }
    }

    /// A call is over, and whatever it had to tell has been told. If it was a probe, another one may go.
    pub(super) fn left(&mut self, ticket: &Ticket) {
        if ticket.era == self.era
            && let Phase::Probing { out, .. } = &mut self.phase
        {
            *out = out.saturating_sub(1);
        }
    }

    /// Whether calls reach the endpoint at `now`. An open breaker whose time is over is probing, although nobody has
    /// called yet.
    pub(super) fn state(&self, now: Instant) -> State {
        match self.phase {
            Phase::Closed => State::Closed,
            Phase::Open { until } if now < until => State::Open,
            Phase::Open { .. } | Phase::Probing { .. } => State::Probing,
        }
    }

    /// How good a choice the endpoint is at `now`.
    ///
    /// A probe whose caller has stopped reading is not polled, and may not tell anything for minutes. It must not keep the
    /// endpoint from all others, so that after the first of the waits one more probe may go.
    pub(super) fn standing(&self, now: Instant) -> Standing {
        let shut_until = match self.phase {
            Phase::Closed => now,
            Phase::Open { until } => until,
            Phase::Probing { out, .. } if out < self.policy.probes => now,
            Phase::Probing { last, .. } => last + self.policy.open_for,
        };
        match shut_until.saturating_duration_since(now) {
            Duration::ZERO if self.busy_until.is_some_and(|until| now < until) => Standing::Busy,
            Duration::ZERO => Standing::Well,
            wait => Standing::Shut(wait),
        }
    }

    /// Changes whenever the phase does.
    pub(super) fn era(&self) -> u64 {
        self.era
    }

    fn count_fault(&mut self, has_begun: bool, now: Instant) {
        let row = if has_begun { &mut self.broken } else { &mut self.failed };
        *row = row.saturating_add(1);
        // A call that has begun was counted then.
        self.window.add(Tally { calls: u32::from(!has_begun), faults: 1 }, now);
    }

    fn is_too_much(&mut self, now: Instant) -> bool {
        if self.failed >= self.policy.failures || self.broken >= self.policy.failures {
            return true;
        }
        let Tally { calls, faults } = self.window.tally(now);
        // A clip may break off when its beginning has left the window already.
        let calls = calls.max(faults);
        calls >= self.policy.min_calls
            && u64::from(faults) * 100 >= u64::from(calls) * u64::from(self.policy.failure_percent)
    }

    fn open(&mut self, now: Instant, chance: f64) {
        if !self.policy.enabled {
            return;
        }
        self.openings = self.openings.saturating_add(1);
        self.enter(Phase::Open { until: now + self.policy.wait(self.openings, chance) });
    }

    /// Whatever was counted led to this, and counts no longer.
    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.era += 1;
        self.window.clear();
        self.failed = 0;
        self.broken = 0;
        self.busy_until = None;
    }
}
