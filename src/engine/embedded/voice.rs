//! The voice: text in, pieces of sound out.

use std::sync::Arc;

use super::acoustics::Acoustics;
use super::acoustics::Alphabet;
use super::edges;
use super::edges::Boundary;
use super::error::Error;
use super::lanes::Lanes;
use super::level;
use super::normalise::normalise;
use super::normalise::unspeakable;
use super::phonemes::Phonemizer;
use super::phonemes::split_piece;
use super::phonemes::split_reading;
use super::tempo;
use super::vocoder::Vocoder;

/// Up to this speed the network sets the pace. Beyond it the finished sound is made faster
/// instead: a recogniser understood that better (at 1.5 it missed 1 word in 100 and not 7),
/// and the network goes no faster than about 2, as each sound lasts at least one frame.
const FASTEST_PACED: f32 = 1.0;

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

    /// Reads the compiled-in data, which takes a fraction of a second and about 100 MB of memory.
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
    pub fn speak(self: &Arc<Self>, text: &str, speed: f64) -> Result<Vec<i16>, Error> {
        let pieces: Result<Vec<Vec<i16>>, Error> = self.pieces(text, speed)?.collect();
        Ok(pieces?.concat())
    }

    /// Speaks `text` piece by piece, each made when it is asked for.
    pub fn pieces(self: &Arc<Self>, text: &str, speed: f64) -> Result<Pieces, Error> {
        if !(Self::SLOWEST..=Self::FASTEST).contains(&speed) {
            return Err(Error::Speed { speed });
        }
        if let Some(letter) = unspeakable(text) {
            return Err(Error::Unspeakable(letter));
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range is small")]
        let speed = speed as f32;
        Ok(Pieces { voice: Arc::clone(self), text: normalise(text), read: 0, phonemes: String::new(), speed })
    }

    /// One piece of phonemes as sound, with the pause that belongs after it.
    fn sound(&self, phonemes: &str, speed: f32) -> Result<Vec<i16>, Error> {
        let paced = speed.min(FASTEST_PACED);
        let sound = self.vocoder.synthesise(&self.acoustics.predict(phonemes, paced)?);
        let sound = tempo::faster(sound, speed / paced);
        let mut sound = edges::trim(&sound, Boundary::after(phonemes), speed);
        level::raise(&mut sound);
        Ok(level::quantised(&sound))
    }
}

/// The pieces of one text, in order. Memory is bounded by the text and one piece of sound.
pub struct Pieces {
    voice: Arc<Voice>,
    /// Normalised text, and how many bytes of it are read.
    text: String,
    read: usize,
    /// Phonemes that are read but not yet spoken.
    phonemes: String,
    speed: f32,
}

impl Pieces {
    /// Reads on until one piece is full, or the text is at its end.
    fn fill(&mut self) -> Result<(), Error> {
        while self.read < self.text.len() && split_piece(&self.phonemes).1.is_empty() {
            let (head, _) = split_reading(&self.text[self.read..]);
            self.phonemes.push_str(&self.voice.phonemizer.phonemes(head)?);
            self.read += head.len();
            self.close();
        }
        Ok(())
    }

    /// Gives the end of a sentence its mark if an initialism has swallowed it ("at nine P.M.").
    fn close(&mut self) {
        let is_end = self.read == self.text.len() && Boundary::after(&self.text) == Boundary::Sentence;
        if is_end && Boundary::after(&self.phonemes) != Boundary::Sentence {
            self.phonemes.truncate(self.phonemes.trim_end().len());
            self.phonemes.push('.');
        }
    }

    fn next_piece(&mut self) -> Result<Option<Vec<i16>>, Error> {
        loop {
            self.fill()?;
            let (piece, rest) = split_piece(&self.phonemes);
            let (piece, rest) = (piece.to_owned(), rest.to_owned());
            self.phonemes = rest;
            if piece.contains(char::is_alphabetic) {
                return self.voice.sound(&piece, self.speed).map(Some);
            }
            if piece.is_empty() {
                return Ok(None);
            }
        }
    }
}

impl Iterator for Pieces {
    type Item = Result<Vec<i16>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_piece().transpose()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    /// Reads the first piece of each text and returns how many bytes that took.
    fn first_reading(voice: &Arc<Voice>, text: &str) -> usize {
        let mut pieces = voice.pieces(text, 1.0).unwrap();
        pieces.fill().unwrap();
        assert!(pieces.phonemes.contains(char::is_alphabetic));
        assert!(split_piece(&pieces.phonemes).0.chars().count() <= 400);
        pieces.read
    }

    #[test]
    fn no_more_is_read_than_the_next_piece_needs() {
        let voice = Arc::new(Voice::load().unwrap());
        let endless = [
            "We counted the boats in the harbor. ".repeat(3_000),
            "[".repeat(10_000) + "a",
            "](".repeat(10_000) + "a",
            "'a".repeat(10_000),
            "$(1)".repeat(10_000),
            "a".repeat(1 << 20),
            "W ".repeat(1 << 16),
            "7".repeat(10_000),
            "\u{202e}abc \u{301}".repeat(5_000),
            "x\u{0}".repeat(10_000),
            "\u{1f600}a".repeat(10_000),
        ];
        for text in endless {
            let read = first_reading(&voice, &text);
            assert!(read <= 1_000, "{read} bytes");
        }
    }

    #[test]
    fn a_long_text_is_several_pieces_that_are_all_spoken() {
        let voice = Arc::new(Voice::load().unwrap());
        let pieces = voice.pieces(&"seven boats ".repeat(80), 1.0).unwrap();
        let lengths: Vec<usize> = pieces.map(|piece| piece.unwrap().len()).collect();
        assert!((3..=5).contains(&lengths.len()), "{lengths:?}");
        // No word takes less than 150 ms.
        assert!(lengths.iter().sum::<usize>() > 160 * 3_600);
    }
}
