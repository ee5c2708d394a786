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

/// Points between two samples that are looked at.
const PHASES: usize = 3;

/// Samples by which the output lags.
const DELAY: usize = AHEAD + HALF;

/// The most that interpolation makes of samples of at most 1.
const OVERSHOOT: f32 = 2.0;

/// What is left of a reduction after one more sample: it recovers with a time constant of 40 ms.
const RELEASE: f32 = 0.998_96;

/// A reduction below this is over: -90 dB of the signal.
const OVER: f32 = 3e-5;

/// Limits one utterance.
#[derive(Debug)]
pub(super) struct Limiter {
    taps: [[f32; TAPS]; PHASES],
    /// The latest [`DELAY`] samples and, while at work, those behind them.
    line: Vec<f32>,
    /// Output that is still the delay.
    to_skip: usize,
    /// Samples for which a peak may lie near those that were too loud for an easy answer.
    suspect: usize,
    /// The highest point between the two samples that were looked at last.
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
        let around = &self.line[arrived + 1 - TAPS..=arrived];
        let after = self.taps.iter().map(|taps| dot(taps, around).abs()).fold(0.0, f32::max);
        let peak = around[HALF - 1].abs().max(self.between).max(after);
        self.between = after;
        if peak > CEILING { 1.0 - CEILING / peak } else { 0.0 }
    }
}

#[expect(clippy::cast_precision_loss, reason = "61 is exact")]
const LENGTH: f32 = (AHEAD + 1) as f32;

fn dot(taps: &[f32; TAPS], sound: &[f32]) -> f32 {
    taps.iter().zip(sound).map(|(tap, sample)| tap * sample).sum()
}

/// Values a quarter, a half and three quarters of the way from the eighth of sixteen samples to the ninth: a sinc under a
/// raised cosine.
fn interpolation() -> [[f32; TAPS]; PHASES] {
    #[expect(clippy::cast_precision_loss, reason = "a few taps")]
    let tap = |phase: usize, index: usize| {
        let time = index as f32 - (HALF - 1) as f32 - (phase + 1) as f32 / (PHASES + 1) as f32;
        let window = (PI * time / (2 * HALF) as f32).cos().powi(2);
        (PI * time).sin() / (PI * time) * window
    };
    std::array::from_fn(|phase| std::array::from_fn(|index| tap(phase, index)))
}
