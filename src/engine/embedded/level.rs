//! Brings the voice to the level of ordinary speech without ever clipping.
//!
//! The gain is fixed, so that pieces of one text do not differ in loudness.

use std::collections::VecDeque;

/// The voice's own level was measured as -25.3 dBFS RMS over the active parts of 60
/// sentences (0.5 dB standard deviation); this brings it to -16 dBFS.
const GAIN: f32 = 2.95;
/// No sample is louder: -1 dBFS.
const CEILING: f32 = 0.891;
/// The limiter sees a peak this many samples before it comes, 3 ms.
const AHEAD: usize = 72;

/// Amplifies `samples` and turns the gain down smoothly around peaks above [`CEILING`].
pub(super) fn raise(samples: &mut [f32]) {
    let gains = smoothed(&lowest_around(&needed(samples)));
    for (sample, gain) in samples.iter_mut().zip(gains) {
        *sample = (*sample * GAIN * gain).clamp(-CEILING, CEILING);
    }
}

/// Samples from -1 to 1 as 16-bit numbers.
pub(super) fn quantised(samples: &[f32]) -> Vec<i16> {
    #[expect(clippy::cast_possible_truncation, reason = "the ceiling is far below the limits of i16")]
    samples.iter().map(|sample| (sample * f32::from(i16::MAX)).round() as i16).collect()
}

/// The gain that would keep each sample alone below the ceiling.
fn needed(samples: &[f32]) -> Vec<f32> {
    samples.iter().map(|sample| (CEILING / (sample.abs() * GAIN).max(CEILING)).min(1.0)).collect()
}

/// For each sample the lowest gain from [`AHEAD`] before it to [`AHEAD`] after it.
///
/// The queue holds the positions that can still become the lowest, lowest first.
fn lowest_around(gains: &[f32]) -> Vec<f32> {
    let mut lowest = Vec::with_capacity(gains.len());
    let mut queue: VecDeque<usize> = VecDeque::new();
    for arriving in 0..gains.len() + AHEAD {
        if arriving < gains.len() {
            while queue.back().is_some_and(|last| gains[*last] >= gains[arriving]) {
                queue.pop_back();
            }
            queue.push_back(arriving);
        }
        let Some(centre) = arriving.checked_sub(AHEAD) else {
            continue;
        };
        while queue.front().is_some_and(|first| *first + AHEAD < centre) {
            queue.pop_front();
        }
        lowest.push(queue.front().map_or(1.0, |first| gains[*first]));
    }
    lowest
}

/// The mean over the same stretch, so that the gain moves without steps. Where a sample
/// needs a lower gain the whole stretch already has it, so the mean has it too.
fn smoothed(gains: &[f32]) -> Vec<f32> {
    let width = 2 * AHEAD + 1;
    let at = |index: usize| gains.get(index.wrapping_sub(AHEAD)).copied().unwrap_or(1.0);
    let mut sum: f64 = (0..width).map(|index| f64::from(at(index))).sum();
    (0..gains.len())
        .map(|index| {
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a mean of gains")]
            let mean = (sum / width as f64) as f32;
            sum += f64::from(at(index + width)) - f64::from(at(index));
            mean
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: f32, samples: u16) -> Vec<f32> {
        (0..samples).map(|n| amplitude * (f32::from(n) * 0.05).sin()).collect()
    }

    #[test]
    fn quiet_sound_is_only_amplified() {
        let mut samples = tone(0.1, 2000);
        raise(&mut samples);
        let expected = tone(0.1 * GAIN, 2000);
        assert!(samples.iter().zip(&expected).all(|(got, want)| (got - want).abs() < 1e-4));
    }

    #[test]
    fn a_peak_is_turned_down_before_it_comes_and_never_clips() {
        let mut samples = tone(0.2, 4000);
        for sample in &mut samples[2000..2040] {
            *sample *= 4.0;
        }
        let before: Vec<f32> = samples.iter().map(|sample| sample * GAIN).collect();
        let gains = smoothed(&lowest_around(&needed(&samples)));
        let loudest = before.iter().zip(&gains).map(|(sample, gain)| (sample * gain).abs()).fold(0.0, f32::max);
        assert!(loudest <= CEILING + 1e-4, "{loudest}");
        let step = gains.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        assert!(step < 0.02, "{step}");
    }

    #[test]
    fn silence_and_nothing_stay_what_they_are() {
        let mut silence = vec![0.0; 100];
        raise(&mut silence);
        assert!(quantised(&silence).iter().all(|sample| *sample == 0));
        raise(&mut []);
    }
}
