//! A number of a text, and all the ways in which it may be said.

use super::fold::MINUS;
use super::fold::fold;
use super::graph::ANY_BETWEEN;
use super::graph::Graph;
use super::language::Language;
use super::number;
use super::number::Parts;
use super::number::TOO_LARGE;

/// A longer one is only read digit by digit, and one longer than this not in groups either.
pub(super) const MAX_DIGITS: usize = 24;

/// A number that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    /// From which token up to which.
    pub(super) from: usize,
    pub(super) to: usize,
    /// Its digits before the point, and those behind it.
    pub(super) whole: String,
    pub(super) fraction: String,
    /// It is a place in a row, or may be one.
    pub(super) is_ordinal: bool,
    pub(super) is_in_words: bool,
}

impl Quantity {
    /// The whole number `value` in any form, which stands for the tokens given.
    pub(super) fn new(from: usize, to: usize, value: u64) -> Self {
        let whole = value.to_string();
        Self { from, to, whole, fraction: String::new(), is_ordinal: false, is_in_words: false }
    }

    /// The number, if it is whole and not too large.
    pub(super) fn value(&self) -> Option<u64> {
        self.whole.parse().ok().filter(|&value: &u64| self.fraction.is_empty() && value < TOO_LARGE)
    }

    fn whole_value(&self) -> Option<u64> {
        self.whole.parse().ok().filter(|&value| value < TOO_LARGE)
    }

    /// Lets it be said in every way from one node to another.
    pub(super) fn say(&self, graph: &mut Graph, from: usize, to: usize, language: Language) {
        self.say_in_digits(graph, from, to);
        if language == Language::Other {
            let most = 16 * (self.whole.len() + self.fraction.len() + 1);
            graph.letters(from, to, u16::try_from(most).unwrap_or(u16::MAX));
            return;
        }
        if self.fraction.is_empty() {
            self.say_whole(graph, from, to, language);
        } else {
            self.say_fraction(graph, from, to, language);
        }
    }

    /// "1,000", "1 000", "1000".
    pub(super) fn say_in_digits(&self, graph: &mut Graph, from: usize, to: usize) {
        let short = self.whole.trim_start_matches('0');
        let wholes = if short.is_empty() || self.fraction.is_empty() { grouped(&self.whole) } else { grouped(short) };
        if self.fraction.is_empty() {
            for whole in &wholes {
                graph.edge(from, to, whole);
            }
        } else {
            graph.path(from, to, &[&wholes, &[format!(".{}", self.fraction), format!(",{}", self.fraction)]]);
        }
        if self.is_ordinal {
            let endings = ORDINAL_ENDINGS.map(fold);
            graph.path(from, to, &[&wholes, &endings]);
        }
    }

    fn say_whole(&self, graph: &mut Graph, from: usize, to: usize, language: Language) {
        if let Some(value) = self.whole_value() {
            let mut ways = number::cardinals(language, value);
            ways.extend(number::years(language, value));
            // A Russian number may always be one: "в 1999 году".
            if self.is_ordinal || language == Language::Russian {
                ways.extend(number::ordinals(language, value));
            }
            for parts in &ways {
                say_parts(graph, from, to, parts);
            }
            say_scaled(graph, from, to, language, value);
        }
        if self.whole.len() > 1 && !self.is_in_words {
            say_digits(graph, from, to, language, &self.whole);
        }
    }

    fn say_fraction(&self, graph: &mut Graph, from: usize, to: usize, language: Language) {
        let (head, tail) = (graph.inner(from), graph.inner(from));
        let whole = Self { fraction: String::new(), ..self.clone() };
        whole.say_whole(graph, from, head, language);
        for point in number::points(language) {
            graph.edge(head, tail, &fold(point));
        }
        if self.whole == "0" {
            for point in number::points(language) {
                graph.edge(from, tail, &fold(point));
            }
        }
        let behind = Self { whole: self.fraction.clone(), ..whole };
        say_digits(graph, tail, to, language, &self.fraction);
        if language == Language::Russian {
            let last = graph.inner(from);
            behind.say_whole(graph, tail, last, language);
            graph.path(last, to, &[&RUSSIAN_PARTS]);
        } else if !self.fraction.starts_with('0') {
            behind.say_whole(graph, tail, to, language);
        }
        if self.fraction == "5" {
            for half in number::halves(language) {
                graph.edge(head, to, &fold(half));
            }
        }
    }
}

/// What may be said behind the digits of a Russian fraction.
const RUSSIAN_PARTS: [&str; 7] = ["", "десятых", "десятая", "сотых", "сотая", "тысячных", "тысячная"];

/// What is written onto the digits of an ordinal number; languages do not disturb each other here.
pub(super) const ORDINAL_ENDINGS: [&str; 36] = [
    "st", "nd", "rd", "th", "er", "re", "ère", "e", "ème", "eme", "ième", "o", "a", "os", "as", "й", "го", "му", "м",
    "я", "ю", "ое", "ого", "ый", "ий", "ая", "ую", "ой", "ом", "е", "х", "ми", "те", "ten", "ter", "nde",
];

/// Lets the words of a number be said.
pub(super) fn say_parts(graph: &mut Graph, from: usize, to: usize, parts: &Parts) {
    let folded: Vec<Vec<String>> = parts.iter().map(|forms| forms.iter().map(|form| fold(form)).collect()).collect();
    let slices: Vec<&[String]> = folded.iter().map(Vec::as_slice).collect();
    graph.path(from, to, &slices);
}

/// "5 million" for 5,000,000, and "1.5 million".
fn say_scaled(graph: &mut Graph, from: usize, to: usize, language: Language, value: u64) {
    for &(scale, names) in number::scales(language) {
        let tenths = value / (scale / 10);
        if value >= scale && value.is_multiple_of(scale / 10) && tenths < 100_000 {
            let last = graph.inner(from);
            let names: Vec<String> = names.iter().map(|name| fold(name)).collect();
            graph.path(last, to, &[&names]);
            let mut short = Quantity::new(from, to, tenths / 10);
            if !tenths.is_multiple_of(10) {
                short.fraction = (tenths % 10).to_string();
                short.say_fraction(graph, from, last, language);
            }
            short.say_in_digits(graph, from, last);
        }
    }
}

/// "Five five five, one two", "double five", "fifty-five twelve"; written, with anything in between.
fn say_digits(graph: &mut Graph, from: usize, to: usize, language: Language, digits: &str) {
    let written: Vec<String> = digits.chars().map(String::from).collect();
    if digits.len() > 1 {
        graph.edge(from, to, &written.join(&ANY_BETWEEN.to_string()));
    }
    let mut nodes = vec![from];
    nodes.extend((1..digits.len()).map(|_| graph.inner(from)));
    nodes.push(to);
    let bytes: Vec<char> = digits.chars().collect();
    for (at, &digit) in bytes.iter().enumerate() {
        let names: Vec<String> = number::digit_names(language, digit).into_iter().map(fold).collect();
        graph.path(nodes[at], nodes[at + 1], &[&names]);
        let run = bytes[at..].iter().take_while(|&&next| next == digit).count();
        if language == Language::English && run >= 2 {
            graph.path(nodes[at], nodes[at + 2], &[&["double".to_owned()], &names]);
            if run >= 3 {
                graph.path(nodes[at], nodes[at + 3], &[&["triple".to_owned()], &names]);
            }
        }
    }
    if (3..=MAX_DIGITS).contains(&digits.len()) {
        say_pairs(graph, &nodes, language, &bytes);
    }
}

/// Pairs from the end on: "four one, fifty-five", "twenty oh five".
fn say_pairs(graph: &mut Graph, nodes: &[usize], language: Language, digits: &[char]) {
    for at in (digits.len() % 2..digits.len()).step_by(2) {
        let pair: String = digits.iter().skip(at).take(2).collect();
        let Some(value) = pair.parse().ok().filter(|_| !pair.starts_with('0')) else { continue };
        for parts in number::cardinals(language, value) {
            say_parts(graph, nodes[at], nodes[at + 2], &parts);
        }
    }
}

/// The digits with and without marks between thousands.
fn grouped(digits: &str) -> Vec<String> {
    let mut all = vec![digits.to_owned()];
    if (4..=MAX_DIGITS).contains(&digits.len()) && !digits.starts_with('0') {
        for mark in [',', '.', ' ', '\''] {
            let mut text = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    text.push(mark);
                }
                text.push(digit);
            }
            all.push(text);
        }
    }
    all
}

/// What is said for a minus sign in front of a number.
pub(super) fn minus(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &["minus", "negative"],
        Language::French => &["moins"],
        Language::Spanish => &["menos"],
        Language::Russian => &["минус"],
        Language::Chinese => &["负", "負", "零下", "减", "減"],
        Language::German | Language::Other => &["minus"],
    }
}

/// The sign itself.
pub(super) fn minus_sign() -> String {
    MINUS.to_string()
}
