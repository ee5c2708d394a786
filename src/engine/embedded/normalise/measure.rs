//! Numbers with a unit: "5 kg", "20°C", "15%", "60 km/h".

use super::figure::Span;
use super::unit;
use super::word::Reading;
use super::word::View;

/// Reads a number and its unit, written together or as two words.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let (span, symbol) = Span::split(view.core())?;
    if !symbol.is_empty() {
        let unit = named(symbol.trim_start_matches('-'), span.is_one(), unit::attached)?;
        return Some(Reading::new(format!("{} {unit}", span.amount()), 1));
    }
    let unit = named(view.joined(1)?, span.is_one(), unit::apart)?;
    let reading = Reading::new(format!("{} {unit}", span.amount()), 2);
    // Such as "10 min.": the period is the unit's.
    Some(reading.owning_period())
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
