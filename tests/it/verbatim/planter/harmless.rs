//! What a listener cannot tell apart.

use unicode_normalization::UnicodeNormalization;

use super::Rng;

/// `text` with some of the changes that make no difference.
pub(crate) fn dressed(text: &str, rng: &mut Rng) -> String {
    let mut text = text.to_owned();
    for change in [case, quotes, dashes, punctuation, spaces, markdown, emoji, width, composition, hyphens] {
        if rng.chance(30) {
            text = change(&text, rng);
        }
    }
    text
}

fn case(text: &str, rng: &mut Rng) -> String {
    if rng.chance(50) { text.to_uppercase() } else { text.to_lowercase() }
}

fn quotes(text: &str, rng: &mut Rng) -> String {
    let (open, close) = *rng.pick(&[("\"", "\""), ("“", "”"), ("„", "“"), ("«", "»"), ("", ""), ("‚", "‘")]);
    text.replace(['“', '„', '«'], open).replace(['”', '»'], close).replace('\'', rng.pick::<&str>(&["'", "’"]))
}

fn dashes(text: &str, rng: &mut Rng) -> String {
    text.replace(" – ", rng.pick::<&str>(&[" — ", ", ", " - ", "—"]))
}

/// Marks that end a clause; those within numbers and addresses stay.
fn punctuation(text: &str, rng: &mut Rng) -> String {
    let mut result = String::new();
    let chars: Vec<char> = text.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let is_end = chars.get(at + 1).is_none_or(|next| next.is_whitespace());
        let is_mark = matches!(c, ',' | ';' | '!' | '?' | '.' | '，' | '。' | '？');
        if is_mark && is_end && rng.chance(60) {
            // A decimal or a list is not made of two numbers.
            let follows_digit = at > 0 && chars[at - 1].is_ascii_digit();
            result.push_str(if follows_digit { "," } else { rng.pick::<&str>(&["", "!", ";"]) });
        } else {
            result.push(c);
        }
    }
    result
}

fn spaces(text: &str, rng: &mut Rng) -> String {
    text.replace(' ', rng.pick::<&str>(&["  ", "\n", " \u{200b}", " "]))
}

fn markdown(text: &str, rng: &mut Rng) -> String {
    let mark = *rng.pick(&["**", "*", "_", "`"]);
    let words: Vec<&str> = text.split(' ').collect();
    let marked = rng.below(words.len());
    let wrap =
        |(at, word): (usize, &&str)| if at == marked { format!("{mark}{word}{mark}") } else { (*word).to_owned() };
    words.iter().enumerate().map(wrap).collect::<Vec<_>>().join(" ")
}

fn emoji(text: &str, rng: &mut Rng) -> String {
    let emoji = *rng.pick(&["🙂", "👍🏽", "❤️", "👩‍🚒", "🇩🇪"]);
    let words: Vec<&str> = text.split(' ').collect();
    let place = rng.below(words.len());
    words
        .iter()
        .enumerate()
        .map(|(at, word)| if at == place { format!("{word} {emoji}") } else { (*word).to_owned() })
        .collect::<Vec<_>>()
        .join(" ")
}

/// One word in full-width letters.
fn width(text: &str, rng: &mut Rng) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let place = rng.below(words.len());
    let wide = |c: char| match c {
        '0'..='9' | 'a'..='z' | 'A'..='Z' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
        _ => c,
    };
    words
        .iter()
        .enumerate()
        .map(|(at, word)| if at == place { word.chars().map(wide).collect() } else { (*word).to_owned() })
        .collect::<Vec<String>>()
        .join(" ")
}

fn composition(text: &str, rng: &mut Rng) -> String {
    if rng.chance(50) { text.nfd().collect() } else { text.nfc().collect() }
}

/// "Ninety-nine", "ninety nine".
fn hyphens(text: &str, _: &mut Rng) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
    chars
        .iter()
        .enumerate()
        .map(|(at, &c)| if c == '-' && is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) { ' ' } else { c })
        .collect()
}
