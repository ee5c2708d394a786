//! One phrase that is said in another way, and how far a text matches it.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use icu_properties::props::GeneralCategoryGroup;

use crate::speech::Pronunciation;
use crate::text::sentences::is_unspaced;

/// A blank in a pattern, which any white space matches.
const BLANK: char = ' ';

/// How much of a phrase was matched.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// The code points of the pattern.
    matched: usize,
    /// Whether white space was read for the blank that comes next.
    is_in_blank: bool,
}

/// A phrase in the form in which it is compared.
pub(super) struct Phrase {
    /// With single blanks; in lower case unless case matters.
    pattern: Vec<char>,
    is_exact: bool,
    /// What is said instead.
    pub(super) replacement: String,
}

impl Phrase {
    /// Nothing if there is nothing to look for.
    pub(super) fn new(pronunciation: &Pronunciation) -> Option<Self> {
        let words: Vec<&str> = pronunciation.phrase.split_whitespace().collect();
        let chars = words.join(" ");
        let is_exact = pronunciation.case_sensitive;
        let pattern: Vec<char> =
            if is_exact { chars.chars().collect() } else { chars.chars().flat_map(folded).collect() };
        let replacement = pronunciation.replacement.clone();
        (!pattern.is_empty()).then_some(Self { pattern, is_exact, replacement })
    }

    /// What the first code point of a match folds to first.
    pub(super) fn first(&self) -> Option<char> {
        self.pattern.first().copied().and_then(key)
    }

    /// How long the pattern is.
    pub(super) fn len(&self) -> usize {
        self.pattern.len()
    }

    /// Whether the phrase may begin behind `before`.
    pub(super) fn begins_behind(&self, before: Option<char>) -> bool {
        let is_one_word = |(first, before): (&char, char)| are_of_one_word(before, *first);
        !self.pattern.first().zip(before).is_some_and(is_one_word)
    }

    /// Whether the phrase may end whatever follows.
    pub(super) fn ends_anywhere(&self) -> bool {
        !self.pattern.last().is_some_and(|last| is_of_word(*last))
    }

    /// Whether the phrase may end in front of `next`.
    pub(super) fn ends_before(&self, next: char) -> bool {
        !self.pattern.last().is_some_and(|last| are_of_one_word(*last, next))
    }

    pub(super) fn is_whole(&self, progress: Progress) -> bool {
        progress.matched == self.pattern.len()
    }

    /// Reads `c`; nothing if it does not match.
    pub(super) fn read(&self, progress: Progress, c: char) -> Option<Progress> {
        let Progress { mut matched, is_in_blank } = progress;
        if self.pattern.get(matched) == Some(&BLANK) {
            if c.is_whitespace() {
                return Some(Progress { matched, is_in_blank: true });
            }
            matched += usize::from(is_in_blank);
        }
        let is_next = |wanted: char| {
            let is_next = self.pattern.get(matched) == Some(&wanted);
            matched += 1;
            is_next
        };
        let is_match = if self.is_exact { [c].into_iter().all(is_next) } else { folded(c).all(is_next) };
        is_match.then_some(Progress { matched, is_in_blank: false })
    }
}

/// What phrases that may begin with `c` are looked up by.
pub(super) fn key(c: char) -> Option<char> {
    folded(c).next()
}

/// `c` in lower case. The sigma at the end of a Greek word is the same letter.
fn folded(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|c| if c == 'ς' { 'σ' } else { c })
}

/// Whether `left` and `right`, side by side, are within one word.
fn are_of_one_word(left: char, right: char) -> bool {
    is_of_word(left) && is_of_word(right)
}

/// Letters, digits, and the marks that are written onto them. Scripts without spaces do not show where words end, so
/// that there every place may be the edge of one.
fn is_of_word(c: char) -> bool {
    let is_mark = || GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c));
    (c.is_alphanumeric() && !is_unspaced(c)) || (!c.is_ascii() && is_mark())
}
