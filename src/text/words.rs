//! The words of a text as a listener is shown them, and about how long each of them takes to say.

use unicode_segmentation::UnicodeSegmentation;

use super::closing::last_mark;
use super::segment::weight;
use super::sentences::is_unspaced;
use super::speakable::is_speakable;
use crate::speech::Boundary;

/// What a digit weighs in Latin letters: as much as its name, from "six" to "seven".
const DIGIT_WEIGHT: usize = 4;

/// A word with the marks that are written onto it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'t> {
    /// As it stands in the text.
    pub text: &'t str,
    /// Where it begins, in code points of the text.
    pub start: usize,
    /// How long it takes to say, in Latin letters.
    pub weight: usize,
    /// How long the pause behind it is, in Latin letters.
    pub pause: usize,
}

/// The words of `text` in order.
///
/// A word is what stands between white space, and in a script without spaces what
/// [UAX #29](https://www.unicode.org/reports/tr29/#Word_Boundaries) finds. What cannot be spoken goes with the word before
/// it; in front of the first word it is left out.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut counted = (0, 0);
    for token in text.split_whitespace().flat_map(tokens) {
        let byte = offset(text, token);
        counted = (byte, counted.1 + text[counted.0..byte].chars().count());
        if is_speakable(token) {
            words.push(Word { text: token, start: counted.1, weight: spoken_weight(token), pause: pause(token) });
        } else if let Some(last) = words.last_mut() {
            extend(last, text, byte + token.len());
        }
    }
    words
}

/// A word in a script with spaces; several without.
fn tokens(word: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    if word.chars().any(is_unspaced) { Box::new(word.split_word_bounds()) } else { Box::new(std::iter::once(word)) }
}

/// Marks that stand alone belong to the word in front of them.
fn extend<'t>(word: &mut Word<'t>, text: &'t str, end: usize) {
    word.text = &text[offset(text, word.text)..end];
    word.pause = pause(word.text);
}

/// Where `part`, a slice of `text`, begins in it, in bytes.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

fn spoken_weight(word: &str) -> usize {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    weight(word) + digits * (DIGIT_WEIGHT - 1)
}

/// A reader pauses for about 0.2 s at a comma and 0.5 s at a full stop, and speaks fifteen letters a second.
fn pause(word: &str) -> usize {
    match last_mark(word) {
        Boundary::Sentence if is_initial(word) => 0,
        Boundary::Word => 0,
        Boundary::Clause => 3,
        Boundary::Sentence | Boundary::Paragraph => 7,
    }
}

/// "J." in a name, which no reader pauses behind.
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphanumeric());
    word.ends_with('.') && letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::words;

    #[test]
    fn words_keep_their_marks_and_their_places() {
        let found = |text| words(text).iter().map(|word| (word.text, word.start)).collect::<Vec<_>>();
        assert_eq!(found(" “Dr. Strang,” she said"), [("“Dr.", 1), ("Strang,”", 6), ("she", 15), ("said", 19)]);
        assert_eq!(found("Äpfel – 98.6 °F!"), [("Äpfel –", 0), ("98.6", 8), ("°F!", 13)]);
        assert_eq!(found("下雨了。"), [("下", 0), ("雨", 1), ("了。", 2)]);
        assert_eq!(found("… ok"), [("ok", 2)]);
        assert_eq!(found("?!"), []);
    }

    #[test]
    fn weights_follow_what_is_said_and_pauses_follow_the_marks() {
        let weights: Vec<_> = words("in 25 days, 雨。").iter().map(|word| (word.weight, word.pause)).collect();
        assert_eq!(weights, [(2, 0), (8, 0), (5, 3), (3, 7)]);
    }

    proptest! {
        #[test]
        fn every_word_stands_where_it_says(text in "[a-z0-9 .,!?下雨。é😀\u{301}]{0,60}") {
            let chars: Vec<char> = text.chars().collect();
            let mut end = 0;
            for word in words(&text) {
                let length = word.text.chars().count();
                prop_assert!(word.start >= end, "words overlap");
                prop_assert_eq!(chars[word.start..word.start + length].iter().collect::<String>(), word.text);
                prop_assert!(word.weight > 0);
                end = word.start + length;
            }
        }
    }
}
