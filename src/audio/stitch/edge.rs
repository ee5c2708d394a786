//! Finds where a segment sounds and where it is silent.
//!
//! Silence is a matter of level in blocks of 5 ms. What counts as silence depends on the recording: engines differ by 30 dB
//! in the noise that they make between words, and the soft beginnings of words ("four", "thing") lie only 25 to 35 dB below
//! the vowels. So the threshold stands a little above the quietest block of the segment so far, but within bounds: what is
//! below -60 dBFS is silent everywhere, and what is above -50 dBFS, where the softest consonants of a quiet voice begin, is
//! heard always. Noise above that is left in place, for nothing tells it from a breath. Whoever cuts keeps some of the
//! silence next to the speech besides.

use std::ops::Range;

use crate::audio::pcm::from_i16;
use crate::audio::pcm::samples;

use super::high_pass::HEARING;
use super::high_pass::HighPass;
use super::high_pass::OFFSET;
use super::of_millis;

/// Samples that are judged together: 5 ms, a period of the deepest voices or half of one.
pub(super) const BLOCK: usize = of_millis(5);

/// Silent at any rate below this level: -60 dBFS.
const SILENT: f32 = 0.001;

/// Audible at any rate above this level: -50 dBFS.
const AUDIBLE: f32 = 0.003_162;

/// The largest offset that a recording may have, in parts of full scale: -40 dBFS, ten times what was seen.
const LARGEST_OFFSET: f32 = 0.01;

/// How far sound stands out of the noise at least, as a factor: 10 dB.
const ABOVE_NOISE: f32 = 3.162;

/// Listens to one segment.
#[derive(Debug)]
pub(super) struct Ear {
    /// Samples of the next block.
    block: Vec<f32>,
    /// The same as it is heard.
    heard: Vec<f32>,
    offset: Option<HighPass>,
    hearing: HighPass,
    /// RMS of the quietest block so far, from 0 to 1.
    noise: f32,
}

impl Default for Ear {
    fn default() -> Self {
        Self {
            block: Vec::with_capacity(BLOCK),
            heard: Vec::with_capacity(BLOCK),
            offset: None,
            hearing: HighPass::new(HEARING, 0.0),
            noise: 1.0,
        }
    }
}

impl Ear {
    /// Takes 16-bit samples and hands them on in blocks, from -1 to 1 and without their offset, each with what is audible in
    /// it: from the first sample above the threshold to the last one.
    pub(super) fn hear(&mut self, audio: &[u8], mut each: impl FnMut(&[f32], Option<Range<usize>>)) {
        for sample in samples(audio) {
            self.block.push(from_i16(sample));
            if self.block.len() == BLOCK {
                self.judge(&mut each);
            }
        }
    }

    /// The segment is over: the last samples, fewer than a block.
    pub(super) fn finish(&mut self, mut each: impl FnMut(&[f32], Option<Range<usize>>)) {
        if !self.block.is_empty() {
            self.judge(&mut each);
        }
    }

    fn judge(&mut self, each: &mut impl FnMut(&[f32], Option<Range<usize>>)) {
        self.offset.get_or_insert_with(|| offset(&self.block)).filter(&mut self.block);
        self.heard.clone_from(&self.block);
        self.hearing.filter(&mut self.heard);
        let level = rms(&self.heard);
        self.noise = self.noise.min(level);
        let threshold = (self.noise * ABOVE_NOISE).clamp(SILENT, AUDIBLE);
        each(&self.block, (level > threshold).then(|| audible(&self.heard, threshold)));
        self.block.clear();
    }
}

/// Takes the offset out of a segment. It is known at once if the first block is silent apart from it; beneath sound it has to
/// be learned.
fn offset(block: &[f32]) -> HighPass {
    let mean = mean(block);
    let rest: Vec<f32> = block.iter().map(|sample| sample - mean).collect();
    let is_known = rms(&rest) < AUDIBLE && mean.abs() < LARGEST_OFFSET;
    HighPass::new(OFFSET, if is_known { mean } else { 0.0 })
}

fn audible(block: &[f32], threshold: f32) -> Range<usize> {
    let is_heard = |sample: &f32| sample.abs() >= threshold;
    let first = block.iter().position(is_heard).unwrap_or(0);
    let last = block.iter().rposition(is_heard).unwrap_or(block.len() - 1);
    first..last + 1
}

fn rms(block: &[f32]) -> f32 {
    (block.iter().map(|sample| sample * sample).sum::<f32>() / count(block)).sqrt()
}

fn mean(block: &[f32]) -> f32 {
    block.iter().sum::<f32>() / count(block)
}

#[expect(clippy::cast_precision_loss, reason = "a block of samples")]
fn count(block: &[f32]) -> f32 {
    block.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::BLOCK;
    use super::Ear;

    fn pcm(samples: impl IntoIterator<Item = i16>) -> Vec<u8> {
        samples.into_iter().flat_map(i16::to_le_bytes).collect()
    }

    /// A tone of 600 Hz, or anything else that swings, with this peak.
    fn tone(peak: i16, samples: usize) -> Vec<i16> {
        (0..samples).map(|n| if n / 20 % 2 == 0 { peak } else { -peak }).collect()
    }

    /// From the first audible sample to the last.
    fn heard(samples: Vec<i16>) -> Option<Range<usize>> {
        let (mut ear, mut position, mut heard) = (Ear::default(), 0, None::<Range<usize>>);
        let mut each = |block: &[f32], audible: Option<Range<usize>>| {
            if let Some(audible) = audible {
                let start = heard.as_ref().map_or(position + audible.start, |heard| heard.start);
                heard = Some(start..position + audible.end);
            }
            position += block.len();
        };
        ear.hear(&pcm(samples), &mut each);
        ear.finish(&mut each);
        heard
    }

    #[test]
    fn sound_is_found_wherever_the_blocks_lie_its_beginning_to_the_sample() {
        for lead in [0, 1, 119, 120, 121, 5_003] {
            let sound = [vec![0; lead], tone(3_000, 2_000), vec![0; 777]].concat();
            let found = heard(sound).unwrap_or_default();
            assert_eq!(found.start, lead);
            // The ear still swings for a moment where the sound was cut off.
            assert!((lead + 2_000..=lead + 2_000 + BLOCK).contains(&found.end), "{found:?}");
        }
    }

    #[test]
    fn noise_and_an_offset_are_silence_and_a_soft_consonant_is_not() {
        let noise = |level: i16, samples: usize| tone(level, samples).into_iter().map(|sample| sample + 33);
        // -63 dBFS of noise, then a consonant at -50 dBFS, as loud as the "f" of a quiet voice, then a vowel.
        let sound: Vec<i16> = noise(23, 4_800).chain(noise(110, 1_920)).chain(noise(5_000, 4_800)).collect();
        let sound = [sound, noise(23, 4_800).collect()].concat();
        let found = heard(sound).unwrap_or_default();
        assert!(found.start.abs_diff(4_800) <= BLOCK, "{found:?}");
        assert!(found.end.abs_diff(4_800 + 1_920 + 4_800) <= BLOCK, "{found:?}");
    }

    #[test]
    fn silence_has_no_edges() {
        assert_eq!(heard(vec![20; 4_000]), None);
        assert_eq!(heard(vec![0; 3]), None);
        assert_eq!(heard(Vec::new()), None);
    }
}
