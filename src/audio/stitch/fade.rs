//! Fades of a few milliseconds: too short to be heard as such, long enough that a cut is not heard as a click.

/// Samples faded at a cut: 2 ms at 24 kHz.
pub(super) const FADE: usize = 48;

/// A fade-in that may have to go on in the next chunk.
#[derive(Debug, Default)]
pub(super) struct Rise {
    done: usize,
    whole: usize,
}

impl Rise {
    /// Rises over the `kept` samples of silence before the sound, so that the sound stays whole; over the sound itself if
    /// there is no silence.
    pub(super) fn over(kept: usize) -> Self {
        Self { done: 0, whole: if kept == 0 { FADE } else { kept.min(FADE) } }
    }

    /// Samples still to come that are not at their full level.
    pub(super) fn left(&self) -> usize {
        self.whole - self.done
    }

    /// The factor of the next sample.
    pub(super) fn next(&mut self) -> f32 {
        if self.done == self.whole {
            return 1.0;
        }
        self.done += 1;
        smooth(self.done, self.whole + 1)
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
        let mut rise = Rise::over(0);
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
