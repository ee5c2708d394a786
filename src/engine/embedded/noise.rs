//! Gaussian noise that is the same on every run, so that equal text gives equal sound.

use std::f32::consts::TAU;

use rustfft::num_complex::Complex32;

/// Complex standard normal numbers from a fixed seed.
#[derive(Debug)]
pub(super) struct Noise {
    state: u64,
}

impl Noise {
    pub(super) fn new() -> Self {
        Self { state: 0x0072_6861_7073_6f64 }
    }

    /// The next number: real and imaginary part both of mean 0 and variance 1 (Box-Muller).
    pub(super) fn next(&mut self) -> Complex32 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        Complex32::from_polar(radius, TAU * self.uniform())
    }

    /// A number in [0, 1) with 24 random bits, from `SplitMix64`
    /// (Steele, Lea and Flood, 2014, doi 10.1145/2714064.2660195).
    fn uniform(&mut self) -> f32 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        #[expect(clippy::cast_precision_loss, reason = "24 bits fit an f32 exactly")]
        let whole = (bits >> 40) as f32;
        whole / 16_777_216.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_mean_zero_and_variance_one() {
        let mut noise = Noise::new();
        let drawn: Vec<_> = (0..20_000).map(|_| noise.next()).collect();
        let mean = drawn.iter().map(|z| z.re + z.im).sum::<f32>() / 40_000.0;
        let variance = drawn.iter().map(Complex32::norm_sqr).sum::<f32>() / 40_000.0;
        assert!(mean.abs() < 0.02, "{mean}");
        assert!((variance - 1.0).abs() < 0.03, "{variance}");
    }

    #[test]
    fn starts_the_same_every_time() {
        assert_eq!(Noise::new().next(), Noise::new().next());
    }
}
