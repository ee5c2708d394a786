//! What a language knows about full stops: its abbreviations, and words that begin a sentence more often than a name.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::LazyLock;

use super::words;
use super::words::Words;
use crate::text::language::Language;

/// How an abbreviation holds on to what follows its full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glue {
    /// A name follows: "Dr.", "ул.". It never ends a sentence.
    Title,
    /// A number follows: "No. 5", "S. 12". Without one it is an ordinary word.
    Number,
    /// Anything may follow: "bzw.", "approx.". It ends a sentence only in front of a word that begins one.
    Word,
    /// It often ends a sentence: "etc.", "Inc.". A capital letter behind it begins the next one.
    Last,
    /// The Hindi name of a Latin letter, which is also a word: it is an initial next to another one.
    Letter,
}

/// The words of a language that writes Latin letters, and those of the languages that do not.
#[derive(Debug)]
pub(super) struct Lexicon {
    glue: HashMap<&'static str, Glue>,
    starters: HashSet<&'static str>,
    language: Option<Language>,
}

impl Lexicon {
    /// The lexicon for the BCP-47 tag `hint`, or for what `text` seems to be written in.
    pub(super) fn of(text: &str, hint: Option<&str>) -> &'static Self {
        static LEXICONS: LazyLock<HashMap<Option<Language>, Lexicon>> = LazyLock::new(|| {
            let known = Language::LATIN.map(Some);
            known.into_iter().chain([Some(Language::Ordinal), None]).map(|l| (l, Lexicon::new(l))).collect()
        });
        static ANY: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(None));
        LEXICONS.get(&Language::guess(text, hint)).unwrap_or(&ANY)
    }

    fn new(language: Option<Language>) -> Self {
        let tables: Vec<&Words> = match language.and_then(words::of) {
            // English titles appear in every language, so they come along behind the language's own words.
            Some(own) => words::OTHER_SCRIPTS.into_iter().chain([own, &words::ENGLISH]).collect(),
            None => words::OTHER_SCRIPTS.into_iter().chain(Language::LATIN.into_iter().filter_map(words::of)).collect(),
        };
        let mut glue = HashMap::new();
        for kind in [Glue::Title, Glue::Number, Glue::Last, Glue::Word, Glue::Letter] {
            for &word in tables.iter().flat_map(|words| words.of(kind)) {
                glue.entry(word).or_insert(kind);
            }
        }
        let starters = tables.iter().flat_map(|words| words.starters).copied().collect();
        Self { glue, starters, language }
    }

    /// What `token`, which stands in front of a full stop, is known to be.
    pub(super) fn glue(&self, token: &str) -> Option<Glue> {
        let word = token.to_lowercase();
        let bare = word.rsplit(['\'', '’']).next().unwrap_or_default();
        self.glue.get(word.as_str()).or_else(|| self.glue.get(bare)).copied()
    }

    /// Whether `word`, with `rest` behind it, is likely to begin a sentence where a capital letter proves nothing.
    pub(super) fn is_starter(&self, word: &str, rest: &str) -> bool {
        self.starters.contains(word)
            || (rest.starts_with(['\'', '’']) && self.starters.contains(format!("{word}'").as_str()))
    }

    /// Whether `word` is a month that an ordinal day stands in front of.
    pub(super) fn is_month(&self, word: &str) -> bool {
        matches!(self.language, None | Some(Language::German)) && words::GERMAN_MONTHS.contains(&word)
    }

    /// Whether a full stop makes a number an ordinal.
    pub(super) fn has_ordinals(&self) -> bool {
        matches!(self.language, Some(Language::German | Language::Ordinal))
    }

    /// Whether every noun is written with a capital letter, so that one does not show a sentence's beginning.
    pub(super) fn has_capital_nouns(&self) -> bool {
        self.language == Some(Language::German)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_its_own_words_and_english_titles() {
        let german = Lexicon::of("", Some("de-AT"));
        assert_eq!(german.glue("Hrn"), Some(Glue::Title));
        assert_eq!(german.glue("Mr"), Some(Glue::Title));
        assert_eq!(german.glue("Sra"), None);
    }

    #[test]
    fn without_evidence_every_language_is_asked() {
        let any = Lexicon::of("", None);
        for word in ["Sra", "Hrn", "Mme", "Dott", "ул", "डॉ"] {
            assert_eq!(any.glue(word), Some(Glue::Title), "{word}");
        }
    }

    #[test]
    fn tables_hold_words_as_they_are_looked_up() {
        for words in words::OTHER_SCRIPTS.into_iter().chain(Language::LATIN.into_iter().filter_map(words::of)) {
            for kind in [Glue::Title, Glue::Number, Glue::Last, Glue::Word, Glue::Letter] {
                for word in words.of(kind) {
                    assert_eq!(*word, word.to_lowercase(), "looked up in lower case");
                    assert!(!word.ends_with('.') && !word.contains(char::is_whitespace), "{word:?}");
                }
            }
        }
    }
}
