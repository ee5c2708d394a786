//! When a breaker opens, and for how long: what an operator can set.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::fault::Fault;

/// Leaving an endpoint alone that fails, until it has had time to recover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerPolicy {
    /// Whether endpoints that fail are left alone at all. What they do is watched either way.
    pub enabled: bool,
    /// Faults in a row after which an endpoint is left alone. Calls that failed before their first audio and clips that
    /// broke off are counted apart.
    pub failures: u32,
    /// Share of the calls of the last `window` that have to fail, in percent, for the endpoint to be left alone although
    /// other calls succeed.
    pub failure_percent: u32,
    /// Calls within `window` below which their share says nothing.
    pub min_calls: u32,
    /// How far back `failure_percent` looks, in steps of a tenth of it.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub window: Duration,
    /// How long an endpoint is left alone the first time; it doubles with each further one until a clip has come whole.
    /// Up to a quarter of each is taken off by chance, so that several replicas do not come back at the same moment.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub open_for: Duration,
    /// Longest time for which an endpoint is left alone.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_open_for: Duration,
    /// Calls at a time that try the endpoint again afterwards, while all others are still turned away.
    pub probes: u32,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            enabled: true,
            failures: 5,
            failure_percent: 50,
            min_calls: 20,
            window: Duration::from_secs(30),
            open_for: Duration::from_secs(5),
            max_open_for: Duration::from_mins(1),
            probes: 1,
        }
    }
}

/// Longest time that makes sense for any of the waits. It keeps sums of times far from their limits.
const MAX_WAIT: Duration = Duration::from_hours(1);

/// The part of a wait that chance may take off.
const JITTER: f64 = 0.25;

impl BreakerPolicy {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (field, count) in [("failures", self.failures), ("min_calls", self.min_calls), ("probes", self.probes)] {
            if count == 0 {
                faults.push(Fault::new(field, "must be at least 1"));
            }
        }
        if !(1..=100).contains(&self.failure_percent) {
            faults.push(Fault::new("failure_percent", "must lie between 1 and 100"));
        }
        for (field, wait) in [("window", self.window), ("open_for", self.open_for)] {
            if !(Duration::from_millis(100)..=MAX_WAIT).contains(&wait) {
                faults.push(Fault::new(field, "must lie between 100ms and 1h"));
            }
        }
        if !(self.open_for..=MAX_WAIT).contains(&self.max_open_for) {
            faults.push(Fault::new("max_open_for", "must not be shorter than open_for, nor longer than 1h"));
        }
        faults
    }

    /// How long the endpoint is left alone when it is for the `times`-th time since a clip came whole; `chance` lies
    /// between 0 and 1.
    pub(super) fn wait(&self, times: u32, chance: f64) -> Duration {
        let doublings = times.saturating_sub(1).min(16);
        let whole = self.open_for.saturating_mul(2_u32.pow(doublings)).min(self.max_open_for).min(MAX_WAIT);
        whole.mul_f64(1.0 - JITTER * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::BreakerPolicy;

    #[test]
    fn the_defaults_are_valid_and_each_nonsense_is_named() {
        assert_eq!(BreakerPolicy::default().validate(), []);
        let nonsense = BreakerPolicy {
            enabled: true,
            failures: 0,
            failure_percent: 101,
            min_calls: 0,
            window: Duration::ZERO,
            open_for: Duration::from_secs(61),
            max_open_for: Duration::from_mins(1),
            probes: 0,
        };
        let keys: Vec<_> = nonsense.validate().into_iter().map(|fault| fault.key).collect();
        assert_eq!(keys, ["failures", "min_calls", "probes", "failure_percent", "window", "max_open_for"]);
        let endless = BreakerPolicy { max_open_for: Duration::MAX, ..BreakerPolicy::default() };
        assert_eq!(endless.validate().len(), 1);
    }

    #[test]
    fn waits_double_up_to_their_limit_less_a_quarter_at_most() {
        let policy = BreakerPolicy::default();
        for (times, whole) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (u32::MAX, 60)] {
            let whole = Duration::from_secs(whole);
            assert_eq!(policy.wait(times, 0.0), whole);
            assert_eq!(policy.wait(times, 1.0), whole * 3 / 4);
            assert_eq!(policy.wait(times, 0.5), whole * 7 / 8);
        }
    }
}
