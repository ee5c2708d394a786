//! Days and months in short: "Sat.", "Nov.", "Jan. and Feb."

use super::word::Reading;
use super::word::View;
use super::word::Word;

const DAYS_AND_MONTHS: [&str; 19] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Reads a day's or a month's short form. Those that are also names or words, such as the end of
/// "I spoke with Jan.", are read so only beside a number or another day or month.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let word = view.word();
    if let Some((from, to)) = range(word.core) {
        let dotted = word.core.contains('.');
        return Some(Reading::new(format!("{from} to {to}"), 1).owning_period_if(dotted));
    }
    let name = short(word).filter(|_| !is_word(word.core) || stands_in_a_date(view))?;
    Some(Reading::new(name, 1).owning_period())
}

/// "Mon.-Fri.", "Jan–March"
fn range(text: &str) -> Option<(&'static str, &'static str)> {
    let (from, to) = text.split_once(['-', '–'])?;
    Some((name(from.strip_suffix('.').unwrap_or(from))?, name(to)?))
}

/// The name that a word with a period stands for.
fn short(word: Word<'_>) -> Option<&'static str> {
    name(word.core).filter(|name| word.is_dotted() && word.core.len() < name.len())
}

/// The name in full.
fn name(text: &str) -> Option<&'static str> {
    Some(match text {
        "Sept" => "September",
        "Tues" => "Tuesday",
        "Thur" | "Thurs" => "Thursday",
        _ => DAYS_AND_MONTHS.into_iter().find(|name| *name == text || text.len() == 3 && name.starts_with(text))?,
    })
}

/// Whether a short form is also something else.
fn is_word(short: &str) -> bool {
    matches!(short, "Jan" | "Mar" | "Jun" | "Jul" | "Wed" | "Sat" | "Sun")
}

fn stands_in_a_date(view: &View<'_>) -> bool {
    let after = view.ahead(1).is_some_and(|next| next.starts_with_digit() || short(next).is_some());
    let before = view.before().is_some_and(|word| {
        let joined = matches!(word.closing, "" | ",");
        short(word).is_some() || joined && (word.starts_with_digit() || is_name(word))
    });
    let linked = |link: Option<Word<'_>>, other: Option<Word<'_>>| {
        link.is_some_and(|word| matches!(word.core, "and" | "or" | "to" | "through" | "until" | "-" | "–"))
            && other.is_some_and(|word| is_name(word) || short(word).is_some())
    };
    after || before || linked(view.ahead(1), view.ahead(2)) || linked(view.before(), view.behind(2))
}

fn is_name(word: Word<'_>) -> bool {
    DAYS_AND_MONTHS.contains(&word.core)
}
