//! The gRPC side: the only place that knows tonic and prost.

mod bell;
mod catalogue;
mod convert;
mod deadline;
mod delivery;
pub mod layer;
mod processing;
mod segmentation;
mod server;
mod service;
mod status;
mod streaming;

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::fault::Fault;
use crate::pipeline::ConversationConfig;
use crate::proto;

pub use server::Connections;
pub use server::serve;
pub use service::SpeechGateway;
pub use status::DOMAIN;

/// What one call may ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Longest text of one call, in Unicode code points.
    pub max_text_chars: usize,
    /// Largest clip of `SynthesizeClip`, in bytes. gRPC stacks refuse to receive more than 4 MiB by default.
    pub max_clip_bytes: usize,
    /// Longest time for a whole call, whatever deadline the caller has set. It ends in `DEADLINE_EXCEEDED`.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_call_duration: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_text_chars: 100_000, max_clip_bytes: 3 * 1024 * 1024, max_call_duration: Duration::from_hours(2) }
    }
}

impl Limits {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(1..=1_000_000).contains(&self.max_text_chars) {
            faults.push(Fault::new("max_text_chars", "must lie between 1 and 1000000"));
        }
        if !(1024..=1 << 30).contains(&self.max_clip_bytes) {
            faults.push(Fault::new("max_clip_bytes", "must lie between 1024 bytes and 1 GiB"));
        }
        if self.max_call_duration.is_zero() {
            faults.push(Fault::new("max_call_duration", "must be longer than zero"));
        }
        faults
    }

    /// Largest request message worth reading: text at four bytes a character, instructions and names.
    pub fn max_request_bytes(&self) -> usize {
        self.max_text_chars * 4 + 64 * 1024
    }

    fn to_wire(&self, conversation: &ConversationConfig) -> proto::Limits {
        proto::Limits {
            max_text_chars: convert::small(self.max_text_chars),
            max_delta_chars: convert::small(conversation.max_delta_chars),
            max_buffered_chars: convert::small(conversation.max_buffered_chars),
            idle_timeout: Some(convert::duration(conversation.idle_timeout)),
            max_stream_duration: Some(convert::duration(self.max_call_duration)),
            max_clip_bytes: convert::small(self.max_clip_bytes),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic, and ends with its tasks")]
mod tests;
