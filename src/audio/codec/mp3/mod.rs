//! MPEG-1 and MPEG-2 Layer III (ISO/IEC 11172-3:1993 and 13818-3:1998) for speech: one channel, a constant bit rate, every
//! frame decodable by itself.
//!
//! The path of a frame: 32 subbands (`filterbank`), 18 lines in each (`transform`), quantised as finely as the frame has
//! room for (`quantizer`), in Huffman codes (`huffman`), behind its header (`frame`). Short blocks, scale factors and the bit
//! reservoir are left out: the bit rate is high enough for speech without them (`docs/dependencies.md` has the
//! measurements), and a frame needs no other before it can be decoded.

mod codes;
mod filterbank;
mod frame;
mod huffman;
mod layout;
mod quantizer;
mod transform;
mod window;

use bytes::Bytes;

use crate::error::Error;
use crate::error::Result;

use super::Codec;
use super::Packet;
use super::blocks::Blocks;
use filterbank::Filterbank;
use frame::Frames;
use layout::Layout;
use transform::Transform;

/// Spectral lines of one granule, and the samples that they stand for.
const LINES: usize = 576;

/// Samples by which a decoder's output lags behind the input: 481 of the filter bank, both ways, and one granule of the
/// transform.
pub(super) const DELAY: usize = 481 + LINES;

/// A stream of MP3 frames, without a header of its own.
///
/// It begins with [`DELAY`] samples of silence. The frame of information that some encoders put in front, so that players
/// cut that silence off, would say how long the stream is, too, which nobody knows when it begins.
pub(super) struct Mp3 {
    blocks: Blocks,
    analysis: Analysis,
    frames: Frames,
}

/// From samples to spectra.
struct Analysis {
    filterbank: Filterbank,
    transform: Transform,
}

impl Mp3 {
    /// # Errors
    /// [`crate::error::Kind::Internal`] if MP3 has no such rate.
    pub(super) fn new(rate_hertz: u32) -> Result<Self> {
        let layout =
            Layout::of(rate_hertz).ok_or_else(|| Error::internal(format!("MP3 is not made at {rate_hertz} Hz")))?;
        let analysis = Analysis { filterbank: Filterbank::new(), transform: Transform::new() };
        Ok(Self { blocks: Blocks::new(layout.granules * LINES), analysis, frames: Frames::new(layout) })
    }
}

impl Codec for Mp3 {
    fn head(&mut self) -> Result<Bytes> {
        Ok(Bytes::new())
    }

    fn push(&mut self, pcm: &[u8], out: &mut Vec<Packet>) -> Result<()> {
        let Self { blocks, analysis, frames } = self;
        blocks.push(pcm, |block| {
            out.push(analysis.frame(frames, block));
            Ok(())
        })
    }

    fn delay(&self) -> u64 {
        DELAY as u64
    }

    fn finish(&mut self, out: &mut Vec<Packet>) -> Result<()> {
        let Self { blocks, analysis, frames } = self;
        blocks.flush(DELAY, |block| {
            out.push(analysis.frame(frames, block));
            Ok(())
        })
    }
}

impl Analysis {
    fn frame(&mut self, frames: &mut Frames, block: &[i16]) -> Packet {
        let (granules, _) = block.as_chunks::<LINES>();
        let spectra = granules.iter().map(|granule| self.transform.lines(&self.filterbank.subbands(granule)));
        Packet { data: frames.next(spectra), samples: block.len() as u64 }
    }
}
