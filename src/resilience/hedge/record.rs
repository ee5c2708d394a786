//! How long first audio took lately, and how many second requests may still be sent.

use std::collections::VecDeque;
use std::time::Duration;

use crate::resilience::hedge::policy::HedgePolicy;

/// Times that are remembered.
pub(super) const MAX_TIMES: usize = 1000;

/// Second requests that can be saved up, so that a quiet hour does not end in a flood of them.
const MAX_SAVED: u32 = 10;

/// What one second request costs, in the hundredths that each call brings in.
const PRICE: u32 = 100;

/// The recent past of one engine.
#[derive(Debug, Default)]
pub(super) struct Record {
    times: VecDeque<Duration>,
    credit: u32,
}

impl Record {
    /// A call that may be asked for twice is made. Says after which time that may be, once enough is known.
    pub(super) fn call(&mut self, policy: &HedgePolicy) -> Option<Duration> {
        self.credit = (self.credit + policy.budget_percent.min(PRICE)).min(PRICE * MAX_SAVED);
        let is_enough = usize::try_from(policy.min_samples).is_ok_and(|samples| self.times.len() >= samples);
        let usual = is_enough.then(|| self.percentile(policy.percentile)).flatten()?;
        Some(usual.max(policy.min_delay).min(policy.max_delay))
    }

    /// Pays for a second request, if there is enough left.
    pub(super) fn pay(&mut self) -> bool {
        let left = self.credit.checked_sub(PRICE);
        self.credit = left.unwrap_or(self.credit);
        left.is_some()
    }

    /// First audio took that long.
    pub(super) fn note(&mut self, time: Duration) {
        if self.times.len() >= MAX_TIMES {
            self.times.pop_front();
        }
        self.times.push_back(time);
    }

    /// The least of the times that at least `percent` of them do not exceed.
    fn percentile(&self, percent: u32) -> Option<Duration> {
        let mut times: Vec<_> = self.times.iter().copied().collect();
        let rank = (times.len() * usize::try_from(percent).ok()?).div_ceil(100);
        let place = rank.checked_sub(1).filter(|place| *place < times.len())?;
        Some(*times.select_nth_unstable(place).1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::MAX_TIMES;
    use super::Record;
    use crate::resilience::hedge::policy::HedgePolicy;

    const MS: Duration = Duration::from_millis(1);

    fn policy() -> HedgePolicy {
        HedgePolicy { min_delay: 10 * MS, max_delay: 5000 * MS, min_samples: 100, ..HedgePolicy::default() }
    }

    #[test]
    fn the_percentile_is_that_of_the_last_thousand() {
        let mut record = Record::default();
        for time in (1..=99).rev() {
            record.note(time * MS);
            assert_eq!(record.call(&policy()), None);
        }
        record.note(100 * MS);
        assert_eq!(record.call(&policy()), Some(95 * MS));
        assert_eq!(record.call(&HedgePolicy { percentile: 1, ..policy() }), Some(10 * MS), "not below min_delay");
        for _ in 0..MAX_TIMES {
            record.note(9000 * MS);
        }
        assert_eq!(record.call(&policy()), Some(5000 * MS), "not above max_delay");
        assert_eq!(record.times.len(), MAX_TIMES);
    }

    #[test]
    fn each_call_pays_its_share_and_little_is_saved() {
        let mut record = Record::default();
        let sent = |record: &mut Record, calls| {
            (0..calls).filter(|_| record.call(&policy()).is_none() && record.pay()).count()
        };
        assert_eq!(sent(&mut record, 19), 0);
        assert_eq!(sent(&mut record, 1), 1);
        assert_eq!(sent(&mut record, 1000), 50);
        for _ in 0..1000 {
            record.call(&policy());
        }
        assert_eq!((0..1000).filter(|_| record.pay()).count(), 10);
        let none = HedgePolicy { budget_percent: 0, ..policy() };
        assert!((0..1000).all(|_| record.call(&none).is_none() && !record.pay()));
    }
}
