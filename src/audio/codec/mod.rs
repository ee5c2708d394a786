//! Compression of 16-bit mono PCM, as streams that begin early: MP3, Opus with and without Ogg, FLAC.
//!
//! Each encoder takes blocks of a fixed number of samples, so that its output does not depend on how the input was split.

mod blocks;
mod flac;
mod mp3;
mod ogg;
mod opus;

use bytes::Bytes;

use crate::error::Result;

/// A run of encoded bytes that must not be cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// One MP3 frame, one page of Ogg, one Opus packet or one FLAC frame.
    pub data: Bytes,
    /// How many samples it plays, at the encoder's sample rate.
    ///
    /// All of them together are the input for FLAC and Ogg, which can say where the audio ends. MP3 frames and bare Opus
    /// packets are whole, so that theirs are the input, the delay of the codec and padding.
    pub samples: u64,
}

/// An encoder, one stream long.
pub trait Codec: Send {
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

    /// The end of the stream: adds what was held back, padded. Nothing if there was no audio.
    ///
    /// # Errors
    /// As [`Self::push`].
    fn finish(&mut self, out: &mut Vec<Packet>) -> Result<()>;
}

/// What PCM can be made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// MPEG-1 and MPEG-2 Layer III frames of a constant bit rate, each decodable by itself.
    Mp3,
    /// Opus packets of 20 ms, without a container.
    OpusPackets,
    /// Opus in pages of Ogg (RFC 7845).
    OggOpus,
    /// FLAC (RFC 9639).
    Flac,
}

impl Compression {
    /// The sample rates that can be encoded without a change of rate, in Hz.
    pub fn rates_hertz(self) -> &'static [u32] {
        match self {
            Self::Mp3 => &mp3::RATES_HERTZ,
            Self::OpusPackets | Self::OggOpus => &opus::RATES_HERTZ,
            Self::Flac => &flac::RATES_HERTZ,
        }
    }

    /// An encoder of mono PCM of `rate_hertz`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the rate is not one of [`Self::rates_hertz`]; whoever got it from outside checks
    /// it first.
    pub fn codec(self, rate_hertz: u32) -> Result<Box<dyn Codec>> {
        Ok(match self {
            Self::Mp3 => Box::new(mp3::Mp3::new(rate_hertz)?),
            Self::OpusPackets => Box::new(opus::OpusPackets::new(rate_hertz)?),
            Self::OggOpus => Box::new(ogg::OggOpus::new(rate_hertz, rand::random())?),
            Self::Flac => Box::new(flac::Flac::new(rate_hertz)?),
        })
    }
}

#[cfg(test)]
mod heard;
#[cfg(test)]
mod tests;
