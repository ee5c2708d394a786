//! Cuts what is to be spoken into amounts that the phonemizer and the voice can take.

/// Bytes of text that are put into phonemes at once. The phonemizer's time grows
/// faster than the length for some texts; at this length it is bounded.
pub(in crate::engine::embedded) const LONGEST_READING: usize = 250;
/// Phonemes that the voice speaks at once; it was made with sequences up to about this long.
pub(in crate::engine::embedded) const LONGEST_PIECE: usize = 400;

/// Takes the first part off `text`: at most `limit` of `measure`, cut after a clause,
/// else after a word, else anywhere. Both parts together are the whole text.
pub(in crate::engine::embedded) struct Packing;

impl Packing {
    /// Splits off up to [`LONGEST_READING`] bytes of text.
    pub(in crate::engine::embedded) fn reading(text: &str) -> (&str, &str) {
        split(text, text.floor_char_boundary(LONGEST_READING))
    }

    /// Splits off up to [`LONGEST_PIECE`] phonemes.
    pub(in crate::engine::embedded) fn piece(phonemes: &str) -> (&str, &str) {
        let limit = phonemes.char_indices().nth(LONGEST_PIECE).map_or(phonemes.len(), |(at, _)| at);
        split(phonemes, limit)
    }
}

fn split(text: &str, limit: usize) -> (&str, &str) {
    if limit >= text.len() {
        return (text, "");
    }
    let head = &text[..limit];
    text.split_at(after_clause(head).or_else(|| after_word(head)).unwrap_or(limit))
}

/// The end of the last clause, if it lies in the second half: a short part sounds hurried.
fn after_clause(head: &str) -> Option<usize> {
    let ends = head.char_indices().zip(head.chars().skip(1));
    let is_end = |c| matches!(c, ',' | ';' | ':' | '—' | '.' | '!' | '?' | '…');
    let last = ends.filter(|((_, c), next)| is_end(*c) && *next == ' ').last();
    last.map(|((at, c), _)| at + c.len_utf8()).filter(|at| *at > head.len() / 2)
}

fn after_word(head: &str) -> Option<usize> {
    head.rfind(' ').map(|at| at + 1).filter(|at| *at > 1)
}
