//! How much noise the ear lets pass in each band.
//!
//! Sound hides noise at its own pitch, and less of it above and below. The slopes are those of the usual models of hearing
//! on the scale of Zwicker's critical bands.

use super::LINES;
use super::layout::Layout;
use super::layout::MAX_BANDS;

/// What hides the noise fades by this much per critical band towards lower pitches, in dB.
const FADE_DOWN: f32 = 27.0;

/// The same towards higher pitches.
const FADE_UP: f32 = 12.0;

/// Noise has to be this much below the sound that hides it, in dB.
const BELOW: f32 = 14.0;

/// Energy of a line that 16-bit samples hardly hold: noise of one step.
const FAINT: f32 = 2_048.0;

/// By band: a number for each.
pub(super) type PerBand = [f32; MAX_BANDS];

/// What is known of a rate's bands.
pub(super) struct Masking {
    edges: &'static [usize],
    /// By hidden band and by hiding band, how much of the energy counts, per line.
    shares: Vec<PerBand>,
}

impl Masking {
    /// For the bands of `layout`.
    #[expect(clippy::cast_precision_loss, reason = "rates and numbers of lines are small")]
    pub(super) fn new(layout: &Layout) -> Self {
        let hertz = |edge: usize| edge as f32 * layout.rate_hertz as f32 / (2 * LINES) as f32;
        let pitches: Vec<_> = layout.edges.windows(2).map(|edges| pitch(hertz(edges[0] + edges[1]) / 2.0)).collect();
        let hidden = |(band, edges): (usize, &[usize])| {
            let width = (pitch(hertz(edges[1])) - pitch(hertz(edges[0]))).min(1.0);
            let mut shares = [0.0; MAX_BANDS];
            for (share, other) in shares.iter_mut().zip(&pitches) {
                let up = pitches[band] - other;
                let fade = if up > 0.0 { FADE_UP * up } else { -FADE_DOWN * up };
                *share = width * power(-fade - BELOW) / (edges[1] - edges[0]) as f32;
            }
            shares
        };
        Self { edges: layout.edges, shares: layout.edges.windows(2).enumerate().map(hidden).collect() }
    }

    /// The energy of noise per line that `lines` hide, by band.
    pub(super) fn hidden(&self, lines: &[f32; LINES]) -> PerBand {
        let mut energies = [0.0; MAX_BANDS];
        for (energy, edges) in energies.iter_mut().zip(self.edges.windows(2)) {
            *energy = lines[edges[0]..edges[1]].iter().map(|line| line * line).sum::<f32>();
        }
        let mut hidden = [FAINT; MAX_BANDS];
        for (hidden, shares) in hidden.iter_mut().zip(&self.shares) {
            *hidden += shares.iter().zip(&energies).map(|(share, energy)| share * energy).sum::<f32>();
        }
        hidden
    }
}

/// A frequency on Zwicker's scale of critical bands.
fn pitch(hertz: f32) -> f32 {
    13.0 * (0.000_76 * hertz).atan() + 3.5 * (hertz / 7_500.0).powi(2).atan()
}

/// Decibels as a ratio of energies.
fn power(decibels: f32) -> f32 {
    (decibels / 10.0 * std::f32::consts::LOG2_10).exp2()
}
