//! The narrow-band formats: 8 kHz G.711, made without help of the service's own code, so that one can check the other.

use std::f64::consts::PI;

/// 24 kHz over 8 kHz.
const FACTOR: usize = 3;
/// Taps on either side of the middle one.
const REACH: i32 = 90;
/// Edge of the low-pass, Hz: above every test tone and below half of 8 kHz.
const EDGE: f64 = 3700.0;
/// The rate that comes in, Hz.
const RATE: f64 = 24_000.0;

/// Little-endian 16-bit samples of 24 kHz as µ-law bytes of 8 kHz.
pub(crate) fn mu_law(pcm: &[u8]) -> Vec<u8> {
    narrow(pcm).into_iter().map(mu).collect()
}

/// Little-endian 16-bit samples of 24 kHz as A-law bytes of 8 kHz.
pub(crate) fn a_law(pcm: &[u8]) -> Vec<u8> {
    narrow(pcm).into_iter().map(a).collect()
}

/// Every third sample behind a low-pass.
fn narrow(pcm: &[u8]) -> Vec<i16> {
    let samples: Vec<f64> = pcm.chunks_exact(2).map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]]))).collect();
    let taps = low_pass();
    let reach = usize::try_from(REACH).unwrap_or(0);
    let filtered = |middle: usize| -> f64 {
        let first = middle.saturating_sub(reach);
        let skipped = first + reach - middle;
        samples[first..].iter().zip(&taps[skipped..]).map(|(sample, tap)| sample * tap).sum()
    };
    (0..samples.len()).step_by(FACTOR).map(|middle| rounded(filtered(middle))).collect()
}

/// A sinc under a Hann window, with a sum of one.
fn low_pass() -> Vec<f64> {
    let tap = |offset: i32| {
        let angle = 2.0 * PI * EDGE / RATE * f64::from(offset);
        let sinc = if offset == 0 { 1.0 } else { angle.sin() / angle };
        sinc * (1.0 + (PI * f64::from(offset) / f64::from(REACH + 1)).cos())
    };
    let taps: Vec<f64> = (-REACH..=REACH).map(tap).collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|tap| tap / sum).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of a sample")]
fn rounded(value: f64) -> i16 {
    value.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

/// ITU-T G.711, table 2: the magnitude with a bias of 132 is a float with three bits of exponent and four of mantissa.
fn mu(sample: i16) -> u8 {
    let biased = sample.unsigned_abs().min(32_635) + 132;
    let exponent = 15 - 7 - biased.leading_zeros();
    let mantissa = (biased >> (exponent + 3)) & 0x0F;
    let sign = if sample < 0 { 0x80 } else { 0 };
    !(sign | low_byte(exponent << 4) | low_byte(mantissa.into()))
}

/// ITU-T G.711, table 1: as µ-law, but without a bias, so that the lowest segment is linear; even bits are inverted.
fn a(sample: i16) -> u8 {
    let magnitude = if sample < 0 { !sample } else { sample }.unsigned_abs();
    let code = if magnitude < 256 {
        u32::from(magnitude >> 4)
    } else {
        let exponent = 15 - 7 - magnitude.leading_zeros();
        (exponent << 4) | u32::from((magnitude >> (exponent + 3)) & 0x0F)
    };
    let sign = if sample < 0 { 0 } else { 0x80 };
    (sign | low_byte(code)) ^ 0x55
}

fn low_byte(value: u32) -> u8 {
    u8::try_from(value & 0xFF).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_laws_have_the_codes_of_the_recommendation() {
        // Peak, zero and the edges of a segment, from the tables of G.711 (16-bit samples).
        for (sample, code) in [(0, 0xFF), (-1, 0x7F), (32_767, 0x80), (-32_768, 0x00), (1000, 0xCE), (-1000, 0x4E)] {
            assert_eq!(mu(sample), code, "{sample}");
        }
        for (sample, code) in [(0, 0xD5), (-1, 0x55), (32_767, 0xAA), (-32_768, 0x2A), (1000, 0xFA), (-1000, 0x7A)] {
            assert_eq!(a(sample), code, "{sample}");
        }
    }
}
