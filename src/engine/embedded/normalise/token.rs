//! The last reader: takes a word apart into letters, figures and symbols and reads each.

use super::cardinal;
use super::figure::Figure;
use super::letter;
use super::number;
use super::symbol;
use super::word::Reading;
use super::word::View;

/// Reads the word whatever it is. A word with a letter or a digit is never empty.
pub(super) fn read(view: &View<'_>) -> Reading {
    Reading::new(whole(view.core()), 1)
}

/// All of `text`, which is a word without the marks around it.
pub(super) fn whole(text: &str) -> String {
    compound(text).unwrap_or_else(|| parts(text))
}

/// Words and numbers with hyphens between them: "20-year-old", "mid-1990s", "F-16".
fn compound(text: &str) -> Option<String> {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_compound = text.contains('-') && text.contains(|c: char| c.is_ascii_digit()) && text.split('-').all(plain);
    let read =
        |part: &str| number::spoken(part).or_else(|| number::decades(part)).unwrap_or_else(|| letters_in_code(part));
    is_compound.then(|| text.split('-').map(read).collect::<Vec<_>>().join(" "))
}

/// A part of a compound; one capital letter is its name, as in "A-10".
fn letters_in_code(part: &str) -> String {
    if part.len() == 1 { spelled(part) } else { parts(part) }
}

/// The parts of `text` in words: "A1B2" is "A one B two", "main.rs" is "main dot rs".
pub(super) fn parts(text: &str) -> String {
    let mut spoken: Vec<String> = Vec::new();
    let mut rest = text;
    let mut before = None;
    while let Some(kind) = rest.chars().next().map(Kind::of) {
        let (part, tail) = rest.split_at(kind.length(rest));
        let near = Near { before, after: tail.chars().next() };
        spoken.extend(kind.read(part, near));
        before = part.chars().next_back();
        rest = tail;
    }
    spoken.join(" ")
}

/// The characters on both sides of a part.
#[derive(Clone, Copy)]
pub(super) struct Near {
    pub(super) before: Option<char>,
    pub(super) after: Option<char>,
}

impl Near {
    fn touches_digit(self) -> bool {
        [self.before, self.after].into_iter().flatten().any(|c| c.is_ascii_digit())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letters,
    Figures,
    Symbol,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            _ if c.is_ascii_alphabetic() => Self::Letters,
            _ if c.is_ascii_digit() => Self::Figures,
            _ => Self::Symbol,
        }
    }

    /// The length of the part at the start of `text`, in bytes. Apostrophes and hyphens between
    /// letters belong to the word, points and commas between digits to the number; equal
    /// symbols in a row are one.
    fn length(self, text: &str) -> usize {
        let first = text.chars().next().unwrap_or(' ');
        let mut end = 0;
        for (at, c) in text.char_indices() {
            let next = text[at + c.len_utf8()..].chars().next();
            let inside = match self {
                Self::Letters => {
                    c.is_ascii_alphabetic() || matches!(c, '\'' | '-') && next.is_some_and(|n| n.is_ascii_alphabetic())
                }
                Self::Figures => {
                    c.is_ascii_digit() || matches!(c, '.' | ',') && next.is_some_and(|n| n.is_ascii_digit())
                }
                Self::Symbol => c == first,
            };
            if !inside {
                break;
            }
            end = at + c.len_utf8();
        }
        end
    }

    fn read(self, part: &str, near: Near) -> Option<String> {
        match self {
            Self::Letters => Some(letters(part, near)),
            Self::Figures => Some(figures(part)),
            Self::Symbol => symbol::inside(part, near),
        }
    }
}

/// Letters beside a digit are spelled if they are few: the "A" of "A1" is not an article.
fn letters(part: &str, near: Near) -> String {
    let few = part.len() <= 2 || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    if near.touches_digit() && few { spelled(part) } else { part.to_owned() }
}

/// Letters one by one, in the form which the lexicon takes for an initialism.
pub(super) fn spelled(text: &str) -> String {
    let mut letters = text.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
    match (letters.next(), letters.next()) {
        // Alone it could be taken for the article.
        (Some('A'), None) => "eh".to_owned(),
        (Some(letter), None) => letter.to_string(),
        _ => initials(text),
    }
}

/// "U.S." for "us".
pub(super) fn initials(letters: &str) -> String {
    let letters = letters.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
    letters.flat_map(|letter| [letter, '.']).collect()
}

/// A number inside a word: short ones are counted, others are read digit by digit.
fn figures(part: &str) -> String {
    let short =
        |figure: &Figure| figure.plain_digits().is_none_or(|digits| digits.len() <= 2 || digits.ends_with("00"));
    Figure::parse(part).filter(short).map_or_else(|| versions(part), |figure| figure.spoken())
}

/// Numbers with several points, such as versions and addresses; anything else by its digits.
pub(super) fn versions(part: &str) -> String {
    let numbers: Vec<&str> = part.split('.').collect();
    if numbers.len() < 3 || part.contains(',') {
        return cardinal::digits(part);
    }
    let point = if numbers.len() == 4 { " dot " } else { " point " };
    let read = |number: &&str| Figure::parse(number).map_or_else(String::new, |figure| figure.spoken());
    numbers.iter().map(read).collect::<Vec<_>>().join(point)
}

/// The name of a single Greek letter.
pub(super) fn greek(part: &str) -> Option<&'static str> {
    part.chars().next().and_then(letter::greek)
}
