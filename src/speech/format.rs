//! Audio formats, and the one shape that PCM has inside the service.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

/// Samples per second of all PCM inside the service and of everything it delivers today.
pub const SAMPLE_RATE_HERTZ: u32 = 24_000;

/// Bytes of one 16-bit mono sample.
pub const SAMPLE_BYTES: usize = 2;

/// Codec and container together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// 16-bit signed little-endian samples, mono, without a header.
    PcmS16le,
    /// The same samples behind one RIFF header.
    Wav,
    /// MPEG layer III frames.
    Mp3,
    /// Opus in Ogg (RFC 7845).
    OggOpus,
    /// AAC in ADTS frames.
    AacAdts,
    /// FLAC (RFC 9639).
    Flac,
}

impl Encoding {
    /// Every encoding, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::PcmS16le, Self::Wav, Self::Mp3, Self::OggOpus, Self::AacAdts, Self::Flac];

    /// The name used in configuration, on the command line and as a metric label.
    pub fn name(self) -> &'static str {
        match self {
            Self::PcmS16le => "pcm_s16le",
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::OggOpus => "ogg_opus",
            Self::AacAdts => "aac_adts",
            Self::Flac => "flac",
        }
    }

    /// The media type of the bytes (RFC 2586 for L16, RFC 3003 for MP3).
    pub fn mime_type(self) -> &'static str {
        match self {
            Self::PcmS16le => "audio/L16;rate=24000",
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
            Self::OggOpus => "audio/ogg;codecs=opus",
            Self::AacAdts => "audio/aac",
            Self::Flac => "audio/flac",
        }
    }

    /// Whether the service itself makes these bytes, from PCM; the others pass through as an engine made them.
    pub fn is_made_here(self) -> bool {
        matches!(self, Self::PcmS16le | Self::Wav)
    }

    /// What to ask an engine for, so that this encoding can be delivered.
    #[must_use]
    pub fn asked_of_engine(self) -> Self {
        if self.is_made_here() { Self::PcmS16le } else { self }
    }
}

/// Playing time of `bytes` bytes of 24 kHz 16-bit mono PCM, exact to the nanosecond below.
pub fn playing_time(bytes: u64) -> Duration {
    let samples = bytes / SAMPLE_BYTES as u64;
    let rate = u64::from(SAMPLE_RATE_HERTZ);
    let nanos = (samples % rate) * 1_000_000_000 / rate;
    Duration::from_secs(samples / rate) + Duration::from_nanos(nanos)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::playing_time;

    #[test]
    fn playing_time_counts_whole_samples() {
        assert_eq!(playing_time(48_000), Duration::from_secs(1));
        assert_eq!(playing_time(2_401), Duration::from_millis(50));
        assert_eq!(playing_time(0), Duration::ZERO);
    }
}
