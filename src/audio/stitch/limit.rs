//! Keeps the true peak below -1 dBTP (ITU-R BS.1770-4, Annex 2), with a gain that moves smoothly and in time.
//!
//! A peak between two samples is as much a clip for whatever plays or encodes the sound as one on a sample, so the signal
//! is judged at four times its rate. The gain begins to fall 2.5 ms before a peak and recovers over a tenth of a second.
//! Whatever needs no limit passes bit by bit.

use std::f32::consts::PI;

use super::of_millis;

/// No true peak is above this: -1.1 dBTP. A tenth of a decibel is left for the interpolation, which is not ideal, and for
/// rounding to 16 bits.
const CEILING: f32 = 0.881;

/// How long before a peak the gain begins to fall, in samples.
const AHEAD: usize = of_millis(5) / 2;

/// Samples that take part in an interpolation, half of them on either side.
const TAPS: usize = 16;
const HALF: usize = TAPS / 2;

/// Points that are looked at from one sample up to the next: the sample and three behind it.
const PHASES: usize = 4;

/// Samples by which the output lags.
const DELAY: usize = AHEAD + HALF;

/// The most that interpolation makes of samples of at most 1.
const OVERSHOOT: f32 = 2.1;

/// What is left of a reduction after one more sample: it recovers with a time constant of 40 ms.
const RELEASE: f32 = 0.998_96;

/// A reduction below this is over: -90 dB of the signal.
const OVER: f32 = 3e-5;

/// Limits one utterance.
#[derive(Debug)]
pub(super) struct Limiter {
    /// By tap and then by point, so that the four points of one tap are reckoned at once.
    taps: [[f32; PHASES]; TAPS],
    /// The latest [`DELAY`] samples and, while at work, those behind them.
    line: Vec<f32>,
    /// Output that is still the delay.
    to_skip: usize,
    /// Samples for which a peak may lie near those that were too loud for an easy answer.
    suspect: usize,
    /// The highest point from the sample that was looked at last up to the next.
    between: f32,
    /// By how much each sample has to be reduced, from 0 to 1, and by how much it shall be before smoothing; the present
    /// one is at `cursor`.
    needed: [f32; AHEAD + 1],
    chosen: [f32; AHEAD + 1],
    cursor: usize,
    /// Samples until all reductions are known to be zero.
    busy: usize,
}

impl Default for Limiter {
    fn default() -> Self {
        Self {
            taps: interpolation(),
            line: vec![0.0; DELAY],
            to_skip: DELAY,
            suspect: 0,
            between: 0.0,
            needed: [0.0; AHEAD + 1],
            chosen: [0.0; AHEAD + 1],
            cursor: 0,
            busy: 0,
        }
    }
}

impl Limiter {
    /// Takes sound and hands on what is ready of it, 2.8 ms late.
    pub(super) fn push(&mut self, sound: &[f32], mut each: impl FnMut(f32)) {
        self.line.extend_from_slice(sound);
        for arrived in DELAY..self.line.len() {
            let gain = self.gain(arrived);
            if self.to_skip > 0 {
                self.to_skip -= 1;
            } else {
                each(self.line[arrived - DELAY] * gain);
            }
        }
        self.line.drain(..sound.len());
    }

    /// The end of the utterance: what was held back.
    pub(super) fn finish(&mut self, each: impl FnMut(f32)) {
        self.push(&[0.0; DELAY], each);
    }

    /// The gain of the sample that leaves when the one at `arrived` comes.
    fn gain(&mut self, arrived: usize) -> f32 {
        let needed = self.needed(arrived);
        if needed > 0.0 {
            self.busy = 2 * (AHEAD + 1);
        } else if self.busy == 0 {
            return 1.0;
        }
        let before = self.chosen[self.cursor] * RELEASE;
        self.cursor = (self.cursor + 1) % (AHEAD + 1);
        self.needed[self.cursor] = needed;
        let highest = self.needed.iter().fold(0.0_f32, |highest, needed| highest.max(*needed));
        let chosen = highest.max(before);
        self.chosen[self.cursor] = if chosen > OVER { chosen } else { 0.0 };
        if chosen <= OVER {
            self.busy -= 1;
        }
        1.0 - self.chosen.iter().sum::<f32>() / LENGTH
    }

    /// By how much the sample in the middle of the latest taps has to be reduced.
    fn needed(&mut self, arrived: usize) -> f32 {
        self.suspect =
            if self.line[arrived].abs() * OVERSHOOT > CEILING { TAPS + 1 } else { self.suspect.saturating_sub(1) };
        if self.suspect == 0 {
            self.between = 0.0;
            return 0.0;
        }
        let points = interpolated(&self.taps, &self.line[arrived + 1 - TAPS..=arrived]);
        let highest = points.iter().fold(0.0_f32, |highest, point| highest.max(point.abs()));
        let peak = highest.max(self.between);
        self.between = highest;
        if peak > CEILING { 1.0 - CEILING / peak } else { 0.0 }
    }
}

#[expect(clippy::cast_precision_loss, reason = "61 is exact")]
const LENGTH: f32 = (AHEAD + 1) as f32;

/// The points from the eighth of sixteen samples up to the ninth.
fn interpolated(taps: &[[f32; PHASES]; TAPS], sound: &[f32]) -> [f32; PHASES] {
    let mut points = [0.0; PHASES];
    for (taps, sample) in taps.iter().zip(sound) {
        for (point, tap) in points.iter_mut().zip(taps) {
            *point += tap * sample;
        }
    }
    points
}

/// A sinc under a raised cosine.
fn interpolation() -> [[f32; PHASES]; TAPS] {
    #[expect(clippy::cast_precision_loss, reason = "a few taps")]
    let tap = |index: usize, phase: usize| {
        let time = index as f32 - (HALF - 1) as f32 - phase as f32 / PHASES as f32;
        let window = (PI * time / TAPS as f32).cos().powi(2);
        if time == 0.0 { 1.0 } else { (PI * time).sin() / (PI * time) * window }
    };
    std::array::from_fn(|index| std::array::from_fn(|phase| tap(index, phase)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    #![expect(clippy::cast_precision_loss, reason = "a second of samples")]

    use ebur128::EbuR128;
    use ebur128::Mode;

    use super::DELAY;
    use super::Limiter;
    use super::OVERSHOOT;
    use super::PHASES;

    fn limit(sound: &[f32]) -> Vec<f32> {
        let (mut limiter, mut out) = (Limiter::default(), Vec::new());
        for part in sound.chunks(333) {
            limiter.push(part, |sample| out.push(sample));
        }
        limiter.finish(|sample| out.push(sample));
        assert_eq!(out.len(), sound.len());
        out
    }

    fn true_peak(sound: &[f32]) -> f64 {
        let mut meter = EbuR128::new(1, 24_000, Mode::TRUE_PEAK).unwrap();
        meter.add_frames_f32(sound).unwrap();
        20.0 * meter.true_peak(0).unwrap().log10()
    }

    fn tone(step: f32, amplitude: impl Fn(usize) -> f32) -> Vec<f32> {
        (0..24_000).map(|n| amplitude(n) * (n as f32 * step + 0.7).sin()).collect()
    }

    #[test]
    fn what_is_low_enough_passes_bit_by_bit() {
        let sound = tone(0.05, |_| 0.87);
        assert!(limit(&sound).iter().zip(&sound).all(|(out, sound)| out.to_bits() == sound.to_bits()));
    }

    #[test]
    fn no_true_peak_is_above_minus_one_whatever_comes() {
        let bursts = |n: usize| if (n / 3_000).is_multiple_of(2) { 0.3 } else { 3.0 };
        let square = (0..24_000).map(|n| if n / 37 % 2 == 0 { 1.0 } else { -1.0 }).collect();
        // At a quarter of the sample rate the peaks lie between the samples.
        let sounds = [tone(0.05, bursts), tone(std::f32::consts::FRAC_PI_2, |_| 1.2), tone(2.2, bursts), square];
        for (index, sound) in sounds.iter().enumerate() {
            let (before, after) = (true_peak(sound), true_peak(&limit(sound)));
            assert!(before > -0.5 && after <= -1.0, "{index}: {before} to {after} dBTP");
        }
    }

    #[test]
    fn the_gain_falls_before_a_peak_and_never_jumps() {
        let mut sound = vec![0.25; 20_000];
        sound[5_000..5_040].fill(2.0);
        let gains: Vec<f32> = limit(&sound).iter().zip(&sound).map(|(out, sound)| out / sound).collect();
        assert!(gains[5_000] < 0.45 && gains[4_970] < 0.9 && gains[4_900] > 0.999);
        let step = gains.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(step < 0.02, "{step}");
        assert!((gains[19_999] - 1.0).abs() < f32::EPSILON, "it has not recovered");
    }

    #[test]
    fn interpolation_makes_less_of_full_scale_than_is_allowed_for() {
        let taps = Limiter::default().taps;
        for phase in 0..PHASES {
            let most = taps.iter().map(|taps| taps[phase].abs()).sum::<f32>();
            let gain = taps.iter().map(|taps| taps[phase]).sum::<f32>();
            assert!(most < OVERSHOOT && (gain - 1.0).abs() < 0.01, "{most} and {gain}");
        }
    }

    #[test]
    fn it_lags_by_less_than_three_milliseconds() {
        let mut count = 0;
        Limiter::default().push(&[0.1; DELAY + 5], |_| count += 1);
        assert_eq!(count, 5);
        const { assert!(DELAY < 72) };
    }
}
