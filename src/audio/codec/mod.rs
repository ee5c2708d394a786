//! Compression of 16-bit mono PCM, as streams that begin early: MP3, AAC, Opus with and without Ogg, FLAC.
//!
//! Each encoder takes blocks of a fixed number of samples, so that its output does not depend on how the input was split.

mod aac;
mod bits;
mod blocks;
mod flac;
mod mp3;
mod ogg;
mod opus;

use bytes::Bytes;

use crate::error::Result;
use crate::speech::Encoding;

/// A run of encoded bytes that must not be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// One frame of MP3, AAC or FLAC, one page of Ogg or one Opus packet.
    pub data: Bytes,
    /// How many samples it plays, at the encoder's sample rate.
    ///
    /// All of them together are the input for FLAC and Ogg, which can say where the audio ends. Frames of MP3 and AAC and
    /// bare Opus packets are whole, so that theirs are the input, the delay of the codec and padding.
    pub samples: u64,
}

/// An encoder, one stream long.
pub(super) trait Codec: Send {
    /// What precedes the first packet; may be empty. To be asked once, and only if there is audio.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if it cannot be written, which would be a bug.
    fn head(&mut self) -> Result<Bytes>;

    /// Takes whole 16-bit little-endian samples, and adds the packets that are complete.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the encoder refuses its input, which would be a bug.
    fn push(&mut self, pcm: &[u8], out: &mut Vec<Packet>) -> Result<()>;

    /// Samples of silence that a decoder puts in front of the input, where the stream has no way to tell it not to.
    fn delay(&self) -> u64 {
        0
    }

    /// The end of the stream: adds what was held back, padded. Nothing if there was no audio.
    ///
    /// # Errors
    /// As [`Self::push`].
    fn finish(&mut self, out: &mut Vec<Packet>) -> Result<()>;
}

/// An encoder of mono PCM of `rate_hertz`; `None` for what is no compression.
///
/// # Errors
/// [`crate::error::Kind::Internal`] if the encoding does not have that rate; whoever got it from outside checks it first.
pub(super) fn codec(encoding: Encoding, rate_hertz: u32) -> Result<Option<Box<dyn Codec>>> {
    Ok(Some(match encoding {
        Encoding::Mp3 => Box::new(mp3::Mp3::new(rate_hertz)?),
        Encoding::AacAdts => Box::new(aac::Aac::new(rate_hertz)?),
        Encoding::OpusPackets => Box::new(opus::OpusPackets::new(rate_hertz)?),
        Encoding::OggOpus => Box::new(ogg::OggOpus::new(rate_hertz, rand::random())?),
        Encoding::Flac => Box::new(flac::Flac::new(rate_hertz)?),
        Encoding::PcmS16le | Encoding::Wav | Encoding::Mulaw | Encoding::Alaw => return Ok(None),
    }))
}

#[cfg(test)]
mod heard;
#[cfg(test)]
mod tests;
