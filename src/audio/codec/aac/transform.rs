//! Samples into spectral lines: the modified cosine transform of 2,048 samples, half of them new.
//!
//! ISO/IEC 14496-3:2009, 4.6.11.3, read backwards; long blocks under the sine window only.

use std::f32::consts::PI;
use std::sync::Arc;

use rustfft::Fft;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex32;

use super::LINES;

/// Half of the lines: what the samples fold to in pairs.
const HALF: usize = LINES / 2;

/// The transform, with its memory of the last block.
pub(super) struct Transform {
    /// The rising half of the window.
    window: Box<[f32; LINES]>,
    /// Turns of the folded samples before the Fourier transform, and of its result.
    turns: Box<[Complex32; HALF]>,
    fourier: Arc<dyn Fft<f32>>,
    last: Box<[f32; LINES]>,
}

impl Transform {
    /// A transform that has heard silence.
    #[expect(clippy::cast_precision_loss, reason = "the numbers are below 4,096")]
    pub(super) fn new() -> Self {
        let length = LINES as f32;
        let window = Box::new(std::array::from_fn(|n| (PI / (4.0 * length) * (2 * n + 1) as f32).sin()));
        let turns =
            Box::new(std::array::from_fn(|n| Complex32::from_polar(1.0, -PI / (8.0 * length) * (8 * n + 1) as f32)));
        let fourier = FftPlanner::new().plan_fft_forward(HALF);
        Self { window, turns, fourier, last: Box::new([0.0; LINES]) }
    }

    /// The lines of the span that ends with `block`, the lowest first.
    pub(super) fn lines(&mut self, block: &[i16; LINES]) -> [f32; LINES] {
        let now = Box::new(block.map(f32::from));
        let folded = self.fold(&now);
        self.last = now;
        // A cosine transform of the fourth type, as a Fourier transform of half its length.
        let mut values: Vec<_> =
            (0..HALF).map(|n| Complex32::new(folded[2 * n], folded[LINES - 1 - 2 * n]) * self.turns[n]).collect();
        self.fourier.process(&mut values);
        let mut lines = [0.0; LINES];
        for (k, value) in values.iter().enumerate() {
            // A decoder's transform divides by half of its lines.
            let value = 2.0 * value * self.turns[k];
            lines[2 * k] = value.re;
            lines[LINES - 1 - 2 * k] = -value.im;
        }
        lines
    }

    /// The windowed span, with the parts that the transform cannot tell apart laid upon each other.
    fn fold(&self, now: &[f32; LINES]) -> [f32; LINES] {
        let window = &self.window;
        let rising = |n: usize| self.last[n] * window[n];
        let falling = |n: usize| now[n] * window[LINES - 1 - n];
        std::array::from_fn(|n| match n.checked_sub(HALF) {
            None => -falling(HALF - 1 - n) - falling(HALF + n),
            Some(n) => rising(n) - rising(LINES - 1 - n),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the numbers of a few blocks")]

    use std::f64::consts::PI;

    use super::LINES;
    use super::Transform;

    /// The sums of the standard, term by term.
    #[test]
    fn the_lines_are_those_of_the_definition() {
        let block = |seed: usize| std::array::from_fn(|n| ((n * (n + seed) * 7_919 % 60_013) as f32 - 30_006.0) as i16);
        let (first, second): ([i16; LINES], [i16; LINES]) = (block(3), block(11));
        let mut transform = Transform::new();
        transform.lines(&first);
        let lines = transform.lines(&second);
        let span: Vec<f64> = first.iter().chain(&second).map(|sample| f64::from(*sample)).collect();
        for k in [0, 1, 2, 77, 500, 511, 512, 513, 1_000, 1_022, 1_023] {
            let exact: f64 = span
                .iter()
                .enumerate()
                .map(|(n, sample)| {
                    let window = (PI / 2_048.0 * (n as f64 + 0.5)).sin();
                    let angle = 2.0 * PI / 2_048.0 * (n as f64 + 512.5) * (k as f64 + 0.5);
                    2.0 * sample * window * angle.cos()
                })
                .sum();
            assert!((exact - f64::from(lines[k])).abs() < 4.0, "line {k}: {} and not {exact}", lines[k]);
        }
    }
}
