//! Samples into 32 subbands, each at a 32nd of the sample rate.
//!
//! ISO/IEC 11172-3:1993, C.1.3: the window over the last 512 samples, folded to 64 values, and a cosine transform of them.

use std::f32::consts::PI;

use crate::audio::pcm::from_i16;

use super::LINES;
use super::window::HALF_WINDOW;

/// Number of subbands, and of samples between two values of each.
pub(super) const SUBBANDS: usize = 32;

/// Values of each subband in a granule.
pub(super) const SLOTS: usize = LINES / SUBBANDS;

/// Samples that the window sees.
const WINDOW: usize = 512;

/// Values that the window folds to.
const FOLDED: usize = 64;

/// The analysis half of the filter bank.
pub(super) struct Filterbank {
    window: [f32; WINDOW],
    /// By folded value and subband: sums over all subbands at once are what a processor does fastest.
    cosines: Box<[[f32; SUBBANDS]; FOLDED]>,
    /// The last samples, the newest last.
    recent: [f32; WINDOW],
}

impl Filterbank {
    /// A filter bank that has heard silence.
    #[expect(clippy::cast_precision_loss, reason = "the numbers are below 128")]
    pub(super) fn new() -> Self {
        let mut cosines = Box::new([[0.0; SUBBANDS]; FOLDED]);
        for (index, row) in cosines.iter_mut().enumerate() {
            for (band, cosine) in row.iter_mut().enumerate() {
                // (2b + 1)(i - 16) 128ths of a turn, within the first turn, where the cosine is exact.
                *cosine = (((2 * band + 1) * (index + 112) % 128) as f32 * PI / 64.0).cos();
            }
        }
        Self { window: window(), cosines, recent: [0.0; WINDOW] }
    }

    /// The subbands of one granule, by subband and time.
    pub(super) fn subbands(&mut self, granule: &[i16; LINES]) -> [[f32; SLOTS]; SUBBANDS] {
        let mut subbands = [[0.0; SLOTS]; SUBBANDS];
        let (steps, _) = granule.as_chunks::<SUBBANDS>();
        for (slot, step) in steps.iter().enumerate() {
            let mut values = [0.0; SUBBANDS];
            for (folded, cosines) in self.fold(step).iter().zip(self.cosines.iter()) {
                values.iter_mut().zip(cosines).for_each(|(value, cosine)| *value += folded * cosine);
            }
            subbands.iter_mut().zip(values).for_each(|(subband, value)| subband[slot] = value);
        }
        subbands
    }

    fn fold(&mut self, step: &[i16; SUBBANDS]) -> [f32; FOLDED] {
        self.recent.copy_within(SUBBANDS.., 0);
        for (slot, sample) in self.recent[WINDOW - SUBBANDS..].iter_mut().zip(step) {
            *slot = from_i16(*sample);
        }
        let mut folded = [0.0; FOLDED];
        // The window begins with the newest sample.
        for (weights, samples) in self.window.chunks_exact(FOLDED).zip(self.recent.rchunks_exact(FOLDED)) {
            let products = weights.iter().zip(samples.iter().rev()).map(|(weight, sample)| weight * sample);
            folded.iter_mut().zip(products).for_each(|(value, product)| *value += product);
        }
        folded
    }
}

/// The whole window: its second half is the first one in reverse, of the opposite sign but for every 64th value.
fn window() -> [f32; WINDOW] {
    let mut window = [0.0; WINDOW];
    for (index, value) in HALF_WINDOW.iter().enumerate() {
        let value = value / 2_097_152.0;
        window[index] = value;
        if index > 0 {
            window[WINDOW - index] = if index % FOLDED == 0 { value } else { -value };
        }
    }
    window
}
