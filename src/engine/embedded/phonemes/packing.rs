//! Cuts what is to be spoken into amounts that the phonemizer and the voice can take.

/// Bytes of text that are put into phonemes at once. The phonemizer's time grows
/// faster than the length for some texts; at this length it is bounded.
pub(in crate::engine::embedded) const LONGEST_READING: usize = 250;
/// Phonemes that are spoken at once: the voice was made with sequences up to about this long.
pub(in crate::engine::embedded) const LONGEST_PIECE: usize = 400;

/// Splits up to [`LONGEST_READING`] bytes off the start of `text`.
pub(in crate::engine::embedded) fn split_reading(text: &str) -> (&str, &str) {
    split(text, text.floor_char_boundary(LONGEST_READING))
}

/// Splits up to [`LONGEST_PIECE`] phonemes off the start of `phonemes`.
pub(in crate::engine::embedded) fn split_piece(phonemes: &str) -> (&str, &str) {
    let limit = phonemes.char_indices().nth(LONGEST_PIECE).map_or(phonemes.len(), |(at, _)| at);
    split(phonemes, limit)
}

/// Cuts at or before byte `limit`: after a clause, else after a word, else right there.
/// The two parts together are always the whole.
fn split(text: &str, limit: usize) -> (&str, &str) {
    if limit >= text.len() {
        return (text, "");
    }
    let head = &text[..limit];
    text.split_at(after_clause(head).or_else(|| after_word(head)).unwrap_or(limit))
}

/// The end of the last clause and its space, if it lies in the second half: short parts sound hurried.
fn after_clause(head: &str) -> Option<usize> {
    let ends = head.char_indices().zip(head.chars().skip(1));
    let is_end = |c| matches!(c, ',' | ';' | ':' | '—' | '.' | '!' | '?' | '…');
    let last = ends.filter(|((_, c), next)| is_end(*c) && *next == ' ').last();
    last.map(|((at, c), _)| at + c.len_utf8() + 1).filter(|at| *at > head.len() / 2)
}

fn after_word(head: &str) -> Option<usize> {
    head.rfind(' ').map(|at| at + 1).filter(|at| *at > 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_text_stays_whole() {
        assert_eq!(split_reading("Hello there."), ("Hello there.", ""));
    }

    #[test]
    fn a_late_clause_end_is_preferred_to_a_word_end() {
        assert_eq!(split("one two three, four five six", 20), ("one two three, ", "four five six"));
        assert_eq!(split("one, two three four five six", 20), ("one, two three four ", "five six"));
    }

    #[test]
    fn a_word_without_end_is_cut_at_the_limit() {
        let word = "a".repeat(1000);
        assert_eq!(split_reading(&word).0.len(), LONGEST_READING);
    }

    proptest! {
        #[test]
        fn parts_are_bounded_and_lose_nothing(text in "\\PC{0,900}") {
            let mut rest = text.as_str();
            let mut joined = String::new();
            while !rest.is_empty() {
                let (head, tail) = split_reading(rest);
                prop_assert!(!head.is_empty() && head.len() <= LONGEST_READING);
                joined.push_str(head);
                rest = tail;
            }
            prop_assert_eq!(joined, text);
        }
    }
}
