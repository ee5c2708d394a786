//! FLAC (RFC 9639) as a stream: short blocks, and a header that leaves open how many there will be.

use bytes::Bytes;
use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::component::StreamInfo;
use flacenc::config::Encoder as Settings;
use flacenc::encode_fixed_size_frame;
use flacenc::error::Verified;
use flacenc::error::Verify;
use flacenc::source::Fill;
use flacenc::source::FrameBuf;

use crate::error::Error;
use crate::error::Result;

use super::Codec;
use super::Packet;
use super::blocks::Blocks;

/// Blocks per second, about.
const BLOCKS_PER_SECOND: u32 = 50;

/// Bits of one sample.
const SAMPLE_BITS: u8 = 16;

/// Lossless frames of about 20 ms.
pub(super) struct Flac {
    blocks: Blocks,
    frames: Frames,
    rate_hertz: u32,
    block_samples: u16,
}

/// The encoder of frames, with what all frames share.
struct Frames {
    settings: Verified<Settings>,
    stream: StreamInfo,
    buffer: FrameBuf,
    written: usize,
}

impl Flac {
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the library refuses the rate.
    pub(super) fn new(rate_hertz: u32) -> Result<Self> {
        let block_samples = u16::try_from(rate_hertz / BLOCKS_PER_SECOND).unwrap_or(u16::MAX);
        let frames = Frames {
            settings: settings().into_verified().map_err(|(_, cause)| broken(cause))?,
            stream: StreamInfo::new(rate_hertz as usize, 1, SAMPLE_BITS.into()).map_err(broken)?,
            buffer: FrameBuf::with_size(1, block_samples.into()).map_err(broken)?,
            written: 0,
        };
        Ok(Self { blocks: Blocks::new(block_samples.into()), frames, rate_hertz, block_samples })
    }
}

impl Codec for Flac {
    /// The marker and one metadata block (RFC 9639 §8.2), with zeros for what a stream does not know: the sizes of its
    /// frames, how many samples it has, their checksum.
    fn head(&mut self) -> Result<Bytes> {
        let block = self.block_samples.to_be_bytes();
        // 20 bits of sample rate, 3 of channels less one, 5 of bits per sample less one, 36 of total samples.
        let shape = u64::from(self.rate_hertz) << 44 | u64::from(SAMPLE_BITS - 1) << 36;
        let last_block_of_34_bytes = [0x80, 0, 0, 34];
        let parts = [b"fLaC", &last_block_of_34_bytes, &block[..], &block, &[0; 6], &shape.to_be_bytes(), &[0; 16]];
        Ok(parts.concat().into())
    }

    fn push(&mut self, pcm: &[u8], out: &mut Vec<Packet>) -> Result<()> {
        let Self { blocks, frames, .. } = self;
        blocks.push(pcm, |block| {
            out.push(frames.encode(block)?);
            Ok(())
        })
    }

    /// The last block may be shorter than the others (RFC 9639 §8.2).
    fn finish(&mut self, out: &mut Vec<Packet>) -> Result<()> {
        let rest = self.blocks.rest();
        if !rest.is_empty() {
            out.push(self.frames.encode(rest)?);
        }
        Ok(())
    }
}

impl Frames {
    fn encode(&mut self, block: &[i16]) -> Result<Packet> {
        let samples: Vec<i32> = block.iter().map(|sample| i32::from(*sample)).collect();
        self.buffer.fill_interleaved(&samples).map_err(broken)?;
        let frame =
            encode_fixed_size_frame(&self.settings, &self.buffer, self.written, &self.stream).map_err(broken)?;
        self.written += 1;
        let mut sink = ByteSink::new();
        frame.write(&mut sink).map_err(broken)?;
        Ok(Packet { data: sink.into_inner().into(), samples: block.len() as u64 })
    }
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.multithread = false;
    settings
}

/// The library's errors may not leave their thread; what they say may.
fn broken(cause: impl std::error::Error) -> Error {
    Error::internal(format!("the FLAC encoder failed: {cause}"))
}
