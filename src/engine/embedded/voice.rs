//! The voice: text in, pieces of sound out.

use std::sync::Arc;

use super::acoustics::Acoustics;
use super::acoustics::Alphabet;
use super::error::Error;
use super::lanes::Lanes;
use super::level;
use super::phonemes::Packing;
use super::phonemes::Phonemizer;
use super::vocoder::Vocoder;

/// The built-in voice. Share it: all methods take `&self` and any number of threads
/// may speak at once, each on its own core.
pub struct Voice {
    phonemizer: Phonemizer,
    acoustics: Acoustics,
    vocoder: Vocoder,
}

impl Voice {
    /// The slowest speed, times the usual pace.
    pub const SLOWEST: f64 = 0.25;
    /// The fastest speed, times the usual pace.
    pub const FASTEST: f64 = 4.0;

    /// Reads the compiled-in data; about 160 ms.
    pub fn load() -> Result<Self, Error> {
        let alphabet = Arc::new(Alphabet::load()?);
        let lanes = Arc::new(Lanes::new());
        Ok(Self {
            phonemizer: Phonemizer::load(Arc::clone(&alphabet), Arc::clone(&lanes))?,
            acoustics: Acoustics::load(alphabet, lanes)?,
            vocoder: Vocoder::new(),
        })
    }

    /// Speaks `text` whole: mono samples at 24 kHz.
    pub fn speak(&self, text: &str, speed: f64) -> Result<Vec<i16>, Error> {
        let pieces: Result<Vec<Vec<i16>>, Error> = self.pieces(text, speed)?.collect();
        Ok(pieces?.concat())
    }

    /// Speaks `text` piece by piece, each made when it is asked for.
    pub fn pieces(&self, text: &str, speed: f64) -> Result<Pieces<'_>, Error> {
        if !(Self::SLOWEST..=Self::FASTEST).contains(&speed) {
            return Err(Error::Speed { speed });
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range is small")]
        let speed = speed as f32;
        Ok(Pieces { voice: self, text: text.to_owned(), phonemes: String::new(), speed })
    }

    /// The network's own samples for one piece of phonemes.
    fn sound(&self, phonemes: &str, speed: f32) -> Result<Vec<f32>, Error> {
        Ok(self.vocoder.synthesise(&self.acoustics.predict(phonemes, speed)?))
    }
}

/// The pieces of one text, in order. Memory is bounded by the text's length and one piece.
pub struct Pieces<'a> {
    voice: &'a Voice,
    text: String,
    phonemes: String,
    speed: f32,
}

impl Pieces<'_> {
    fn next_piece(&mut self) -> Result<Option<Vec<i16>>, Error> {
        self.text.drain(..0);
        let (head, rest) = Packing::reading(&self.text);
        let (head, rest) = (head.to_owned(), rest.to_owned());
        if head.is_empty() && self.phonemes.is_empty() {
            return Ok(None);
        }
        self.phonemes = self.voice.phonemizer.phonemes(&head)?;
        self.text = rest;
        let (piece, _) = Packing::piece(&self.phonemes);
        let sound = self.voice.sound(piece, self.speed)?;
        self.phonemes.clear();
        Ok(Some(level::finish(sound)))
    }
}

impl Iterator for Pieces<'_> {
    type Item = Result<Vec<i16>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_piece().transpose()
    }
}
