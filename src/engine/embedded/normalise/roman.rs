//! Roman numerals behind the words that call for them: "World War II", "Henry VIII", "Chapter IV".

use super::cardinal::cardinal;
use super::cardinal::ordinal;
use super::word::Reading;
use super::word::View;
use super::word::Word;

/// No label counts so far; above come "CC", "CD", "DC" and other abbreviations.
const HIGHEST: u64 = 199;

/// The highest numeral after any other name; above come "XL", "CC" and the like.
const HIGHEST_AFTER_NAME: u64 = 39;

/// What is numbered, in small letters.
const LABELS: [&str; 43] = [
    "act", "acts", "apollo", "appendix", "article", "articles", "book", "books", "bowl", "canto", "ch", "chapter",
    "chapters", "class", "division", "episode", "fig", "figure", "grade", "group", "level", "mark", "part", "parts",
    "phase", "phases", "psalm", "pt", "scene", "season", "section", "sections", "sonnet", "stage", "stages", "table",
    "title", "type", "vol", "volume", "volumes", "war", "wars",
];

/// Names that kings, queens and popes have borne, and heirs after them.
const REIGNING: [&str; 50] = [
    "Albert",
    "Alexander",
    "Alfonso",
    "Alphonse",
    "Andrew",
    "Benedict",
    "Boniface",
    "Catherine",
    "Charles",
    "Christian",
    "Clement",
    "David",
    "Edward",
    "Elizabeth",
    "Ferdinand",
    "Francis",
    "Frederick",
    "George",
    "Gregory",
    "Gustav",
    "Haakon",
    "Harald",
    "Henry",
    "Innocent",
    "Ivan",
    "James",
    "John",
    "Joseph",
    "Julius",
    "Leo",
    "Leopold",
    "Louis",
    "Malcolm",
    "Margaret",
    "Margrethe",
    "Mary",
    "Napoleon",
    "Nicholas",
    "Otto",
    "Paul",
    "Peter",
    "Philip",
    "Pius",
    "Ramses",
    "Richard",
    "Robert",
    "Urban",
    "Victor",
    "Wilhelm",
    "William",
];

/// Titles that make a king's name of any name.
const TITLES: [&str; 12] = [
    "King", "Queen", "Pope", "Emperor", "Empress", "Tsar", "Czar", "Kaiser", "Prince", "Princess", "Sultan", "Pharaoh",
];

/// Reads a numeral of two or more letters; "I" is nearly always the speaker.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    let (numeral, genitive) = core.strip_suffix("'s").map_or((core, ""), |numeral| (numeral, "'s"));
    let number = value(numeral).filter(|number| numeral.len() > 1 && *number <= HIGHEST)?;
    let spoken = if view.joined(1) == Some("century") && genitive.is_empty() {
        ordinal(number)
    } else if is_reign(view) {
        format!("the {}", ordinal(number))
    } else if is_label(view) || number <= HIGHEST_AFTER_NAME && is_sequel(view, numeral) {
        cardinal(number)
    } else {
        return None;
    };
    Some(Reading::new(format!("{spoken}{genitive}"), 1))
}

/// Whether `text` is a numeral that a label may bear.
pub(super) fn is_numeral(text: &str) -> bool {
    value(text).is_some_and(|number| number <= HIGHEST)
}

/// The number that `text` is in the usual form of the numerals: "IV" but not "IIII".
fn value(text: &str) -> Option<u64> {
    const PARTS: [(&str, u64); 13] = [
        ("M", 1000),
        ("CM", 900),
        ("D", 500),
        ("CD", 400),
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
    ];
    let mut rest = text;
    let mut number = 0;
    for (part, worth) in PARTS {
        let repeats = if part.len() == 1 && !matches!(part, "D" | "L" | "V") { 3 } else { 1 };
        for _ in 0..repeats {
            let Some(tail) = rest.strip_prefix(part) else {
                break;
            };
            number += worth;
            rest = tail;
        }
    }
    (rest.is_empty() && number > 0).then_some(number)
}

/// "Henry VIII", "Pope Boniface VIII", "John Smith III"
fn is_reign(view: &View<'_>) -> bool {
    let (Some(name), earlier) = (plain(view.before()), plain(view.behind(2))) else {
        return false;
    };
    let titled = is_name(name) && earlier.is_some_and(|title| TITLES.contains(&title) || REIGNING.contains(&title));
    REIGNING.contains(&name) || titled
}

/// "Chapter IV", "Vol. II", and the second in "Parts II and III"
fn is_label(view: &View<'_>) -> bool {
    let label =
        |word: Word<'_>| matches!(word.closing, "" | ".") && LABELS.contains(&word.core.to_ascii_lowercase().as_str());
    let linked = plain(view.before()).is_some_and(|link| matches!(link, "and" | "or" | "to" | "through" | "-" | "–"))
        && plain(view.behind(2)).is_some_and(is_numeral)
        && view.behind(3).is_some_and(label);
    linked || view.before().is_some_and(label)
}

/// "Rocky II". Four and six are also abbreviations, and a sentence may start with "Start IV".
fn is_sequel(view: &View<'_>, numeral: &str) -> bool {
    let certain = !matches!(numeral, "IV" | "VI") || view.follows_name();
    certain && plain(view.before()).is_some_and(is_name)
}

/// A word that no mark parts from the next.
fn plain(word: Option<Word<'_>>) -> Option<&str> {
    word.filter(|word| word.closing.is_empty()).map(|word| word.core)
}

/// Whether `word` is capitalised, not in capitals, and no common first word of a sentence.
fn is_name(word: &str) -> bool {
    const STARTERS: [&str; 28] = [
        "The", "This", "That", "These", "An", "And", "As", "At", "But", "By", "For", "From", "He", "Her", "His", "If",
        "In", "It", "Its", "My", "No", "Of", "On", "Our", "Their", "To", "With", "Your",
    ];
    if STARTERS.contains(&word) {
        return false;
    }
    let mut letters = word.bytes();
    letters.next().is_some_and(|first| first.is_ascii_uppercase()) && letters.any(|letter| letter.is_ascii_lowercase())
}
