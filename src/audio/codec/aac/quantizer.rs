//! Spectral lines as integers, with steps as fine as the frame has room for and as the ear can tell.

use super::LINES;
use super::huffman;
use super::huffman::LARGEST;
use super::layout::MAX_BANDS;
use super::masking::PerBand;
use super::plan::Plan;

/// The scale factor at which a step is one (ISO/IEC 14496-3:2009, 4.6.2.3.3); four more double it.
const UNITY: f32 = 100.0;

/// The largest scale factor.
const COARSEST: i32 = 255;

/// Scale factors that follow each other differ by this much at most.
const LARGEST_DIFFERENCE: i32 = 60;

/// What is added before a line is cut to an integer: less than half, since small values are the more frequent ones.
const ROUNDING: f32 = 0.4054;

/// How far noise follows what the ear lets pass when there is too little room: at 0 it is the same everywhere, so that all
/// of it together is the least, and at 1 as far from being heard in each band.
const SHAPE: f32 = 0.3;

/// The least noise that is made, as a part of what would be hidden: 30 dB below it there is nothing to gain.
const USEFUL: f32 = 0.001;

/// The least noise that is made, as the energy of a line: that of samples rounded to 16 bits.
const ROUNDED: f32 = 2.0 * 1_024.0 / 12.0;

/// A spectrum, ready to be written.
#[derive(Debug)]
pub(super) struct Quantized {
    /// The lines in steps, to the power of 3/4.
    pub(super) lines: [i16; LINES],
    /// How wide the steps are, logarithmic, by band; where nothing is left, that of the band before.
    pub(super) factors: [i32; MAX_BANDS],
    /// How the lines are sent.
    pub(super) plan: Plan,
    /// Bits of lines, sections and scale factors.
    pub(super) bits: u32,
}

/// A spectrum, and which steps are wanted for it.
pub(super) struct Spectrum<'a> {
    edges: &'a [usize],
    /// The lines to the power of 3/4, with their signs.
    compressed: [f32; LINES],
    wishes: [Wish; MAX_BANDS],
}

/// Which scale factors suit a band.
#[derive(Clone, Copy)]
struct Wish {
    /// That of noise of the wanted shape; the same number is added to it in all bands.
    shape: f32,
    /// Below that steps would be of no use, or give numbers that cannot be coded.
    finest: i32,
    /// From there on nothing is left of the band.
    coarsest: i32,
}

impl<'a> Spectrum<'a> {
    /// `lines`, of which those of each band hide noise of an energy of `hidden` per line.
    pub(super) fn new(lines: &[f32; LINES], edges: &'a [usize], hidden: &PerBand) -> Self {
        let compressed = lines.map(|line| (line.abs() * line.abs().sqrt()).sqrt().copysign(line));
        let mut wishes = [Wish { shape: UNITY, finest: COARSEST, coarsest: COARSEST }; MAX_BANDS];
        for ((wish, hidden), edges) in wishes.iter_mut().zip(hidden).zip(edges.windows(2)) {
            let band = edges[0]..edges[1];
            *wish = Wish::new(&lines[band.clone()], &compressed[band], *hidden).unwrap_or(*wish);
        }
        Self { edges, compressed, wishes }
    }

    /// The spectrum with the finest useful steps that take at most `room` bits. Silence takes none.
    pub(super) fn within(&self, room: u32) -> Quantized {
        let mut low = self.wishes.iter().map(|wish| whole(wish.finest, wish.shape) - 1).min().unwrap_or_default();
        let mut high = self.wishes.iter().map(|wish| whole(wish.coarsest, wish.shape) + 1).max().unwrap_or_default();
        let mut best = self.quantized(high);
        // The higher the factors, the fewer bits; but for exceptions, so that what counts is what was seen to fit.
        while low < high {
            let middle = low + (high - low) / 2;
            let tried = self.quantized(middle);
            if tried.bits <= room {
                best = tried;
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        best
    }

    /// The spectrum with `offset` added to the wanted scale factors.
    fn quantized(&self, offset: i32) -> Quantized {
        let mut factors = self.wishes.map(|wish| wish.factor(offset));
        let mut lines = [0; LINES];
        let mut largest = 0;
        for (factor, edges) in factors.iter().zip(self.edges.windows(2)) {
            if self.quantize(edges, *factor, &mut lines) {
                largest = largest.max(*factor);
            }
        }
        // Differences that cannot be told are made smaller: what becomes coarser by that is 90 dB below the rest.
        for (factor, edges) in factors.iter_mut().zip(self.edges.windows(2)) {
            if *factor < largest - LARGEST_DIFFERENCE {
                *factor = largest - LARGEST_DIFFERENCE;
                self.quantize(edges, *factor, &mut lines);
            }
        }
        let plan = Plan::new(&lines, self.edges);
        repeat_in_silence(&mut factors, &lines, self.edges);
        let bits =
            plan.bits + differences(&factors, &plan).map(|(_, step)| huffman::scale_factor_bits(step)).sum::<u32>();
        Quantized { lines, factors, plan, bits }
    }

    /// Quantises one band; whether anything is left of it.
    #[expect(clippy::cast_possible_truncation, reason = "no factor is so fine that a line exceeds 8,191")]
    fn quantize(&self, edges: &[usize], factor: i32, lines: &mut [i16; LINES]) -> bool {
        let scale = (0.1875 * (UNITY - number(factor))).exp2();
        let band = edges[0]..edges[1];
        for (line, compressed) in lines[band.clone()].iter_mut().zip(&self.compressed[band.clone()]) {
            *line = (compressed.abs() * scale + ROUNDING).copysign(*compressed) as i16;
        }
        lines[band].iter().any(|line| *line != 0)
    }
}

impl Wish {
    /// None for a band without sound.
    fn new(lines: &[f32], compressed: &[f32], hidden: f32) -> Option<Self> {
        let largest = compressed.iter().fold(0.0_f32, |largest, line| largest.max(line.abs()));
        if largest == 0.0 {
            return None;
        }
        let count = f32::from(u16::try_from(lines.len()).unwrap_or(u16::MAX));
        let root = lines.iter().map(|line| line.abs().sqrt()).sum::<f32>() / count;
        // A step of s makes noise of an energy of root * s^1.5 / 6.75: it is wider, the larger the line.
        let factor = |noise: f32| UNITY + 8.0 / 3.0 * (6.75 * noise / root).log2();
        // The factor at which a line of the largest size becomes that many steps.
        let at = |steps: f32| UNITY + (largest / steps).log2() / 0.1875;
        let finest = factor(ROUNDED.max(USEFUL * hidden)).max(at(f32::from(LARGEST)));
        Some(Self {
            shape: factor(hidden.powf(SHAPE)),
            finest: whole_above(finest).clamp(0, COARSEST),
            coarsest: whole_above(at(1.0 - ROUNDING)).clamp(0, COARSEST),
        })
    }

    fn factor(&self, offset: i32) -> i32 {
        whole_above(self.shape + number(offset)).clamp(self.finest, COARSEST)
    }
}

/// The scale factors that are sent, by band, and by how much each differs from the one before.
pub(super) fn differences(factors: &[i32; MAX_BANDS], plan: &Plan) -> impl Iterator<Item = (i32, i32)> {
    let coded = factors.iter().enumerate().filter(|(band, _)| plan.is_coded(*band)).map(|(_, factor)| *factor);
    coded.scan(None, |last, factor| {
        let step = factor - last.replace(factor).unwrap_or(factor);
        Some((factor, step))
    })
}

/// Gives bands of which nothing is left the scale factor of the band before, which costs least to tell.
fn repeat_in_silence(factors: &mut [i32; MAX_BANDS], lines: &[i16; LINES], edges: &[usize]) {
    let is_silent = |edges: &[usize]| lines[edges[0]..edges[1]].iter().all(|line| *line == 0);
    let first = edges.windows(2).zip(factors.iter()).find(|(edges, _)| !is_silent(edges)).map(|(_, factor)| *factor);
    let mut last = first.unwrap_or_default();
    for (factor, edges) in factors.iter_mut().zip(edges.windows(2)) {
        if is_silent(edges) {
            *factor = last;
        }
        last = *factor;
    }
}

/// A number of scale factors, as one to calculate with.
fn number(factors: i32) -> f32 {
    f32::from(i16::try_from(factors).unwrap_or(i16::MAX))
}

/// The next whole number.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and scale factors are a few hundred")]
fn whole_above(factor: f32) -> i32 {
    factor.ceil() as i32
}

/// What has to be added to `shape` to come to `factor`, about.
fn whole(factor: i32, shape: f32) -> i32 {
    whole_above(number(factor) - shape)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    #![expect(clippy::cast_precision_loss, reason = "the numbers of a thousand lines")]

    use proptest::prelude::*;

    use super::LARGEST_DIFFERENCE;
    use super::LINES;
    use super::Plan;
    use super::Spectrum;
    use super::differences;
    use crate::audio::codec::aac::layout::Layout;
    use crate::audio::codec::aac::masking::Masking;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_spectrum_fits_and_can_be_told(
            rate in prop::sample::select(vec![8_000, 16_000, 24_000, 32_000, 48_000]),
            level in -10.0_f32..27.0,
            slope in 0.0_f32..0.1,
            room in 0..6_000_u32,
            shape in prop::collection::vec(-1.0_f32..1.0, LINES),
        ) {
            let layout = Layout::of(rate).unwrap();
            let lines = std::array::from_fn(|line| shape[line] * (level - slope * line as f32).exp2());
            let spectrum = Spectrum::new(&lines, layout.edges, &Masking::new(&layout).hidden(&lines));
            let quantized = spectrum.within(room);
            prop_assert!(quantized.bits <= room);
            prop_assert_eq!(quantized.plan, Plan::new(&quantized.lines, layout.edges));
            for (factor, step) in differences(&quantized.factors, &quantized.plan) {
                prop_assert!((0..=255).contains(&factor) && step.abs() <= LARGEST_DIFFERENCE);
            }
        }
    }

    #[test]
    fn the_loudest_and_the_faintest_can_stand_in_one_spectrum() {
        let layout = Layout::of(24_000).unwrap();
        let lines = std::array::from_fn(|line| match line {
            // Louder than samples of 16 bits can be: those hardly come so far.
            100 => 1e10,
            900..960 => 2_000.0,
            _ => 0.0,
        });
        let spectrum = Spectrum::new(&lines, layout.edges, &Masking::new(&layout).hidden(&lines));
        let quantized = spectrum.within(u32::MAX);
        assert!(quantized.lines[900] > 0);
        let steps: Vec<_> = differences(&quantized.factors, &quantized.plan).map(|(_, step)| step.abs()).collect();
        assert!(steps.iter().all(|step| *step <= LARGEST_DIFFERENCE), "{steps:?}");
    }

    #[test]
    fn what_samples_of_16_bits_cannot_hold_takes_no_bits() {
        let layout = Layout::of(24_000).unwrap();
        let lines = std::array::from_fn(|line| if line == 100 { 1e6 } else { (line * 7_919 % 21) as f32 - 10.0 });
        let spectrum = Spectrum::new(&lines, layout.edges, &Masking::new(&layout).hidden(&lines));
        let quantized = spectrum.within(u32::MAX);
        assert!(quantized.bits < 100, "{} bits for a single line", quantized.bits);
        assert!(quantized.lines.iter().filter(|line| **line != 0).count() < 5);
    }
}
