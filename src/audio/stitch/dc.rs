//! Takes the constant part out of a recording: an offset of a few steps, which would be a step of its own at a joint.

/// How fast the mean follows the sound, per sample: a high-pass at 10 Hz, an order below the deepest voice. At 80 Hz it
/// takes 0.07 dB.
const FOLLOWING: f32 = 0.002_615;

/// Below this a mean is nothing: -180 dBFS. It also keeps digital silence from ending in denormal numbers, which are slow.
const NOTHING: f32 = 1e-9;

/// The offset of one segment, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Offset {
    mean: f32,
}

impl Offset {
    /// Begins with what a silent beginning shows, so that the offset is gone from the first sample on.
    pub(super) fn known(silence: &[f32]) -> Self {
        Self { mean: mean(silence) }
    }

    pub(super) fn remove(&mut self, sound: &mut [f32]) {
        for sample in sound {
            self.mean += FOLLOWING * (*sample - self.mean);
            *sample -= self.mean;
        }
        if self.mean.abs() < NOTHING {
            self.mean = 0.0;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few milliseconds of samples")]
fn mean(sound: &[f32]) -> f32 {
    sound.iter().sum::<f32>() / sound.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::Offset;

    const OFFSET: f32 = 33.0 / 32_768.0;

    #[test]
    fn a_known_offset_is_gone_at_once() {
        let mut sound = [OFFSET; 240];
        let mut offset = Offset::known(&sound[..120]);
        offset.remove(&mut sound);
        assert!(sound.iter().all(|sample| sample.abs() < 0.1 / 32_768.0));
    }

    #[test]
    fn an_offset_under_speech_fades_within_a_syllable() {
        let voice = |n: u16| 0.3 * (f32::from(n) * std::f32::consts::TAU * 120.0 / 24_000.0).sin();
        let mut sound: Vec<f32> = (0..12_000).map(|n| voice(n) + OFFSET).collect();
        Offset::default().remove(&mut sound);
        // Whole periods of the voice, from 400 ms on.
        let left = super::mean(&sound[9_600..11_600]);
        assert!(left.abs() < 0.5 / 32_768.0, "{left}");
    }

    #[test]
    fn a_deep_voice_is_not_touched() {
        let mut sound: Vec<f32> =
            (0..24_000_u16).map(|n| (f32::from(n) * std::f32::consts::TAU * 80.0 / 24_000.0).sin()).collect();
        Offset::default().remove(&mut sound);
        let peak = sound[12_000..].iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        assert!(20.0 * peak.log10() > -0.1, "{peak}");
    }
}
