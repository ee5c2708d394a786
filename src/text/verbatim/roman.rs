//! Roman numerals of kings, wars, centuries and chapters.

use super::fold::fold;
use super::graph::Graph;
use super::language::Language;
use super::number;
use super::quantity::Quantity;
use super::quantity::say_parts;
use super::token::Token;

/// The greatest numeral that is read; kings and chapters do not go further.
const MAX_ROMAN: u64 = 3_999;

/// "VIII" behind a name or a noun, and the French "`XXIe`" and "Ier".
pub(super) fn numeral(tokens: &[Token], at: usize, language: Language) -> Option<Quantity> {
    let token = tokens.get(at).filter(|token| token.is_word() && token.is_capital)?;
    let value = if token.is_upper { roman_value(&token.folded) } else { suffixed_value(&token.folded, language) }?;
    Some(Quantity { is_ordinal: true, ..Quantity::new(at, at + 1, value) })
}

fn suffixed_value(text: &str, language: Language) -> Option<u64> {
    let endings = FRENCH_ENDINGS.iter().filter(|_| language == Language::French);
    endings.filter_map(|ending| text.strip_suffix(fold(ending).as_str())).find_map(roman_value)
}

/// What is written onto a French numeral.
const FRENCH_ENDINGS: [&str; 4] = ["er", "re", "ème", "e"];

/// Nouns that are numbered so without being names.
#[rustfmt::skip]
const NUMBERED: [&str; 20] = [
    "siècle", "siglo", "век", "века", "веке", "jahrhundert", "jahrhunderts", "century", "chapter", "volume", "part", "tome",
    "tomo", "chapitre", "capítulo", "kapitel", "band", "teil", "глава", "том",
];

fn roman_value(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut last = 0;
    for c in text.chars().rev() {
        let value = match c {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            'd' => 500,
            'm' => 1_000,
            _ => return None,
        };
        if value < last {
            total = total.checked_sub(value)?;
        } else {
            total += value;
            last = value;
        }
    }
    (1..=MAX_ROMAN).contains(&total).then_some(total).filter(|&value| to_roman(value) == text)
}

fn to_roman(value: u64) -> String {
    const NUMERALS: [(u64, &str); 13] = [
        (1_000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut rest = value;
    let mut text = String::new();
    for (worth, numeral) in NUMERALS {
        while rest >= worth {
            text.push_str(numeral);
            rest -= worth;
        }
    }
    text
}

/// "Henry the Eighth" for "Henry VIII" and the other way round.
pub(super) fn say_numerals(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    for quantity in quantities {
        let Some(value) = quantity.value().filter(|value| (1..50).contains(value)) else { continue };
        if !quantity.is_in_words {
            say_ordinal(graph, quantity, value, language);
            continue;
        }
        let word = |at: Option<usize>| at.and_then(|at| tokens.get(at));
        let is_article = |token: &Token| ARTICLES.contains(&token.folded.as_str());
        let before = quantity.from.checked_sub(1).filter(|&before| word(Some(before)).is_some_and(is_article));
        let from = before.unwrap_or(quantity.from);
        let is_noun = |token: &Token| NUMBERED.iter().any(|noun| token.is(&fold(noun)));
        let follows_name = word(from.checked_sub(1)).is_some_and(|name| name.is_capital || is_noun(name));
        if follows_name {
            graph.edge(from, quantity.to, &to_roman(value));
        }
        if follows_name || word(Some(quantity.to)).is_some_and(is_noun) {
            graph.edge(quantity.from, quantity.to, &to_roman(value));
            let endings = FRENCH_ENDINGS.iter().filter(|_| language == Language::French);
            endings.for_each(|ending| graph.edge(quantity.from, quantity.to, &(to_roman(value) + &fold(ending))));
        }
    }
}

const ARTICLES: [&str; 8] = ["the", "der", "die", "den", "dem", "des", "le", "la"];

/// "The Eighth".
fn say_ordinal(graph: &mut Graph, quantity: &Quantity, value: u64, language: Language) {
    if !quantity.is_ordinal {
        return;
    }
    let article = graph.inner(quantity.from);
    for name in &ARTICLES {
        graph.edge(quantity.from, article, name);
    }
    for parts in number::ordinals(language, value) {
        say_parts(graph, article, quantity.to, &parts);
    }
}
