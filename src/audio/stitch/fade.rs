//! Fades of a few milliseconds: too short to be heard as such, long enough that a cut is not heard as a click.

/// Samples faded at a cut: 2 ms at 24 kHz.
pub(super) const FADE: usize = 48;

/// A fade-in that may have to go on in the next chunk. It lies in the silence that was kept before a sound, if there is
/// enough of it.
#[derive(Debug, Default)]
pub(super) struct Rise {
    left: usize,
}

impl Rise {
    /// Begins at a cut.
    pub(super) fn begin(&mut self) {
        self.left = FADE;
    }

    /// Samples still to come that are not at their full level.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// The factor of the next sample.
    pub(super) fn next(&mut self) -> f32 {
        let factor = smooth(FADE + 1 - self.left, FADE + 1);
        self.left = self.left.saturating_sub(1);
        factor
    }
}

/// Fades out the end of `sound`.
pub(super) fn fall(sound: &mut [f32]) {
    let length = FADE.min(sound.len());
    let start = sound.len() - length;
    for (index, sample) in sound[start..].iter_mut().enumerate() {
        *sample *= smooth(length - index, length + 1);
    }
}

/// From 0 to 1 without a corner at either end.
#[expect(clippy::cast_precision_loss, reason = "at most the length of a fade")]
fn smooth(step: usize, whole: usize) -> f32 {
    let part = step as f32 / whole as f32;
    part * part * (3.0 - 2.0 * part)
}

#[cfg(test)]
mod tests {
    use super::FADE;
    use super::Rise;
    use super::fall;

    #[test]
    fn a_rise_and_a_fall_mirror_each_other() {
        let mut rise = Rise::default();
        rise.begin();
        let mut rising: Vec<f32> = (0..60).map(|_| rise.next()).collect();
        let mut falling = [1.0; 60];
        fall(&mut falling);
        rising.reverse();
        assert_eq!(rising, falling);
        assert!(rising[59] > 0.0 && rising[59] < 0.002 && (rising[60 - FADE - 1] - 1.0).abs() < f32::EPSILON);
    }

    #[test]
    fn what_is_shorter_than_a_fade_falls_faster() {
        let mut sound = [1.0; 5];
        fall(&mut sound);
        assert!(sound.windows(2).all(|pair| pair[1] < pair[0]) && sound[4] < 0.1);
        fall(&mut []);
    }
}
