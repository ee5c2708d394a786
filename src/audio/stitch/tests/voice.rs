//! Something like speech: voiced syllables of uneven level, hissing consonants, rests.

use std::f64::consts::TAU;

use super::MILLI;

/// Numbers without a pattern, the same in every run.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From 0 to 1.
    pub(super) fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.roll() * (high - low)
    }

    pub(super) fn samples(&mut self, most_millis: usize) -> usize {
        (self.roll() * (most_millis * MILLI) as f64) as usize
    }
}

/// At least `seconds` of speech without silence at its edges, from -1 to 1, about -20 LUFS.
pub(super) fn speech(dice: &mut Dice, seconds: f64) -> Vec<f64> {
    let mut sound = Vec::new();
    let mut phase = 0.0;
    while (sound.len() as f64) < seconds * 24_000.0 {
        hiss(dice, &mut sound);
        let (amplitude, length) = (dice.between(0.25, 0.45), 120 * MILLI + dice.samples(120));
        let pitch = dice.between(110.0, 170.0);
        for n in 0..length {
            let part = n as f64 / length as f64;
            phase += TAU * pitch * (1.0 - 0.1 * part) / 24_000.0;
            let voice: f64 = (1..=12).map(|k| (phase * f64::from(k)).sin() / f64::from(k)).sum();
            sound.push(amplitude * (part * std::f64::consts::PI).sin().sqrt() * voice / 1.8);
        }
        if dice.roll() < 0.2 {
            sound.extend(vec![0.0; 60 * MILLI + dice.samples(100)]);
        }
    }
    hiss(dice, &mut sound);
    sound
}

/// A consonant such as "s" or "f", between -45 and -30 dBFS.
fn hiss(dice: &mut Dice, sound: &mut Vec<f64>) {
    let (level, length) = (dice.between(0.01, 0.05), 40 * MILLI + dice.samples(50));
    sound.extend((0..length).map(|_| level * dice.between(-1.0, 1.0)));
}

/// What an engine makes of it: `lead` and `trail` samples of silence with a little noise, everything on top of `offset`.
pub(super) fn recorded(dice: &mut Dice, sound: &[f64], lead: usize, trail: usize, offset: f64) -> Vec<i16> {
    let silence = |length: usize| vec![0.0; length];
    [&silence(lead)[..], sound, &silence(trail)]
        .concat()
        .into_iter()
        .map(|sample| (sample * 32_768.0 + offset + dice.between(-3.0, 3.0)).round() as i16)
        .collect()
}

/// The same sound louder, or softer, by `decibels`, clipped at full scale as an engine would.
pub(super) fn louder(sound: &[f64], decibels: f64) -> Vec<f64> {
    sound.iter().map(|sample| (sample * 10.0_f64.powf(decibels / 20.0)).clamp(-1.0, 0.999)).collect()
}
