//! How a model that was told to read says something else: one mode for each way that clients have met.

use clap::ValueEnum;
use serde::Deserialize;
use serde::Serialize;

/// A way of not reading what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum Reword {
    /// A contraction is written out, or else two words are contracted; a text that has neither is read as it stands.
    Contraction,
    /// Another order of the same thoughts.
    Paraphrase,
    /// The text is answered instead of read.
    Answer,
    /// An announcement stands before the text.
    Preamble,
    /// The last fifth of the words is missing, at least one; of a single word its second half.
    DropTail,
    /// A remark follows the text.
    ExtraTail,
    /// The first digit is another one; a text without digits is read as it stands.
    Digit,
    /// A negation is gone, or there is one more.
    Negation,
}

/// Contractions and what they stand for.
const CONTRACTIONS: [(&str, &str); 16] = [
    ("I'm", "I am"),
    ("It's", "It is"),
    ("it's", "it is"),
    ("That's", "That is"),
    ("that's", "that is"),
    ("You're", "You are"),
    ("you're", "you are"),
    ("We're", "We are"),
    ("we're", "we are"),
    ("don't", "do not"),
    ("doesn't", "does not"),
    ("isn't", "is not"),
    ("aren't", "are not"),
    ("can't", "cannot"),
    ("won't", "will not"),
    ("I'll", "I will"),
];
/// Words that take a `not` behind them.
const VERBS: [&str; 12] = ["is", "are", "was", "were", "am", "can", "will", "do", "does", "should", "must", "may"];

impl Reword {
    /// What is said instead of `text`.
    pub(crate) fn apply(self, text: &str) -> String {
        match self {
            Self::Contraction => contraction(text),
            Self::Paraphrase => paraphrase(text),
            Self::Answer => "I'd be glad to help you with that. What would you like to know first?".to_owned(),
            Self::Preamble => format!("Sure, here it is. {text}"),
            Self::DropTail => drop_tail(text),
            Self::ExtraTail => format!("{text} Let me know if you would like to hear more."),
            Self::Digit => digit(text),
            Self::Negation => negation(text),
        }
    }
}

fn contraction(text: &str) -> String {
    let plain = text.replace('’', "'");
    let swap = |from: &str, to: &str| replace_word(&plain, from, to);
    let written_out = CONTRACTIONS.iter().find_map(|(short, long)| swap(short, long));
    written_out
        .or_else(|| CONTRACTIONS.iter().find_map(|(short, long)| swap(long, short)))
        .unwrap_or_else(|| text.to_owned())
}

/// Replaces the first `from` that is no part of a longer word.
fn replace_word(text: &str, from: &str, to: &str) -> Option<String> {
    let is_edge = |character: Option<char>| !character.is_some_and(char::is_alphanumeric);
    let (index, _) = text.match_indices(from).find(|(index, _)| {
        is_edge(text[..*index].chars().next_back()) && is_edge(text[index + from.len()..].chars().next())
    })?;
    Some(format!("{}{to}{}", &text[..index], &text[index + from.len()..]))
}

fn paraphrase(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (first, second) = words.split_at(words.len() / 2);
    format!("In other words: {} — that is, {}", second.join(" "), first.join(" "))
}

fn drop_tail(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 2 {
        let half = text.chars().count() / 2;
        return text.chars().take(half).collect();
    }
    words[..words.len() - words.len().div_ceil(5)].join(" ")
}

fn digit(text: &str) -> String {
    let mut changed = false;
    let other = |character: char| match character.to_digit(10) {
        Some(digit) if !std::mem::replace(&mut changed, true) => {
            char::from_digit((digit + 1) % 10, 10).unwrap_or(character)
        }
        _ => character,
    };
    text.chars().map(other).collect()
}

fn negation(text: &str) -> String {
    if let Some(without) = replace_word(text, "not", "").or_else(|| replace_word(text, "never", "")) {
        return without.replace("  ", " ");
    }
    if let Some(index) = text.find("n't") {
        return format!("{}{}", &text[..index], &text[index + 3..]);
    }
    let behind = VERBS.iter().find_map(|verb| replace_word(text, verb, &format!("{verb} not")));
    behind.unwrap_or_else(|| format!("Not {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_says_something_else() {
        let cases = [
            (Reword::Contraction, "I'm 5 and this is it.", "I am 5 and this is it."),
            (Reword::Contraction, "Today it is not cold.", "Today it's not cold."),
            (Reword::Contraction, "Nothing to contract.", "Nothing to contract."),
            (Reword::Paraphrase, "One two three four", "In other words: three four — that is, One two"),
            (Reword::Preamble, "Hello.", "Sure, here it is. Hello."),
            (Reword::DropTail, "One two three four five six", "One two three four"),
            (Reword::DropTail, "Hello!", "Hel"),
            (Reword::ExtraTail, "Bye.", "Bye. Let me know if you would like to hear more."),
            (Reword::Digit, "At 19 o'clock on day 3.", "At 29 o'clock on day 3."),
            (Reword::Digit, "No number.", "No number."),
            (Reword::Negation, "I do not know.", "I do know."),
            (Reword::Negation, "It isn't so.", "It is so."),
            (Reword::Negation, "This is so.", "This is not so."),
            (Reword::Negation, "Hello.", "Not Hello."),
        ];
        for (mode, text, said) in cases {
            assert_eq!(mode.apply(text), said, "{mode:?}");
        }
        assert!(!Reword::Answer.apply("Where is it?").contains("Where"));
    }
}
