//! Ranges, scores and decades: "5–10" and "five to ten", "the 1990s" and "the nineties".

use super::fold::fold;
use super::graph::Graph;
use super::language::Language;
use super::number;
use super::quantity::Quantity;
use super::quantity::say_parts;
use super::token::Token;

/// What is said for a dash or a colon between two numbers.
#[rustfmt::skip]
const BETWEEN: [&str; 20] = [
    "to", "through", "until", "till", "bis", "zu", "à", "a", "al", "hasta", "до", "по", "到", "至", "比", "dash", "minus",
    "moins", "тире", "к",
];

/// Lets the word between two numbers be written as a mark.
pub(super) fn say_ranges(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity]) {
    for (at, token) in tokens.iter().enumerate() {
        let is_between = BETWEEN.iter().any(|word| token.is(&fold(word)))
            && quantities.iter().any(|quantity| quantity.to == at)
            && quantities.iter().any(|quantity| quantity.from == at + 1);
        if is_between {
            for mark in &["-", ":"] {
                graph.edge(at, at + 1, mark);
            }
        }
    }
}

const TENS: [&str; 10] =
    ["hundreds", "tens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];

/// Lets "1990s" be said "nineteen nineties", and the other way round; in German "1990er".
pub(super) fn say_decades(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    match language {
        Language::English => {
            for quantity in quantities {
                say_in_words(graph, tokens, quantity);
            }
            (0..tokens.len()).for_each(|at| say_in_digits(graph, tokens, quantities, at));
        }
        Language::German => (0..tokens.len()).for_each(|at| say_german(graph, tokens, at)),
        _ => {}
    }
}

fn say_in_words(graph: &mut Graph, tokens: &[Token], quantity: &Quantity) {
    let is_plural = tokens.get(quantity.to).is_some_and(|token| token.is("s") && token.gap.is_tight);
    let Some(value) = quantity.value().filter(|value| is_plural && value.is_multiple_of(10)) else { return };
    let tens = usize::try_from(value / 10 % 10).ok().and_then(|tens| TENS.get(tens));
    let Some(&tens) = tens.filter(|_| matches!(quantity.whole.len(), 2 | 4)) else { return };
    let to = quantity.to + 1;
    if value < 100 {
        return graph.edge(quantity.from, to, tens);
    }
    let said = graph.inner(quantity.from);
    for parts in number::cardinals(Language::English, value / 100) {
        say_parts(graph, quantity.from, said, &parts);
    }
    graph.edge(said, to, tens);
}

fn say_in_digits(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], at: usize) {
    let Some(tens) =
        tokens.get(at).and_then(|token| TENS.iter().position(|name| token.is(name))).filter(|&tens| tens > 1)
    else {
        return;
    };
    graph.edge(at, at + 1, &format!("{tens}0s"));
    for century in quantities.iter().filter(|century| century.to == at) {
        if let Some(value) = century.value().filter(|value| (10..30).contains(value)) {
            graph.edge(century.from, at + 1, &format!("{value}{tens}0s"));
        }
    }
}

/// "Neunzehnhundertneunziger" is a number with "er" behind it.
fn say_german(graph: &mut Graph, tokens: &[Token], at: usize) {
    let stem = tokens.get(at).and_then(|token| token.folded.strip_suffix("er"));
    for (_, value, _) in stem.map(|stem| number::read(Language::German, &[stem])).unwrap_or_default() {
        graph.edge(at, at + 1, &format!("{value}er"));
    }
}
