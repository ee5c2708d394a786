//! From the service's PCM to the bytes a caller asked for, as a stream.

use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;
use crate::error::Result;
use crate::speech::Encoding;
use crate::speech::Format;
use crate::speech::SAMPLE_BYTES;
use crate::speech::SAMPLE_RATE_HERTZ;

use super::Law;
use super::Resampler;
use super::codec::Codec;
use super::codec::Packet;
use super::codec::codec;
use super::wav;

/// Makes a format out of 24 kHz 16-bit mono PCM.
///
/// One for a whole stream, so that a filter sees no edge where a segment ends. In front of the first audio comes what has
/// to precede it, as a packet that plays no samples.
pub struct Encoder {
    resampler: Option<Resampler>,
    maker: Maker,
    format: Format,
    has_begun: bool,
}

/// What makes bytes out of samples.
enum Maker {
    /// They stay what they are.
    Plain,
    /// The same behind a header.
    Wav(u32),
    /// One byte each.
    Law(Law),
    /// Packets of many.
    Codec(Box<dyn Codec>),
}

impl Encoder {
    /// An encoder to `format`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if it cannot be made here at its sample rate, which the format's own rules exclude.
    pub fn new(format: Format) -> Result<Self> {
        let rate_hertz = format.rate_hertz().unwrap_or(SAMPLE_RATE_HERTZ);
        let wanted = Some(rate_hertz).filter(|rate| *rate != SAMPLE_RATE_HERTZ);
        let resampler = wanted.map(|rate| Resampler::new(SAMPLE_RATE_HERTZ, rate)).transpose()?;
        Ok(Self { resampler, maker: Maker::new(format.encoding(), rate_hertz)?, format, has_begun: false })
    }

    /// The silence that a decoder puts in front of the audio, and that nothing in the stream tells it to drop.
    pub fn delay(&self) -> Duration {
        match &self.maker {
            Maker::Codec(codec) => self.format.playing_time(codec.delay()).unwrap_or_default(),
            _ => Duration::ZERO,
        }
    }

    /// Takes whole samples and adds what is ready of them to `out`. It may hold back what a filter or a packet needs.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the filter or the codec fails, which would be a bug.
    pub fn push(&mut self, pcm: Bytes, out: &mut Vec<Packet>) -> Result<()> {
        let pcm = match &mut self.resampler {
            Some(resampler) => resampler.push(&pcm)?,
            None => pcm,
        };
        self.encode(pcm, out)
    }

    /// The end of the stream: what was held back.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(&mut self, out: &mut Vec<Packet>) -> Result<()> {
        let rest = self.resampler.take().map(Resampler::finish).transpose()?;
        self.encode(rest.unwrap_or_default(), out)?;
        match &mut self.maker {
            Maker::Codec(codec) if self.has_begun => codec.finish(out),
            _ => Ok(()),
        }
    }

    fn encode(&mut self, pcm: Bytes, out: &mut Vec<Packet>) -> Result<()> {
        if pcm.is_empty() {
            return Ok(());
        }
        if !self.has_begun {
            self.has_begun = true;
            out.extend(self.maker.head()?.map(|data| Packet { data, samples: 0 }));
        }
        let samples = (pcm.len() / SAMPLE_BYTES) as u64;
        match &mut self.maker {
            Maker::Plain | Maker::Wav(_) => out.push(Packet { data: pcm, samples }),
            Maker::Law(law) => out.push(Packet { data: law.encode(&pcm), samples }),
            Maker::Codec(codec) => codec.push(&pcm, out)?,
        }
        Ok(())
    }
}

impl Maker {
    fn new(encoding: Encoding, rate_hertz: u32) -> Result<Self> {
        Ok(match encoding {
            Encoding::Mulaw => Self::Law(Law::Mu),
            Encoding::Alaw => Self::Law(Law::A),
            Encoding::Wav => Self::Wav(rate_hertz),
            Encoding::PcmS16le => Self::Plain,
            other => {
                let missing = || Error::internal(format!("nothing makes {}", other.name()));
                Self::Codec(codec(other, rate_hertz)?.ok_or_else(missing)?)
            }
        })
    }

    /// What precedes the first samples.
    fn head(&mut self) -> Result<Option<Bytes>> {
        Ok(match self {
            Self::Plain | Self::Law(_) => None,
            Self::Wav(rate_hertz) => Some(Bytes::copy_from_slice(&wav::header(*rate_hertz, None))),
            Self::Codec(codec) => Some(codec.head()?).filter(|head| !head.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use bytes::Bytes;
    use proptest::prelude::*;

    use super::Encoder;
    use super::Packet;
    use crate::speech::Encoding;
    use crate::speech::Format;
    use crate::speech::SAMPLE_RATE_HERTZ;

    /// A millisecond of 24 kHz samples.
    const MILLISECOND: usize = 24;

    /// Everything that is made here.
    fn formats() -> impl Iterator<Item = Format> {
        Encoding::ALL.into_iter().flat_map(|encoding| {
            encoding.rates_hertz().iter().map(move |rate| Format::new(encoding, Some(*rate)).unwrap())
        })
    }

    /// A sound that differs from sample to sample, the same each time.
    fn sound(samples: usize) -> Vec<u8> {
        (0..samples).flat_map(|n| i16::try_from(n * n % 8_009).unwrap().to_le_bytes()).collect()
    }

    fn encode(format: Format, pcm: &[u8], chunk: usize) -> Vec<Packet> {
        let (mut encoder, mut packets) = (Encoder::new(format).unwrap(), Vec::new());
        for chunk in pcm.chunks(chunk * 2) {
            encoder.push(Bytes::copy_from_slice(chunk), &mut packets).unwrap();
        }
        encoder.finish(&mut packets).unwrap();
        packets
    }

    fn samples(packets: &[Packet]) -> u64 {
        packets.iter().map(|packet| packet.samples).sum()
    }

    /// Milliseconds of audio that have to be there before the first of it comes out.
    fn wait(format: Format) -> usize {
        let (mut encoder, mut packets) = (Encoder::new(format).unwrap(), Vec::new());
        let pcm = Bytes::from(sound(MILLISECOND));
        (1..1_000)
            .find(|_| {
                encoder.push(pcm.clone(), &mut packets).unwrap();
                samples(&packets) > 0
            })
            .unwrap()
    }

    #[test]
    fn the_first_audio_waits_for_little_of_it() {
        for format in formats() {
            let wait = wait(format);
            let is_usual = Some(format) == Format::new(format.encoding(), None).map(Format::made_here);
            // Away from the usual rates a filter waits for 20 ms, and a frame of MP3 at 16 kHz alone has 36 ms. One of AAC has
            // 1,024 samples, whatever the rate.
            let most = match (format.encoding(), format.rate_hertz()) {
                (Encoding::AacAdts, Some(rate)) => 1_024_000 / rate as usize + if is_usual { 1 } else { 40 },
                _ if is_usual => 30,
                _ => 60,
            };
            assert!(wait <= most, "{format:?}: {wait} ms");
        }
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        for format in formats() {
            assert_eq!(encode(format, &[], 1), [], "{format:?}");
        }
    }

    #[test]
    fn it_plays_as_long_as_what_went_in_save_for_the_delay_of_a_codec() {
        const SECONDS: u64 = 2;
        let pcm = sound(usize::try_from(SECONDS * u64::from(SAMPLE_RATE_HERTZ)).unwrap());
        for format in formats() {
            let whole = SECONDS * u64::from(format.rate_hertz().unwrap());
            let made = samples(&encode(format, &pcm, 500));
            match format.encoding() {
                // Whole frames: the delay at most doubled, and what is left of a frame.
                Encoding::Mp3 | Encoding::AacAdts | Encoding::OpusPackets => {
                    assert!((whole..whole + 2 * 1_152 + 1_057).contains(&made), "{format:?}");
                }
                _ => assert_eq!(made, whole, "{format:?}"),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_bytes_are_the_same_however_the_input_is_split(
            format in prop::sample::select(formats().collect::<Vec<_>>()),
            length in 1..6_000_usize,
            chunk in 1..900_usize,
        ) {
            // Ogg streams are told apart by a random number.
            prop_assume!(format.encoding() != Encoding::OggOpus);
            let bytes = |packets: Vec<Packet>| packets.into_iter().flat_map(|packet| packet.data).collect::<Vec<_>>();
            let pcm = sound(length);
            prop_assert_eq!(bytes(encode(format, &pcm, chunk)), bytes(encode(format, &pcm, length)));
        }
    }
}
