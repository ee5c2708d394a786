//! What a sample rate decides: the version of the format, the bit rate, the bands.

use super::LINES;

/// Where the 22 bands of the spectrum begin, and the end of the last. Tables change between bands only.
pub(super) type Bands = [usize; 23];

/// Everything about a stream that never changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// MPEG-2 halves the sample rates of MPEG-1, and puts one granule into a frame instead of two.
    pub(super) is_mpeg2: bool,
    /// Granules in a frame.
    pub(super) granules: usize,
    /// The rate's number in the header (ISO/IEC 11172-3, 2.4.2.3, and 13818-3, 2.4.2.3).
    pub(super) rate_index: u32,
    /// The bit rate's number in the header (ibid.).
    pub(super) bitrate_index: u32,
    /// Bytes per second.
    pub(super) bytes_per_second: u32,
    /// Samples per second.
    pub(super) rate_hertz: u32,
    /// The bands of long blocks (ISO/IEC 11172-3, table B.8; 13818-3, table B.2).
    pub(super) bands: &'static Bands,
}

impl Layout {
    /// The layout for `rate_hertz`, if the format has one that is on offer.
    pub(super) fn of(rate_hertz: u32) -> Option<Self> {
        let (rate_index, bitrate_index, kilobits, bands) = match rate_hertz {
            16_000 => (2, 8, 64, &BANDS_16_AND_22),
            22_050 => (0, 10, 96, &BANDS_16_AND_22),
            24_000 => (1, 10, 96, &BANDS_24),
            32_000 => (2, 9, 128, &BANDS_32),
            44_100 => (0, 9, 128, &BANDS_44),
            48_000 => (1, 9, 128, &BANDS_48),
            _ => return None,
        };
        let is_mpeg2 = rate_hertz < 32_000;
        let (granules, bytes_per_second) = (if is_mpeg2 { 1 } else { 2 }, kilobits * 1_000 / 8);
        Some(Self { is_mpeg2, granules, rate_index, bitrate_index, bytes_per_second, rate_hertz, bands })
    }

    /// Samples in a frame.
    pub(super) fn frame_samples(&self) -> usize {
        self.granules * LINES
    }
}

const BANDS_16_AND_22: Bands =
    [0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, LINES];
const BANDS_24: Bands =
    [0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 114, 136, 162, 194, 232, 278, 332, 394, 464, 540, LINES];
const BANDS_32: Bands =
    [0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 54, 66, 82, 102, 126, 156, 194, 240, 296, 364, 448, 550, LINES];
const BANDS_44: Bands =
    [0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 52, 62, 74, 90, 110, 134, 162, 196, 238, 288, 342, 418, LINES];
const BANDS_48: Bands =
    [0, 4, 8, 12, 16, 20, 24, 30, 36, 42, 50, 60, 72, 88, 106, 128, 156, 190, 230, 276, 330, 384, LINES];
