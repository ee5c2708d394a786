//! Takes low frequencies out: the offset of a recording, which would be a step at a joint, and what an ear does not hear.

/// How fast a mean follows the sound to leave nothing but its offset behind, per sample: a high-pass at 5 Hz, an order below
/// the deepest voice. At 80 Hz it takes 0.02 dB.
pub(super) const OFFSET: f32 = 0.001_308;

/// The same for what can be heard softly: a high-pass at 200 Hz. Recordings end on rumble of 15 to 30 Hz that is higher than
/// the softest consonants and yet inaudible; voices have enough above this.
pub(super) const HEARING: f32 = 0.051;

/// Below this a mean is nothing: -180 dBFS. It also keeps digital silence from ending in denormal numbers, which are slow.
const NOTHING: f32 = 1e-9;

/// A high-pass of first order, as the difference to a running mean.
#[derive(Debug)]
pub(super) struct HighPass {
    mean: f32,
    following: f32,
}

impl HighPass {
    /// A filter whose mean is `mean` at first and follows the sound by `following` per sample.
    pub(super) fn new(following: f32, mean: f32) -> Self {
        Self { mean, following }
    }

    pub(super) fn filter(&mut self, sound: &mut [f32]) {
        for sample in sound {
            self.mean += self.following * (*sample - self.mean);
            *sample -= self.mean;
        }
        if self.mean.abs() < NOTHING {
            self.mean = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HighPass;
    use super::OFFSET;

    const STEPS: f32 = 33.0 / 32_768.0;

    #[test]
    fn a_known_offset_is_gone_at_once() {
        let mut sound = [STEPS; 240];
        HighPass::new(OFFSET, STEPS).filter(&mut sound);
        assert!(sound.iter().all(|sample| sample.abs() < 0.1 / 32_768.0));
    }

    #[test]
    fn an_offset_under_speech_fades_within_a_syllable() {
        let voice = |n: u16| 0.3 * (f32::from(n) * std::f32::consts::TAU * 120.0 / 24_000.0).sin();
        let mut sound: Vec<f32> = (0..12_000).map(|n| voice(n) + STEPS).collect();
        HighPass::new(OFFSET, 0.0).filter(&mut sound);
        // Whole periods of the voice, from 400 ms on.
        let left = sound[9_600..11_600].iter().sum::<f32>() / 2_000.0;
        assert!(left.abs() < 0.5 / 32_768.0, "{left}");
    }

    #[test]
    fn a_deep_voice_is_not_touched() {
        let mut sound: Vec<f32> =
            (0..24_000_u16).map(|n| (f32::from(n) * std::f32::consts::TAU * 80.0 / 24_000.0).sin()).collect();
        HighPass::new(OFFSET, 0.0).filter(&mut sound);
        let peak = sound[12_000..].iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        assert!(20.0 * peak.log10() > -0.03, "{peak}");
    }
}
