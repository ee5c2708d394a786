//! The states of a breaker against a plain account of what its calls have told, in any order of events.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use tokio::time::Instant;

use crate::resilience::breaker::machine::Machine;
use crate::resilience::breaker::machine::Standing;
use crate::resilience::breaker::machine::State;
use crate::resilience::breaker::machine::Ticket;
use crate::resilience::breaker::policy::BreakerPolicy;
use crate::resilience::breaker::verdict::Verdict;

const MS: Duration = Duration::from_millis(1);

#[derive(Clone, Copy, Debug)]
enum Event {
    Call,
    /// The call of this number, of those that run, begins, ends well, ends badly or is hung up.
    Begin(usize),
    Whole(usize),
    Wrong(usize, Verdict),
    HangUp(usize),
    Pass(u32),
}

fn event() -> impl Strategy<Value = Event> {
    let verdict = prop_oneof![
        6 => Just(Verdict::Fault),
        1 => Just(Verdict::Useless),
        1 => Just(Verdict::Busy(300 * MS)),
        1 => Just(Verdict::Nothing),
    ];
    prop_oneof![
        6 => Just(Event::Call),
        4 => any::<usize>().prop_map(Event::Begin),
        2 => any::<usize>().prop_map(Event::Whole),
        5 => (any::<usize>(), verdict).prop_map(|(call, verdict)| Event::Wrong(call, verdict)),
        1 => any::<usize>().prop_map(Event::HangUp),
        3 => (0_u32..2000).prop_map(Event::Pass),
    ]
}

fn policy() -> BreakerPolicy {
    BreakerPolicy {
        enabled: true,
        failures: 4,
        failure_percent: 50,
        min_calls: 8,
        window: 1000 * MS,
        open_for: 500 * MS,
        max_open_for: 3000 * MS,
        probes: 2,
    }
}

/// What happened since the breaker last closed, written down as it was told.
#[derive(Default)]
struct Account {
    /// In which tenth of a second, whether it counts as a call and whether as a fault.
    told: Vec<(u128, bool, bool)>,
    failed: u32,
    broken: u32,
}

impl Account {
    fn is_too_much(&self, slot: u128) -> bool {
        let recent = || self.told.iter().filter(|(then, ..)| slot - then < 10);
        let faults = recent().filter(|(_, _, is_fault)| *is_fault).count();
        let calls = recent().filter(|(_, is_call, _)| *is_call).count().max(faults);
        self.failed >= 4 || self.broken >= 4 || (calls >= 8 && faults * 2 >= calls)
    }
}

struct World {
    machine: Machine,
    start: Instant,
    now: Instant,
    running: Vec<Ticket>,
    /// Eras of the running calls' admission, side by side with them.
    admitted_in: Vec<u64>,
    account: Account,
    last_admission: Instant,
}

impl World {
    fn new() -> Self {
        let start = Instant::now();
        Self {
            machine: Machine::new(policy(), start),
            start,
            now: start,
            running: Vec::new(),
            admitted_in: Vec::new(),
            account: Account::default(),
            last_admission: start,
        }
    }

    fn slot(&self) -> u128 {
        (self.now - self.start).as_millis() / 100
    }

    fn call(&mut self) -> Result<(), TestCaseError> {
        let (before, standing) = (self.machine.state(self.now), self.machine.standing(self.now));
        let out = self.admitted_in.iter().filter(|era| **era == self.machine.era()).count();
        match self.machine.admit(self.now) {
            Ok(ticket) => {
                prop_assert!(before != State::Open && !matches!(standing, Standing::Shut(_)));
                let is_first = before == State::Probing && self.admitted_in.iter().all(|era| *era < self.machine.era());
                let is_due = self.now - self.last_admission >= policy().open_for;
                prop_assert!(before == State::Closed || is_first || out < 2 || is_due, "{} probes are out", out);
                self.running.push(ticket);
                self.admitted_in.push(self.machine.era());
                self.last_admission = self.now;
            }
            Err(wait) => {
                prop_assert_eq!(standing, Standing::Shut(wait));
                prop_assert!(before != State::Closed && wait > Duration::ZERO && wait <= policy().max_open_for);
                prop_assert!(before == State::Open || out >= 2, "only {} probes are out", out);
            }
        }
        Ok(())
    }

    fn begin(&mut self, call: usize) {
        let was_probing = self.machine.state(self.now) == State::Probing;
        if self.running[call].has_begun {
            return;
        }
        let counts = self.admitted_in[call] == self.machine.era();
        self.machine.began(&mut self.running[call], self.now);
        if counts && was_probing {
            self.account = Account::default();
            self.admitted_in[call] = self.machine.era();
        }
        if counts {
            self.account.failed = 0;
            self.account.told.push((self.slot(), true, false));
        }
    }

    fn whole(&mut self, call: usize) {
        if !self.running[call].has_begun {
            return;
        }
        if self.admitted_in[call] == self.machine.era() {
            self.account.broken = 0;
        }
        let ticket = self.running.swap_remove(call);
        self.admitted_in.swap_remove(call);
        self.machine.was_whole(&ticket);
        self.machine.left(&ticket);
    }

    fn wrong(&mut self, call: usize, verdict: Verdict) -> Result<(), TestCaseError> {
        let (before, slot) = (self.machine.state(self.now), self.slot());
        let counts = self.admitted_in.swap_remove(call) == self.machine.era();
        let ticket = self.running.swap_remove(call);
        self.machine.went_wrong(&ticket, verdict, self.now, 0.5);
        self.machine.left(&ticket);
        if counts && verdict == Verdict::Fault {
            let row = if ticket.has_begun { &mut self.account.broken } else { &mut self.account.failed };
            *row += 1;
            self.account.told.push((slot, !ticket.has_begun, true));
        }
        let opens = counts
            && match verdict {
                Verdict::Fault => before == State::Probing || self.account.is_too_much(slot),
                Verdict::Useless => true,
                Verdict::Busy(_) | Verdict::Nothing => false,
            };
        let after = self.machine.state(self.now);
        prop_assert_eq!(after, if opens { State::Open } else { before });
        if opens {
            self.account = Account::default();
        }
        Ok(())
    }

    fn play(&mut self, event: Event) -> Result<(), TestCaseError> {
        let running = self.running.len();
        match event {
            Event::Call => self.call()?,
            Event::Pass(ms) => self.now += ms * MS,
            Event::Begin(call) if running > 0 => self.begin(call % running),
            Event::Whole(call) if running > 0 => self.whole(call % running),
            Event::Wrong(call, verdict) if running > 0 => self.wrong(call % running, verdict)?,
            Event::HangUp(call) if running > 0 => {
                let ticket = self.running.swap_remove(call % running);
                self.admitted_in.swap_remove(call % running);
                self.machine.left(&ticket);
            }
            _ => {}
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn it_opens_exactly_when_it_should_and_never_for_good(events in vec(event(), 1..200)) {
        let mut world = World::new();
        for event in events {
            world.play(event)?;
        }
        // However it stands, and whoever still holds a place: after the longest wait a call gets through and closes it.
        world.now += policy().max_open_for;
        let mut ticket = world.machine.admit(world.now).map_err(|wait| TestCaseError::fail(format!("{wait:?}")))?;
        world.machine.began(&mut ticket, world.now);
        prop_assert_eq!(world.machine.state(world.now), State::Closed);
    }
}
