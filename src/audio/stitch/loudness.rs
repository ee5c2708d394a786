//! How loud a voice is, after ITU-R BS.1770-4: K-weighted, in blocks of 400 ms with 75 % overlap, gated.
//!
//! The public libraries measure a whole programme. Here the blocks are needed one by one, from the middle of a segment, and
//! once more with the gain that they were sent with; the tests hold the figures against such a library.

use std::collections::VecDeque;
use std::f64::consts::PI;

use crate::speech::SAMPLE_RATE_HERTZ;

use super::of_millis;

/// Samples from one block to the next: a quarter of one, 100 ms.
pub(super) const STEP: usize = of_millis(100);

/// Steps in a block.
const STEPS: usize = 4;

/// The shortest sound whose loudness means anything, in samples: 50 ms, a syllable spoken fast.
const SHORTEST: usize = of_millis(50);

/// Blocks below this do not count, in LUFS.
const ABSOLUTE_GATE: f64 = -70.0;

/// Nor do blocks that are this much below the mean of the others, in LU.
const RELATIVE_GATE: f64 = -10.0;

/// Loudness of a K-weighted mean square of 1, in LUFS.
const UNIT: f64 = -0.691;

/// Measures the blocks of one segment.
#[derive(Debug)]
pub(super) struct Meter {
    shelf: Biquad,
    high_pass: Biquad,
    /// K-weighted energy of the present step, and its samples so far.
    energy: f64,
    counted: usize,
    /// The latest whole steps, oldest first, as mean squares.
    steps: VecDeque<f64>,
    has_block: bool,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            shelf: Biquad::shelf(),
            high_pass: Biquad::high_pass(),
            energy: 0.0,
            counted: 0,
            steps: VecDeque::with_capacity(STEPS),
            has_block: false,
        }
    }
}

impl Meter {
    /// Samples until the present step is whole.
    pub(super) fn room(&self) -> usize {
        STEP - self.counted
    }

    /// Measures at most [`Self::room`] samples.
    pub(super) fn measure(&mut self, sound: &[f32]) {
        for sample in sound {
            let weighted = self.high_pass.filter(self.shelf.filter(f64::from(*sample)));
            self.energy += weighted * weighted;
        }
        self.counted += sound.len();
    }

    /// Ends a whole step: its mean square.
    pub(super) fn step(&mut self) -> f64 {
        let mean = mean_square(self.energy, STEP);
        (self.energy, self.counted) = (0.0, 0);
        if self.steps.len() == STEPS {
            self.steps.pop_front();
        }
        self.steps.push_back(mean);
        mean
    }

    /// The block that ends with the latest step, as a mean square; none before four steps are whole.
    pub(super) fn block(&mut self) -> Option<f64> {
        let is_whole = self.steps.len() == STEPS;
        self.has_block |= is_whole;
        is_whole.then(|| self.steps.iter().sum::<f64>() / mean_of(STEPS))
    }

    /// Ends the segment. If it was too short for a block: what there was of one.
    pub(super) fn finish(self) -> Option<f64> {
        let samples = self.steps.len() * STEP + self.counted;
        let energy = self.steps.iter().sum::<f64>() * mean_of(STEP) + self.energy;
        (!self.has_block && samples >= SHORTEST).then(|| mean_square(energy, samples))
    }
}

/// Some blocks, to be taken together.
#[derive(Debug)]
pub(super) struct Blocks {
    mean_squares: VecDeque<f64>,
    most: usize,
}

impl Blocks {
    /// Room for `most` blocks.
    pub(super) fn new(most: usize) -> Self {
        Self { mean_squares: VecDeque::new(), most }
    }

    pub(super) fn is_full(&self) -> bool {
        self.mean_squares.len() >= self.most
    }

    /// Adds a block, in place of the oldest if there is no room.
    pub(super) fn push(&mut self, mean_square: f64) {
        if self.is_full() {
            self.mean_squares.pop_front();
        }
        self.mean_squares.push_back(mean_square);
    }

    pub(super) fn clear(&mut self) {
        self.mean_squares.clear();
    }

    /// The blocks as mean squares, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = f64> {
        self.mean_squares.iter().copied()
    }

    /// Their gated loudness, in LUFS; none if all of them are silent.
    pub(super) fn loudness(&self) -> Option<f64> {
        let mean = |gate: f64| {
            let (sum, count) = self.iter().filter(|block| *block > gate).fold((0.0, 0), |(s, n), b| (s + b, n + 1));
            (count > 0).then(|| sum / mean_of(count))
        };
        let absolute = energy(ABSOLUTE_GATE);
        let relative = energy(loudness(mean(absolute)?) + RELATIVE_GATE);
        mean(relative.max(absolute)).map(loudness)
    }
}

/// Loudness of a mean square, in LUFS.
pub(super) fn loudness(mean_square: f64) -> f64 {
    UNIT + 10.0 * mean_square.log10()
}

fn energy(loudness: f64) -> f64 {
    10.0_f64.powf((loudness - UNIT) / 10.0)
}

fn mean_square(energy: f64, samples: usize) -> f64 {
    energy / mean_of(samples)
}

#[expect(clippy::cast_precision_loss, reason = "counts of samples and blocks in a second or a minute")]
fn mean_of(count: usize) -> f64 {
    count as f64
}

/// A filter of second order in transposed direct form II.
#[derive(Debug)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl Biquad {
    /// The head of the listener: +4 dB above about 1.7 kHz. BS.1770-4 gives both filters as coefficients for 48 kHz; these
    /// are the frequency, gain and quality of the analogue filters behind them, from which they follow for other rates.
    fn shelf() -> Self {
        const HERTZ: f64 = 1_681.974_450_955_533;
        const DECIBELS: f64 = 3.999_843_853_973_347;
        const QUALITY: f64 = 0.707_175_236_955_419_6;
        let k = warped(HERTZ);
        let high = 10.0_f64.powf(DECIBELS / 20.0);
        let band = high.powf(0.499_666_774_154_541_6);
        let b = [high + band * k / QUALITY + k * k, 2.0 * (k * k - high), high - band * k / QUALITY + k * k];
        Self::normalised(b, k, QUALITY)
    }

    /// The low end that nobody hears as loud: a high-pass at 38 Hz.
    fn high_pass() -> Self {
        const HERTZ: f64 = 38.135_470_876_024_44;
        const QUALITY: f64 = 0.500_327_037_323_877_3;
        let k = warped(HERTZ);
        let mut filter = Self::normalised([0.0; 3], k, QUALITY);
        filter.b = [1.0, -2.0, 1.0];
        filter
    }

    fn normalised(b: [f64; 3], k: f64, quality: f64) -> Self {
        let a0 = 1.0 + k / quality + k * k;
        let a = [2.0 * (k * k - 1.0) / a0, (1.0 - k / quality + k * k) / a0];
        Self { b: b.map(|b| b / a0), a, state: [0.0; 2] }
    }

    fn filter(&mut self, input: f64) -> f64 {
        let output = self.b[0] * input + self.state[0];
        self.state[0] = self.b[1] * input - self.a[0] * output + self.state[1];
        self.state[1] = self.b[2] * input - self.a[1] * output;
        output
    }
}

/// The frequency at which the bilinear transform puts `hertz`.
fn warped(hertz: f64) -> f64 {
    (PI * hertz / f64::from(SAMPLE_RATE_HERTZ)).tan()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::f64::consts::TAU;

    use ebur128::EbuR128;
    use ebur128::Mode;

    use super::Blocks;
    use super::Meter;

    /// Our loudness and that of an independent meter.
    fn both(sound: &[f32]) -> (f64, f64) {
        let (mut meter, mut blocks) = (Meter::default(), Blocks::new(usize::MAX));
        for part in sound.chunks(super::STEP) {
            meter.measure(part);
            if meter.room() == 0 {
                meter.step();
                meter.block().into_iter().for_each(|block| blocks.push(block));
            }
        }
        let mut other = EbuR128::new(1, 24_000, Mode::I).unwrap();
        other.add_frames_f32(sound).unwrap();
        (blocks.loudness().unwrap(), other.loudness_global().unwrap())
    }

    fn tone(hertz: f64, amplitude: f64, seconds: u32) -> Vec<f32> {
        #[expect(clippy::cast_possible_truncation, reason = "a sample")]
        let sample = |n: u32| (amplitude * (TAU * hertz * f64::from(n) / 24_000.0).sin()) as f32;
        (0..seconds * 24_000).map(sample).collect()
    }

    #[test]
    fn tones_measure_as_with_an_independent_meter() {
        for hertz in [40.0, 100.0, 300.0, 997.0, 3_000.0, 9_000.0] {
            let (ours, theirs) = both(&tone(hertz, 0.2, 4));
            assert!((ours - theirs).abs() < 0.05, "{ours} and {theirs} LUFS at {hertz} Hz");
        }
    }

    #[test]
    fn a_tone_of_full_scale_is_minus_three_lufs() {
        let (ours, _) = both(&tone(997.0, 1.0, 4));
        assert!((ours + 3.01).abs() < 0.05, "{ours}");
    }

    #[test]
    fn silence_and_whispers_are_gated_as_with_an_independent_meter() {
        let sound = [tone(500.0, 0.3, 3), vec![0.0; 48_000], tone(700.0, 0.02, 3), tone(800.0, 0.15, 3)].concat();
        let (ours, theirs) = both(&sound);
        assert!((ours - theirs).abs() < 0.1, "{ours} and {theirs} LUFS");
    }

    #[test]
    fn less_than_a_block_is_measured_as_far_as_it_goes_and_a_click_is_not() {
        let measured = |samples: usize| {
            let mut meter = Meter::default();
            meter.measure(&tone(997.0, 1.0, 1)[..samples]);
            meter.finish().map(super::loudness)
        };
        assert!((measured(2_000).unwrap() + 3.01).abs() < 0.3);
        assert_eq!(measured(1_000), None);
    }
}
