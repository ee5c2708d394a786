//! Words and phrases that are said alike or written in more than one way, from [`super::tables`].

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::fold_entry;
use super::graph::Graph;
use super::language::Language;
use super::tables;
use super::token::Kind;
use super::token::Token;

/// How many tokens a phrase is made of, at most.
const MAX_TOKENS: usize = 7;

const LANGUAGES: [Language; 7] = [
    Language::English,
    Language::German,
    Language::French,
    Language::Spanish,
    Language::Russian,
    Language::Chinese,
    Language::Other,
];

/// From a phrase to all the ways of writing it.
type Book = HashMap<String, Vec<&'static [&'static str]>>;

static PHRASES: LazyLock<HashMap<Language, Book>> = LazyLock::new(|| {
    LANGUAGES.into_iter().map(|language| (language, phrase_book(tables::phrases(language)))).collect()
});

static UNITS: LazyLock<HashMap<Language, Book>> =
    LazyLock::new(|| LANGUAGES.into_iter().map(|language| (language, unit_book(tables::units(language)))).collect());

/// Of a row of phrases, the first stands for each of the others, and each of them for it alone.
fn phrase_book(rows: &'static [&'static [&'static str]]) -> Book {
    let mut book = Book::new();
    for row in rows {
        for (at, phrase) in row.iter().enumerate() {
            let others = if at == 0 { *row } else { row.get(..1).unwrap_or_default() };
            book.entry(fold_entry(phrase)).or_default().push(others);
        }
    }
    book
}

/// Of a row of units, each stands for each.
fn unit_book(rows: &'static [&'static [&'static str]]) -> Book {
    let mut book = Book::new();
    for row in rows {
        for unit in *row {
            book.entry(fold_entry(unit)).or_default().push(row);
        }
    }
    book
}

/// Lets each phrase be said in its other forms.
pub(super) fn say_phrases(graph: &mut Graph, tokens: &[Token], language: Language) {
    let Some(book) = PHRASES.get(&language) else { return };
    (0..tokens.len()).for_each(|from| look_up(graph, tokens, from, book));
}

/// The same for the units behind a number that ends in front of one of the tokens `places`.
pub(super) fn say_units(graph: &mut Graph, tokens: &[Token], language: Language, places: &[usize]) {
    let Some(book) = UNITS.get(&language) else { return };
    for &from in places {
        let is_joined = tokens.get(from).is_some_and(|token| token.kind == Kind::Joint);
        look_up(graph, tokens, if is_joined { from + 1 } else { from }, book);
    }
}

fn look_up(graph: &mut Graph, tokens: &[Token], from: usize, book: &Book) {
    if tokens.get(from).is_none_or(|token| token.kind == Kind::Joint) {
        return;
    }
    let mut joined = String::new();
    for (at, token) in tokens.iter().enumerate().skip(from).take(MAX_TOKENS) {
        if token.kind != Kind::Joint {
            joined.push_str(&token.folded);
            for group in book.get(&joined).into_iter().flatten() {
                for phrase in *group {
                    graph.edge(from, at + 1, &fold_entry(phrase));
                }
            }
        }
    }
}

/// Lets a word be said in the other ways in which its language writes it.
pub(super) fn say_variants(graph: &mut Graph, tokens: &[Token], language: Language) {
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_word()) {
        let follows = at > 0 && tokens[at - 1].is_word() && !token.gap.has_stop && !token.gap.has_comma;
        let mut all = match language {
            Language::English | Language::Other => english(token, follows),
            Language::German => german(token, follows),
            _ => Vec::new(),
        };
        all.extend(powers(&token.folded));
        all.extend(umlauts(&token.folded).filter(|_| matches!(language, Language::German | Language::Other)));
        for variant in &all {
            graph.edge(at, at + 1, variant);
        }
    }
}

/// What a contraction stands for, by its ending, and what may be contracted.
const ENGLISH_ENDINGS: [(&str, &[&str]); 7] = [
    ("'s", &["is", "has", "us"]),
    ("'re", &["are"]),
    ("'m", &["am"]),
    ("'ll", &["will", "shall"]),
    ("'ve", &["have"]),
    ("'d", &["would", "had", "did"]),
    ("n't", &["not"]),
];

fn english(token: &Token, follows: bool) -> Vec<String> {
    let word = token.folded.as_str();
    let mut all = Vec::new();
    for (ending, wholes) in ENGLISH_ENDINGS {
        let short: String = ending.chars().filter(|c| c.is_alphabetic()).collect();
        if follows && wholes.contains(&word) && word != "us" {
            all.push(short.clone());
        }
        // The apostrophe is not in the folded word, so one too many is allowed: no other word comes of it.
        if let Some(head) = word.strip_suffix(&short).filter(|head| !head.is_empty() && token.has_apostrophe) {
            all.extend(wholes.iter().map(|whole| format!("{head}{whole}")));
        }
    }
    for (british, american) in tables::ENGLISH_SPELLINGS {
        for (here, there) in [(british, american), (american, british)] {
            if let Some(at) = word.find(here).filter(|_| here.len() > 4 || word.len() > here.len() + 1) {
                all.push(format!("{}{there}{}", &word[..at], &word[at + here.len()..]));
            }
        }
    }
    all
}

/// "Geht's" for "geht es", "hab" for "habe".
fn german(token: &Token, follows: bool) -> Vec<String> {
    let word = token.folded.as_str();
    let mut all = Vec::new();
    if follows && word == "es" {
        all.push("s".to_owned());
    }
    if follows && matches!(word, "eine" | "ein" | "einen" | "einem" | "einer" | "eines") {
        all.push(word.strip_prefix("ei").unwrap_or(word).to_owned());
    }
    if token.has_apostrophe {
        if let Some(head) = word.strip_suffix('s') {
            all.extend([format!("{head}es"), format!("{head}das")]);
        }
        if let Some(head) = word.strip_suffix('n') {
            all.extend([format!("{head}ein"), format!("{head}einen")]);
        }
    }
    all
}

/// "ae" for "ä", where a keyboard has none.
fn umlauts(word: &str) -> impl Iterator<Item = String> {
    let plain = word.replace('\u{308}', "e");
    (plain != word).then_some(plain).into_iter()
}

/// "mc²" is read "m c squared".
fn powers(word: &str) -> Vec<String> {
    const NAMES: [(char, &[&str]); 2] = [
        ('²', &["squared", "quadrat", "aucarré", "alcuadrado", "вквадрате", "平方"]),
        ('³', &["cubed", "hochdrei", "aucube", "alcubo", "вкубе", "立方"]),
    ];
    let named = NAMES.iter().filter_map(|&(power, names)| Some((word.strip_suffix(power)?, names)));
    named.flat_map(|(base, names)| names.iter().map(move |name| format!("{base}{}", fold_entry(name)))).collect()
}
