//! Frames: the header of ADTS, one channel, the end; and how many bits each may have.
//!
//! ISO/IEC 14496-3:2009, 1.A.2 and 4.4.2.

use bytes::Bytes;

use super::LINES;
use super::huffman;
use super::layout::Layout;
use super::masking::Masking;
use super::quantizer::Quantized;
use super::quantizer::Spectrum;
use super::quantizer::differences;
use crate::audio::codec::bits::Bits;

/// The most that a decoder has to hold of one channel, in bits.
const LARGEST_FRAME_BITS: u32 = 6_144;

/// Bits of a frame whose number does not depend on the sound: the header, and what `write_channel` and the end
/// have beside the lines.
const FIXED_BITS: u32 = 56 + 32;

/// Writes frames that keep a bit rate in the long run: what one leaves, later ones may use.
pub(super) struct Frames {
    layout: Layout,
    masking: Masking,
    /// Bits of a frame in the mean.
    mean: u32,
    /// Bits that frames have left so far.
    saved: u32,
}

impl Frames {
    pub(super) fn new(layout: Layout) -> Self {
        let mean = layout.bits_per_frame();
        // A stream begins as after silence.
        Self { layout, masking: Masking::new(&layout), mean, saved: LARGEST_FRAME_BITS.saturating_sub(mean) }
    }

    /// The next frame.
    pub(super) fn next(&mut self, lines: &[f32; LINES]) -> Bytes {
        let spectrum = Spectrum::new(lines, self.layout.edges, &self.masking.hidden(lines));
        // Half of what was saved, so that frames that need much can follow each other.
        let room = (self.mean + self.saved / 2).min(LARGEST_FRAME_BITS);
        let quantized = spectrum.within(room.saturating_sub(FIXED_BITS));
        let bytes = (FIXED_BITS + quantized.bits).div_ceil(8);
        let left = (self.saved + self.mean).saturating_sub(8 * bytes);
        self.saved = left.min(LARGEST_FRAME_BITS.saturating_sub(self.mean));
        self.write(&quantized, bytes)
    }

    fn write(&self, quantized: &Quantized, bytes: u32) -> Bytes {
        let mut bits = Bits::default();
        write_header(&self.layout, bytes, &mut bits);
        write_channel(quantized, self.layout.edges, &mut bits);
        // The end of the frame.
        bits.push(0b111, 3);
        bits.into_bytes(bytes as usize).into()
    }
}

fn write_header(layout: &Layout, bytes: u32, bits: &mut Bits) {
    // Twelve ones to find a frame by; then MPEG-4, layer 0, no checksum, low complexity.
    bits.push(0xFFF, 12);
    bits.push(0b0001, 4);
    bits.push(0b01, 2);
    bits.push(layout.rate_index, 4);
    // Nothing private; one channel; no original, no home, no copyright.
    bits.push(0b0001_0000, 8);
    bits.push(bytes, 13);
    // How full the decoder's buffer is stays open, since the bit rate varies; one block.
    bits.push(0x7FF, 11);
    bits.push(0, 2);
}

fn write_channel(quantized: &Quantized, edges: &[usize], bits: &mut Bits) {
    let Quantized { lines, factors, plan, .. } = quantized;
    // A single channel, the first one.
    bits.push(0, 7);
    let first = differences(factors, plan).next().map_or(0, |(factor, _)| factor);
    bits.push(first.unsigned_abs(), 8);
    // One long block, under the sine window; how many bands it has; no prediction.
    bits.push(0, 4);
    bits.push(u32::try_from(plan.bands).unwrap_or_default(), 6);
    bits.push(0, 1);
    plan.write_sections(bits);
    for (_, step) in differences(factors, plan) {
        huffman::write_scale_factor(step, bits);
    }
    // No pulses, no shaping of noise in time, no gain control.
    bits.push(0, 3);
    plan.write_lines(lines, edges, bits);
}
