//! Makes speech faster than the network can, without changing its pitch.
//!
//! This is WSOLA (Verhelst and Roelands, 1993, doi 10.1109/ICASSP.1993.319366): windows
//! are taken from the sound at wider steps than they are laid down again, each moved a
//! little to where it continues the one before it best.

use std::f32::consts::TAU;

/// Samples of one window, 40 ms: two periods of a low voice.
const WINDOW: usize = 960;
/// Windows are laid down this many samples apart, so that two of them always overlap.
const STEP: usize = WINDOW / 2;
/// How far a window may be moved, samples: one period of a low voice.
const REACH: usize = 240;

/// `sound` at `tempo` times its tempo. At 1 and below it stays as it is.
pub(super) fn faster(sound: Vec<f32>, tempo: f32) -> Vec<f32> {
    if tempo <= 1.0 || sound.len() < 2 * WINDOW {
        return sound;
    }
    let steps = scaled(sound.len(), 1.0 / tempo) / STEP;
    let mut stretched = vec![0.0; steps * STEP + WINDOW];
    let mut at = 0;
    for step in 0..steps {
        if step > 0 {
            at = best(&sound, at + STEP, scaled(step * STEP, tempo));
        }
        for (offset, sample) in window(&sound, at).enumerate() {
            stretched[step * STEP + offset] += sample * weight(offset);
        }
    }
    stretched
}

/// The position around `wanted` whose window is most like the one at `continued`.
fn best(sound: &[f32], continued: usize, wanted: usize) -> usize {
    let likeness = |at: &usize| -> f32 {
        let pairs = window(sound, *at).zip(window(sound, continued)).step_by(2);
        pairs.map(|(ours, theirs)| ours * theirs).sum()
    };
    let candidates = (wanted.saturating_sub(REACH)..=wanted + REACH).step_by(4);
    let coarse = candidates.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).unwrap_or(wanted);
    let close = coarse.saturating_sub(3)..=coarse + 3;
    close.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).unwrap_or(coarse)
}

/// The samples from `at` on; beyond the end there is silence.
fn window(sound: &[f32], at: usize) -> impl Iterator<Item = f32> {
    let samples = sound.get(at..).unwrap_or_default().iter().copied();
    samples.chain(std::iter::repeat(0.0)).take(WINDOW)
}

/// A periodic Hann window: two of them half a window apart add up to 1.
fn weight(offset: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a window has few samples")]
    let turns = offset as f32 / WINDOW as f32;
    0.5 - 0.5 * (TAU * turns).cos()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sample counts"
)]
fn scaled(samples: usize, factor: f32) -> usize {
    (samples as f64 * f64::from(factor)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(samples: u16) -> Vec<f32> {
        (0..samples).map(|n| (f32::from(n) * TAU / 120.0).sin()).collect()
    }

    #[test]
    fn a_tone_is_shorter_and_keeps_its_pitch_and_level() {
        let fast = faster(tone(24_000), 2.0);
        assert!(fast.len().abs_diff(12_000) <= WINDOW, "{}", fast.len());
        let middle = &fast[2_000..10_000];
        let crossings = middle.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        assert!(crossings.abs_diff(8_000 / 120) <= 1, "{crossings}");
        let power = middle.iter().map(|sample| sample * sample).sum::<f32>() / 8_000.0;
        assert!((power - 0.5).abs() < 0.02, "{power}");
    }

    #[test]
    fn the_usual_tempo_changes_nothing() {
        assert_eq!(faster(tone(5_000), 1.0), tone(5_000));
        assert_eq!(faster(tone(100), 4.0), tone(100));
    }
}
