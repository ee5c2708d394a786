//! Audio formats, and the one shape that PCM has inside the service.

use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;

/// Samples per second of all PCM inside the service.
pub const SAMPLE_RATE_HERTZ: u32 = 24_000;

/// Sample rates of what has no limits of its own, in Hz: those of telephony, of speech recognition, of CDs and of video.
/// AAC has all of them (ISO/IEC 14496-3, table 1.18).
const PCM_RATES_HERTZ: [u32; 9] = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/// Sample rates of G.711, in Hz: that of the telephone network, and twice as much, which some bridges take.
const G711_RATES_HERTZ: [u32; 2] = [8_000, 16_000];

/// Sample rates that MPEG-1 and MPEG-2 layer III have in common with PCM, in Hz (ISO/IEC 11172-3, 13818-3).
const MP3_RATES_HERTZ: [u32; 6] = [16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/// Sample rates of Opus, in Hz (RFC 6716, section 2).
const OPUS_RATES_HERTZ: [u32; 5] = [8_000, 12_000, 16_000, 24_000, 48_000];

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
    /// Bare Opus packets, one per message (RFC 6716).
    OpusPackets,
}

impl Encoding {
    /// Every encoding, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::PcmS16le,
        Self::Mulaw,
        Self::Alaw,
        Self::Wav,
        Self::Mp3,
        Self::OggOpus,
        Self::AacAdts,
        Self::Flac,
        Self::OpusPackets,
    ];

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
            Self::OpusPackets => "opus_packets",
        }
    }

    /// Whether an engine's own bytes may pass through untouched.
    pub fn may_pass_through(self) -> bool {
        matches!(self, Self::Mp3 | Self::OggOpus | Self::AacAdts | Self::Flac)
    }

    /// Whether a number of bytes is a number of samples, so that audio can be cut at any of them.
    pub fn is_cut_anywhere(self) -> bool {
        matches!(self, Self::PcmS16le | Self::Wav | Self::Mulaw | Self::Alaw)
    }

    /// The sample rates at which it can be made here, in Hz.
    pub fn rates_hertz(self) -> &'static [u32] {
        match self {
            Self::PcmS16le | Self::Wav | Self::AacAdts | Self::Flac => &PCM_RATES_HERTZ,
            Self::Mulaw | Self::Alaw => &G711_RATES_HERTZ,
            Self::Mp3 => &MP3_RATES_HERTZ,
            Self::OggOpus | Self::OpusPackets => &OPUS_RATES_HERTZ,
        }
    }

    /// The sample rate at which it is made here without a wish, in Hz.
    fn usual_rate_hertz(self) -> u32 {
        match self {
            Self::Mulaw | Self::Alaw => G711_RATES_HERTZ[0],
            _ => SAMPLE_RATE_HERTZ,
        }
    }
}

/// An encoding at a sample rate: what a caller receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    encoding: Encoding,
    rate_hertz: Option<u32>,
}

impl Format {
    /// `encoding` at `rate_hertz`; without a wish at its usual rate or, where an engine's own bytes may pass through, at
    /// whatever rate they have. `None` if it is not on offer at that rate.
    pub fn new(encoding: Encoding, rate_hertz: Option<u32>) -> Option<Self> {
        let is_offered = rate_hertz.is_none_or(|rate| encoding.rates_hertz().contains(&rate));
        let usual = (!encoding.may_pass_through()).then(|| encoding.usual_rate_hertz());
        is_offered.then(|| Self { encoding, rate_hertz: rate_hertz.or(usual) })
    }

    /// The same, made here.
    #[must_use]
    pub fn made_here(self) -> Self {
        Self { rate_hertz: self.rate_hertz.or(Some(self.encoding.usual_rate_hertz())), ..self }
    }

    /// Codec and container.
    pub fn encoding(self) -> Encoding {
        self.encoding
    }

    /// Samples per second; `None` where an engine's bytes pass through, which say it themselves.
    pub fn rate_hertz(self) -> Option<u32> {
        self.rate_hertz
    }

    /// What to ask an engine for, so that this can be delivered.
    pub fn asked_of_engine(self) -> Encoding {
        if self.rate_hertz.is_some() { Encoding::PcmS16le } else { self.encoding }
    }

    /// Bytes of one sample, where a number of bytes is a number of samples.
    pub fn sample_bytes(self) -> Option<usize> {
        let bytes = if matches!(self.encoding, Encoding::Mulaw | Encoding::Alaw) { 1 } else { SAMPLE_BYTES };
        self.encoding.is_cut_anywhere().then_some(bytes)
    }

    /// The media type of the bytes (RFC 3551 for L16, PCMU and PCMA, RFC 3003 for MP3, RFC 7587 for bare Opus).
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
            Encoding::OpusPackets => "audio/opus".to_owned(),
        }
    }

    /// The whole samples that play within `duration`; `None` where an engine's bytes pass through.
    pub fn samples(self, duration: Duration) -> Option<u64> {
        let samples = duration.as_nanos() * u128::from(self.rate_hertz?) / 1_000_000_000;
        u64::try_from(samples).ok()
    }

    /// Playing time of `samples` samples, exact to the nanosecond below; `None` where an engine's bytes pass through.
    pub fn playing_time(self, samples: u64) -> Option<Duration> {
        Some(duration_of(samples, self.rate_hertz?))
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
        for (encoding, rate) in [
            (Encoding::Alaw, 24_000),
            (Encoding::Wav, 44_101),
            (Encoding::Mp3, 8_000),
            (Encoding::OggOpus, 44_100),
            (Encoding::AacAdts, 96_000),
        ] {
            assert_eq!(Format::new(encoding, Some(rate)), None, "{encoding:?} at {rate} Hz");
        }
    }

    #[test]
    fn without_a_rate_an_engines_own_bytes_may_pass_and_with_one_they_are_made_here() {
        let own = Format::new(Encoding::Mp3, None);
        assert_eq!(own.map(Format::asked_of_engine), Some(Encoding::Mp3));
        assert_eq!(own.and_then(|format| format.playing_time(576)), None);
        let made = own.map(Format::made_here);
        assert_eq!(made, Format::new(Encoding::Mp3, Some(24_000)));
        assert_eq!(made.map(Format::asked_of_engine), Some(Encoding::PcmS16le));
        assert_eq!(made.and_then(|format| format.playing_time(576)), Some(Duration::from_millis(24)));
        let aac = Format::new(Encoding::AacAdts, None);
        assert_eq!(aac.map(Format::asked_of_engine), Some(Encoding::AacAdts));
        assert_eq!(aac.map(Format::made_here), Format::new(Encoding::AacAdts, Some(24_000)));
    }
}
