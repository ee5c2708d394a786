//! The body of an answer as a list of timed writes, and the faults that rewrite that list.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use bytes::BytesMut;

use super::faults::Fault;
use super::faults::WritePattern;

/// How long a silent connection is kept before it is cut: longer than any client waits, but not for ever.
pub(crate) const SILENCE: Duration = Duration::from_mins(10);

/// One act, due a time after the response headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) at: Duration,
    pub(crate) act: Act,
}

/// What the body can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Write(Bytes),
    /// Ends the connection instead of the body.
    Cut {
        reset: bool,
    },
}

/// How each write is split further.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Grain {
    #[default]
    Whole,
    OneByte,
    Odd,
}

/// The acts of one body in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) steps: VecDeque<Step>,
    pub(crate) grain: Grain,
}

impl Script {
    /// Appends a write that is due at `at`.
    pub(crate) fn write(&mut self, at: Duration, bytes: Bytes) {
        if !bytes.is_empty() {
            self.steps.push_back(Step { at, act: Act::Write(bytes) });
        }
    }

    /// Applies every fault that concerns the bytes on the wire and their times.
    pub(crate) fn suffer(mut self, faults: &[Fault]) -> Self {
        for fault in faults {
            match fault {
                Fault::EmptyBody => self.steps.clear(),
                Fault::HeadersThenSilence => self.steps = [Step { at: SILENCE, act: Act::Cut { reset: false } }].into(),
                Fault::StallAfter { bytes, ms } => self.stall(*bytes, Duration::from_millis(*ms)),
                Fault::CutAfter { bytes, reset } => self.cut(*bytes, *reset),
                Fault::Writes { pattern: WritePattern::OneByte } => self.grain = Grain::OneByte,
                Fault::Writes { pattern: WritePattern::Odd } => self.grain = Grain::Odd,
                Fault::Writes { pattern: WritePattern::Coalesced } => self.coalesce(),
                _ => {}
            }
        }
        self
    }

    /// Everything after the first `bytes` comes later.
    fn stall(&mut self, bytes: usize, pause: Duration) {
        let from = self.split(bytes);
        for step in self.steps.iter_mut().skip(from) {
            step.at += pause;
        }
    }

    /// Nothing comes after the first `bytes`, not even the body's end.
    fn cut(&mut self, bytes: usize, reset: bool) {
        let from = self.split(bytes);
        let at = self.steps.get(from).or(self.steps.back()).map_or(Duration::ZERO, |step| step.at);
        self.steps.truncate(from);
        self.steps.push_back(Step { at, act: Act::Cut { reset } });
    }

    /// Makes a boundary between steps at `bytes` and returns the index of the step after it.
    fn split(&mut self, bytes: usize) -> usize {
        let mut left = bytes;
        for index in 0..self.steps.len() {
            let step = &mut self.steps[index];
            let Act::Write(written) = &mut step.act else { continue };
            if left == 0 {
                return index;
            }
            if left < written.len() {
                let rest = Step { at: step.at, act: Act::Write(written.split_off(left)) };
                self.steps.insert(index + 1, rest);
                return index + 1;
            }
            left -= written.len();
        }
        self.steps.len()
    }

    /// Joins all writes into one at the time of the last.
    fn coalesce(&mut self) {
        let mut whole = BytesMut::new();
        let mut at = Duration::ZERO;
        self.steps.retain(|step| match &step.act {
            Act::Write(bytes) => {
                whole.extend_from_slice(bytes);
                at = at.max(step.at);
                false
            }
            Act::Cut { .. } => true,
        });
        if !whole.is_empty() {
            self.steps.push_front(Step { at, act: Act::Write(whole.freeze()) });
        }
    }
}
