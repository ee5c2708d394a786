//! Whatever is written: nothing is lost, nothing but plain characters comes out.

use proptest::prelude::*;

use crate::engine::embedded::normalise::normalise;

#[test]
fn hostile_text_is_read_in_full_or_as_nothing() {
    for silent in ["[", "](", "(", "'", "\u{200b}", "\u{0}", "\u{301}", "😀", "\u{202e}", "|", "-"] {
        assert_eq!(normalise(&silent.repeat(10_000)), "", "{silent:?}");
    }
    assert_eq!(normalise(&"a".repeat(1 << 20)).len(), 1 << 20);
    assert_eq!(normalise(&"$".repeat(10_000)), "");
    assert!(!normalise(&"1/".repeat(10_000)).is_empty());
}

/// Text made of the things that readers look for.
fn written() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => "[0-9]{1,5}",
        3 => "[a-zA-Z]{1,6}",
        3 => "[-+.,:/'$€£%°#@&*_~^<>|(){}\\[\\]!?;= ]",
        1 => prop::sample::select(vec!["Jan", "St", "km", "pm", "http://", "USD", "½", "é", "Ω", "m²", "1st", "\u{301}", "–", "⁶", "⁻", "ⁿ", "₂", "⅕", "①", "🅰", "No.", "VIII", "Ph.D", "in."]).prop_map(str::to_owned),
        1 => "\\PC",
    ];
    prop::collection::vec(part, 1..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_word_with_a_letter_or_digit_is_spoken(text in written()) {
        for word in text.split_whitespace() {
            if word.contains(|c: char| c.is_ascii_alphanumeric()) {
                let spoken = normalise(word);
                prop_assert!(spoken.contains(|c: char| c.is_ascii_alphabetic()), "{word:?} is lost: {spoken:?}");
            }
        }
    }

    #[test]
    fn digits_keep_their_number_of_words(text in "[a-z]{0,3}[0-9]{1,30}") {
        let spoken = normalise(&text);
        prop_assert!(spoken.contains(|c: char| c.is_ascii_alphabetic()));
    }

    #[test]
    fn only_plain_characters_come_out(text in "\\PC{0,60}") {
        let spoken = normalise(&text);
        let plain = |c: char| c.is_ascii_alphabetic() || " '-.,!?;:".contains(c);
        prop_assert!(spoken.chars().all(plain), "{spoken:?}");
        prop_assert!(spoken.split(' ').all(|word| word.is_empty() || word.contains(|c: char| c.is_ascii_alphabetic())));
    }

    #[test]
    fn words_in_a_row_lose_nothing(words in prop::collection::vec(written(), 1..6)) {
        let text = words.join(" ");
        let has_sound = text.contains(|c: char| c.is_ascii_alphanumeric());
        let spoken = normalise(&text);
        prop_assert_eq!(has_sound && !spoken.contains(|c: char| c.is_ascii_alphabetic()), false);
    }
}
