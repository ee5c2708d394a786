//! Frames: header, side information, and the granules behind them.
//!
//! ISO/IEC 11172-3:1993, 2.4.1; 13818-3:1998, 2.4.1.

use bytes::Bytes;

use super::LINES;
use super::layout::Layout;
use super::quantizer::Granule;
use crate::audio::codec::bits::Bits;

/// Bytes of the header.
const HEADER_BYTES: usize = 4;

/// The field for a granule's length has 12 bits.
const LARGEST_GRANULE_BITS: usize = (1 << 12) - 1;

/// Writes frames of a constant bit rate.
pub(super) struct Frames {
    layout: Layout,
    /// Parts of a byte that the frames so far are too short, in bytes times the sample rate.
    owed: usize,
}

impl Frames {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, owed: 0 }
    }

    /// The next frame, of as many spectra as it has granules.
    pub(super) fn next(&mut self, spectra: impl Iterator<Item = [f32; LINES]>) -> Bytes {
        let layout = self.layout;
        let rate = layout.rate_hertz as usize;
        let exact = layout.frame_samples() * layout.bytes_per_second as usize;
        self.owed += exact % rate;
        let is_padded = self.owed >= rate;
        self.owed %= rate;
        let length = exact / rate + usize::from(is_padded);

        let mut room = 8 * (length - HEADER_BYTES - side_bytes(&layout));
        let mut granules = Vec::with_capacity(layout.granules);
        for (index, spectrum) in spectra.take(layout.granules).enumerate() {
            let share = (room / (layout.granules - index)).min(LARGEST_GRANULE_BITS);
            let granule = Granule::new(&spectrum, layout.bands, share);
            room -= granule.plan.bits;
            granules.push(granule);
        }
        let mut bits = Bits::default();
        write_header(&layout, is_padded, &mut bits);
        write_side_information(&layout, &granules, &mut bits);
        for granule in &granules {
            granule.plan.write(&granule.lines, &mut bits);
        }
        bits.into_bytes(length).into()
    }
}

/// Bytes of side information for one channel.
fn side_bytes(layout: &Layout) -> usize {
    if layout.is_mpeg2 { 9 } else { 17 }
}

fn write_header(layout: &Layout, is_padded: bool, bits: &mut Bits) {
    // Eleven ones to find a frame by; then the version, layer III, and no checksum.
    bits.push(0x7FF, 11);
    bits.push(if layout.is_mpeg2 { 0b10 } else { 0b11 }, 2);
    bits.push(0b011, 3);
    bits.push(layout.bitrate_index, 4);
    bits.push(layout.rate_index, 2);
    bits.push(is_padded.into(), 1);
    bits.push(0, 1);
    // One channel, no joint stereo, no copyright, an original, no emphasis.
    bits.push(0b1100_0100, 8);
}

fn write_side_information(layout: &Layout, granules: &[Granule], bits: &mut Bits) {
    // The granules begin right behind, in this frame; private bits; and, in MPEG-1, nothing shared between granules.
    bits.push(0, if layout.is_mpeg2 { 9 } else { 18 });
    for granule in granules {
        let plan = &granule.plan;
        bits.push(field(plan.bits), 12);
        bits.push(field(plan.paired / 2), 9);
        bits.push(granule.gain.into(), 8);
        // Scale factors of no bits; a long block.
        bits.push(0, if layout.is_mpeg2 { 9 } else { 4 });
        bits.push(0, 1);
        plan.tables.iter().for_each(|table| bits.push(field(*table), 5));
        bits.push(plan.region_bands[0], 4);
        bits.push(plan.region_bands[1], 3);
        // How scale factors are to be read; MPEG-1 has one flag more for them.
        bits.push(0, if layout.is_mpeg2 { 1 } else { 2 });
        bits.push(field(plan.fours_table), 1);
    }
}

/// A number that is known to fit its field.
fn field(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_default()
}
