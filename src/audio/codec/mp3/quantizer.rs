//! Spectral lines as integers, with the finest steps that the frame has room for.
//!
//! The steps are the same in all bands. The format could make them finer where the ear listens, by scale factors; for
//! speech at these bit rates that moved noise about and removed none.

use super::LINES;
use super::huffman::LARGEST;
use super::huffman::Plan;
use super::layout::Bands;

/// The gain at which a step is one (ISO/IEC 11172-3:1993, 2.4.3.4.7.1); four more double it.
const UNITY_GAIN: u8 = 210;

/// What is added before a line is cut to an integer: less than half, since small values are the more frequent ones.
const ROUNDING: f32 = 0.4054;

/// A granule, ready to be written.
pub(super) struct Granule {
    /// How wide a step is, logarithmic.
    pub(super) gain: u8,
    /// The lines in steps, to the power of 3/4.
    pub(super) lines: [i16; LINES],
    /// How the lines are sent.
    pub(super) plan: Plan,
}

impl Granule {
    /// `spectrum` in at most `room` bits.
    pub(super) fn new(spectrum: &[f32; LINES], bands: &Bands, room: usize) -> Self {
        let compressed = compress(spectrum);
        // At the highest gain all lines are zero, which fits anywhere.
        let mut best = Self { gain: u8::MAX, lines: [0; LINES], plan: Plan::default() };
        let mut low = 0;
        // The lower the gain, the more bits; but for exceptions, so that what counts is what was seen to fit.
        while low < best.gain {
            let gain = u8::midpoint(low, best.gain);
            match quantize(&compressed, gain).map(|lines| (lines, Plan::new(&lines, bands))) {
                Some((lines, plan)) if plan.bits <= room => best = Self { gain, lines, plan },
                _ => low = gain + 1,
            }
        }
        best
    }
}

/// The lines to the power of 3/4, with their signs.
fn compress(spectrum: &[f32; LINES]) -> [f32; LINES] {
    spectrum.map(|line| (line.abs() * line.abs().sqrt()).sqrt().copysign(line))
}

/// The lines at `gain`, if none is too large to be coded. `compressed` is from [`compress`].
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and the largest values are refused")]
fn quantize(compressed: &[f32; LINES], gain: u8) -> Option<[i16; LINES]> {
    let factor = (0.1875 * (f32::from(UNITY_GAIN) - f32::from(gain))).exp2();
    let lines = compressed.map(|line| (line.abs() * factor + ROUNDING).copysign(line) as i16);
    lines.iter().all(|line| line.unsigned_abs() <= LARGEST).then_some(lines)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    #![expect(clippy::cast_precision_loss, reason = "the numbers of a few hundred lines")]

    use proptest::prelude::*;

    use super::Granule;
    use super::LINES;
    use super::Plan;
    use super::compress;
    use super::quantize;
    use crate::audio::codec::mp3::layout::Layout;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_granule_fits_and_one_step_finer_would_not(
            level in -120.0_f32..0.0,
            slope in 0.0_f32..0.1,
            room in 0..4_000_usize,
            shape in prop::collection::vec(-1.0_f32..1.0, LINES),
        ) {
            let bands = Layout::of(24_000).unwrap().bands;
            let spectrum = std::array::from_fn(|line| shape[line] * (level / 6.0 - slope * line as f32).exp2());
            let granule = Granule::new(&spectrum, bands, room);
            prop_assert!(granule.plan.bits <= room);
            prop_assert_eq!(granule.plan, Plan::new(&granule.lines, bands));
            let finer = granule.gain.checked_sub(1).and_then(|gain| quantize(&compress(&spectrum), gain));
            prop_assert!(finer.is_none_or(|lines| Plan::new(&lines, bands).bits > room));
        }
    }
}
