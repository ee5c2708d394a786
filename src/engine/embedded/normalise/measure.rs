//! Numbers with a unit: "5 kg", "20°C", "15%", "60 km/h", "5%-10%".

use super::figure::Span;
use super::number;
use super::unit;
use super::word::Reading;
use super::word::View;

/// Reads a number and its unit, written together or as two words.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    attached(view.core()).map(|spoken| Reading::new(spoken, 1)).or_else(|| apart(view))
}

/// "5kg", "20°C"
fn attached(text: &str) -> Option<String> {
    let (span, symbol) = Span::split(text).filter(|(_, symbol)| !symbol.is_empty())?;
    let unit = named(symbol.trim_start_matches('-'), span.is_one(), unit::attached)?;
    Some(format!("{} {unit}", span.amount()))
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
    let unit = named(view.joined(1)?, is_one, unit::apart)?;
    // Such as "10 min.": the period is the unit's.
    Some(Reading::new(format!("{amount} {unit}"), 2).owning_period())
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
