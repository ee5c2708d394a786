//! G.711: sixteen bits of a sample companded to eight, as every telephone network carries them.
//!
//! ITU-T Recommendation G.711 (11/88), <https://www.itu.int/rec/T-REC-G.711>. Both laws cut the scale into segments, each
//! twice as wide as the one before, and a segment into sixteen steps. Negative samples are mirrored by complementing their
//! bits, so that the decision values are the same on both sides.

use bytes::Bytes;

use super::pcm::samples;

/// One of the two laws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// North America and Japan.
    Mu,
    /// The rest of the world.
    A,
}

/// What µ-law adds before it looks for the segment, in steps of 14 bits.
const MU_BIAS: u16 = 33;
/// The largest biased magnitude, in 14 bits: louder samples are clipped.
const MU_CEILING: u16 = 0x1FFF;
/// The sign of a code; set for positive samples.
const SIGN: u8 = 0x80;
/// A-law inverts every other bit, so that silence is no run of zeros.
const A_INVERSION: u8 = 0x55;

impl Law {
    /// One byte for each sample of 16-bit PCM.
    #[must_use]
    pub fn encode(self, pcm: &[u8]) -> Bytes {
        match self {
            Self::Mu => samples(pcm).map(mu).collect(),
            Self::A => samples(pcm).map(a).collect(),
        }
    }

    /// 16-bit PCM, one sample for each code: the middle of what the code stands for.
    #[must_use]
    pub fn decode(self, codes: &[u8]) -> Bytes {
        let sample: fn(u8) -> i16 = match self {
            Self::Mu => from_mu,
            Self::A => from_a,
        };
        codes.iter().flat_map(|code| sample(*code).to_le_bytes()).collect()
    }

    /// The code of a sample of zero.
    pub fn silence(self) -> u8 {
        match self {
            Self::Mu => mu(0),
            Self::A => a(0),
        }
    }
}

/// The magnitude of `sample` without its sign, in 15 bits.
fn magnitude(sample: i16) -> u16 {
    if sample < 0 { !sample.cast_unsigned() } else { sample.cast_unsigned() }
}

fn sign(sample: i16) -> u8 {
    if sample < 0 { 0 } else { SIGN }
}

fn mu(sample: i16) -> u8 {
    let biased = ((magnitude(sample) >> 2) + MU_BIAS).min(MU_CEILING);
    // The bias makes bit 5 the lowest that can lead.
    let segment = biased.ilog2() - 5;
    let step = (biased >> (segment + 1)) & 0x0F;
    // All bits but the sign are sent inverted: loud is few ones.
    sign(sample) | (code(segment, step) ^ 0x7F)
}

fn a(sample: i16) -> u8 {
    let magnitude = magnitude(sample) >> 4;
    let code = match magnitude.checked_ilog2().filter(|lead| *lead >= 5) {
        // The first two segments have steps of the same width.
        None => code(0, magnitude),
        Some(lead) => code(lead - 3, (magnitude >> (lead - 4)) & 0x0F),
    };
    (sign(sample) | code) ^ A_INVERSION
}

/// Three bits of segment and four of step; a step of five bits is one of the two lowest segments.
fn code(segment: u32, step: u16) -> u8 {
    let segment = u8::try_from(segment << 4).unwrap_or_default();
    segment + u8::try_from(step).unwrap_or_default()
}

fn from_mu(code: u8) -> i16 {
    let bits = i16::from(!code & 0x7F);
    let (segment, step) = (bits >> 4, bits & 0x0F);
    let magnitude = ((((step << 1) + 33) << segment) - 33) << 2;
    if code & SIGN == 0 { -magnitude } else { magnitude }
}

fn from_a(code: u8) -> i16 {
    let code = code ^ A_INVERSION;
    let bits = i16::from(code & 0x7F);
    let (segment, step) = (bits >> 4, bits & 0x0F);
    let magnitude = if segment == 0 { (step << 4) + 8 } else { ((step << 4) + 0x108) << (segment - 1) };
    if code & SIGN == 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Law;

    fn encode(law: Law, sample: i16) -> u8 {
        law.encode(&sample.to_le_bytes())[0]
    }

    /// The middle of the interval that `code` stands for, as the Recommendation's tables have it.
    fn decode(law: Law, code: u8) -> i32 {
        let (bits, is_positive) = match law {
            Law::Mu => (!code & 0x7F, code & 0x80 != 0),
            Law::A => ((code ^ 0x55) & 0x7F, (code ^ 0x55) & 0x80 != 0),
        };
        let (segment, step) = (u32::from(bits >> 4), i32::from(bits & 0x0F));
        let value = match (law, segment) {
            (Law::Mu, _) => ((((step << 1) + 33) << segment) - 33) << 2,
            (Law::A, 0) => (step << 4) + 8,
            (Law::A, _) => ((step << 4) + 0x108) << (segment - 1),
        };
        if is_positive { value } else { -value }
    }

    #[test]
    fn the_recommendations_corners() {
        for (sample, mu, a) in [(0, 0xFF, 0xD5), (-1, 0x7F, 0x55), (i16::MAX, 0x80, 0xAA), (i16::MIN, 0x00, 0x2A)] {
            assert_eq!((encode(Law::Mu, sample), encode(Law::A, sample)), (mu, a), "{sample}");
        }
    }

    #[test]
    fn codes_are_heard_as_the_middle_of_what_they_stand_for() {
        for law in [Law::Mu, Law::A] {
            for code in 0..=u8::MAX {
                let heard = law.decode(&[code]);
                assert_eq!(i32::from(i16::from_le_bytes([heard[0], heard[1]])), decode(law, code), "{law:?} {code:#x}");
            }
        }
    }

    #[test]
    fn every_code_stands_for_itself() {
        for law in [Law::Mu, Law::A] {
            for code in 0..=u8::MAX {
                let sample = i16::try_from(decode(law, code)).unwrap_or_default();
                // µ-law has two zeros, and a positive one is sent for it.
                let expected = if law == Law::Mu && code == 0x7F { 0xFF } else { code };
                assert_eq!(encode(law, sample), expected, "{law:?} {code:#x} {sample}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_error_is_at_most_half_a_step(sample in any::<i16>(), is_mu in any::<bool>()) {
            let law = if is_mu { Law::Mu } else { Law::A };
            let heard = decode(law, encode(law, sample));
            let sample = i32::from(sample);
            // A step is an eighth of the segment's lowest value, and never finer than the law's first step.
            let step = (sample.abs() + 132) / 16 + 8;
            let clipped = if is_mu { sample.clamp(-32_124, 32_124) } else { sample };
            prop_assert!((heard - clipped).abs() <= step, "{sample} is heard as {heard}");
        }

        #[test]
        fn louder_is_never_quieter(low in any::<i16>(), high in any::<i16>(), is_mu in any::<bool>()) {
            let law = if is_mu { Law::Mu } else { Law::A };
            let (low, high) = (low.min(high), low.max(high));
            prop_assert!(decode(law, encode(law, low)) <= decode(law, encode(law, high)));
        }
    }
}
