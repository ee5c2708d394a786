//! Numbers with a unit: "5 kg", "20°C", "15%", "60 km/h", "5%-10%".

use super::figure::Span;
use super::number;
use super::unit;
use super::word::Reading;
use super::word::View;

/// Reads a number and its unit, written together or as two words.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    let joined = attached(core).or_else(|| range(core));
    joined.map(|spoken| Reading::new(spoken, 1)).or_else(|| apart(view))
}

/// "5kg", "20°C"
fn attached(text: &str) -> Option<String> {
    let (span, symbol) = Span::split(text).filter(|(_, symbol)| !symbol.is_empty())?;
    let unit = named(symbol.trim_start_matches('-'), span.is_one(), unit::attached)?;
    Some(format!("{} {unit}", span.amount()))
}

/// "5%-10%", "500g–1kg". Other letters must be the same: "5A-7C" are flats.
fn range(text: &str) -> Option<String> {
    let dash = text.char_indices().skip(1).find(|(_, c)| matches!(c, '-' | '–')).map(|(at, _)| at)?;
    let (from, to) = (text.get(..dash)?, text.get(dash..)?.trim_start_matches(['-', '–']));
    let (_, first) = Span::split(from)?;
    let (_, second) = Span::split(to)?;
    let sure = |symbol: &str| unit::apart(symbol).or_else(|| unit::letter(symbol)).is_some();
    let sure = first == second || sure(first) && sure(second);
    let (from, to) = (attached(from).filter(|_| sure)?, attached(to)?);
    Some(format!("{from} to {to}"))
}

/// "5 kg", "10 min."
fn apart(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    let (amount, is_one) = match number::power(core) {
        Some(power) => (power, false),
        None => {
            Span::split(core).filter(|(_, symbol)| symbol.is_empty()).map(|(span, _)| (span.amount(), span.is_one()))?
        }
    };
    let symbol = view.joined(1)?;
    if let Some(unit) = named(symbol, is_one, unit::apart).or_else(|| inches(view, is_one)) {
        // Such as "10 min.": the period is the unit's, unless the next sentence starts.
        let inside = view.ahead(2).is_none_or(|next| !next.is_capitalised());
        return Some(Reading::new(format!("{amount} {unit}"), 2).owning_period_if(inside));
    }
    let unit = named(symbol, is_one, unit::letter).filter(|_| !begins_name(view))?;
    Some(Reading::new(format!("{amount} {unit}"), 2))
}

/// Inches after feet, or with a period inside a sentence: "6 ft 2 in", "10 in. long". Without
/// either, "5 in a row" are not inches.
fn inches(view: &View<'_>, is_one: bool) -> Option<String> {
    let after_feet = view.before().is_some_and(|word| matches!(word.core, "ft" | "foot" | "feet"));
    let inside = view.ahead(1)?.is_dotted() && view.ahead(2).is_some_and(|next| !next.is_capitalised());
    (view.joined(1)? == "in" && (after_feet || inside)).then(|| named("in", is_one, unit::attached)).flatten()
}

/// Whether the letter after the number belongs to a name: "350 W. Main St.", "220 W 42nd St.",
/// "chapter 3 L. Smith". After a period a capital may also start the next sentence.
fn begins_name(view: &View<'_>) -> bool {
    const STARTERS: [&str; 16] =
        ["The", "It", "Its", "This", "That", "These", "A", "An", "In", "If", "But", "And", "He", "She", "They", "We"];
    let (Some(letter), Some(next)) = (view.ahead(1), view.ahead(2)) else {
        return false;
    };
    let named = next.opening.is_empty() && (next.is_capitalised() || next.starts_with_digit());
    let parted = !matches!(letter.closing, "" | ".") || letter.is_dotted() && STARTERS.contains(&next.core);
    letter.is_capitalised() && named && !parted
}

/// The unit's name, also of a quotient: "kilometers per hour".
fn named(symbol: &str, is_one: bool, known: fn(&str) -> Option<unit::Unit>) -> Option<String> {
    let name = |(one, many): unit::Unit| if is_one { one } else { many };
    if let Some(unit) = known(symbol) {
        return Some(name(unit).to_owned());
    }
    let (above, below) = symbol.split_once('/')?;
    let above = unit::attached(above)?;
    Some(format!("{} per {}", name(above), unit::per(below)?))
}
