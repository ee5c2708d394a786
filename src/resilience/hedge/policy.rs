//! When a first segment is asked for a second time, and how often: what an operator can set.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::fault::Fault;
use crate::resilience::hedge::record::MAX_TIMES;

/// Asking a second time for the beginning of an utterance whose audio is late. The faster answer is spoken, the other one
/// is broken off; an upstream may charge for both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HedgePolicy {
    /// Whether it is done at all.
    pub enabled: bool,
    /// How late is late: later than this share, in percent, of the engine's recent first segments.
    pub percentile: u32,
    /// Shortest wait before the second request, however quick the engine has been. At least 50 ms are always waited.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub min_delay: Duration,
    /// Longest wait before the second request, however slow the engine has been.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_delay: Duration,
    /// First segments that must have been timed before any is asked for twice. The last 1000 count.
    pub min_samples: u32,
    /// Second requests allowed per 100 first segments. Up to ten can be saved up.
    pub budget_percent: u32,
}

impl Default for HedgePolicy {
    fn default() -> Self {
        Self {
            enabled: false,
            percentile: 95,
            min_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(3),
            min_samples: 100,
            budget_percent: 5,
        }
    }
}

impl HedgePolicy {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(1..=99).contains(&self.percentile) {
            faults.push(Fault::new("percentile", "must lie between 1 and 99"));
        }
        if !(self.min_delay..=Duration::from_hours(1)).contains(&self.max_delay) {
            faults.push(Fault::new("max_delay", "must not be shorter than min_delay, nor longer than 1h"));
        }
        if self.min_samples == 0 || usize::try_from(self.min_samples).is_ok_and(|samples| samples > MAX_TIMES) {
            faults.push(Fault::new("min_samples", "must lie between 1 and 1000"));
        }
        if self.budget_percent > 100 {
            faults.push(Fault::new("budget_percent", "must be at most 100"));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::HedgePolicy;

    #[test]
    fn the_defaults_are_valid_and_each_nonsense_is_named() {
        assert_eq!(HedgePolicy::default().validate(), []);
        let nonsense = HedgePolicy {
            enabled: true,
            percentile: 100,
            min_delay: Duration::from_secs(2),
            max_delay: Duration::from_secs(1),
            min_samples: 1001,
            budget_percent: 101,
        };
        let keys: Vec<_> = nonsense.validate().into_iter().map(|fault| fault.key).collect();
        assert_eq!(keys, ["percentile", "max_delay", "min_samples", "budget_percent"]);
    }
}
