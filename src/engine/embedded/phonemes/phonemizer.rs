//! The phonemizer: lexicon, part-of-speech rules, and the reader behind them.

use std::sync::Arc;

use misaki_rs::Fallback;
use misaki_rs::G2P;
use misaki_rs::Language;
use misaki_rs::MToken;
use misaki_rs::fallback::FallbackError;

use super::letters;
use super::reader::Reader;
use crate::engine::embedded::acoustics::Alphabet;
use crate::engine::embedded::error::Error;
use crate::engine::embedded::lanes::Lanes;

pub(in crate::engine::embedded) struct Phonemizer {
    lexicon: G2P,
    reader: Arc<Reader>,
    alphabet: Arc<Alphabet>,
}

impl Phonemizer {
    pub(in crate::engine::embedded) fn load(alphabet: Arc<Alphabet>, lanes: Arc<Lanes>) -> Result<Self, Error> {
        let reader = Arc::new(Reader::load(lanes)?);
        let unknown = Box::new(Unknown(Arc::clone(&reader)));
        let lexicon = G2P::with_fallback(Language::EnglishUS, Some(unknown));
        Ok(Self { lexicon, reader, alphabet })
    }

    /// The phonemes of normalised `text`, words apart by spaces.
    ///
    /// Every word that holds a letter gives at least one phoneme. The time grows
    /// with the square of the length for some texts, so callers pass what
    /// [`super::split_reading`] gives them.
    pub(in crate::engine::embedded) fn phonemes(&self, text: &str) -> Result<String, Error> {
        let (_, tokens) = self.lexicon.g2p(text).map_err(|e| failed(&e))?;
        let mut phonemes = String::new();
        for token in &tokens {
            phonemes.push_str(&self.token(token)?);
            if !token.whitespace.is_empty() {
                phonemes.push(' ');
            }
        }
        Ok(phonemes)
    }

    /// The token's phonemes that the voice knows; a word without any is read, else spelled.
    fn token(&self, token: &MToken) -> Result<String, Error> {
        let known = self.known(token.phonemes.as_deref().unwrap_or_default());
        if is_spoken(&known) || !token.text.contains(|c: char| c.is_ascii_alphabetic()) {
            return Ok(known);
        }
        let read = self.known(&self.reader.read(&token.text)?);
        Ok(if is_spoken(&read) { read } else { letters::spelled(&token.text) })
    }

    fn known(&self, phonemes: &str) -> String {
        phonemes.chars().filter(|phoneme| self.alphabet.contains(*phoneme)).collect()
    }
}

/// Hands words that the lexicon cannot read to the [`Reader`].
struct Unknown(Arc<Reader>);

impl Fallback for Unknown {
    fn phonemize(&self, word: &str) -> Result<String, FallbackError> {
        let parts = word.split(|c: char| !c.is_ascii_alphabetic()).filter(|part| !part.is_empty());
        let read: Result<Vec<String>, Error> = parts.map(|part| self.0.read(part)).collect();
        // The error's `word` would end in messages, and texts stay out of those.
        read.map(|parts| parts.join(" ")).map_err(|_| FallbackError::NoPhonemes { word: String::new() })
    }
}

fn is_spoken(phonemes: &str) -> bool {
    phonemes.contains(char::is_alphabetic)
}

fn failed(error: &misaki_rs::g2p::G2PError) -> Error {
    Error::Network { network: "reading", reason: error.to_string() }
}
