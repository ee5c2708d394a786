//! Sentences: a forward scan that stops at each mark that could end one and asks [`boundary`] whether it does.
//!
//! The scan reads every character a bounded number of times, whatever the text, and never looks further than the
//! sentence it is in: the first sentence of a long text costs no more than that of a short one. That is why it is
//! written here: `unicode-segmentation` 1.13 needs quadratic time for blanks behind a full stop, and `sentencex` 0.1.33
//! reads whole paragraphs before it answers and joins sentences at words such as the Spanish "no" or the Italian "la".

mod boundary;
mod enclosure;
mod lexicon;
mod marks;
mod words;

use std::ops::Range;

use crate::text::sentences::boundary::Stop;
use crate::text::sentences::boundary::Text;
use crate::text::sentences::boundary::ends_block;
pub(super) use crate::text::sentences::boundary::is_grapheme_end;
use crate::text::sentences::boundary::skip_space;
use crate::text::sentences::enclosure::Enclosure;
use crate::text::sentences::lexicon::Lexicon;
pub(super) use crate::text::sentences::marks::is_closer;
pub(super) use crate::text::sentences::marks::is_terminator;
pub(super) use crate::text::sentences::marks::is_unspaced;
pub(super) use crate::text::sentences::marks::line_ends;

/// The sentences of `text` in order, as byte ranges without the white space around them.
///
/// `language` is a BCP-47 tag; without one, or with one that is not known, the language is guessed from the text.
/// Every character that is not white space is in exactly one sentence. Blank lines and list items end a sentence too.
pub fn sentences<'t>(text: &'t str, language: Option<&str>) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let rules = Rules::of(text, language);
    let mut at = 0;
    std::iter::from_fn(move || {
        let sentence = rules.sentence(text, at)?;
        at = sentence.end;
        Some(sentence)
    })
}

/// What is known about the language of a text; cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    lexicon: &'static Lexicon,
}

impl Rules {
    /// The rules for `language`, or for what `text` seems to be written in.
    pub(super) fn of(text: &str, language: Option<&str>) -> Self {
        Self { lexicon: Lexicon::of(text, language) }
    }

    /// The first sentence of `text` from byte `from` on, or nothing if only white space is left.
    pub(super) fn sentence(self, text: &str, from: usize) -> Option<Range<usize>> {
        self.find(Text { written: text, is_whole: true }, from)
    }

    /// The first sentence of `text`, which is still being written, from byte `from` on; nothing unless it is certain that it
    /// ends there whatever follows.
    pub(super) fn certain_sentence(self, text: &str, from: usize) -> Option<Range<usize>> {
        self.find(Text { written: text, is_whole: false }, from)
    }

    /// Whether the full stop in front of byte `end` belongs to an abbreviation or number that what follows completes.
    pub(super) fn is_bound(self, text: &str, start: usize, end: usize) -> bool {
        let whole = Text { written: text, is_whole: true };
        text[start..end].ends_with('.') && self.is_end(whole, start, &Stop { run: end - 1..end, end }) == Some(false)
    }

    fn find(self, text: Text<'_>, from: usize) -> Option<Range<usize>> {
        let start = skip_space(text.written, from);
        let end = self.end(text, start).filter(|_| start < text.written.len())?;
        Some(start..start + text.written[start..end].trim_end().len())
    }

    fn end(self, text: Text<'_>, start: usize) -> Option<usize> {
        let Text { written, is_whole } = text;
        let mut enclosure = Enclosure::default();
        // The first sentence end inside an open quotation: it counts if the quotation turns out to have no end.
        let mut held = None;
        let mut before = None;
        let mut at = start;
        while let Some(c) = written[at..].chars().next() {
            if marks::line_ends(c) > 0 && ends_block(Text { written: &written[at..], is_whole })? {
                return held.or(Some(at));
            }
            if is_terminator(c) {
                let stop = Stop::read(written, at, &mut enclosure);
                let is_end = self.is_end(text, start, &stop)?;
                if is_end && !enclosure.is_open() {
                    return Some(stop.end);
                }
                held = held.or(is_end.then_some(stop.end)).filter(|_| enclosure.is_open());
                before = written[..stop.end].chars().next_back();
                at = stop.end;
                continue;
            }
            let next = at + c.len_utf8();
            enclosure.pass(at, before, c, written[next..].chars().next());
            if enclosure.is_overdue(at) {
                if held.is_some() {
                    return held;
                }
                enclosure.forget();
            }
            held = held.filter(|_| enclosure.is_open());
            before = Some(c);
            at = next;
        }
        is_whole.then(|| held.unwrap_or(at))
    }

    fn is_end(self, text: Text<'_>, start: usize, stop: &Stop) -> Option<bool> {
        boundary::is_end(text, start, stop, self.lexicon)
    }
}

#[cfg(test)]
mod tests;
