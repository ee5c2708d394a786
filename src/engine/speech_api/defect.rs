//! What can be wrong with an answer, and whether another one may be better.

use serde_json::Value;
use thiserror::Error;

use crate::audio::wav::Malformed;
use crate::engine::upstream::Origin;
use crate::error::Error;
use crate::speech::Encoding;

use super::event::Unreadable;
use super::media::Kind;
use super::sse::EventTooLarge;

/// Why an answer is not the audio that was asked for.
#[derive(Debug, Error)]
pub enum Defect {
    /// JSON, HTML or text instead of audio.
    #[error("the upstream sent text instead of audio")]
    Text,
    /// A `Content-Encoding`, although none was offered.
    #[error("the upstream compressed its answer without being asked to")]
    Compressed,
    /// Audio, but not in the encoding asked for.
    #[error("the upstream sent {sent:?} although {} was asked for", asked.name())]
    Kind {
        /// What came.
        sent: Kind,
        /// What should have come.
        asked: Encoding,
    },
    /// WAV that is not 16-bit mono PCM.
    #[error("the upstream sent WAV of format {format}, {channels} channels, {bits} bits instead of 16-bit mono PCM")]
    Layout {
        /// Format tag.
        format: u16,
        /// Channels.
        channels: u16,
        /// Bits per sample.
        bits: u16,
    },
    /// PCM of several channels.
    #[error("the upstream sent PCM of {0} channels instead of one")]
    Channels(u32),
    /// A sample rate that cannot be converted.
    #[error("the upstream sent PCM at {0} Hz, which is outside 8000 to 48000 Hz")]
    Rate(u32),
    /// A broken WAV header.
    #[error("the upstream sent a broken WAV header: {0}")]
    Wav(Malformed),
    /// An endless event.
    #[error("the upstream sent a stream of events in which {0}")]
    TooLarge(EventTooLarge),
    /// A broken event.
    #[error("the upstream sent a stream of events in which {0}")]
    Unreadable(Unreadable),
    /// The events stopped without `speech.audio.done` or `[DONE]`.
    #[error("the upstream's stream of events stopped before its end")]
    NoEnd,
    /// PCM that ends on half a sample: at least a byte got lost, and nobody knows how many more.
    #[error("the upstream's audio ended in the middle of a sample")]
    HalfSample,
    /// A WAV header that breaks off.
    #[error("the upstream's audio ended in the middle of a WAV header")]
    HalfHeader,
    /// An event that reports a failure; its error object.
    #[error("the upstream reported a failure in its stream")]
    Failed(Value),
    /// A bug of ours.
    #[error("the audio could not be processed")]
    Internal(#[source] Error),
}

impl Defect {
    /// The same as the service's error about an answer of `origin`.
    pub(super) fn into_error(self, origin: &Origin) -> Error {
        match self {
            Self::Failed(value) => origin.reported(&value),
            Self::Internal(error) => error,
            defect => {
                let error = origin.unusable(&defect.to_string());
                if defect.may_pass() { error } else { error.with_retry(false) }
            }
        }
    }

    /// Whether the same request may be answered better the next time. A server that sends the wrong kind of audio will
    /// do so again.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Text
            | Self::Wav(_)
            | Self::Unreadable(_)
            | Self::NoEnd
            | Self::HalfSample
            | Self::HalfHeader
            | Self::Failed(_) => true,
            Self::Compressed
            | Self::Kind { .. }
            | Self::Layout { .. }
            | Self::Channels(_)
            | Self::Rate(_)
            | Self::TooLarge(_) => false,
            Self::Internal(error) => error.is_transient(),
        }
    }
}
