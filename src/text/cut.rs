//! Dividing a sentence that is too long: at the end of a clause, else between words, else between graphemes.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::segment::Limits;
use crate::text::segment::weight;
use crate::text::sentences::Rules;
use crate::text::sentences::is_closer;
use crate::text::sentences::is_grapheme_end;
use crate::text::sentences::is_terminator;
use crate::text::tokens;

/// The byte behind the best head of `sentence` that respects the hard limits; the sentence's end if all of it does.
///
/// A grapheme is divided only if it exceeds the limits by itself, and then between code points.
pub(super) fn within_limits(text: &str, sentence: Range<usize>, rules: Rules, limits: &Limits) -> usize {
    let fitting = sentence.start + fitting_length(&text[sentence.clone()], limits);
    if fitting == sentence.end {
        return fitting;
    }
    // A clause that ends in the first third would leave a scrap for a piece.
    let third = sentence.start + (fitting - sentence.start) / 3;
    let mut best: Option<Cut> = None;
    for cut in cuts(text, sentence.clone(), fitting, rules) {
        if best.as_ref().is_none_or(|best| cut.kind >= best.kind || best.at < third) {
            best = Some(cut);
        }
    }
    let cut = best.map_or(fitting, |cut| cut.at);
    // A shorter text has hardly ever more tokens, but it can: the merges at its end differ.
    if limits.admit_tokens(&text[sentence.start..cut]) { cut } else { fitting }
}

/// The end of a clause that makes a good first piece of a long `sentence`: the last one that weighs up to `target`,
/// else the first one that weighs up to twice as much.
pub(super) fn opening_clause(text: &str, sentence: Range<usize>, rules: Rules, target: usize) -> Option<usize> {
    let mut best = None;
    let mut weighed = 0;
    let mut from = sentence.start;
    for cut in cuts(text, sentence.clone(), sentence.end, rules).filter(|cut| cut.kind == Kind::Clause) {
        weighed += weight(&text[from..cut.at]);
        from = cut.at;
        if weighed > 2 * target || (weighed > target && best.is_some()) {
            break;
        }
        if weighed >= target / 3 {
            best = Some(cut.at);
        }
    }
    best
}

/// The end of the first clause of `sentence` that has at least `min_chars` code points.
pub(super) fn first_clause(text: &str, sentence: Range<usize>, rules: Rules, min_chars: usize) -> Option<usize> {
    cuts(text, sentence.clone(), sentence.end, rules)
        .filter(|cut| cut.kind == Kind::Clause)
        .find(|cut| text[sentence.start..cut.at].chars().count() >= min_chars)
        .map(|cut| cut.at)
}

struct Cut {
    at: usize,
    kind: Kind,
}

/// How little a cut is heard, worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Inside a number or behind an abbreviation: "10 000", "Dr. Smith".
    Bound,
    Word,
    Clause,
}

/// Where `sentence` may be divided up to byte `last`, in order: in front of white space, and behind punctuation of
/// scripts without it.
fn cuts(text: &str, sentence: Range<usize>, last: usize, rules: Rules) -> impl Iterator<Item = Cut> {
    let mut before = None;
    let mut is_clause = false;
    let places = text[sentence.clone()].char_indices().map(move |(offset, c)| (sentence.start + offset, c));
    places.take_while(move |&(at, _)| at <= last).filter_map(move |(at, c)| {
        let last = before.replace(c);
        let was_clause = is_clause;
        is_clause = is_clause_mark(c) || (was_clause && is_closer(c));
        let last = last?;
        if c.is_whitespace() {
            return (!last.is_whitespace()).then(|| Cut { at, kind: kind(text, &sentence, at, was_clause, rules) });
        }
        let is_cut = is_unspaced_mark(last) && !is_clause && !is_closer(c) && is_grapheme_end(text, at);
        is_cut.then_some(Cut { at, kind: Kind::Clause })
    })
}

/// What the white space of `text` at byte `at` divides.
fn kind(text: &str, sentence: &Range<usize>, at: usize, is_clause: bool, rules: Rules) -> Kind {
    let head = &text[sentence.start..at];
    let tail = text[at..sentence.end].trim_start();
    if is_number_group(head, tail) || rules.is_bound(text, sentence.start, at) {
        Kind::Bound
    } else if is_clause {
        Kind::Clause
    } else {
        Kind::Word
    }
}

/// "10 000": white space between groups of three digits.
fn is_number_group(head: &str, tail: &str) -> bool {
    let digits = tail.bytes().take(4).take_while(u8::is_ascii_digit).count();
    digits == 3 && head.ends_with(|c: char| c.is_ascii_digit())
}

fn is_clause_mark(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '–' | '—' | '،' | '؛' | '·') || is_unspaced_mark(c) || is_terminator(c)
}

fn is_unspaced_mark(c: char) -> bool {
    matches!(c, '、' | '，' | '；' | '：' | '。' | '！' | '？' | '｡' | '､' | '—' | '।')
}

/// The length in bytes of the longest head of `text` that respects the hard limits, at least one code point.
fn fitting_length(text: &str, limits: &Limits) -> usize {
    // Nearly every text: no code point is shorter than a byte.
    if text.len() <= limits.max_chars && limits.admit_tokens(text) {
        return text.len();
    }
    // One code point more than may be taken shows whether the last grapheme goes on.
    let window = text.char_indices().nth(limits.max_chars.saturating_add(1)).map_or(text, |(end, _)| &text[..end]);
    let mut length = prefix(window, |_, chars| chars <= limits.max_chars);
    while !limits.admit_tokens(&text[..length]) {
        let whole = &text[..length];
        let count = tokens::count(whole);
        let room = length * limits.max_tokens.unwrap_or(count) / count.max(1) * 19 / 20;
        let first = whole.graphemes(true).next().unwrap_or_default();
        if first.len() > room && first.len() < length && limits.admit_tokens(first) {
            return first.len();
        }
        let shorter = prefix(whole, |bytes, _| bytes <= room);
        if shorter == length {
            break;
        }
        length = shorter;
    }
    length
}

/// The length of the longest head of whole graphemes for which `holds(bytes, code points)`; if not even the first one
/// does, of code points.
fn prefix(text: &str, holds: impl Fn(usize, usize) -> bool) -> usize {
    let graphemes = longest(text.graphemes(true), &holds);
    if graphemes > 0 {
        return graphemes;
    }
    let one = text.chars().next().map_or(0, char::len_utf8);
    longest(text.split_inclusive(|_| true), &holds).max(one)
}

fn longest<'t>(parts: impl Iterator<Item = &'t str>, holds: impl Fn(usize, usize) -> bool) -> usize {
    let mut bytes = 0;
    let mut chars = 0;
    for part in parts {
        chars += part.chars().count();
        if !holds(bytes + part.len(), chars) {
            break;
        }
        bytes += part.len();
    }
    bytes
}
