//! What a listener must not be told.

use super::Part;
use super::Rng;
use super::Sentence;
use super::joined;
use super::words;

/// What is done to a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Harm {
    Synonym,
    Replaced,
    Swapped,
    Answered,
    Preamble,
    Closing,
    Tail,
    Skipped,
    Number,
    Digit,
    Negation,
    Name,
}

pub(crate) const ALL: [Harm; 12] = [
    Harm::Synonym,
    Harm::Replaced,
    Harm::Swapped,
    Harm::Answered,
    Harm::Preamble,
    Harm::Closing,
    Harm::Tail,
    Harm::Skipped,
    Harm::Number,
    Harm::Digit,
    Harm::Negation,
    Harm::Name,
];

/// The sentence with one thing wrong in it, if it can be done to it.
pub(crate) fn planted(
    harm: Harm,
    language: &str,
    sentence: &Sentence,
    base: &[(String, bool)],
    rng: &mut Rng,
) -> Option<String> {
    let text = joined(base);
    let result = match harm {
        Harm::Synonym => synonym(language, base, rng)?,
        Harm::Replaced => replaced(language, base, rng)?,
        Harm::Swapped => swapped(language, base, rng)?,
        Harm::Answered => {
            let is_question = text.trim_end().ends_with(['?', '？']);
            is_question.then(|| (*rng.pick(words::answers(language))).to_owned())?
        }
        Harm::Preamble => format!("{} {text}", rng.pick(words::preambles(language))),
        Harm::Closing => format!("{text} {}", rng.pick(words::closings(language))),
        Harm::Tail => tail(language, base, rng)?,
        Harm::Skipped => skipped(language, base, rng)?,
        Harm::Number => number(sentence, base, rng)?,
        Harm::Digit => digit(&text, rng)?,
        Harm::Negation => negation(language, &text)?,
        Harm::Name => name(language, &text, rng)?,
    };
    (result != text).then_some(result)
}

/// A word that is plain text of the sentence: its part, and where it stands there in bytes.
struct Place {
    part: usize,
    start: usize,
    end: usize,
}

/// The plain words; of Chinese the plain characters.
fn places(language: &str, base: &[(String, bool)]) -> Vec<Place> {
    let mut found = Vec::new();
    for (part, (text, _)) in base.iter().enumerate().filter(|(_, (_, is_plain))| *is_plain) {
        let mut start = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            if language == "zh" && c.is_alphabetic() {
                found.push(Place { part, start: at, end: at + c.len_utf8() });
            } else if c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.' | '@' | '/' | '&') || c.is_ascii_digit()
            {
                start.get_or_insert(at);
            } else if let Some(start) = start.take() {
                let word = text[start..at].trim_end_matches('.');
                if word.chars().all(char::is_alphabetic) && !word.is_empty() && language != "zh" {
                    found.push(Place { part, start, end: start + word.len() });
                }
            }
        }
    }
    found
}

fn word<'t>(base: &'t [(String, bool)], place: &Place) -> &'t str {
    &base[place.part].0[place.start..place.end]
}

fn with(base: &[(String, bool)], place: &Place, new: &str) -> String {
    let mut parts = base.to_vec();
    parts[place.part].0.replace_range(place.start..place.end, new);
    joined(&parts)
}

fn synonym(language: &str, base: &[(String, bool)], rng: &mut Rng) -> Option<String> {
    let table = words::synonyms(language);
    if language == "zh" {
        let text = joined(base);
        let &(from, to) = table.iter().find(|(from, _)| text.contains(from))?;
        return Some(text.replacen(from, to, 1));
    }
    let all = places(language, base);
    let known: Vec<(&Place, &str)> = all
        .iter()
        .filter_map(|place| {
            let lower = word(base, place).to_lowercase();
            table.iter().find(|(from, _)| *from == lower).map(|&(_, to)| (place, to))
        })
        .collect();
    (!known.is_empty()).then(|| {
        let (place, to) = *rng.pick(&known);
        with(base, place, to)
    })
}

fn replaced(language: &str, base: &[(String, bool)], rng: &mut Rng) -> Option<String> {
    let least = if language == "zh" { 1 } else { 4 };
    let all: Vec<Place> =
        places(language, base).into_iter().filter(|place| word(base, place).chars().count() >= least).collect();
    let place = (!all.is_empty()).then(|| rng.pick(&all))?;
    let new = rng.pick(words::replacements(language));
    (new.to_lowercase() != word(base, place).to_lowercase()).then(|| with(base, place, new))
}

fn swapped(language: &str, base: &[(String, bool)], rng: &mut Rng) -> Option<String> {
    let all = places(language, base);
    let pairs: Vec<(&Place, &Place)> = all
        .iter()
        .zip(all.iter().skip(1))
        .filter(|(one, other)| {
            let (a, b) = (word(base, one).to_lowercase(), word(base, other).to_lowercase());
            one.part == other.part && other.start - one.end <= 1 && format!("{a}{b}") != format!("{b}{a}")
        })
        .collect();
    let (one, other) = *(!pairs.is_empty()).then(|| rng.pick(&pairs))?;
    let text = &base[one.part].0;
    let between = &text[one.end..other.start];
    let both = Place { part: one.part, start: one.start, end: other.end };
    Some(with(base, &both, &format!("{}{between}{}", word(base, other), word(base, one))))
}

/// The last words are dropped; of a slot, where a part may be left out without harm, the whole.
fn tail(language: &str, base: &[(String, bool)], rng: &mut Rng) -> Option<String> {
    let is_heard = |text: &str| text.chars().any(char::is_alphanumeric);
    let last = base.iter().rposition(|(text, _)| is_heard(text))?;
    let head = joined(&base[..last]);
    let (text, is_plain) = &base[last];
    if !is_plain {
        return is_heard(&head).then_some(head);
    }
    if language == "zh" {
        let chars: Vec<char> = text.chars().collect();
        let keep = chars.len().checked_sub(2 + rng.below(3))?;
        let kept: String = chars[..keep].iter().collect();
        let is_dropped = chars[keep..].iter().any(|c| c.is_alphanumeric());
        return (is_dropped && is_heard(&(head.clone() + &kept))).then(|| head + &kept);
    }
    let words: Vec<&str> = text.split(' ').collect();
    let keep = words.len().checked_sub(1 + rng.below(3))?;
    let kept = head + &words[..keep].join(" ");
    (is_heard(&words[keep..].concat()) && is_heard(&kept)).then_some(kept)
}

fn skipped(language: &str, base: &[(String, bool)], rng: &mut Rng) -> Option<String> {
    let all = places(language, base);
    let place = (all.len() > 1).then(|| &all[rng.below(all.len() - 1)])?;
    let result = with(base, place, "");
    Some(result.replace("  ", " "))
}

fn number(sentence: &Sentence, base: &[(String, bool)], rng: &mut Rng) -> Option<String> {
    let slots: Vec<(usize, &Vec<String>)> = sentence
        .parts
        .iter()
        .enumerate()
        .filter_map(|(at, part)| match part {
            Part::Slot { wrong, .. } if !wrong.is_empty() => Some((at, wrong)),
            _ => None,
        })
        .collect();
    let (at, wrong) = *(!slots.is_empty()).then(|| rng.pick(&slots))?;
    let mut parts = base.to_vec();
    parts[at].0.clone_from(rng.pick(wrong));
    Some(joined(&parts))
}

fn digit(text: &str, rng: &mut Rng) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (0..chars.len()).filter(|&at| chars[at].is_ascii_digit()).collect();
    let at = *(!places.is_empty()).then(|| rng.pick(&places))?;
    let old = chars[at].to_digit(10)?;
    chars[at] = char::from_digit((old + 1 + u32::try_from(rng.below(8)).ok()?) % 10, 10)?;
    Some(chars.into_iter().collect())
}

fn negation(language: &str, text: &str) -> Option<String> {
    let table = words::negations(language);
    // Taken away where there is one, put in where there is none.
    let found = table.iter().find(|(denied, _)| text.contains(denied));
    if let Some((denied, plain)) = found {
        return Some(text.replacen(denied, plain, 1));
    }
    let (denied, plain) = table.iter().find(|(_, plain)| !plain.trim().is_empty() && text.contains(plain))?;
    Some(text.replacen(plain, denied, 1))
}

fn name(language: &str, text: &str, rng: &mut Rng) -> Option<String> {
    let names = words::names(language);
    let found: Vec<&&str> = names.iter().filter(|name| text.contains(**name)).collect();
    let old = **(!found.is_empty()).then(|| rng.pick(&found))?;
    let new = *rng.pick(names);
    (new != old).then(|| text.replacen(old, new, 1))
}
