//! What a sample rate decides: its number in the header, the bit rate, the bands.

use super::LINES;

/// The most bands that a spectrum has at any rate.
pub(super) const MAX_BANDS: usize = 51;

/// Everything about a stream that never changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Samples per second.
    pub(super) rate_hertz: u32,
    /// The rate's number in the header (ISO/IEC 14496-3:2009, table 1.18).
    pub(super) rate_index: u32,
    /// Bits per second.
    pub(super) bits_per_second: u32,
    /// Where the bands of the spectrum begin, and the end of the last (ibid., tables 4.129 to 4.136).
    pub(super) edges: &'static [usize],
}

impl Layout {
    /// The layout for `rate_hertz`, if the format has one that is on offer.
    pub(super) fn of(rate_hertz: u32) -> Option<Self> {
        let (rate_index, kilobits, edges): (_, u32, &[usize]) = match rate_hertz {
            8_000 => (11, 40, &EDGES_8),
            11_025 => (10, 48, &EDGES_11_TO_16),
            12_000 => (9, 56, &EDGES_11_TO_16),
            16_000 => (8, 64, &EDGES_11_TO_16),
            22_050 => (7, 88, &EDGES_22_AND_24),
            24_000 => (6, 96, &EDGES_22_AND_24),
            32_000 => (5, 112, &EDGES_32),
            44_100 => (4, 128, &EDGES_44_AND_48),
            48_000 => (3, 128, &EDGES_44_AND_48),
            _ => return None,
        };
        Some(Self { rate_hertz, rate_index, bits_per_second: kilobits * 1_000, edges })
    }

    /// Bits of a frame, in the mean.
    pub(super) fn bits_per_frame(&self) -> u32 {
        self.bits_per_second * 1_024 / self.rate_hertz
    }
}

const EDGES_8: [usize; 41] = [
    0, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132, 144, 156, 172, 188, 204, 220, 236, 252, 268, 288, 308, 328, 348,
    372, 396, 420, 448, 476, 508, 544, 580, 620, 664, 712, 764, 820, 880, 944, LINES,
];
const EDGES_11_TO_16: [usize; 44] = [
    0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 100, 112, 124, 136, 148, 160, 172, 184, 196, 212, 228, 244, 260, 280,
    300, 320, 344, 368, 396, 424, 456, 492, 532, 572, 616, 664, 716, 772, 832, 896, 960, LINES,
];
const EDGES_22_AND_24: [usize; 48] = [
    0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 52, 60, 68, 76, 84, 92, 100, 108, 116, 124, 136, 148, 160, 172, 188,
    204, 220, 240, 260, 284, 308, 336, 364, 396, 432, 468, 508, 552, 600, 652, 704, 768, 832, 896, 960, LINES,
];
const EDGES_32: [usize; MAX_BANDS + 1] = [
    0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 160, 176, 196, 216, 240,
    264, 292, 320, 352, 384, 416, 448, 480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800, 832, 864, 896, 928, 960,
    992, LINES,
];
const EDGES_44_AND_48: [usize; 50] = [
    0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 160, 176, 196, 216, 240,
    264, 292, 320, 352, 384, 416, 448, 480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800, 832, 864, 896, 928,
    LINES,
];
