//! Samples as they come, cut into the blocks that an encoder takes.

use crate::audio::pcm::samples;
use crate::error::Result;

/// Collects 16-bit samples until a block is full.
pub(super) struct Blocks {
    samples: usize,
    block: Vec<i16>,
    taken: u64,
}

impl Blocks {
    /// Blocks of `samples` samples.
    pub(super) fn new(samples: usize) -> Self {
        Self { samples, block: Vec::with_capacity(samples), taken: 0 }
    }

    /// Takes whole little-endian samples, and hands every full block to `encode`.
    pub(super) fn push(&mut self, pcm: &[u8], mut encode: impl FnMut(&[i16]) -> Result<()>) -> Result<()> {
        for sample in samples(pcm) {
            self.taken += 1;
            self.block.push(sample);
            if self.block.len() == self.samples {
                encode(&self.block)?;
                self.block.clear();
            }
        }
        Ok(())
    }

    /// Pads the input with silence to at least `delay` samples more and to whole blocks; nothing if there was no input.
    ///
    /// A codec that lags behind its input by `delay` has then given all of it.
    pub(super) fn flush(&mut self, delay: usize, mut encode: impl FnMut(&[i16]) -> Result<()>) -> Result<()> {
        if self.taken == 0 {
            return Ok(());
        }
        let whole = (self.block.len() + delay).next_multiple_of(self.samples);
        self.block.resize(whole, 0);
        self.block.chunks_exact(self.samples).try_for_each(&mut encode)?;
        self.block.clear();
        Ok(())
    }

    /// The samples of the last block, which is not full.
    pub(super) fn rest(&self) -> &[i16] {
        &self.block
    }

    /// Samples of input so far, without padding.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }
}
