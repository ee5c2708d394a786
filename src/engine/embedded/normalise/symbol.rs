//! Symbols, alone and inside words.

use super::token;
use super::token::Near;
use super::word::Reading;
use super::word::View;

/// Reads words that are wholly a symbol: "&", "->", "C++".
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    if core.is_empty() {
        return alone_in_marks(view);
    }
    let named = whole(core).or_else(|| between_words(core, view));
    named.map(|name| Reading::new(name, 1))
}

/// The name of a symbol inside a word, by what is beside it; nothing where it is only a pause.
pub(super) fn inside(part: &str, near: Near) -> Option<String> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let count = part.chars().count();
    let between = near.before.is_some() && near.after.is_some();
    let name = match part.chars().next()? {
        _ if count > 2 => return Some(",".to_owned()),
        '+' if count == 2 => "plus plus",
        '-' | '–' if near.before == Some('^') || digit(near.after) && near.before.is_none() => "minus",
        '*' if digit(near.before) && digit(near.after) => "times",
        '*' | '_' if !between => return None,
        '.' if letter(near.before) || letter(near.after) => "dot",
        '.' => "point",
        ':' if digit(near.before) && digit(near.after) => "to",
        '^' if between => "to the power of",
        '~' if digit(near.after) => "about",
        '#' if digit(near.after) => "number",
        ',' | ';' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '|' => return Some(",".to_owned()),
        '!' | '?' => return Some(part.chars().take(1).collect()),
        '-' | '–' | '\'' | '"' | '`' => return None,
        _ => return name(part).or_else(|| token::greek(part)).map(str::to_owned),
    };
    Some(name.to_owned())
}

/// Marks that stand alone between spaces: an asterisk between numbers multiplies.
fn alone_in_marks(view: &View<'_>) -> Option<Reading> {
    let word = view.word();
    let marks = if word.opening.is_empty() { word.closing } else { word.opening };
    let numbers = view.before().is_some_and(|before| before.core.ends_with(|c: char| c.is_ascii_digit()))
        && view.ahead(1).is_some_and(|after| after.starts_with_digit());
    (marks == "*" && numbers).then(|| Reading::new("times", 1))
}

/// Combinations that have a name of their own.
fn whole(core: &str) -> Option<&'static str> {
    Some(match core {
        "->" | "=>" | "-->" | "==>" | "→" => "to",
        "<-" | "<--" | "←" => "from",
        "<=" | "≤" => "less than or equal to",
        ">=" | "≥" => "greater than or equal to",
        "!=" | "<>" | "≠" => "not equal to",
        "==" | "===" => "equals",
        "C++" => "C plus plus",
        "C#" => "C sharp",
        "F#" => "F sharp",
        "w/" => "with",
        "w/o" => "without",
        "&c" => "et cetera",
        "24/7" => "twenty four seven",
        "9/11" => "nine eleven",
        "50/50" => "fifty fifty",
        "20/20" => "twenty twenty",
        "and/or" => "and or",
        _ => return None,
    })
}

/// A symbol between spaces, which reads otherwise than inside a word.
fn between_words(core: &str, view: &View<'_>) -> Option<&'static str> {
    let digit_before = view.before().is_some_and(|word| word.core.ends_with(|c: char| c.is_ascii_digit()));
    let digit_after = view.ahead(1).is_some_and(|word| word.starts_with_digit());
    match core {
        "-" | "–" if digit_before && digit_after => Some("minus"),
        "--" | "-" | "–" | "|" => Some(","),
        "x" | "X" if digit_before && digit_after => Some("by"),
        "/" if digit_before && digit_after => Some("divided by"),
        "#" if digit_after => Some("number"),
        "~" if view.ahead(1).is_some() => Some("about"),
        "^" if digit_after => Some("to the power of"),
        _ => None,
    }
}

fn name(part: &str) -> Option<&'static str> {
    Some(match part.chars().next()? {
        '&' => "and",
        '+' => "plus",
        '=' => "equals",
        '#' => "hash",
        '%' => "percent",
        '@' => "at",
        '*' => "asterisk",
        '/' => "slash",
        '\\' => "backslash",
        '_' => "underscore",
        '~' => "tilde",
        '^' => "caret",
        '<' => "less than",
        '>' => "greater than",
        '$' => "dollars",
        '°' => "degrees",
        '€' => "euros",
        '£' => "pounds",
        '¥' => "yen",
        '₹' => "rupees",
        '₩' => "won",
        '₽' => "rubles",
        '¢' => "cents",
        '§' => "section",
        '¶' => "paragraph",
        '©' => "copyright",
        '×' => "times",
        '÷' => "divided by",
        '±' => "plus or minus",
        '≤' => "less than or equal to",
        '≥' => "greater than or equal to",
        '≠' => "not equal to",
        '≈' => "approximately",
        '√' => "square root of",
        '∞' => "infinity",
        '→' => "to",
        '←' => "from",
        '‰' => "per thousand",
        '⁄' => "over",
        _ => return None,
    })
}
