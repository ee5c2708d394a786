//! Counting `o200k_base` tokens, the unit in which upstream limits and bills text.
//!
//! The encoding is that of GPT-4o and its descendants, `gpt-4o-mini-tts` among them; see
//! [tiktoken](https://github.com/openai/tiktoken). The cost is at most in proportion to n log n, whatever the text holds:
//! the encoder keeps its merges in a heap.

use tiktoken_rs::o200k_base_singleton;

/// The number of tokens of `text`. What looks like a control token is counted as the text it is.
///
/// The first call loads the table of 200,000 tokens, some 60 ms of work; [`warm`] does it beforehand.
pub fn count(text: &str) -> usize {
    o200k_base_singleton().count_ordinary(text)
}

/// Loads the table, so that no caller waits for it.
pub fn warm() {
    o200k_base_singleton();
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
    fn long_runs_of_one_character_are_counted() {
        assert_eq!(count(&"7".repeat(100_000)), 33_334);
        assert_eq!(count(&"a".repeat(100_000)), 12_500);
        assert_eq!(count(&"[".repeat(100_000)), 50_000);
    }
}
