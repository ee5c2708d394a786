//! The bounds of a conversation.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::fault::Fault;

/// What one conversation (`StreamingSynthesize`) may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Longest single text delta, in Unicode code points.
    pub max_delta_chars: usize,
    /// Text that may wait to be spoken, in code points. Beyond it nothing more is read from the caller, whom flow control then
    /// stops.
    pub max_buffered_chars: usize,
    /// Utterances that may wait to be spoken. Beyond it nothing more is read either.
    pub max_buffered_utterances: usize,
    /// Time without a message, and with nothing to speak, after which the stream ends well.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub idle_timeout: Duration,
    /// Age after which the stream ends well behind what it has to speak.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_stream_duration: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_delta_chars: 10_000,
            max_buffered_chars: 20_000,
            max_buffered_utterances: 100,
            idle_timeout: Duration::from_mins(5),
            max_stream_duration: Duration::from_hours(1),
        }
    }
}

impl Config {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (field, count) in
            [("max_delta_chars", self.max_delta_chars), ("max_buffered_chars", self.max_buffered_chars)]
        {
            if !(100..=1_000_000).contains(&count) {
                faults.push(Fault::new(field, "must lie between 100 and 1000000"));
            }
        }
        if !(1..=10_000).contains(&self.max_buffered_utterances) {
            faults.push(Fault::new("max_buffered_utterances", "must lie between 1 and 10000"));
        }
        for (field, time) in [("idle_timeout", self.idle_timeout), ("max_stream_duration", self.max_stream_duration)] {
            if time < Duration::from_secs(1) {
                faults.push(Fault::new(field, "must be a second or more"));
            }
        }
        faults
    }
}
