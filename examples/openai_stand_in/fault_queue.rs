//! The script: which faults the next requests, realtime responses and realtime upgrades shall suffer.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::PoisonError;

use super::faults::Faults;
use super::faults::Taker;
use super::faults::taker;

/// More scripted entries than this are refused, so that the queue has a bound.
const QUEUE_LIMIT: usize = 10_000;

/// The entries that are still to come. One queue serves all takers, each of which finds its own in it.
#[derive(Default)]
pub(crate) struct FaultQueue(Mutex<VecDeque<Faults>>);

impl FaultQueue {
    /// Appends the faults of one more request per entry; an error names the bound.
    pub(crate) fn extend(&self, script: Vec<Faults>) -> Result<usize, String> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.len() + script.len() > QUEUE_LIMIT {
            return Err(format!("faults: more than {QUEUE_LIMIT} would be queued"));
        }
        queue.extend(script);
        Ok(queue.len())
    }

    /// Takes the first entry for `by`, if there is one. An entry without a fault is for a request or a response; an
    /// upgrade leaves it alone, because a script of responses should not have to count the sockets they use.
    pub(crate) fn next(&self, by: Taker) -> Option<Faults> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |faults: &Faults| taker(faults).map_or(by != Taker::Upgrade, |taker| taker == by);
        let position = queue.iter().position(fits)?;
        queue.remove(position)
    }

    /// What is still to come, for a look from outside.
    pub(crate) fn pending(&self) -> Vec<Faults> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Forgets the script.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
