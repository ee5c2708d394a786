//! 16-bit little-endian samples as numbers, and back.

use crate::speech::SAMPLE_BYTES;

/// One sample of 32768 is full scale.
pub(super) const FULL_SCALE: f32 = 32_768.0;

/// The whole samples of `pcm`.
pub(super) fn samples(pcm: &[u8]) -> impl Iterator<Item = i16> {
    pcm.chunks_exact(SAMPLE_BYTES).map(|sample| i16::from_le_bytes([sample[0], sample[1]]))
}

/// `sample` on a scale from -1 to 1.
pub(super) fn from_i16(sample: i16) -> f32 {
    f32::from(sample) / FULL_SCALE
}

/// `sample`, from -1 to 1, as a 16-bit number; louder ones are clipped.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and clipping is what is wanted")]
pub(super) fn to_i16(sample: f32) -> i16 {
    (sample * FULL_SCALE).round() as i16
}

#[cfg(test)]
mod tests {
    use super::from_i16;
    use super::samples;
    use super::to_i16;

    #[test]
    fn every_number_comes_back_and_what_is_louder_is_clipped() {
        for number in i16::MIN..=i16::MAX {
            assert_eq!(to_i16(from_i16(number)), number);
        }
        assert_eq!((to_i16(1.5), to_i16(-1.5)), (i16::MAX, i16::MIN));
        assert_eq!(samples(&[1, 0, 0xFF, 0xFF, 7]).collect::<Vec<_>>(), [1, -1]);
    }
}
