//! The test voice: one tone per word, so that a listener can check which words came and in which order.
//!
//! A code point takes 1/15 s (1600 samples), the pace of the recorded voices. Each word is a sine whose
//! frequency is a hash of the word, on a grid of 50 Hz from 300 Hz to 3450 Hz, with 2 ms fades and
//! with 20 ms of exact silence at its end (less in a word so fast that this were over 30 % of it); white space is
//! silence. Joining the clips of a text's pieces therefore
//! gives the same tones in the same order as the clip of the whole, however the text was cut at white space.

use super::audio::Speaker;

/// The rate of every [`Speaker`], Hz.
const SAMPLE_RATE_HZ: f64 = 24_000.0;
/// Samples per code point at speed 1.
const PER_CHARACTER: f64 = 1600.0;
/// Samples of silence at a word's end.
const GAP: usize = 480;
/// Largest part of a word that is silence, in tenths.
const GAP_TENTHS: usize = 3;
/// Samples over which a tone rises and falls.
const FADE: f64 = 48.0;
/// Peak of the sine: -16 dBFS (RMS).
const PEAK: f64 = 7344.0;

/// Speaks in tones.
pub(crate) struct Tone;

impl Speaker for Tone {
    fn speak(&self, text: &str, speed: f64) -> Result<Vec<i16>, String> {
        let mut samples = Vec::new();
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end_matches(char::is_whitespace);
            say(word, samples_for(word, speed), &mut samples);
            let pause = samples_for(&piece[word.len()..], speed);
            samples.resize(samples.len() + pause, 0);
        }
        Ok(samples)
    }
}

/// The frequency that stands for `word`, Hz.
pub(crate) fn frequency(word: &str) -> u32 {
    let hash = word.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    300 + 50 * ((hash ^ (hash >> 16)) % 64)
}

fn say(word: &str, length: usize, samples: &mut Vec<i16>) {
    let sounding = length - GAP.min(length * GAP_TENTHS / 10);
    let step = f64::from(frequency(word)) * std::f64::consts::TAU / SAMPLE_RATE_HZ;
    // The length of a text that passed the contract stays far below u32::MAX samples.
    let count = u32::try_from(sounding).unwrap_or(u32::MAX);
    for index in 0..count {
        let edge = f64::from(index.min(count - 1 - index)) / FADE;
        samples.push(sample(PEAK * edge.min(1.0) * (step * f64::from(index)).sin()));
    }
    samples.resize(samples.len() + length - sounding, 0);
}

#[expect(clippy::cast_possible_truncation, reason = "the peak is within the range of a sample")]
fn sample(value: f64) -> i16 {
    value as i16
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "texts have thousands of characters, not trillions"
)]
fn samples_for(text: &str, speed: f64) -> usize {
    (text.chars().count() as f64 * PER_CHARACTER / speed) as usize
}
