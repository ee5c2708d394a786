//! Numbers without a unit: cardinals, ordinals, decades, years, ranges, versions.

use super::cardinal;
use super::figure::Figure;
use super::figure::Span;
use super::token;
use super::word::Reading;
use super::word::View;

/// Words before two figures and an "s" that make them a decade.
const HINTS: [&str; 10] = ["the", "early", "late", "mid", "his", "her", "their", "my", "our", "The"];

/// Reads a number for itself.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    spoken(view.core()).map(|spoken| Reading::new(spoken, 1))
}

/// The number that all of `text` is.
pub(super) fn spoken(text: &str) -> Option<String> {
    ordinal(text)
        .or_else(|| dimensions(text))
        .or_else(|| power(text))
        .or_else(|| version(text))
        .or_else(|| Span::parse(text).map(|span| span.spoken()))
}

/// "1990s", as a part of a word.
pub(super) fn decades(text: &str) -> Option<String> {
    let digits = text.strip_suffix('s').filter(|digits| digits.len() == 4 && digits.ends_with('0'))?;
    Figure::parse(digits)
        .filter(|figure| figure.plain_digits().is_some())
        .map(|figure| cardinal::plural(&figure.spoken()))
}

/// "1st", "22nd", "1,000th"
fn ordinal(text: &str) -> Option<String> {
    let digits =
        ["st", "nd", "rd", "th", "ST", "ND", "RD", "TH"].iter().find_map(|ending| text.strip_suffix(ending))?;
    Figure::parse(digits)?.integer().map(cardinal::ordinal)
}

/// Reads "1990s", "the 80s", "'90s". Without a hint "80s" is a time in seconds.
pub(super) fn decade(view: &View<'_>) -> Option<Reading> {
    let digits = view.core().strip_suffix('s').map(|digits| digits.trim_end_matches('\''))?;
    let figure = Figure::parse(digits).filter(|figure| figure.plain_digits().is_some() && digits.ends_with('0'))?;
    let hinted = view.word().opening.ends_with('\'') || view.before().is_some_and(|word| HINTS.contains(&word.core));
    let is_decade = digits.len() == 4 || digits.len() == 2 && hinted;
    is_decade.then(|| Reading::new(cardinal::plural(&figure.spoken()), 1))
}

/// "10^6", "2^-3"
pub(super) fn power(text: &str) -> Option<String> {
    let (base, exponent) = text.split_once('^')?;
    Some(format!("{} to the power of {}", Figure::parse(base)?.amount(), Figure::parse(exponent)?.amount()))
}

/// "1920x1080", "3x4"
fn dimensions(text: &str) -> Option<String> {
    let parts: Option<Vec<Figure>> = text.split(['x', '×']).map(Figure::parse).collect();
    let parts = parts.filter(|parts| parts.len() > 1)?;
    Some(parts.iter().map(Figure::spoken).collect::<Vec<_>>().join(" by "))
}

/// "1.2.3", "192.168.0.1"
fn version(text: &str) -> Option<String> {
    let numbers = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (numbers && text.matches('.').count() > 1).then(|| token::versions(text))
}
