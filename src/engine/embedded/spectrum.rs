//! The five parts of a predicted spectrum, per frame of 12.5 ms.

/// Frequency bins per frame: half of [`FRAME`], plus one.
pub(super) const BINS: usize = FRAME / 2 + 1;
/// Samples of one analysis frame.
pub(super) const FRAME: usize = 1200;
/// Samples from one frame to the next, 12.5 ms at 24 kHz.
pub(super) const HOP: usize = 300;

/// What the acoustic network predicts. Matrices are `BINS` rows of `frames` columns.
#[derive(Debug)]
pub(super) struct Spectrum {
    /// Number of frames.
    pub(super) frames: usize,
    /// Log magnitude of the harmonic part.
    pub(super) harmonic: Vec<f32>,
    /// Phase of the harmonic part, before `pi * tanh`.
    pub(super) harmonic_phase: Vec<f32>,
    /// Log magnitude of the noise part.
    pub(super) noise: Vec<f32>,
    /// Log magnitude of the part whose phase the network gives itself.
    pub(super) residual: Vec<f32>,
    /// Phase of that part, radians.
    pub(super) residual_phase: Vec<f32>,
    /// Fundamental frequency per frame, Hz; below 40 is unvoiced.
    pub(super) pitch: Vec<f32>,
}
