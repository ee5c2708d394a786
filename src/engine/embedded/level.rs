//! Brings the voice to a speech level.

/// draft
pub(super) fn finish(sound: Vec<f32>) -> Vec<i16> {
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    sound.into_iter().map(|s| (s.clamp(-1.0, 1.0) * 32767.0) as i16).collect()
}
