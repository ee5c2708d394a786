//! From the tokens of a text to all the ways in which it may be said.

use super::address;
use super::clock;
use super::date;
use super::fold::fold;
use super::fraction;
use super::graph::Graph;
use super::language::Language;
use super::money;
use super::number;
use super::phrases;
use super::quantity;
use super::quantity::Quantity;
use super::range;
use super::reading;
use super::roman;
use super::signs;
use super::token::Kind;
use super::token::Token;

/// How many letters a word that is not known to be a number may have in digits, and how many words one may be.
const SOFT_DIGITS: u16 = 15;
const SOFT_WORDS: usize = 6;

/// The graph of a text.
pub(super) fn compile(chars: &[char], tokens: &[Token], language: Language) -> Graph {
    let mut graph = Graph::new(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Word | Kind::Digits => graph.edge(at, at + 1, &token.folded),
            Kind::Sign => say_sign(&mut graph, tokens, at),
            Kind::Joint => say_joint(&mut graph, tokens, at, language),
        }
    }
    phrases::say_phrases(&mut graph, tokens, language);
    phrases::say_variants(&mut graph, tokens, language);
    let mut quantities = reading::quantities(tokens, language);
    quantities.extend((0..tokens.len()).filter_map(|at| roman::numeral(tokens, at, language)));
    for quantity in &quantities {
        quantity.say(&mut graph, quantity.from, quantity.to, language);
    }
    roman::say_numerals(&mut graph, tokens, &quantities, language);
    say_signed(&mut graph, tokens, &quantities, language);
    say_sides(&mut graph, tokens);
    say_noughts(&mut graph, tokens, language);
    let mut ends: Vec<usize> = quantities.iter().map(|quantity| quantity.to).collect();
    ends.sort_unstable();
    ends.dedup();
    phrases::say_units(&mut graph, tokens, language, &ends);
    if language == Language::Other {
        say_softly(&mut graph, tokens);
    } else {
        money::say_amounts(&mut graph, tokens, &quantities, language);
        date::say_dates(&mut graph, tokens, &quantities, language);
        clock::say_times(&mut graph, tokens, &quantities, language);
        range::say_ranges(&mut graph, tokens, &quantities);
        range::say_decades(&mut graph, tokens, &quantities, language);
        say_percent(&mut graph, tokens, &quantities, language);
        fraction::say_fractions(&mut graph, tokens, &quantities, language);
    }
    address::skip_targets(&mut graph, chars, tokens);
    address::say_addresses(&mut graph, tokens);
    graph
}

fn say_sign(graph: &mut Graph, tokens: &[Token], at: usize) {
    let Some(token) = tokens.get(at) else { return };
    graph.edge(at, at + 1, &token.folded);
    for name in signs::sign_names(&token.folded) {
        graph.edge(at, at + 1, &fold(name));
    }
    let is_before_digits = tokens.get(at + 1).is_some_and(|next| next.is_digits() && next.gap.is_tight);
    // "#1" is read "one" as well.
    if token.is("#") {
        graph.edge(at, at + 1, "");
    }
    // "+49": a dialling code.
    if token.is("+") && is_before_digits && !tokens.get(at.wrapping_sub(1)).is_some_and(Token::is_digits) {
        graph.edge(at, at + 1, "");
    }
}

fn say_joint(graph: &mut Graph, tokens: &[Token], at: usize, language: Language) {
    let Some(joint) = tokens[at].folded.chars().next() else { return };
    let is_digits = |place: Option<usize>| place.and_then(|place| tokens.get(place)).is_some_and(Token::is_digits);
    let is_between_digits = is_digits(at.checked_sub(1)) && is_digits(Some(at + 1));
    let is_pointed = |place: Option<usize>| {
        place.and_then(|place| tokens.get(place)).is_some_and(|token| token.is_joint('.') || token.is_joint(','))
    };
    // "3.6.": a German date.
    let is_date = language == Language::German && tokens.get(at + 2).is_none_or(|token| token.gap.has_stop);
    let is_chain = is_date || is_pointed(at.checked_sub(2)) || is_pointed(Some(at + 2));
    let is_decimal = is_between_digits && matches!(joint, '.' | ',') && !is_chain;
    if is_between_digits {
        let others = match joint {
            '.' | ',' => [".", ",", "'"].as_slice(),
            ':' => [":", ".", "h"].as_slice(),
            '/' => ["/"].as_slice(),
            _ => ["-"].as_slice(),
        };
        for other in others {
            graph.edge(at, at + 1, other);
        }
        if is_decimal {
            graph.edge(at, at + 1, " ");
        }
    }
    if !is_decimal {
        graph.edge(at, at + 1, "");
    }
    let is_range = is_between_digits || is_span(tokens, at, language);
    for name in signs::joint_names(joint, language, is_range) {
        graph.edge(at, at + 1, &fold(name));
    }
}

/// "Mon-Fri", "10am-2pm": a hyphen that is "to", although it does not stand between two digits.
fn is_span(tokens: &[Token], at: usize, language: Language) -> bool {
    let Some((before, after)) = at.checked_sub(1).and_then(|before| Some((&tokens[before], tokens.get(at + 1)?)))
    else {
        return false;
    };
    let is_measure =
        || before.is_word() && before.gap.is_tight && at.checked_sub(2).is_some_and(|at| tokens[at].is_digits());
    let is_name = |token| date::is_of_the_calendar(token, language);
    (after.is_digits() && is_measure()) || (is_name(before) && is_name(after))
}

/// "2x4", "3 x 5 m": sides.
fn say_sides(graph: &mut Graph, tokens: &[Token]) {
    for (at, sides) in tokens.windows(3).enumerate() {
        if let [left, by, right] = sides
            && by.is("x")
            && left.is_digits()
            && right.is_digits()
        {
            for name in signs::sign_names("×") {
                graph.edge(at + 1, at + 2, &fold(name));
            }
        }
    }
}

/// "Point oh one": a nought between points.
fn say_noughts(graph: &mut Graph, tokens: &[Token], language: Language) {
    let is_point = |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|token| token.is_joint('.'));
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("0")) {
        if is_point(at.checked_sub(1)) || is_point(Some(at + 1)) {
            for name in number::digit_names(language, '0') {
                graph.edge(at, at + 1, &fold(name));
            }
        }
    }
}

/// "-5", where the minus must be said.
fn say_signed(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is(&quantity::minus_sign())) {
        for name in quantity::minus(language) {
            graph.edge(at, at + 1, &fold(name));
        }
        for name in signs::sign_names(&tokens[at].folded) {
            graph.edge(at, at + 1, &fold(name));
        }
    }
    // "Minus five" in words may be written with the sign.
    for quantity in quantities {
        let Some(before) = quantity.from.checked_sub(1) else { continue };
        if quantity::minus(language).iter().any(|name| tokens[before].is(&fold(name))) {
            graph.edge(before, quantity.from, &quantity::minus_sign());
        }
    }
}

/// "百分之五十", where the per cent is said first.
fn say_percent(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    if language != Language::Chinese {
        return;
    }
    for quantity in quantities {
        let is_before =
            quantity.from >= 3 && ["百", "分", "之"].iter().zip(quantity.from - 3..).all(|(c, at)| tokens[at].is(c));
        let is_behind = tokens.get(quantity.to).is_some_and(|token| token.is("%"));
        let (from, to) = match (is_before, is_behind) {
            (true, _) => (quantity.from - 3, quantity.to),
            (_, true) => (quantity.from, quantity.to + 1),
            _ => continue,
        };
        let (head, tail) = (graph.inner(from), graph.inner(from));
        graph.edge(from, head, "百分之");
        quantity.say(graph, head, to, language);
        quantity.say(graph, from, tail, language);
        graph.edge(tail, to, "%");
    }
}

/// In a language whose numbers are not known, some words may be a number that is written in digits.
fn say_softly(graph: &mut Graph, tokens: &[Token]) {
    for from in 0..tokens.len() {
        for to in from + 1..=tokens.len().min(from + SOFT_WORDS) {
            if tokens[from..to].iter().all(|token| token.kind == Kind::Word || token.kind == Kind::Joint) {
                graph.digits(from, to, SOFT_DIGITS);
            }
        }
    }
}
