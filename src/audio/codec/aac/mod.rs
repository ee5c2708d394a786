//! AAC of low complexity (ISO/IEC 14496-3:2009) in frames of ADTS, for speech: one channel, a bit rate that is constant in
//! the long run.
//!
//! The path of a frame: 1,024 spectral lines (`transform`), how much noise they hide (`masking`), steps as fine as the frame
//! has room for (`quantizer`), the cheapest books for the bands (`plan`), in Huffman codes (`huffman`), behind its header
//! (`frame`). Short blocks and the shaping of noise in time are left out: to know in time that a block should be short takes
//! half a frame more, and the bit rate is high enough for speech without (`docs/dependencies.md` has the measurements).

mod codes;
mod frame;
mod huffman;
mod layout;
mod masking;
mod plan;
mod quantizer;
mod transform;

use bytes::Bytes;

use crate::error::Error;
use crate::error::Result;

use super::Codec;
use super::Packet;
use super::blocks::Blocks;
use frame::Frames;
use layout::Layout;
use transform::Transform;

/// Spectral lines of a frame, and the samples that it adds.
const LINES: usize = 1_024;

/// Samples by which a decoder's output lags behind the input: what the first frame has in front of its own samples.
pub(super) const DELAY: usize = LINES;

/// A stream of ADTS frames, which begins with [`DELAY`] samples of silence: ADTS has no place to say so.
pub(super) struct Aac {
    blocks: Blocks,
    transform: Transform,
    frames: Frames,
}

impl Aac {
    /// # Errors
    /// [`crate::error::Kind::Internal`] if AAC is not made at that rate.
    pub(super) fn new(rate_hertz: u32) -> Result<Self> {
        let layout =
            Layout::of(rate_hertz).ok_or_else(|| Error::internal(format!("AAC is not made at {rate_hertz} Hz")))?;
        Ok(Self { blocks: Blocks::new(LINES), transform: Transform::new(), frames: Frames::new(layout) })
    }
}

impl Codec for Aac {
    fn head(&mut self) -> Result<Bytes> {
        Ok(Bytes::new())
    }

    fn push(&mut self, pcm: &[u8], out: &mut Vec<Packet>) -> Result<()> {
        let Self { blocks, transform, frames } = self;
        blocks.push(pcm, |block| {
            out.extend(block.as_array().map(|block| packet(transform, frames, block)));
            Ok(())
        })
    }

    fn delay(&self) -> u64 {
        DELAY as u64
    }

    fn finish(&mut self, out: &mut Vec<Packet>) -> Result<()> {
        let Self { blocks, transform, frames } = self;
        blocks.flush(DELAY, |block| {
            out.extend(block.as_array().map(|block| packet(transform, frames, block)));
            Ok(())
        })
    }
}

fn packet(transform: &mut Transform, frames: &mut Frames, block: &[i16; LINES]) -> Packet {
    Packet { data: frames.next(&transform.lines(block)), samples: LINES as u64 }
}
