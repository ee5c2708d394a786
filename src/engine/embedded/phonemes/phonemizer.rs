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
        // An error would be logged with the word. Without phonemes the word is read once more, and
        // what fails then is reported without it.
        Ok(read.map(|parts| parts.join(" ")).unwrap_or_default())
    }
}

fn is_spoken(phonemes: &str) -> bool {
    phonemes.contains(char::is_alphabetic)
}

fn failed(error: &misaki_rs::g2p::G2PError) -> Error {
    Error::Network { network: "reading", reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::engine::embedded::normalise::normalise;
    use crate::engine::embedded::phonemes::split_reading;

    static PHONEMIZER: LazyLock<Phonemizer> =
        LazyLock::new(|| Phonemizer::load(Arc::new(Alphabet::load().unwrap()), Arc::new(Lanes::new())).unwrap());

    fn phonemes(text: &str) -> String {
        PHONEMIZER.phonemes(text).unwrap()
    }

    #[test]
    fn known_words_come_from_the_lexicon() {
        assert_eq!(phonemes("Hello there."), "həlˈO ðˈɛɹ.");
        assert_eq!(phonemes("NASA"), "nˈæsə");
    }

    #[test]
    fn initialisms_are_spelled() {
        assert_eq!(phonemes("at nine P.M. today"), "æt nˈIn pˌiˈɛm tədˈA");
        assert!(phonemes("HTTP").contains("tˌitˌi"));
    }

    #[test]
    fn unknown_words_are_read_whole_whatever_their_length() {
        let short = phonemes("zorblaxian");
        let long = phonemes(&"zorblaxian".repeat(20));
        assert!(is_spoken(&short));
        assert!(long.chars().count() > 15 * short.chars().count(), "{long}");
    }

    #[test]
    fn single_letters_and_letters_without_vowels_are_spoken() {
        for word in
            ('a'..='z').chain('A'..='Z').map(String::from).chain(["hmm", "pfft", "zzzz", "xkcd"].map(String::from))
        {
            assert!(is_spoken(&phonemes(&word)), "{word}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn whatever_is_normalised_can_be_read(text in "[a-zA-Z0-9 '.,!?;:/$%()\\[\\]-]{0,200}|\\PC{0,60}") {
            let normalised = normalise(&text);
            let (head, _) = split_reading(&normalised);
            let letters = head.contains(|c: char| c.is_ascii_alphabetic());
            prop_assert_eq!(is_spoken(&phonemes(head)), letters, "{}", head);
        }

        #[test]
        fn every_word_is_spoken_and_in_the_alphabet(words in prop::collection::vec("[a-zA-Z]{1,12}('[a-z]{1,2}|-[a-z]{1,5})?|[A-Z]\\.[A-Z]\\.", 1..6)) {
            for word in &words {
                prop_assert!(is_spoken(&phonemes(word)), "{} is silent", word);
            }
            let text = words.join(" ");
            let read = phonemes(&text);
            prop_assert_eq!(read.split(' ').filter(|word| is_spoken(word)).count() >= words.len(), true, "{} is {}", text, read);
            prop_assert!(read.chars().all(|phoneme| PHONEMIZER.alphabet.contains(phoneme)));
        }
    }
}
