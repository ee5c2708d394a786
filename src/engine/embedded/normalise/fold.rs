//! Folds Unicode text to the characters that the readers know.
//!
//! Accents go ("Zürich" is "Zurich"), typographic marks become plain ones, digits of
//! all scripts become ASCII digits, and what has no sound (emoji, controls, lone
//! combining marks) becomes a space or nothing. Letters of other scripts cannot be read;
//! single Greek letters can, as symbols.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::height;
use super::height::Height;
use super::letter;

/// A letter that the voice cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unspeakable {
    /// The script it belongs to, in English.
    pub script: &'static str,
    /// Where it stands: code points before it.
    pub offset: usize,
}

/// The first letter of `text` that the voice cannot read, if there is one.
pub fn unspeakable(text: &str) -> Option<Unspeakable> {
    let mut before = ' ';
    let mut characters = text.chars().enumerate().peekable();
    while let Some((offset, c)) = characters.next() {
        let after = characters.peek().map_or(' ', |(_, after)| *after);
        let foreign = c.nfkd().find(|part| glyph(*part) == Glyph::Foreign);
        let greek_word = is_greek(c) && (is_greek(before) || is_greek(after));
        if let Some(part) = foreign.or(greek_word.then_some(c)) {
            return Some(Unspeakable { script: letter::script(part), offset });
        }
        before = c;
    }
    None
}

/// `text` in the characters that the readers know; foreign letters are left out.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut before = Height::Line;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let after = characters.peek().copied();
        let height = Height::of(c, after);
        folded.push_str(height.joint(before, &folded, c, after));
        match height::plain(c, before, after).or_else(|| ordinal_sign(c, &folded)).or_else(|| particular(c)) {
            Some(written) => folded.push_str(written),
            None => c.nfkd().for_each(|part| push(&mut folded, part)),
        }
        before = height;
    }
    folded
}

/// Whether `c` is a Greek letter, with or without accents.
fn is_greek(c: char) -> bool {
    c.nfkd().next().is_some_and(letter::is_greek)
}

#[derive(Debug, PartialEq, Eq)]
enum Glyph {
    /// A character that a reader knows.
    Plain(char),
    /// Written with other letters.
    Spelt(&'static str),
    /// Part of the letter before it, or invisible.
    Nothing,
    /// Neither letter nor digit nor a symbol with a name.
    Gap,
    /// A letter or number of another script.
    Foreign,
}

fn push(folded: &mut String, c: char) {
    match glyph(c) {
        Glyph::Plain(c) => folded.push(c),
        Glyph::Spelt(letters) => folded.push_str(letters),
        Glyph::Gap | Glyph::Foreign => folded.push(' '),
        Glyph::Nothing => {}
    }
}

fn glyph(c: char) -> Glyph {
    if c.is_ascii_graphic() {
        return Glyph::Plain(c);
    }
    if let Some(letters) = letter::latin(c).or_else(|| letter::emblem(c)) {
        return Glyph::Spelt(letters);
    }
    if let Some(digit) = letter::digit(c) {
        return Glyph::Plain(digit);
    }
    match c {
        '°' | '€' | '£' | '¥' | '₹' | '₩' | '₽' | '¢' | '§' | '¶' | '©' | '×' | '÷' | '±' | '≤' | '≥' | '≠' | '≈'
        | '√' | '∞' | '→' | '←' | '‰' | '⁄' | '–' => Glyph::Plain(c),
        _ if letter::is_greek(c) => Glyph::Plain(c),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => Glyph::Nothing,
        _ if is_combining_mark(c) => Glyph::Nothing,
        _ if c.is_alphanumeric() => Glyph::Foreign,
        _ => Glyph::Gap,
    }
}

/// "Nº 5" is "No. 5"; after a figure the sign is meant for degrees.
fn ordinal_sign(c: char, text: &str) -> Option<&'static str> {
    let figure = text.ends_with(|c: char| c.is_ascii_digit());
    (c == 'º').then_some(if figure { "°" } else { "o." })
}

/// What is not its decomposition: marks that part or join words.
fn particular(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‛' | '′' | 'ʼ' | 'ʻ' | '＇' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' | '‹' | '›' => "\"",
        '—' | '―' | '⸺' => " , ",
        '‐' | '‑' | '−' | '‒' => "-",
        '…' | '。' => ". ",
        '、' | '，' | '،' => ", ",
        '؟' => "? ",
        '¿' | '¡' | '™' | '®' | '℠' | '•' | '·' | '‣' => " ",
        '№' => " No. ",
        '°' => "°",
        _ => return None,
    })
}
