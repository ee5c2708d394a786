//! Whether a mark that could end a sentence does: what stands before it, what follows, and what the language knows.
//!
//! A text that is still being written may not yet hold what decides. Then there is no answer, and none that more text could
//! prove wrong.

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

use super::enclosure::Enclosure;
use super::lexicon::Glue;
use super::lexicon::Lexicon;
use super::marks::is_closer;
use super::marks::is_dot;
use super::marks::is_hiragana;
use super::marks::is_lead;
use super::marks::is_terminator;
use super::marks::is_unspaced;
use super::marks::line_ends;

/// A text, or as much of it as is written.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) written: &'t str,
    /// Nothing will be added.
    pub(super) is_whole: bool,
}

/// A run of terminators and the closing quotes and brackets behind it, in bytes of the text.
pub(super) struct Stop {
    /// The terminators.
    pub(super) run: Range<usize>,
    /// Where the sentence would end.
    pub(super) end: usize,
}

impl Stop {
    /// Reads the run at byte `at`, and closes what `enclosure` holds open if the closing mark follows it.
    pub(super) fn read(text: &str, at: usize, enclosure: &mut Enclosure) -> Self {
        let run_end = at + length_while(&text[at..], is_terminator);
        let mut end = run_end;
        let mut before = text[at..run_end].chars().next_back();
        while let Some(c) = text[end..].chars().next().filter(|&c| is_closer(c) || enclosure.closes(c)) {
            let next = end + c.len_utf8();
            enclosure.pass(end, before, c, text[next..].chars().next());
            before = Some(c);
            end = next;
        }
        Self { run: at..run_end, end: spaced_closer(text, end, enclosure).unwrap_or(end) }
    }
}

/// Whether the sentence of `text` that begins at byte `start` ends at `stop`; none if what follows is still to be written.
pub(super) fn is_end(text: Text<'_>, start: usize, stop: &Stop, lexicon: &Lexicon) -> Option<bool> {
    let before = &text.written[start..stop.run.start];
    let run = &text.written[stop.run.clone()];
    let behind = &text.written[stop.end..];
    let after = behind.trim_start();
    let Some(next) = after.chars().next() else {
        // Whatever comes behind a blank line is another block.
        return (text.is_whole || is_blank_line(behind)).then_some(true);
    };
    let is_free = after.len() < behind.len()
        || (is_grapheme_end(text.written, stop.end) && ends_without_space(before, run, stop.end > stop.run.end, next));
    if !is_free || is_terminator(next) || matches!(next, ',' | ';' | ':' | ')' | '،' | '、' | '，') {
        return Some(false);
    }
    let after = after.trim_start_matches(is_lead);
    if after.is_empty() && !text.is_whole {
        return None;
    }
    let first = after.chars().next().unwrap_or(next);
    if first.is_lowercase() && !run.ends_with(|c: char| !c.is_ascii() && c != '…') {
        return Some(false);
    }
    let follow = Follow::of(after, text.is_whole, lexicon);
    if is_ellipsis(before, run) {
        return follow.opens_sentence(first);
    }
    if run.chars().all(is_dot) { full_stop(before, &follow, lexicon) } else { Some(true) }
}

/// Whether a grapheme of `text` ends in front of byte `at`.
pub(crate) fn is_grapheme_end(text: &str, at: usize) -> bool {
    GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}

/// Whether `text`, which begins with a line end, begins with a blank line or is followed by a list item; none if that is
/// still to be written.
pub(super) fn ends_block(text: Text<'_>) -> Option<bool> {
    let after = text.written.trim_start();
    if is_blank_line(&text.written[..text.written.len() - after.len()]) {
        return Some(true);
    }
    is_list_item(Text { written: after, ..text })
}

fn is_blank_line(gap: &str) -> bool {
    gap.chars().map(line_ends).sum::<usize>() > 1
}

/// The first byte from `from` on that is not white space.
pub(super) fn skip_space(text: &str, from: usize) -> usize {
    text.len() - text[from..].trim_start().len()
}

fn is_list_item(line: Text<'_>) -> Option<bool> {
    let Text { written, is_whole } = line;
    let number = length_while(written, |c| c.is_ascii_digit());
    let hashes = length_while(written, |c| c == '#');
    let label = if number > 0 { number } else { hashes };
    let Some(next) = written[label..].chars().next() else { return is_whole.then_some(false) };
    let is_label = match number {
        0 => matches!(next, '-' | '*' | '+' | '•' | '·' | '‣' | '◦' | '–' | '—'),
        1..=3 => matches!(next, '.' | ')'),
        _ => false,
    };
    if !is_label {
        return Some(hashes > 0 && next.is_whitespace());
    }
    let rest = written[label + next.len_utf8()..].chars().next();
    rest.map(char::is_whitespace).or_else(|| is_whole.then_some(false))
}

/// The end of « … ! »: French sets a space in front of the closing mark.
fn spaced_closer(text: &str, end: usize, enclosure: &mut Enclosure) -> Option<usize> {
    let space = text[end..].chars().next().filter(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}'))?;
    let at = end + space.len_utf8();
    let c = text[at..].chars().next().filter(|&c| c != '"' && enclosure.closes(c))?;
    enclosure.pass(at, Some(space), c, None);
    Some(at + c.len_utf8())
}

/// Without a space a mark ends a sentence only where the script sets none, and not inside a number or an address.
fn ends_without_space(before: &str, run: &str, is_closed: bool, next: char) -> bool {
    let last = run.chars().next_back().unwrap_or('.');
    let is_carried_on = is_closed && is_hiragana(next);
    let follows_unspaced = before.chars().next_back().is_some_and(|c| is_unspaced(c) || is_closer(c));
    match last {
        '…' => is_closed && is_unspaced(next) && !is_carried_on,
        c if is_dot(c) => follows_unspaced && is_unspaced(next) && !is_carried_on,
        c if c.is_ascii() => is_unspaced(next) && !is_carried_on,
        _ => !is_carried_on,
    }
}

fn is_ellipsis(before: &str, run: &str) -> bool {
    let last = before.trim_end().chars().next_back();
    run.contains('…') || run.contains("..") || (run == "." && last.is_some_and(|c| is_dot(c) || c == '…'))
}

fn full_stop(before: &str, follow: &Follow<'_>, lexicon: &Lexicon) -> Option<bool> {
    let token = last_token(before);
    let is_whole_sentence = before.len() < token.len() + 8 && before.trim_start_matches(is_lead).len() == token.len();
    let mut letters = token.chars();
    match (letters.next(), letters.next()) {
        (None, _) => Some(false),
        _ if is_whole_sentence && is_list_label(token) => Some(false),
        _ if token.bytes().all(|b| b.is_ascii_digit()) => number(token, follow, lexicon),
        (Some(letter), None) if is_initial(letter) => initial(letter, token, before, follow),
        _ => match lexicon.glue(token) {
            Some(glue) => follow.completes(glue, before),
            None if is_acronym(token) => follow.is_starter(),
            None => Some(true),
        },
    }
}

/// What follows a full stop.
struct Follow<'t> {
    /// The first word, as far as it is written.
    word: &'t str,
    rest: &'t str,
    /// More of the word may be written.
    is_open: bool,
    lexicon: &'t Lexicon,
}

impl<'t> Follow<'t> {
    fn of(after: &'t str, is_whole: bool, lexicon: &'t Lexicon) -> Self {
        let word = word(after);
        let rest = &after[word.len()..];
        Self { word, rest, is_open: rest.is_empty() && !is_whole, lexicon }
    }

    /// The whole word.
    fn word(&self) -> Option<&'t str> {
        (!self.is_open).then_some(self.word)
    }

    fn is_starter(&self) -> Option<bool> {
        let word = self.word()?;
        // "A. A. Milne": what looks like the word "A" is the next initial.
        let is_initial = self.rest.starts_with('.') && word.chars().nth(1).is_none();
        Some(!is_initial && self.lexicon.is_starter(word, self.rest))
    }

    fn is_digit(&self) -> bool {
        self.word.starts_with(char::is_numeric)
    }

    /// Whether `first` and what comes with it opens a sentence behind an ellipsis.
    fn opens_sentence(&self, first: char) -> Option<bool> {
        match first {
            'I' => Some(self.word != "I" || self.word()? != "I"),
            _ => Some(first.is_uppercase() || first.is_numeric()),
        }
    }

    /// Whether the sentence ends behind an abbreviation that is glued to what follows by `glue`.
    fn completes(&self, glue: Glue, before: &str) -> Option<bool> {
        match glue {
            Glue::Title => Some(false),
            Glue::Number if self.is_digit() => Some(false),
            Glue::Number => self.word().map(|word| !is_roman(word) || word == "I"),
            Glue::Last if !self.lexicon.has_capital_nouns() => Some(true),
            Glue::Word | Glue::Last => self.is_starter(),
            Glue::Letter if before.contains('.') => Some(false),
            Glue::Letter => self.word().map(|word| self.lexicon.glue(word).is_none()),
        }
    }
}

/// "am 19. Jahrhundert": many languages mark an ordinal by a full stop; a year or a larger number ends the sentence.
fn number(token: &str, follow: &Follow<'_>, lexicon: &Lexicon) -> Option<bool> {
    if token.len() <= 2 && lexicon.is_month(follow.word()?) {
        return Some(false);
    }
    if !lexicon.has_ordinals() || token.len() > 3 {
        return Some(true);
    }
    Some(!follow.is_digit() && follow.is_starter()?)
}

/// "J. R. R. Tolkien", "z. B.", "т. е."; but "So did I. Peter left", "Это был я. Потом".
fn initial(letter: char, token: &str, before: &str, follow: &Follow<'_>) -> Option<bool> {
    let previous = last_token(before[..before.trim_end().len() - token.len()].trim_end());
    match letter {
        'I' if previous.starts_with(char::is_lowercase) => Some(true),
        'я' | 'è' | 'é' | 'à' => Some(true),
        _ => follow.is_starter(),
    }
}

/// Hebrew and Arabic letters stand for words as Latin ones do (د. محمد); a lone ideograph or syllable is a word itself.
fn is_initial(letter: char) -> bool {
    letter.is_lowercase() || letter.is_uppercase() || matches!(letter, '\u{5d0}'..='\u{64a}')
}

/// "1.", "iv.", "a.": in front of a list item that follows on the same line.
fn is_list_label(token: &str) -> bool {
    let is_number = token.bytes().all(|b| b.is_ascii_digit());
    token.len() <= 4 && (is_number || is_roman(token) || (token.len() == 1 && token != "I"))
}

fn is_roman(word: &str) -> bool {
    let mut letters = word.chars();
    !word.is_empty()
        && (letters.clone().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
            || letters.all(|c| matches!(c, 'i' | 'v' | 'x')))
}

/// "U.S", "Ph.D", "J.-P": short groups of letters with full stops between; "example.com" and "3.14" are not.
fn is_acronym(token: &str) -> bool {
    let mut groups = token.split('.').map(|group| group.trim_start_matches('-'));
    let is_short =
        |group: &str| !group.is_empty() && group.chars().all(char::is_alphabetic) && group.chars().count() < 4;
    token.contains('.') && groups.clone().all(is_short) && groups.any(|group| group.chars().nth(1).is_none())
}

/// The word that ends `before`, without what opens a quotation or bracket in front of it.
fn last_token(before: &str) -> &str {
    let before = before.trim_end();
    let start = before.rfind(char::is_whitespace).map_or(0, |at| skip_space(before, at));
    before[start..].trim_start_matches(is_lead)
}

/// The word that begins `after`.
fn word(after: &str) -> &str {
    &after[..length_while(after, char::is_alphanumeric)]
}

fn length_while(text: &str, mut holds: impl FnMut(char) -> bool) -> usize {
    text.find(|c| !holds(c)).unwrap_or(text.len())
}
