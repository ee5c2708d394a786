//! Whether a text holds anything a voice could say.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use icu_properties::props::GeneralCategoryGroup;

use crate::text::segment::weight_of;

/// How often in a row a letter is believed to be spoken by itself.
const MAX_DRAWN_OUT: usize = 3;

/// Whether `text` holds a letter or digit in any script.
///
/// Punctuation, symbols, emoji, control characters and combining marks that stand alone are not speakable: an engine
/// answers them with silence, noise or an error. The classes are the general categories L and N of
/// [UAX #44](https://www.unicode.org/reports/tr44/#General_Category_Values).
pub fn is_speakable(text: &str) -> bool {
    first_speakable(text).is_some()
}

/// The letters and digits of `text`; an ideograph, kana or hangul syllable counts as the three Latin letters that are
/// spoken in the same time.
///
/// Less than what a voice says rather than more: marks are not counted, because some are spoken with their letter, and a
/// letter drawn out ("noooooo") counts three times at the most.
pub fn letters(text: &str) -> usize {
    let mut drawn_out = ('\0', 0_usize);
    let counts = |c: &char| {
        drawn_out = if *c == drawn_out.0 { (*c, drawn_out.1 + 1) } else { (*c, 1) };
        drawn_out.1 <= MAX_DRAWN_OUT && is_letter_or_digit(*c)
    };
    text.chars().filter(counts).map(weight_of).sum()
}

/// The byte of the first letter or digit of `text`.
pub(super) fn first_speakable(text: &str) -> Option<usize> {
    text.find(is_letter_or_digit)
}

fn is_letter_or_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Letter.contains(category) || GeneralCategoryGroup::Number.contains(category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_of_any_script_are_speakable() {
        for text in ["a", "7", "é", "e\u{301}", "я", "字", "あ", "한", "न", "ع", "٣", "½", "Ⅷ", "ˈa", "… ok"]
        {
            assert!(is_speakable(text), "{text:?}");
        }
    }

    #[test]
    fn letters_weigh_what_they_take_to_speak() {
        assert_eq!(letters("Call 112, now! 😀"), 10);
        assert_eq!(letters("中文 かな 한국"), 18);
        assert_eq!(letters("e\u{301} हिन्दी …"), 4);
        assert_eq!(letters("Nooooo way, 10000 of them"), 17);
    }

    #[test]
    fn marks_symbols_and_controls_are_not() {
        for text in [
            "",
            " \n\t",
            "!?…",
            "\u{301}",
            "\u{345}",
            "\u{93e}",
            "\u{102b}",
            "😀👍🏽",
            "[[[",
            "\0\u{7}",
            "\u{200b}\u{feff}",
            "$€+",
        ] {
            assert!(!is_speakable(text), "{text:?}");
        }
    }
}
