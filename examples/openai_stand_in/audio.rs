//! Where the samples come from, and how one request's clip is varied from the next.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::cache::Cache;
use super::options::Options;
use super::options::Spread;
use super::random::Dice;

/// Samples per second of everything inside the stand-in.
pub(crate) const SAMPLE_RATE: usize = 24_000;
/// Level that a [`Speaker`] has while it speaks, dBFS (RMS); levels are drawn relative to it.
const SPEAKER_LEVEL: f64 = -16.0;
/// Middle of the wide spread, dBFS (RMS): 6 dB above it speech is at its speaker's level, so that no clip is clipped.
const WIDE_LEVEL: f64 = SPEAKER_LEVEL - 6.0;

/// A voice: whole clips of 24 kHz mono samples, near -16 dBFS (RMS) while it speaks.
pub(crate) trait Speaker: Send + Sync + 'static {
    /// Speaks `text` at `speed` times the usual pace. May take its time: it is called on a blocking thread.
    ///
    /// # Errors
    /// Why it cannot say that.
    fn speak(&self, text: &str, speed: f64) -> Result<Vec<i16>, String>;
}

/// The same recording for every text.
pub(crate) struct Recording(Vec<i16>);

impl Recording {
    /// Reads raw little-endian 16-bit samples (24 kHz, mono); an odd last byte is dropped.
    pub(crate) fn open(path: &Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(path)?;
        Ok(Self(bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()))
    }
}

impl Speaker for Recording {
    fn speak(&self, _text: &str, _speed: f64) -> Result<Vec<i16>, String> {
        Ok(self.0.clone())
    }
}

/// A speaker that remembers what it spoke, because a load test asks for the same text again and again.
pub(crate) struct Remembering {
    speaker: Arc<dyn Speaker>,
    spoken: Cache<(String, u64), Arc<[i16]>>,
    /// Clips that no variation changed.
    plain: Cache<(String, u64, usize), Bytes>,
}

impl Remembering {
    pub(crate) fn new(speaker: Arc<dyn Speaker>) -> Self {
        Self { speaker, spoken: Cache::default(), plain: Cache::default() }
    }

    /// The clip of `text` as little-endian bytes in whole granules; blocks while the speaker speaks.
    ///
    /// # Errors
    /// Why the speaker cannot say that.
    pub(crate) fn clip(&self, text: &str, speed: f64, variation: &Variation, granule: usize) -> Result<Bytes, String> {
        let key = (text.to_owned(), speed.to_bits(), granule);
        if let (true, Some(clip)) = (variation.is_none(), self.plain.get(&key)) {
            return Ok(clip);
        }
        let clip = Bytes::from(variation.render(&self.speech(text, speed * variation.pace)?, granule));
        if variation.is_none() {
            self.plain.put(key, clip.clone(), clip.len());
        }
        Ok(clip)
    }

    fn speech(&self, text: &str, speed: f64) -> Result<Arc<[i16]>, String> {
        let key = (text.to_owned(), speed.to_bits());
        if let Some(samples) = self.spoken.get(&key) {
            return Ok(samples);
        }
        let samples: Arc<[i16]> = self.speaker.speak(text, speed)?.into();
        self.spoken.put(key, samples.clone(), samples.len() * 2);
        Ok(samples)
    }
}

/// How this request's clip differs from the speaker's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Variation {
    gain_db: f64,
    lead_ms: f64,
    tail_ms: f64,
    dc_offset: i16,
    /// Multiplies the pace.
    pace: f64,
}

impl Variation {
    /// The speaker's clip as it is.
    const NONE: Self = Self { gain_db: 0.0, lead_ms: 0.0, tail_ms: 0.0, dc_offset: 0, pace: 1.0 };

    fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Draws what the knobs leave open: nothing, or with `vary` a clip out of that spread.
    pub(crate) fn draw(options: &Options, dice: &mut Dice) -> Self {
        let drawn = match options.vary {
            None => Self::NONE,
            Some(Spread::Recorded) => Self::recorded(dice),
            Some(Spread::Wide) => Self::wide(dice),
        };
        let jitter = options.jitter.unwrap_or(if options.vary.is_some() { 0.1 } else { 0.0 });
        Self {
            gain_db: options.gain_db.unwrap_or(drawn.gain_db),
            lead_ms: options.lead_ms.map_or(drawn.lead_ms, milliseconds),
            tail_ms: options.tail_ms.map_or(drawn.tail_ms, milliseconds),
            dc_offset: options.dc_offset.unwrap_or(drawn.dc_offset),
            pace: 1.0 + jitter * dice.between(-1.0, 1.0),
        }
    }

    /// The recorded answers fall into two clusters: loud with a long lead-in, and quiet with almost none.
    fn recorded(dice: &mut Dice) -> Self {
        let loud = dice.unit() < 0.5;
        let level = if loud { dice.between(-18.0, -15.0) } else { dice.between(-21.5, -19.0) };
        Self {
            gain_db: level - SPEAKER_LEVEL,
            lead_ms: if loud { dice.between(200.0, 980.0) } else { dice.between(10.0, 100.0) },
            tail_ms: dice.between(150.0, 1700.0),
            dc_offset: dc_offset(dice),
            ..Self::NONE
        }
    }

    fn wide(dice: &mut Dice) -> Self {
        Self {
            gain_db: WIDE_LEVEL - SPEAKER_LEVEL + dice.between(-6.0, 6.0),
            lead_ms: dice.between(0.0, 1000.0),
            tail_ms: dice.between(0.0, 1000.0),
            dc_offset: dc_offset(dice),
            ..Self::NONE
        }
    }

    /// The clip as little-endian bytes: edges, level and offset applied, filled up to whole granules.
    pub(crate) fn render(&self, speech: &[i16], granule: usize) -> Vec<u8> {
        let lead = samples_in(self.lead_ms);
        let length = (lead + speech.len() + samples_in(self.tail_ms)).next_multiple_of(granule);
        let gain = 10_f64.powf(self.gain_db / 20.0);
        let untouched = self.gain_db == 0.0;
        let sample = |index: usize| {
            let spoken = index.checked_sub(lead).and_then(|index| speech.get(index)).copied().unwrap_or(0);
            if untouched { spoken } else { amplified(spoken, gain) }.saturating_add(self.dc_offset)
        };
        (0..length).flat_map(|index| sample(index).to_le_bytes()).collect()
    }
}

/// Bytes of 22,050 Hz samples made from 24 kHz ones by linear interpolation, good enough for a dialect.
pub(crate) fn at_22050(pcm: &[u8]) -> Vec<u8> {
    let samples: Vec<i32> = pcm.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]).into()).collect();
    // 22,050 to 24,000 is 147 to 160, so that positions stay exact in integers.
    let length = samples.len() * 147 / 160;
    let sample = |index: usize| {
        let (left, share) = (index * 160 / 147, index * 160 % 147);
        let right = samples.get(left + 1).copied().unwrap_or(samples[left]);
        let mixed = samples[left] + (right - samples[left]) * i32::try_from(share).unwrap_or(0) / 147;
        i16::try_from(mixed).unwrap_or(0)
    };
    (0..length).flat_map(|index| sample(index).to_le_bytes()).collect()
}

/// One of those that were recorded.
fn dc_offset(dice: &mut Dice) -> i16 {
    [6, 33, 38, -27][usize::from(dice.unit() < 0.5) + 2 * usize::from(dice.unit() < 0.5)]
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of a sample")]
fn amplified(sample: i16, gain: f64) -> i16 {
    (f64::from(sample) * gain).clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

#[expect(clippy::cast_precision_loss, reason = "edges are bounded to a minute")]
fn milliseconds(whole: u64) -> f64 {
    whole as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "edges are bounded to a minute")]
fn samples_in(milliseconds: f64) -> usize {
    (milliseconds * 24.0) as usize
}
