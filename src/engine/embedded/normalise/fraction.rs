//! Fractions: "1/2", "1 1/2 cups", "3/4 mi", "1–1 1/2".

use super::cardinal;
use super::figure::Figure;
use super::figure::Span;
use super::unit;
use super::unit::Unit;
use super::word::Reading;
use super::word::View;

/// Reads a fraction, or a whole number and a fraction.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    if let Some(score) = score(view) {
        return Some(Reading::new(score, 1));
    }
    let (sign, core) = view.core().strip_prefix('-').map_or(("", view.core()), |core| ("minus", core));
    if let Some((fraction, symbol)) = proper(core) {
        let (unit, words) = unit(view, symbol, 1)?;
        return Some(Reading::new([sign, &fraction, unit.map_or("", |(one, _)| one)].join(" "), words));
    }
    let plain = core.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–'));
    let whole = Span::parse(core).filter(|_| plain)?.amount();
    let (fraction, symbol) = proper(view.joined(1)?)?;
    let fraction = match fraction.as_str() {
        "one half" => "a half",
        "one quarter" => "a quarter",
        fraction => fraction,
    };
    let (unit, words) = unit(view, symbol, 2)?;
    Some(Reading::new([sign, &whole, "and", fraction, unit.map_or("", |(_, many)| many)].join(" "), words))
}

/// The unit after a fraction of `words` words, and how many words there are with it: `symbol`, which
/// is in the fraction's word, or the next word. Nothing if the symbol is no unit.
fn unit(view: &View<'_>, symbol: &str, words: usize) -> Option<(Option<Unit>, usize)> {
    if !symbol.is_empty() {
        return unit::attached(symbol).map(|unit| (Some(unit), words));
    }
    let next = view.joined(words).and_then(|next| unit::apart(next).or_else(|| unit::letter(next)));
    Some((next, words + usize::from(next.is_some())))
}

/// "4/5 stars" are four out of five.
fn score(view: &View<'_>) -> Option<String> {
    let (reached, most) = view.core().split_once('/')?;
    let (reached, most) = (Figure::parse(reached)?, Figure::parse(most)?);
    matches!(view.joined(1)?, "stars" | "points").then(|| format!("{} out of {}", reached.amount(), most.amount()))
}

/// A fraction below one with a denominator that has a handy name, and what follows its figures.
fn proper(text: &str) -> Option<(String, &str)> {
    let (above, below) = text.split_once(['/', '⁄'])?;
    let (below, symbol) = below.split_at(below.find(|c: char| !c.is_ascii_digit()).unwrap_or(below.len()));
    let number = |part: &str| Figure::parse(part)?.integer().filter(|number| *number <= 100);
    let (above, below) = (number(above)?, number(below)?);
    let handy = matches!(below, 2..=10 | 12 | 16 | 20 | 32 | 64 | 100);
    if above == 0 || above >= below || !handy {
        return None;
    }
    let one = match below {
        2 => "half".to_owned(),
        4 => "quarter".to_owned(),
        _ => cardinal::ordinal(below),
    };
    let part = if above == 1 { one } else { cardinal::plural(&one) };
    Some((format!("{} {part}", cardinal::cardinal(above)), symbol))
}
