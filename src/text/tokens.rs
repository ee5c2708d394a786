//! Counting `o200k_base` tokens, the unit in which upstream limits and bills text.
//!
//! The encoding is that of GPT-4o and its descendants, `gpt-4o-mini-tts` among them; see
//! [tiktoken](https://github.com/openai/tiktoken). The cost is at most in proportion to n log n, whatever the text holds:
//! the encoder keeps its merges in a heap.

use tiktoken_rs::o200k_base_singleton;

/// The most bytes that are encoded at once.
///
/// The encoder's regular expression gives up, and the encoder panics, at a million blanks in a row.
const STRETCH: usize = 1 << 16;

/// The number of tokens of `text`. What looks like a control token is counted as the text it is.
///
/// The first call loads the table of 200,000 tokens; [`warm`] does it beforehand. The count is exact for texts of up to
/// 64 KiB and for longer ones that have words in them; in others it may be one too high for each 64 KiB.
pub fn count(text: &str) -> usize {
    let encoder = o200k_base_singleton();
    let mut rest = text;
    let mut tokens = 0;
    while rest.len() > STRETCH {
        let (stretch, remainder) = rest.split_at(seam(rest));
        tokens += encoder.count_ordinary(stretch);
        rest = remainder;
    }
    tokens + encoder.count_ordinary(rest)
}

/// Loads the table, so that no caller waits for it.
pub fn warm() {
    o200k_base_singleton();
}

/// A place near the end of the first stretch where no token continues: in front of a blank between two letters.
fn seam(text: &str) -> usize {
    let is_between_letters = |around: &[u8]| matches!(around, [before, b' ', after] if before.is_ascii_alphabetic() && after.is_ascii_alphabetic());
    let tail = STRETCH / 2;
    let blank = text.as_bytes()[tail - 1..=STRETCH].windows(3).rposition(is_between_letters);
    blank.map_or_else(|| text.floor_char_boundary(STRETCH), |at| tail + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_reference_implementation() {
        warm();
        for (text, tokens) in
            [("", 0), ("hello world", 2), ("tiktoken is great!", 6), ("antidisestablishmentarianism", 6)]
        {
            assert_eq!(count(text), tokens, "{text}");
        }
    }

    #[test]
    fn control_tokens_are_plain_text() {
        assert!(count("<|endoftext|>") > 1);
    }

    #[test]
    fn no_token_is_shorter_than_a_byte() {
        for text in ["zalgo \u{301}\u{302}\u{303}", "\u{10ffff}", "字", "\0\0\0", "a b c"] {
            assert!(count(text) <= text.len(), "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_counted_in_stretches_without_an_error() {
        let sentence = "The quick brown fox, never lazy, jumped over 12 dogs. ";
        let text = sentence.repeat(4000);
        assert!(text.len() > 3 * STRETCH);
        assert_eq!(count(&text), o200k_base_singleton().count_ordinary(&text));
    }

    #[test]
    fn a_run_of_blanks_that_the_encoder_cannot_read_is_counted() {
        assert!(count(&" ".repeat(2_000_000)) < 20_000);
        assert!(count(&"\u{2003}".repeat(1_000_000)) <= 3_000_000);
    }

    #[test]
    fn long_runs_of_one_character_are_counted() {
        assert_eq!(count(&"7".repeat(60_000)), 20_000);
        assert_eq!(count(&"a".repeat(60_000)), 7_500);
        assert_eq!(count(&"[".repeat(60_000)), 30_000);
    }
}
