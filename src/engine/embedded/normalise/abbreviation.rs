//! Abbreviations, and titles before names.

use super::number;
use super::roman;
use super::token;
use super::word::Reading;
use super::word::View;

/// Reads "Dr.", "e.g.", "approx." and the like.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    let owned = |spoken: &str| Reading::new(spoken, 1).owning_period();
    if let Some(title) = title(view) {
        return Some(owned(title));
    }
    if let Some(initials) = initials(view) {
        return Some(owned(&initials));
    }
    if let Some(spoken) = always(core) {
        return Some(owned(spoken));
    }
    let numbers = before_number(core, view.word().is_dotted()).or_else(|| small_number_sign(view));
    if let Some(spoken) = numbers.filter(|_| counts(view)) {
        return Some(owned(spoken));
    }
    if let Some(spoken) =
        before_numeral(core).filter(|_| view.ahead(1).is_some_and(|next| roman::is_numeral(next.core)))
    {
        return Some(owned(spoken));
    }
    if let Some(spoken) = numbered(core) {
        return Some(Reading::new(spoken, 1));
    }
    with_period(core).filter(|_| view.word().is_dotted()).map(owned)
}

/// Titles, and the two that are also parts of a street's name.
fn title(view: &View<'_>) -> Option<&'static str> {
    let before_name = view.ahead(1).is_some_and(|next| next.is_capitalised());
    let street = view.follows_name() && !(before_name && names_a_saint(view));
    let dotted = view.word().is_dotted();
    Some(match view.core() {
        "Mr" => "Mister",
        "Mrs" => "Missus",
        "Ms" => "Miz",
        "Dr" if street && !before_name => "Drive",
        "Dr" => "Doctor",
        "St" if (before_name || !dotted) && !street => "Saint",
        "St" => "Street",
        "Prof" => "Professor",
        "Mt" if before_name => "Mount",
        "Ft" if before_name => "Fort",
        "Gen" if dotted && before_name => "General",
        "Gov" if dotted && before_name => "Governor",
        "Sen" if dotted && before_name => "Senator",
        "Rep" if dotted && before_name => "Representative",
        "Rev" if dotted && before_name => "Reverend",
        "Hon" if dotted && before_name => "Honorable",
        "Pres" if dotted && before_name => "President",
        "Capt" => "Captain",
        "Lt" => "Lieutenant",
        "Col" if dotted && before_name => "Colonel",
        "Maj" if dotted && before_name => "Major",
        "Sgt" => "Sergeant",
        "Cpl" => "Corporal",
        _ => return None,
    })
}

/// Whether "St." after this word is part of a place's name, as in "Fort St. John", and not of an
/// address, as in "5 Lake St. Chicago".
fn names_a_saint(view: &View<'_>) -> bool {
    const PLACES: [&str; 19] = [
        "Mount", "Mt", "Fort", "Ft", "Port", "Lake", "Cape", "Point", "Bay", "Isle", "River", "East", "West", "North",
        "South", "Upper", "Lower", "Old", "New",
    ];
    view.before().is_some_and(|word| PLACES.contains(&word.core))
        && !view.behind(2).is_some_and(|word| word.starts_with_digit())
}

/// Letters with periods between them, or one before a name: "U.S.", "p.m.", "J. Smith".
fn initials(view: &View<'_>) -> Option<String> {
    let core = view.core();
    let letters: Vec<&str> = core.split('.').collect();
    let single = |letter: &&str| letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_alphabetic());
    if always(core).is_some() || !letters.iter().all(single) {
        return None;
    }
    let before_name = view.ahead(1).is_some_and(|next| next.is_capitalised());
    let of_a_name = view.word().is_dotted() && before_name && view.word().is_capitalised() && core != "I";
    (letters.len() > 1 || of_a_name).then(|| token::initials(&letters.concat()))
}

/// Read so with or without a period.
fn always(core: &str) -> Option<&'static str> {
    Some(match core {
        "e.g" | "eg" | "E.g" => "for example",
        "i.e" | "ie" | "I.e" => "that is",
        "a.k.a" | "aka" | "AKA" => "also known as",
        "etc" => "et cetera",
        "vs" => "versus",
        "approx" => "approximately",
        "Jr" => "Junior",
        "Sr" => "Senior",
        "Blvd" => "Boulevard",
        "Ltd" => "Limited",
        "dept" | "Dept" => "department",
        "govt" | "Govt" => "government",
        "misc" => "miscellaneous",
        "Ph.D" | "PhD" => "P.H.D.",
        "B.Sc" | "BSc" => "B.S.C.",
        "M.Sc" | "MSc" => "M.S.C.",
        "D.Sc" | "DSc" => "D.S.C.",
        "LL.B" => "L.L.B.",
        "LL.M" => "L.L.M.",
        "LL.D" => "L.L.D.",
        _ => return None,
    })
}

/// Whether the next word is a number that nothing but a period or a colon parts from this one.
fn counts(view: &View<'_>) -> bool {
    let direct = matches!(view.word().closing, "" | "." | ":" | ".:");
    direct && view.ahead(1).is_some_and(|next| next.starts_with_digit() && next.opening.is_empty())
}

/// "no." after what has a number, as in "room no. 5"; elsewhere it ends a sentence.
fn small_number_sign(view: &View<'_>) -> Option<&'static str> {
    const NUMBERED: [&str; 21] = [
        "the", "account", "bus", "case", "chapter", "flight", "house", "invoice", "issue", "item", "lot", "opus",
        "order", "part", "patent", "question", "room", "seat", "serial", "ticket", "track",
    ];
    let before = view.before().filter(|word| word.closing.is_empty())?.core.to_ascii_lowercase();
    let small = view.core() == "no" && view.word().is_dotted();
    (small && NUMBERED.contains(&before.as_str())).then_some("number")
}

/// An abbreviation and its number in one word: "No.1", "p.12", "Fig.3b".
fn numbered(core: &str) -> Option<String> {
    let (short, number) =
        core.split_once('.').filter(|(_, number)| number.starts_with(|c: char| c.is_ascii_digit()))?;
    // The lower-case "no." ends a sentence only if a space comes after it.
    let name = if short == "no" { "number" } else { before_number(short, true)? };
    Some(format!("{name} {}", number::spoken(number).unwrap_or_else(|| token::whole(number))))
}

/// Read so also before a Roman numeral.
fn before_numeral(core: &str) -> Option<&'static str> {
    before_number(core, true).filter(|name| matches!(*name, "volume" | "chapter" | "figure"))
}

/// Read so before a number; those that are also words only with a period.
fn before_number(core: &str, dotted: bool) -> Option<&'static str> {
    Some(match core {
        "No" if dotted => "number",
        "Nos" if dotted => "numbers",
        "Nr" => "number",
        "p" if dotted => "page",
        "pp" => "pages",
        "vol" | "Vol" => "volume",
        "fig" | "Fig" => "figure",
        "ch" | "Ch" if dotted => "chapter",
        "sec" | "Sec" if dotted => "section",
        "ext" | "Ext" => "extension",
        "Tel" | "tel" => "telephone",
        "Apt" | "apt" => "apartment",
        "Rm" => "room",
        "ver" | "Ver" => "version",
        "ca" if dotted => "circa",
        _ => return None,
    })
}

/// Read so only with a period: without it they are words or names.
fn with_period(core: &str) -> Option<&'static str> {
    Some(match core {
        "Ave" => "Avenue",
        "Rd" => "Road",
        "Ln" => "Lane",
        "Hwy" => "Highway",
        "Apt" => "Apartment",
        "Bldg" => "Building",
        "Inc" => "Incorporated",
        "Corp" => "Corporation",
        "Co" => "Company",
        "Bros" => "Brothers",
        "Univ" => "University",
        "Assn" => "Association",
        "est" | "Est" => "established",
        "min" => "minimum",
        "max" => "maximum",
        "avg" => "average",
        "incl" => "including",
        "excl" => "excluding",
        "ed" => "edition",
        "cf" => "compare",
        "al" => "al",
        _ => return None,
    })
}
