//! Subbands into spectral lines: 18 in each, overlapping in time, with the aliases between neighbours removed.
//!
//! ISO/IEC 11172-3:1993, 2.4.3.4 read backwards, and C.1.5.3.3; long blocks only.

use std::f32::consts::PI;

use super::LINES;
use super::filterbank::SLOTS;
use super::filterbank::SUBBANDS;

/// Values that the transform of one subband takes: those of this granule and of the last.
const SPAN: usize = 2 * SLOTS;

/// The butterflies at each border between subbands (table B.9).
const ALIASES: [f32; 8] = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037];

/// The modified cosine transform, with its memory of the last granule.
pub(super) struct Transform {
    /// By time and line, the window included.
    kernel: Box<[[f32; SLOTS]; SPAN]>,
    last: [[f32; SLOTS]; SUBBANDS],
}

impl Transform {
    /// A transform that has heard silence.
    #[expect(clippy::cast_precision_loss, reason = "the numbers are below 144")]
    pub(super) fn new() -> Self {
        let mut kernel = Box::new([[0.0; SLOTS]; SPAN]);
        for (time, row) in kernel.iter_mut().enumerate() {
            let window = (PI / 36.0 * (time as f32 + 0.5)).sin();
            for (line, weight) in row.iter_mut().enumerate() {
                // 144ths of a turn, within the first turn, where the cosine is exact.
                let cosine = (PI / 72.0 * ((2 * time + 19) * (2 * line + 1) % 144) as f32).cos();
                // A decoder's transform adds up 9 times the value.
                *weight = window * cosine / 9.0;
            }
        }
        Self { kernel, last: [[0.0; SLOTS]; SUBBANDS] }
    }

    /// The lines of the span that ends with `subbands`, the lowest first.
    pub(super) fn lines(&mut self, subbands: &[[f32; SLOTS]; SUBBANDS]) -> [f32; LINES] {
        let mut lines = [0.0; LINES];
        let (rows, _) = lines.as_chunks_mut::<SLOTS>();
        for (band, (row, now)) in rows.iter_mut().zip(subbands).enumerate() {
            let mut span = [0.0; SPAN];
            span[..SLOTS].copy_from_slice(&self.last[band]);
            span[SLOTS..].copy_from_slice(now);
            // The filter bank turns every second subband upside down; every second value negated turns it back.
            if band % 2 == 1 {
                span.iter_mut().skip(1).step_by(2).for_each(|value| *value = -*value);
            }
            for (value, weights) in span.iter().zip(self.kernel.iter()) {
                row.iter_mut().zip(weights).for_each(|(line, weight)| *line += value * weight);
            }
        }
        self.last = *subbands;
        unalias(&mut lines);
        lines
    }
}

fn unalias(lines: &mut [f32; LINES]) {
    for border in (SLOTS..LINES).step_by(SLOTS) {
        for (distance, alias) in ALIASES.iter().enumerate() {
            let straight = 1.0 / (1.0 + alias * alias).sqrt();
            let crossed = alias * straight;
            let (below, above) = (lines[border - 1 - distance], lines[border + distance]);
            lines[border - 1 - distance] = below * straight + above * crossed;
            lines[border + distance] = above * straight - below * crossed;
        }
    }
}
