//! Where the numbers are in a text, in digits or in words.

use super::fold::fold;
use super::language::Language;
use super::number;
use super::number::Sense;
use super::number::TOO_LARGE;
use super::quantity::MAX_DIGITS;
use super::quantity::ORDINAL_ENDINGS;
use super::quantity::Quantity;
use super::token::Token;

/// All the numbers among `tokens`; where one may be read in several ways, each of them.
pub(super) fn quantities(tokens: &[Token], language: Language) -> Vec<Quantity> {
    let mut all = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_digits() {
            all.extend(in_digits(tokens, at, language));
        } else if token.is_word() {
            all.extend(in_words(tokens, at, language));
        }
    }
    all
}

fn in_words(tokens: &[Token], from: usize, language: Language) -> Vec<Quantity> {
    // A hyphen joins "twenty-one"; anything else that may be read out ends the number.
    let follows = |&&at: &&usize| at == from || !tokens[at].gap.has_stop && !tokens[at].gap.has_comma;
    let places: Vec<usize> = (from..tokens.len())
        .take_while(|&at| tokens[at].is_word() || tokens[at].is_joint('-'))
        .take(20)
        .filter(|&at| tokens[at].is_word())
        .collect();
    let places: Vec<usize> = places.iter().take_while(follows).copied().collect();
    let words: Vec<&str> = places.iter().map(|&at| tokens[at].folded.as_str()).collect();
    let mut all: Vec<Quantity> = number::read(language, &words)
        .into_iter()
        .filter_map(|(count, value, sense)| {
            let to = places.get(count.checked_sub(1)?)? + 1;
            let is_ordinal = sense == Sense::Ordinal;
            Some(Quantity { is_ordinal, is_in_words: true, ..Quantity::new(from, to, value) })
        })
        .collect();
    let pointed: Vec<Quantity> = all.iter().filter_map(|whole| with_fraction(tokens, whole, language)).collect();
    let scaled: Vec<Quantity> = pointed.iter().filter_map(|number| scaled(tokens, number, language)).collect();
    all.extend(pointed);
    all.extend(scaled);
    // A run is read from where it begins; reading it again from within would cost the square of its length.
    let is_digit = |token: &Token| ('0'..='9').any(|digit| is_name_of(language, digit, &token.folded));
    let gap = tokens[from].gap;
    let is_within =
        !gap.has_stop && !gap.has_comma && from.checked_sub(1).is_some_and(|before| is_digit(&tokens[before]));
    if !is_within {
        all.extend(digit_run(&places, &words, language));
    }
    all
}

/// "Three point one four".
fn with_fraction(tokens: &[Token], whole: &Quantity, language: Language) -> Option<Quantity> {
    let point = tokens.get(whole.to).filter(|token| !whole.is_ordinal && token.is_word())?;
    if !number::points(language).iter().any(|name| fold(name) == point.folded) {
        return None;
    }
    let mut fraction = String::new();
    let mut to = whole.to + 1;
    while let Some(token) = tokens.get(to).filter(|token| token.is_word() && fraction.len() < MAX_DIGITS) {
        let read = number::read(language, &[&token.folded]);
        let Some(&(_, value, _)) = read.iter().find(|(count, _, sense)| *count == 1 && *sense == Sense::Cardinal)
        else {
            break;
        };
        // "Point fourteen" ends what "point one four" goes on with.
        fraction.push_str(&value.to_string());
        to += 1;
        if value > 9 {
            break;
        }
    }
    let is_number = !fraction.is_empty() && language != Language::Russian;
    is_number.then(|| Quantity { to, fraction, ..whole.clone() })
}

/// "Five five five one two", "zéro un vingt-trois": more likely written in digits.
fn digit_run(places: &[usize], words: &[&str], language: Language) -> Option<Quantity> {
    let mut digits = String::new();
    let (mut at, mut groups) = (0, 0);
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty() && digits.len() < MAX_DIGITS) {
        let is_name = |digit: &char| is_name_of(language, *digit, rest[0]);
        let pair = number::read(language, rest)
            .into_iter()
            .filter(|(_, value, sense)| (10..100).contains(value) && *sense == Sense::Cardinal)
            .max_by_key(|(count, ..)| *count);
        match (pair, ('0'..='9').find(is_name)) {
            (Some((count, value, _)), _) => {
                digits.push_str(&value.to_string());
                at += count;
            }
            (None, Some(digit)) => {
                digits.push(digit);
                at += 1;
            }
            (None, None) => break,
        }
        groups += 1;
    }
    let (&from, &last) = (places.first()?, places.get(at.checked_sub(1)?)?);
    let run = Quantity { whole: digits, ..Quantity::new(from, last + 1, 0) };
    (groups >= 3).then_some(run)
}

fn is_name_of(language: Language, digit: char, word: &str) -> bool {
    number::digit_names(language, digit).into_iter().any(|name| fold(name) == word)
}

fn in_digits(tokens: &[Token], from: usize, language: Language) -> Vec<Quantity> {
    let plain = Quantity { whole: tokens[from].folded.clone(), ..Quantity::new(from, from + 1, 0) };
    let mut all = vec![plain.clone()];
    for mark in [Mark::Comma, Mark::Point, Mark::Space, Mark::Apostrophe] {
        all.extend(thousands(tokens, &plain, mark, language));
    }
    all.extend(dialled(tokens, from));
    let pointed: Vec<Quantity> = all.iter().filter_map(|whole| decimal(tokens, whole, language)).collect();
    let ordinals: Vec<Quantity> = all.iter().filter_map(|whole| ordinal(tokens, whole, language)).collect();
    let scaled: Vec<Quantity> =
        all.iter().chain(&pointed).filter_map(|number| scaled(tokens, number, language)).collect();
    all.extend(pointed);
    all.extend(ordinals);
    all.extend(scaled);
    all
}

/// "555 1234", "555-1234", "5 5 5 1 2 3 4": a number of any grouping, which may be written in any other.
fn dialled(tokens: &[Token], from: usize) -> Option<Quantity> {
    let is_within = from.checked_sub(1).is_some_and(|before| tokens[before].is_digits())
        && !tokens[from].gap.has_stop
        && !tokens[from].gap.has_comma;
    if is_within {
        return None;
    }
    let mut number = Quantity { whole: tokens[from].folded.clone(), ..Quantity::new(from, from + 1, 0) };
    loop {
        let is_joined = tokens.get(number.to).is_some_and(|token| token.is_joint('-') || token.is_joint('/'));
        let at = if is_joined { number.to + 1 } else { number.to };
        let is_near = |token: &&Token| token.is_digits() && !token.gap.has_stop && !token.gap.has_comma;
        let Some(group) = tokens.get(at).filter(is_near) else { break };
        number.whole.push_str(&group.folded);
        number.to = at + 1;
    }
    (number.to > from + 1 && (3..=MAX_DIGITS).contains(&number.whole.len())).then_some(number)
}

/// What may stand between thousands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Comma,
    Point,
    Space,
    Apostrophe,
}

fn thousands(tokens: &[Token], plain: &Quantity, mark: Mark, language: Language) -> Option<Quantity> {
    let is_english = matches!(language, Language::English | Language::Chinese);
    if plain.whole.len() > 3 || plain.whole.starts_with('0') || (mark == Mark::Point && is_english) {
        return None;
    }
    let mut number = plain.clone();
    while let Some(group) = group(tokens, number.to, mark) {
        number.whole.push_str(&tokens[group].folded);
        number.to = group + 1;
    }
    (number.to > plain.to).then_some(number)
}

fn group(tokens: &[Token], at: usize, mark: Mark) -> Option<usize> {
    let token = tokens.get(at)?;
    let gap = token.gap;
    let group = match mark {
        Mark::Comma => token.is_joint(',').then_some(at + 1),
        Mark::Point => token.is_joint('.').then_some(at + 1),
        Mark::Space => (gap.has_space && !gap.has_stop && !gap.has_comma && !gap.has_apostrophe).then_some(at),
        Mark::Apostrophe => (gap.has_apostrophe && gap.is_tight).then_some(at),
    }?;
    tokens.get(group).filter(|token| token.is_digits() && token.folded.len() == 3).map(|_| group)
}

fn decimal(tokens: &[Token], whole: &Quantity, language: Language) -> Option<Quantity> {
    let is_point = tokens.get(whole.to)?.is_joint('.');
    let is_comma = tokens.get(whole.to)?.is_joint(',') && !matches!(language, Language::English | Language::Chinese);
    let fraction = tokens.get(whole.to + 1).filter(|token| token.is_digits() && (is_point || is_comma))?;
    let is_more = tokens.get(whole.to + 2).is_some_and(|token| token.is_joint('.') || token.is_joint(','));
    let number = Quantity { to: whole.to + 2, fraction: fraction.folded.clone(), ..whole.clone() };
    (!is_more || tokens.get(whole.to + 3).is_none_or(|token| !token.is_digits())).then_some(number)
}

/// "5th", "5-й"; in German the full stop alone says it: "5. Mai".
fn ordinal(tokens: &[Token], whole: &Quantity, language: Language) -> Option<Quantity> {
    let next = tokens.get(whole.to)?;
    let ending = if next.is_joint('-') || next.is_joint('.') { whole.to + 1 } else { whole.to };
    let token = tokens.get(ending)?;
    let is_ending = token.is_word()
        && (token.gap.is_tight || ending > whole.to)
        && ORDINAL_ENDINGS.iter().any(|known| fold(known) == token.folded);
    if is_ending {
        return Some(Quantity { to: ending + 1, is_ordinal: true, ..whole.clone() });
    }
    let is_pointed = next.gap.has_stop && next.gap.has_space || language == Language::German && next.is_joint('.');
    is_pointed.then(|| Quantity { is_ordinal: true, ..whole.clone() })
}

/// "5 million", "1.5 Mio.".
fn scaled(tokens: &[Token], number: &Quantity, language: Language) -> Option<Quantity> {
    let name = tokens.get(number.to).filter(|token| token.is_word())?;
    let &(scale, _) =
        number::scales(language).iter().find(|(_, names)| names.iter().any(|known| fold(known) == name.folded))?;
    let whole: u64 = number.whole.parse().ok()?;
    let tenths = match number.fraction.len() {
        0 => 0,
        1 => number.fraction.parse::<u64>().ok()?.checked_mul(scale / 10)?,
        2 => number.fraction.parse::<u64>().ok()?.checked_mul(scale / 100)?,
        _ => return None,
    };
    let value = whole.checked_mul(scale)?.checked_add(tenths).filter(|&value| value < TOO_LARGE)?;
    Some(Quantity::new(number.from, number.to + 1, value))
}
