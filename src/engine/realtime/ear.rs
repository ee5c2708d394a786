//! Makes the service's own PCM of what a server sends: 24 kHz, 16 bit, whole samples.

use bytes::Bytes;

use crate::audio::Aligner;
use crate::audio::Law;
use crate::audio::Resampler;
use crate::error::Result;
use crate::speech::SAMPLE_RATE_HERTZ;

use super::config::AudioFormat;

/// The rate of a telephone, in Hz.
const TELEPHONE_HERTZ: u32 = 8000;

/// What a reading is heard with.
pub(super) enum Ear {
    /// It comes as it is needed, but cut anywhere.
    Pcm(Aligner),
    /// It comes as on a telephone.
    Telephone(Law, Option<Box<Resampler>>),
}

impl Ear {
    /// An ear for `format`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if there is no way from 8 to 24 kHz, which would be a bug.
    pub(super) fn new(format: AudioFormat) -> Result<Self> {
        let law = match format {
            AudioFormat::Pcm => return Ok(Self::Pcm(Aligner::default())),
            AudioFormat::Pcmu => Law::Mu,
            AudioFormat::Pcma => Law::A,
        };
        Ok(Self::Telephone(law, Some(Box::new(Resampler::new(TELEPHONE_HERTZ, SAMPLE_RATE_HERTZ)?))))
    }

    /// The samples that are ready.
    pub(super) fn hear(&mut self, audio: Bytes) -> Result<Bytes> {
        match self {
            Self::Pcm(aligner) => Ok(aligner.push(audio)),
            Self::Telephone(law, Some(resampler)) => resampler.push(&law.decode(&audio)),
            Self::Telephone(_, None) => Ok(Bytes::new()),
        }
    }

    /// What was held back.
    pub(super) fn finish(&mut self) -> Result<Bytes> {
        match self {
            // A byte without its partner is no sample.
            Self::Pcm(aligner) => {
                aligner.finish();
                Ok(Bytes::new())
            }
            Self::Telephone(_, resampler) => resampler.take().map_or(Ok(Bytes::new()), |resampler| resampler.finish()),
        }
    }
}
