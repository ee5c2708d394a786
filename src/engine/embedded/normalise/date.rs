//! Dates: "Jan. 5, 2026", "23 Nov 2026", "3/3/2026", "2026-11-23".

use super::cardinal::ordinal;
use super::cardinal::year;
use super::clock;
use super::word::Reading;
use super::word::View;

const MONTHS: [(&str, &str); 12] = [
    ("Jan", "January"),
    ("Feb", "February"),
    ("Mar", "March"),
    ("Apr", "April"),
    ("May", "May"),
    ("Jun", "June"),
    ("Jul", "July"),
    ("Aug", "August"),
    ("Sep", "September"),
    ("Oct", "October"),
    ("Nov", "November"),
    ("Dec", "December"),
];

/// Reads a date in figures, a month with its day or year, or a day with its month.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    figures(view.core())
        .map(|spoken| Reading::new(spoken, 1))
        .or_else(|| stamp(view.core()))
        .or_else(|| month_first(view))
        .or_else(|| day_first(view))
}

/// "3/3/2026" (the month first, if it can be one), "2026-11-23", "23.11.2026".
fn figures(text: &str) -> Option<String> {
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '-' | '.'))?;
    let parts: Vec<&str> = text.split(separator).collect();
    let &[first, second, third] = parts.as_slice() else {
        return None;
    };
    if first.len() == 4 && separator != '.' {
        return date(number(third, 2)?, number(second, 2)?, Some(number(first, 4)?));
    }
    let (first, second) = (number(first, 2)?, number(second, 2)?);
    let year = match (third.len(), separator) {
        (4, _) => number(third, 4)?,
        (2, '/') => century(number(third, 2)?),
        _ => return None,
    };
    // Points are the European custom, where the day comes first.
    let day_first = separator == '.' || first > 12;
    if day_first { date(first, second, Some(year)) } else { date(second, first, Some(year)) }
}

/// "2026-11-23T16:05:00Z"
fn stamp(text: &str) -> Option<Reading> {
    let (day, time) = text.split_once('T')?;
    let time = clock::spoken(time.trim_end_matches('Z'))?;
    let zone = if text.ends_with('Z') { " U.T.C." } else { "" };
    Some(Reading::new(format!("{}, {time}{zone}", figures(day)?), 1))
}

/// "Jan. 5", "January 5th, 2026", "Nov 2026"
fn month_first(view: &View<'_>) -> Option<Reading> {
    let month = month(view.core())?;
    let dotted = view.word().is_dotted();
    if !(view.word().closing.is_empty() || view.word().closing == ".") {
        return None;
    }
    let next = view.ahead(1).filter(|next| next.opening.is_empty())?;
    if let Some(spoken) = four_digits(next.core).filter(|_| dotted) {
        return Some(Reading::new(format!("{month} {}", year(spoken)), 2));
    }
    let day = day(next.core)?;
    let separated = next.closing.is_empty() || next.closing == ",";
    let year_after =
        view.ahead(2).filter(|word| separated && word.opening.is_empty()).and_then(|word| four_digits(word.core));
    let words = if year_after.is_some() { 3 } else { 2 };
    Some(Reading::new(format!("{month} {}{}", ordinal(day), after(year_after)), words))
}

/// "23 Nov 2026", "the 5th of May"
fn day_first(view: &View<'_>) -> Option<Reading> {
    let day = day(view.core())?;
    let of = usize::from(view.joined(1) == Some("of"));
    let month = month(view.joined(1 + of)?)?;
    let month_word = view.ahead(1 + of)?;
    let separated = month_word.closing.is_empty() || month_word.closing == "." || month_word.closing == ",";
    let year_after =
        view.ahead(2 + of).filter(|word| separated && word.opening.is_empty()).and_then(|word| four_digits(word.core));
    let article = if view.before().is_some_and(|word| word.core.eq_ignore_ascii_case("the")) { "" } else { "the " };
    let words = 2 + of + usize::from(year_after.is_some());
    let reading = Reading::new(format!("{article}{} of {month}{}", ordinal(day), after(year_after)), words);
    Some(reading.owning_period_if(year_after.is_none()))
}

fn after(year_after: Option<u64>) -> String {
    year_after.map(|number| format!(", {}", year(number))).unwrap_or_default()
}

fn date(day: u64, month: u64, year_after: Option<u64>) -> Option<String> {
    let (_, name) = MONTHS.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    (1..=31).contains(&day).then(|| format!("{name} {}{}", ordinal(day), after(year_after)))
}

/// The month's full name, from that or its first letters.
fn month(text: &str) -> Option<&'static str> {
    let is = |(short, long): &&(&str, &str)| text == *short || text == *long || *short == "Sep" && text == "Sept";
    MONTHS.iter().find(is).map(|(_, long)| *long)
}

/// A day of a month, with or without an ordinal's ending.
fn day(text: &str) -> Option<u64> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text);
    number(digits, 2).filter(|day| (1..=31).contains(day))
}

fn four_digits(text: &str) -> Option<u64> {
    (text.len() == 4).then(|| number(text, 4)).flatten()
}

fn number(text: &str, most_digits: usize) -> Option<u64> {
    let plain = (1..=most_digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The year that two figures stand for.
fn century(short: u64) -> u64 {
    if short > 50 { 1900 + short } else { 2000 + short }
}
