//! Audio formats, and the one shape that PCM has inside the service.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

/// Samples per second of all PCM inside the service.
pub const SAMPLE_RATE_HERTZ: u32 = 24_000;

/// Sample rates at which PCM is delivered, in Hz: those of telephony, of speech recognition, of CDs and of video.
const PCM_RATES_HERTZ: [u32; 9] = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/// Sample rates of G.711, in Hz: that of the telephone network, and twice as much, which some bridges take.
const G711_RATES_HERTZ: [u32; 2] = [8_000, 16_000];

/// Bytes of one 16-bit mono sample.
pub const SAMPLE_BYTES: usize = 2;

/// Codec and container together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// 16-bit signed little-endian samples, mono, without a header.
    PcmS16le,
    /// G.711 µ-law, one byte per sample, without a header (ITU-T G.711).
    Mulaw,
    /// G.711 A-law, one byte per sample, without a header (ITU-T G.711).
    Alaw,
    /// 16-bit samples behind one RIFF header.
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
    pub const ALL: [Self; 8] =
        [Self::PcmS16le, Self::Mulaw, Self::Alaw, Self::Wav, Self::Mp3, Self::OggOpus, Self::AacAdts, Self::Flac];

    /// The name used in configuration, on the command line and as a metric label.
    pub fn name(self) -> &'static str {
        match self {
            Self::PcmS16le => "pcm_s16le",
            Self::Mulaw => "mulaw",
            Self::Alaw => "alaw",
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::OggOpus => "ogg_opus",
            Self::AacAdts => "aac_adts",
            Self::Flac => "flac",
        }
    }

    /// Whether the service itself makes these bytes, from PCM; the others pass through as an engine made them.
    pub fn is_made_here(self) -> bool {
        !self.rates_hertz().is_empty()
    }

    /// The sample rates on offer, in Hz. None for bytes that pass through: they have the engine's own.
    pub fn rates_hertz(self) -> &'static [u32] {
        match self {
            Self::PcmS16le | Self::Wav => &PCM_RATES_HERTZ,
            Self::Mulaw | Self::Alaw => &G711_RATES_HERTZ,
            Self::Mp3 | Self::OggOpus | Self::AacAdts | Self::Flac => &[],
        }
    }

    /// The sample rate without a wish, in Hz.
    fn usual_rate_hertz(self) -> Option<u32> {
        match self {
            Self::PcmS16le | Self::Wav => Some(SAMPLE_RATE_HERTZ),
            Self::Mulaw | Self::Alaw => Some(G711_RATES_HERTZ[0]),
            Self::Mp3 | Self::OggOpus | Self::AacAdts | Self::Flac => None,
        }
    }

    /// What to ask an engine for, so that this encoding can be delivered.
    #[must_use]
    pub fn asked_of_engine(self) -> Self {
        if self.is_made_here() { Self::PcmS16le } else { self }
    }
}

/// An encoding at a sample rate: what a caller receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    encoding: Encoding,
    rate_hertz: Option<u32>,
}

impl Format {
    /// `encoding` at `rate_hertz`, or at its usual rate. `None` if it is not on offer at that rate.
    pub fn new(encoding: Encoding, rate_hertz: Option<u32>) -> Option<Self> {
        let is_offered = rate_hertz.is_none_or(|rate| encoding.rates_hertz().contains(&rate));
        is_offered.then(|| Self { encoding, rate_hertz: rate_hertz.or(encoding.usual_rate_hertz()) })
    }

    /// Codec and container.
    pub fn encoding(self) -> Encoding {
        self.encoding
    }

    /// Samples per second; `None` where an engine's bytes pass through, which say it themselves.
    pub fn rate_hertz(self) -> Option<u32> {
        self.rate_hertz
    }

    /// Bytes of one sample, where bytes map to samples.
    pub fn sample_bytes(self) -> Option<usize> {
        match self.encoding {
            Encoding::PcmS16le | Encoding::Wav => Some(SAMPLE_BYTES),
            Encoding::Mulaw | Encoding::Alaw => Some(1),
            Encoding::Mp3 | Encoding::OggOpus | Encoding::AacAdts | Encoding::Flac => None,
        }
    }

    /// The media type of the bytes (RFC 3551 for L16, PCMU and PCMA, RFC 3003 for MP3).
    pub fn mime_type(self) -> String {
        let rate = self.rate_hertz.unwrap_or_default();
        match self.encoding {
            Encoding::PcmS16le => format!("audio/L16;rate={rate}"),
            Encoding::Mulaw => format!("audio/PCMU;rate={rate}"),
            Encoding::Alaw => format!("audio/PCMA;rate={rate}"),
            Encoding::Wav => "audio/wav".to_owned(),
            Encoding::Mp3 => "audio/mpeg".to_owned(),
            Encoding::OggOpus => "audio/ogg;codecs=opus".to_owned(),
            Encoding::AacAdts => "audio/aac".to_owned(),
            Encoding::Flac => "audio/flac".to_owned(),
        }
    }

    /// Playing time of `bytes` bytes behind any header, exact to the nanosecond below, where bytes map to time.
    pub fn playing_time(self, bytes: u64) -> Option<Duration> {
        Some(duration_of(bytes / self.sample_bytes()? as u64, self.rate_hertz?))
    }
}

/// 24 kHz PCM.
impl Default for Format {
    fn default() -> Self {
        Self { encoding: Encoding::PcmS16le, rate_hertz: Some(SAMPLE_RATE_HERTZ) }
    }
}

/// Playing time of `bytes` bytes of 24 kHz 16-bit mono PCM, exact to the nanosecond below.
pub fn playing_time(bytes: u64) -> Duration {
    duration_of(bytes / SAMPLE_BYTES as u64, SAMPLE_RATE_HERTZ)
}

/// How long `samples` samples play, exact to the nanosecond below.
fn duration_of(samples: u64, rate_hertz: u32) -> Duration {
    let rate = u64::from(rate_hertz);
    let nanos = (samples % rate) * 1_000_000_000 / rate;
    Duration::from_secs(samples / rate) + Duration::from_nanos(nanos)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Encoding;
    use super::Format;
    use super::playing_time;

    #[test]
    fn playing_time_counts_whole_samples() {
        assert_eq!(playing_time(48_000), Duration::from_secs(1));
        assert_eq!(playing_time(2_401), Duration::from_millis(50));
        assert_eq!(playing_time(0), Duration::ZERO);
    }

    #[test]
    fn a_format_is_on_offer_or_none() {
        assert_eq!(Format::new(Encoding::PcmS16le, None), Some(Format::default()));
        let telephone = Format::new(Encoding::Mulaw, None);
        assert_eq!(telephone, Format::new(Encoding::Mulaw, Some(8_000)));
        assert_eq!(telephone.and_then(|format| format.playing_time(160)), Some(Duration::from_millis(20)));
        assert_eq!(Format::new(Encoding::Alaw, Some(24_000)), None);
        assert_eq!(Format::new(Encoding::Wav, Some(44_101)), None);
        assert_eq!(Format::new(Encoding::Mp3, Some(24_000)), None);
        assert_eq!(Format::new(Encoding::Mp3, None).and_then(|format| format.playing_time(384)), None);
    }
}
