//! Fractions: "3/4" and "three quarters".

use super::fold::fold;
use super::graph::Graph;
use super::language::Language;
use super::quantity::Quantity;
use super::token::Token;

/// "3/4" and "three quarters".
pub(super) fn say_fractions(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    for quantity in quantities.iter().filter(|quantity| quantity.is_in_words) {
        say_named(graph, tokens, quantity, language);
        say_chinese(graph, tokens, quantities, quantity);
    }
    // "A half".
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("a")) {
        say_named(graph, tokens, &Quantity::new(at, at + 1, 1), language);
    }
    for above in quantities.iter().filter(|above| !above.is_in_words) {
        let is_over = tokens.get(above.to).is_some_and(|token| token.is_joint('/'));
        let below = quantities.iter().find(|below| is_over && below.from == above.to + 1 && !below.is_in_words);
        let Some((count, below)) = above.value().zip(below) else { continue };
        let Some(value) = below.value().filter(|value| (2..=100).contains(value)) else { continue };
        let named = graph.inner(above.from);
        above.say(graph, above.from, named, language);
        if count == 1 {
            for one in &["a", "ein", "eine", "un", "une", "una", ""] {
                graph.edge(above.from, named, one);
            }
        }
        for name in part_names(language, value) {
            graph.edge(named, below.to, &fold(name));
        }
        if language == Language::Chinese {
            let (said, over) = (graph.inner(above.from), graph.inner(above.from));
            below.say(graph, above.from, said, language);
            graph.edge(said, over, "分之");
            above.say(graph, over, below.to, language);
        }
    }
}

/// "Three quarters", which may be written "3/4"; in Chinese the lower number comes first.
fn say_named(graph: &mut Graph, tokens: &[Token], above: &Quantity, language: Language) {
    let Some(count) = above.value() else { return };
    for value in PARTS {
        let is_part = |token: &Token| part_names(language, value).iter().any(|name| fold(name) == token.folded);
        if tokens.get(above.to).is_some_and(is_part) {
            graph.edge(above.from, above.to + 1, &format!("{count}/{value}"));
        }
    }
}

fn say_chinese(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], below: &Quantity) {
    let is_over = tokens.get(below.to).is_some_and(|token| token.is("分"))
        && tokens.get(below.to + 1).is_some_and(|token| token.is("之"));
    for above in quantities.iter().filter(|above| is_over && above.from == below.to + 2) {
        if let Some((count, value)) = above.value().zip(below.value()) {
            graph.edge(below.from, above.to, &format!("{count}/{value}"));
        }
    }
}

/// The parts that have names of their own.
const PARTS: [u64; 6] = [2, 3, 4, 5, 8, 10];

fn part_names(language: Language, value: u64) -> &'static [&'static str] {
    match (language, value) {
        (Language::English, 2) => &["half", "halves"],
        (Language::English, 3) => &["third", "thirds"],
        (Language::English, 4) => &["quarter", "quarters", "fourth", "fourths"],
        (Language::English, 5) => &["fifth", "fifths"],
        (Language::English, 8) => &["eighth", "eighths"],
        (Language::English, 10) => &["tenth", "tenths"],
        (Language::German, 2) => &["halb", "halbe", "halber", "halbes", "halben"],
        (Language::German, 3) => &["drittel"],
        (Language::German, 4) => &["viertel"],
        (Language::German, 5) => &["fünftel"],
        (Language::German, 8) => &["achtel"],
        (Language::German, 10) => &["zehntel"],
        (Language::French, 2) => &["demi", "demie"],
        (Language::French, 3) => &["tiers"],
        (Language::French, 4) => &["quart", "quarts"],
        (Language::French, 5) => &["cinquième", "cinquièmes"],
        (Language::Spanish, 2) => &["medio", "media"],
        (Language::Spanish, 3) => &["tercio", "tercios"],
        (Language::Spanish, 4) => &["cuarto", "cuartos"],
        (Language::Spanish, 5) => &["quinto", "quintos"],
        (Language::Russian, 2) => &["вторая", "вторых"],
        (Language::Russian, 3) => &["треть", "трети"],
        (Language::Russian, 4) => &["четверть", "четверти", "четвёртых"],
        _ => &[],
    }
}
