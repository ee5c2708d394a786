//! Any text into words: it always ends, with letters and pauses alone, and nothing that can be said is lost whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rhapsode::engine::embedded::normalise;
use rhapsode::engine::embedded::unspeakable;

/// The most bytes that one byte may become: a digit is "seven ", a sign such as "©" a word or two.
const MAX_GROWTH: usize = 40;

fuzz_target!(|text: &str| {
    let spoken = normalise(text);
    assert!(spoken.len() <= text.len() * MAX_GROWTH + 64, "{} bytes became {}", text.len(), spoken.len());
    let is_known = |c: char| c.is_ascii_alphabetic() || " '-.,;:!?".contains(c);
    assert!(spoken.chars().all(is_known), "{spoken:?}");
    assert!(!spoken.contains("  ") && !spoken.starts_with(' ') && !spoken.ends_with(' '), "{spoken:?}");
    if let Some(letter) = unspeakable(text) {
        assert!(letter.offset < text.chars().count());
    } else if text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        assert!(spoken.contains(|c: char| c.is_ascii_alphabetic()), "nothing was left to say");
    }
});
