//! Hears the words of the stand-in's test voice again: which ones, and in which order.

use crate::support::stand_in::tone::frequency;

/// A sample below this counts as silence; edges of fades and the noise of a codec stay below.
const SILENCE: i16 = 64;
/// Silence that separates words, samples at 24 kHz; a sine of 300 Hz or more is never silent for that long.
const GAP: usize = 100;
/// Frequencies lie on this grid, Hz.
const GRID: f64 = 50.0;

/// The frequencies that a clip of `text` has, Hz.
pub(crate) fn expected(text: &str) -> Vec<u32> {
    text.split_whitespace().map(frequency).collect()
}

/// The frequencies heard in 24 kHz little-endian 16-bit mono samples, rounded to the grid, Hz.
pub(crate) fn heard(pcm: &[u8]) -> Vec<u32> {
    let samples: Vec<i16> = pcm.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    let mut tones = Vec::new();
    let mut tone: Vec<i16> = Vec::new();
    let mut quiet = GAP;
    for sample in samples.into_iter().chain([0; GAP]) {
        quiet = if sample.abs() < SILENCE { quiet + 1 } else { 0 };
        if quiet < GAP {
            tone.push(sample);
        } else if !tone.is_empty() {
            tones.push(pitch(&tone));
            tone.clear();
        }
    }
    tones
}

/// Rises from one side of zero to the other per second, on the grid.
fn pitch(tone: &[i16]) -> u32 {
    // What a filter leaves behind a tone crosses zero too, but does not come this far on either side.
    let mut was_below = false;
    let mut crosses = |sample: i16| {
        let crosses = was_below && sample > SILENCE;
        was_below = sample < -SILENCE || (was_below && !crosses);
        crosses
    };
    let crossings: Vec<usize> = (0..tone.len()).filter(|&index| crosses(tone[index])).collect();
    let (Some(first), Some(last)) = (crossings.first(), crossings.last()) else { return 0 };
    if first == last {
        return 0;
    }
    let periods = f64::from(u32::try_from(crossings.len() - 1).unwrap_or(0));
    let samples = f64::from(u32::try_from(last - first).unwrap_or(u32::MAX));
    let steps = (periods * 24_000.0 / samples / GRID).round();
    // A pitch on the grid is at most 12 kHz, 240 steps.
    (0..=240).find(|step| f64::from(*step) >= steps).unwrap_or(0) * 50
}
