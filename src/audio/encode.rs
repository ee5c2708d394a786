//! From the service's PCM to the bytes a caller asked for, as a stream.

use bytes::Bytes;

use crate::error::Result;
use crate::speech::Encoding;
use crate::speech::Format;
use crate::speech::SAMPLE_RATE_HERTZ;

use super::Law;
use super::Resampler;

/// Makes a format out of 24 kHz 16-bit mono PCM; whatever it does not make passes untouched.
///
/// One for a whole stream, so that a filter sees no edge where a segment ends.
pub struct Encoder {
    resampler: Option<Resampler>,
    law: Option<Law>,
}

impl Encoder {
    /// An encoder to `format`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if its sample rate cannot be made, which the format's own rules exclude.
    pub fn new(format: Format) -> Result<Self> {
        let wanted = format.rate_hertz().filter(|rate| *rate != SAMPLE_RATE_HERTZ);
        let resampler = wanted.map(|rate| Resampler::new(SAMPLE_RATE_HERTZ, rate)).transpose()?;
        let law = match format.encoding() {
            Encoding::Mulaw => Some(Law::Mu),
            Encoding::Alaw => Some(Law::A),
            _ => None,
        };
        Ok(Self { resampler, law })
    }

    /// Takes whole samples and returns what is ready of them, whole samples too. It may hold back 30 ms.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the filter fails, which would be a bug.
    pub fn push(&mut self, pcm: Bytes) -> Result<Bytes> {
        let pcm = match &mut self.resampler {
            Some(resampler) => resampler.push(&pcm)?,
            None => pcm,
        };
        Ok(self.compand(pcm))
    }

    /// The end of the stream: what was held back.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(&mut self) -> Result<Bytes> {
        let rest = self.resampler.take().map(Resampler::finish).transpose()?;
        Ok(self.compand(rest.unwrap_or_default()))
    }

    fn compand(&self, pcm: Bytes) -> Bytes {
        match self.law {
            Some(law) => law.encode(&pcm),
            None => pcm,
        }
    }
}
