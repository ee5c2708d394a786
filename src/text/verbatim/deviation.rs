//! What a transcript says that the text does not.

use super::fold::fold;
use super::language::Language;
use super::negation::is_negation;
use super::number;

/// The first place at which a transcript says something else than the text.
///
/// What the deviation is becomes clearer with a few more words: `kind` and `said` may still change while more is heard.
/// That there is one, and where, does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// What is wrong.
    pub kind: Kind,
    /// What the text says there, as it is written; empty behind its end.
    pub wanted: String,
    /// What was heard instead, as it was written; empty if the transcript ended.
    pub said: String,
    /// Where it is in the text, in code points.
    pub at_char: usize,
}

/// What is wrong with a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Something is said that is not in the text: a preamble, a closing remark, a word in between.
    Added,
    /// Something in the text is not said.
    Missing,
    /// Another word is said, or the words are in another order.
    Changed,
    /// Another number is said.
    Number,
    /// Something is denied that is not in the text, or the other way round.
    Negation,
}

/// How many words of the text are searched for where the transcript goes on.
const WINDOW: usize = 8;

/// What is known about a deviation, to say its kind.
pub(super) struct Circumstances<'d> {
    pub(super) language: Language,
    /// What the text says from the deviation on.
    pub(super) text: &'d [String],
    /// What the transcript says from the deviation on; its last word may be a part of one.
    pub(super) said: &'d [String],
    pub(super) is_complete: bool,
}

impl Circumstances<'_> {
    pub(super) fn kind(&self) -> Kind {
        let (Some(wanted), Some(said)) = (self.text.first(), self.said.first()) else {
            return if self.text.is_empty() { Kind::Added } else { Kind::Missing };
        };
        let is_denied = |word: &String| is_negation(self.language, word);
        let (text_end, said_end) = self.until_both_go_on();
        let is_denied_in = |words: &[String], end: usize| words.iter().take(end).any(is_denied);
        if is_denied(wanted) != is_denied(said)
            || is_denied_in(self.text, text_end) != is_denied_in(self.said, said_end)
        {
            return Kind::Negation;
        }
        if self.is_number(wanted) || self.is_number(said) {
            return Kind::Number;
        }
        let text: Vec<String> = self.text.iter().take(WINDOW).map(|word| fold(word)).collect();
        let heard: Vec<String> = self.said.iter().map(|word| fold(word)).collect();
        let goes_on_later = text.iter().skip(1).position(|word| heard.first() == Some(word));
        let comes_later = heard.iter().skip(1).position(|word| text.first() == Some(word));
        match (goes_on_later, comes_later) {
            (Some(skipped), Some(added)) if skipped == added => Kind::Changed,
            (Some(skipped), Some(added)) => {
                if added < skipped {
                    Kind::Added
                } else {
                    Kind::Missing
                }
            }
            (Some(_), None) => Kind::Missing,
            (None, Some(_)) => Kind::Added,
            (None, None)
                if self.is_complete
                    && heard.len() == 1
                    && text.first().is_some_and(|word| {
                        word.starts_with(heard.first().map_or("", String::as_str)) && !heard.concat().is_empty()
                    }) =>
            {
                Kind::Missing
            }
            (None, None) => Kind::Changed,
        }
    }

    /// Up to where text and transcript say something else, in words of each; nothing if they do not come together again.
    fn until_both_go_on(&self) -> (usize, usize) {
        let fold_all = |words: &[String]| words.iter().take(WINDOW).map(|word| fold(word)).collect::<Vec<_>>();
        let (text, said) = (fold_all(self.text), fold_all(self.said));
        let pairs = text.iter().enumerate().flat_map(|(at, word)| {
            said.iter().enumerate().filter(move |(_, heard)| *heard == word).map(move |(there, _)| (at, there))
        });
        pairs.min_by_key(|(at, there)| at + there).unwrap_or((0, 0))
    }

    fn is_number(&self, word: &str) -> bool {
        word.chars().any(char::is_numeric) || !number::read(self.language, &[&fold(word)]).is_empty()
    }
}
