//! Fractions: "1/2", "1 1/2", "3/4".

use super::cardinal;
use super::figure::Figure;
use super::word::Reading;
use super::word::View;

/// Reads a fraction, or a whole number and a fraction.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    if let Some(score) = score(view) {
        return Some(Reading::new(score, 1));
    }
    let (sign, core) = view.core().strip_prefix('-').map_or(("", view.core()), |core| ("minus ", core));
    if let Some(fraction) = proper(core) {
        return Some(Reading::new(format!("{sign}{fraction}"), 1));
    }
    let whole = Figure::parse(core)?;
    let fraction = proper(view.joined(1)?)?;
    whole.plain_digits()?;
    let fraction = match fraction.as_str() {
        "one half" => "a half",
        "one quarter" => "a quarter",
        fraction => fraction,
    };
    Some(Reading::new(format!("{sign}{} and {fraction}", whole.amount()), 2))
}

/// "4/5 stars" are four out of five.
fn score(view: &View<'_>) -> Option<String> {
    let (reached, most) = view.core().split_once('/')?;
    let (reached, most) = (Figure::parse(reached)?, Figure::parse(most)?);
    matches!(view.joined(1)?, "stars" | "points").then(|| format!("{} out of {}", reached.amount(), most.amount()))
}

/// A fraction below one with a denominator that has a handy name.
fn proper(text: &str) -> Option<String> {
    let (above, below) = text.split_once(['/', '⁄'])?;
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
    Some(format!("{} {part}", cardinal::cardinal(above)))
}
