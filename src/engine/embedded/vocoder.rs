//! From a predicted spectrum to sound.
//!
//! Three parts add up in each frame: a pulse train at the predicted pitch, filtered;
//! shaped noise; and a part whose phase the network gives. An inverse short-time
//! Fourier transform (periodic Hann window, 1200 samples, hop 300) makes them samples.

use std::f32::consts::PI;
use std::f32::consts::TAU;
use std::sync::Arc;

use rustfft::Fft;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex32;

use super::noise::Noise;
use super::pulses;
use super::spectrum::BINS;
use super::spectrum::FRAME;
use super::spectrum::HOP;
use super::spectrum::Spectrum;

/// [`FRAME`] as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "a frame has few samples")]
const LENGTH: f32 = FRAME as f32;
/// Log magnitudes above this are prediction errors, not speech.
const LOUDEST: f32 = 7.0;

/// Transforms and window, made once and shared.
pub(super) struct Vocoder {
    forward: Arc<dyn Fft<f32>>,
    inverse: Arc<dyn Fft<f32>>,
    window: Vec<f32>,
}

impl Vocoder {
    pub(super) fn new() -> Self {
        let mut planner = FftPlanner::new();
        Self { forward: planner.plan_fft_forward(FRAME), inverse: planner.plan_fft_inverse(FRAME), window: hann() }
    }

    /// Mono samples at 24 kHz, [`HOP`] per frame, at the network's own level.
    pub(super) fn synthesise(&self, spectrum: &Spectrum) -> Vec<f32> {
        let source = pulses::train(&spectrum.pitch);
        let mut noise = Noise::new();
        let mut overlap = Overlap::new(spectrum.frames);
        let mut frame = vec![Complex32::default(); FRAME];
        let mut scratch = vec![Complex32::default(); self.scratch_len()];
        for index in 0..spectrum.frames {
            self.analyse(&source, index, &mut frame, &mut scratch);
            shape(spectrum, index, &mut noise, &mut frame);
            self.inverse.process_with_scratch(&mut frame, &mut scratch);
            overlap.add(index, &frame, &self.window);
        }
        overlap.finish()
    }

    fn scratch_len(&self) -> usize {
        self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len())
    }

    /// The spectrum of the source around frame `index`; a cosine of amplitude 1 peaks at 1.
    fn analyse(&self, source: &[f32], index: usize, frame: &mut [Complex32], scratch: &mut [Complex32]) {
        let scale = 4.0 / LENGTH;
        for (offset, (slot, window)) in frame.iter_mut().zip(&self.window).enumerate() {
            let sample = reflected(source, index * HOP + offset);
            *slot = Complex32::new(sample * window * scale, 0.0);
        }
        self.forward.process_with_scratch(frame, scratch);
    }
}

/// Multiplies the source by the harmonic filter and adds the other two parts.
fn shape(spectrum: &Spectrum, index: usize, noise: &mut Noise, frame: &mut [Complex32]) {
    for (bin, value) in frame[..BINS].iter_mut().enumerate() {
        let at = bin * spectrum.frames + index;
        let harmonic = Complex32::from_polar(magnitude(spectrum.harmonic[at]), PI * spectrum.harmonic_phase[at].tanh());
        let residual = Complex32::from_polar(magnitude(spectrum.residual[at]), spectrum.residual_phase[at]);
        *value = *value * harmonic + noise.next() * magnitude(spectrum.noise[at]) + residual;
    }
    mirror(frame);
}

/// Makes the frame the transform of real samples.
fn mirror(frame: &mut [Complex32]) {
    frame[0].im = 0.0;
    frame[FRAME / 2].im = 0.0;
    for bin in 1..FRAME / 2 {
        frame[FRAME - bin] = frame[bin].conj();
    }
}

fn magnitude(log: f32) -> f32 {
    log.min(LOUDEST).exp()
}

/// The sample at `at` of `source` padded by half a frame on both sides by reflection.
fn reflected(source: &[f32], at: usize) -> f32 {
    let last = source.len().saturating_sub(1);
    let at = at.abs_diff(FRAME / 2);
    let at = if at > last { (2 * last).saturating_sub(at) } else { at };
    source.get(at).copied().unwrap_or(0.0)
}

#[expect(clippy::cast_precision_loss, reason = "a frame has few samples")]
fn hann() -> Vec<f32> {
    (0..FRAME).map(|n| 0.5 - 0.5 * (TAU * n as f32 / LENGTH).cos()).collect()
}

/// Windowed frames added up, and the weight by which each sample is then divided.
struct Overlap {
    samples: Vec<f32>,
    weights: Vec<f32>,
    frames: usize,
}

impl Overlap {
    fn new(frames: usize) -> Self {
        let length = frames * HOP + FRAME;
        Self { samples: vec![0.0; length], weights: vec![0.0; length], frames }
    }

    fn add(&mut self, index: usize, frame: &[Complex32], window: &[f32]) {
        let start = index * HOP;
        for (offset, (value, window)) in frame.iter().zip(window).enumerate() {
            self.samples[start + offset] += value.re * window / LENGTH;
            self.weights[start + offset] += window * window;
        }
    }

    /// The samples between the centres of the first and the last frame, and half a hop more.
    fn finish(self) -> Vec<f32> {
        let from = FRAME / 2;
        let until = from + self.frames * HOP;
        let pairs = self.samples[from..until].iter().zip(&self.weights[from..until]);
        pairs.map(|(sample, weight)| sample / weight.max(1e-11)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(frames: usize, harmonic: f32, noise: f32, pitch: f32) -> Spectrum {
        let matrix = |value| vec![value; BINS * frames];
        Spectrum {
            frames,
            harmonic: matrix(harmonic),
            harmonic_phase: matrix(0.0),
            noise: matrix(noise),
            residual: matrix(-30.0),
            residual_phase: matrix(0.0),
            pitch: vec![pitch; frames],
        }
    }

    #[test]
    fn a_voiced_spectrum_repeats_at_its_pitch() {
        let sound = Vocoder::new().synthesise(&spectrum(40, 3.0, -30.0, 200.0));
        assert_eq!(sound.len(), 40 * HOP);
        let middle = &sound[4_000..8_000];
        let likeness = |lag: usize| middle.iter().zip(&sound[4_000 + lag..]).map(|(a, b)| a * b).sum::<f32>();
        let best = (60..200).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b)));
        // 24,000 / 200
        assert_eq!(best, Some(120));
    }

    #[test]
    fn an_unvoiced_spectrum_is_noise_of_its_level() {
        let sound = Vocoder::new().synthesise(&spectrum(40, -30.0, 1.0, 0.0));
        assert!(sound.iter().all(|sample| sample.is_finite()));
        let power = sound.iter().map(|sample| sample * sample).sum::<f32>() / 12_000.0;
        assert!(power > 1e-4, "{power}");
        let quiet = Vocoder::new().synthesise(&spectrum(40, -30.0, -30.0, 0.0));
        assert!(quiet.iter().all(|sample| sample.abs() < 1e-6));
    }

    #[test]
    fn wild_predictions_stay_finite_and_few_frames_do_no_harm() {
        for frames in [0, 1, 2, 3] {
            let sound = Vocoder::new().synthesise(&spectrum(frames, 1e9, 1e9, 1e6));
            assert_eq!(sound.len(), frames * HOP);
            assert!(sound.iter().all(|sample| sample.is_finite()));
        }
    }
}
