//! The voice's source: a band-limited pulse train that follows the predicted pitch.

use std::f64::consts::TAU;

use super::SAMPLE_RATE;
use super::spectrum::HOP;

/// Frames below this pitch are unvoiced, Hz.
const VOICED: f32 = 40.0;
/// No harmonic lies above this, Hz.
const HIGHEST: f32 = 11_000.0;

/// Pulses for a pitch curve of one value per frame; [`HOP`] samples per frame.
///
/// Every harmonic up to [`HIGHEST`] has amplitude 1. Their sum has the closed form
/// `sin((n + 1/2) t) / (2 sin(t / 2)) - 1/2` (Dirichlet's kernel).
pub(super) fn train(pitch: &[f32]) -> Vec<f32> {
    let mut turns = 0.0_f64;
    (0..pitch.len() * HOP)
        .map(|at| {
            let hertz = interpolated(pitch, at);
            turns = (turns + f64::from(hertz.max(VOICED)) / f64::from(SAMPLE_RATE)).fract();
            if hertz > VOICED { pulse(turns, hertz) } else { 0.0 }
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a sample needs no more than an f32")]
fn pulse(turns: f64, hertz: f32) -> f32 {
    let phase = (turns * TAU) as f32;
    let order = (HIGHEST / hertz).floor() + 0.5;
    let divisor = 2.0 * (phase * 0.5).sin();
    // Near a whole turn the quotient tends to the number of harmonics plus a half.
    let kernel = if divisor.abs() <= 2e-3 { order } else { (order * phase).sin() / divisor };
    kernel - 0.5
}

/// The pitch at sample `at`: linear between the frames' centres, constant beyond the outermost.
fn interpolated(pitch: &[f32], at: usize) -> f32 {
    let (frame, offset) = (at / HOP, at % HOP);
    #[expect(clippy::cast_precision_loss, reason = "a frame has few samples")]
    let shift = (offset as f32 + 0.5) / HOP as f32 - 0.5;
    let here = pitch[frame];
    let there = if shift < 0.0 { pitch[frame.saturating_sub(1)] } else { pitch[(frame + 1).min(pitch.len() - 1)] };
    here + (there - here) * shift.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pulses_come_at_the_pitch_and_stop_where_there_is_none() {
        let train = train(&[vec![100.0; 40], vec![0.0; 40]].concat());
        let peaks = train.windows(3).filter(|at| at[1] > 50.0 && at[1] >= at[0] && at[1] > at[2]).count();
        // 40 frames of 12.5 ms at 100 Hz
        assert!(peaks.abs_diff(50) <= 1, "{peaks}");
        assert!(train[42 * HOP..].iter().all(|sample| *sample == 0.0));
    }

    #[test]
    fn no_frames_make_no_pulses() {
        assert!(train(&[]).is_empty());
    }
}
