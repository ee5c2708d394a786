//! What holds for any text, however it arrives, and what the stages make of a text together.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::speech::Pronunciation;
use crate::speech::tracks::Tracks;

/// What becomes of `text`, which must be the same whether it comes whole or code point by code point.
pub(super) fn cleaned(processing: &Processing, text: &str) -> String {
    let whole = script(processing, [text]);
    let parts = script(processing, chars(text));
    assert_eq!(whole.text(), parts.text(), "{text:?} depends on how it was cut");
    assert_eq!(whole.tracks(0..whole.text().len()), parts.tracks(0..parts.text().len()));
    whole.text().to_owned()
}

fn script<'t>(processing: &Processing, deltas: impl IntoIterator<Item = &'t str>) -> Script {
    let (mut cleaner, mut script) = (Cleaner::new(processing), Script::new());
    for delta in deltas {
        cleaner.push(delta, &mut script);
        assert!(cleaner.held_chars() <= MAX_HELD);
    }
    cleaner.settle(&mut script);
    assert_eq!(cleaner.held_chars(), 0);
    script
}

fn chars(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(|_: char| true)
}

fn everything() -> Processing {
    let pronunciation = |phrase: &str, replacement: &str, case_sensitive| Pronunciation {
        phrase: phrase.into(),
        replacement: replacement.into(),
        case_sensitive,
    };
    let pronunciations = vec![
        pronunciation("alpha beta", "α-β", false),
        pronunciation("alpha", "Al Pha", false),
        pronunciation("C++", "see plus plus", false),
        pronunciation("US", "you ess", true),
        pronunciation("重庆", "chóngqìng", false),
        pronunciation("a a a b", "aaab", false),
        pronunciation("gone", "", false),
    ];
    Processing { strip_markdown: true, strip_emoji: true, pronunciations }
}

/// What could be cut in the middle or taken for something else.
const NASTY: &[&str] = &[
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "~",
    "`",
    "``",
    "```",
    "~~~",
    "```rust\n",
    "\n```\n",
    "\\",
    "\\*",
    "[",
    "]",
    "(",
    ")",
    "](",
    "][",
    "[x](https://a.b/c \"t\")",
    "[alpha](",
    "![",
    "![alt](img.png)",
    "[a][b]",
    "[ ]",
    "[x] ",
    "<",
    ">",
    "<https://a_b.c>",
    "<std::x>",
    "://",
    "\"",
    "'",
    "# ",
    "## ",
    "#",
    "> ",
    ">",
    "- ",
    "* ",
    "+ ",
    "-",
    "---",
    "- - ",
    "* * *",
    "===",
    "=",
    "1. ",
    "12) ",
    "2*3",
    "\n",
    "\n\n",
    "\r\n",
    "\n- ",
    "\n# ",
    "\n> ",
    "\n  - ",
    "\n    ",
    "\n\n---\n",
    "|",
    "| ",
    " | ",
    "\n|---|---|\n",
    "|-",
    ":-:",
    "\n---|---\n",
    " ",
    " ",
    " ",
    "  ",
    "\t",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    ".",
    ",",
    "!",
    "?",
    ": ",
    "😀",
    " 😀 ",
    "👨‍👩‍👧",
    "\u{200d}",
    "\u{fe0f}",
    "\u{fe0e}",
    "\u{20e3}",
    "1️⃣",
    "1",
    "🏽",
    "☝",
    "❤",
    "🇩",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\u{e0067}",
    "©",
    "alpha",
    "alpha beta",
    "Alpha",
    "alpha ",
    "beta",
    "a ",
    "a a a b",
    "b",
    "US",
    "us",
    "C++",
    "c++",
    "gone",
    "重庆",
    "你好，世界。",
    "שלום",
    "عربي",
    "snake_case",
    "e\u{301}",
    "\u{301}",
    "İ",
    "ß",
    "don't",
    "3.14",
    "x",
];

fn nasty() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        12 => proptest::sample::select(NASTY).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
        1 => ("[-*_|`\\[a (>#~=]", 1_usize..70).prop_map(|(unit, count)| unit.repeat(count)),
    ];
    proptest::collection::vec(fragment, 0..60).prop_map(|fragments| fragments.concat())
}

fn processing() -> impl Strategy<Value = Processing> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(strip_markdown, strip_emoji, says)| {
        let pronunciations = if says { everything().pronunciations } else { Vec::new() };
        Processing { strip_markdown, strip_emoji, pronunciations }
    })
}

fn lengths() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(0_usize..12, 1..8)
}

/// `text` in parts of so many code points, over and over.
fn deltas<'t>(text: &'t str, lengths: &[usize]) -> Vec<&'t str> {
    let (mut rest, mut deltas) = (text, Vec::new());
    for length in lengths.iter().cycle() {
        if rest.is_empty() || lengths.iter().all(|length| *length == 0) {
            break;
        }
        let end = rest.char_indices().nth(*length).map_or(rest.len(), |(end, _)| end);
        let (delta, behind) = rest.split_at(end);
        deltas.push(delta);
        rest = behind;
    }
    deltas.push(rest);
    deltas
}

/// What the sources say, for each code point of `script`.
fn sources(script: &Script) -> Vec<(char, Range<usize>, bool)> {
    let of = |(at, c): (usize, char)| {
        let range = at..at + c.len_utf8();
        (c, script.source(range.clone()), script.tracks(range).is_straight())
    };
    script.text().char_indices().map(of).collect()
}

fn assert_true_to(text: &str, script: &Script) -> Result<(), TestCaseError> {
    let chars: Vec<char> = text.chars().collect();
    let mut last = 0..0;
    for (c, source, is_straight) in sources(script) {
        prop_assert!(source.start < source.end && source.end <= chars.len());
        prop_assert!(last.start <= source.start && last.end <= source.end, "{:?} behind {:?}", source, last);
        prop_assert!(!is_straight || chars.get(source.clone()) == Some(&[c]), "{:?} from {:?}", c, source);
        last = source;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn how_a_text_is_cut_is_not_heard(
        text in nasty(),
        processing in processing(),
        lengths in lengths(),
    ) {
        let whole = script(&processing, [text.as_str()]);
        for cut in [script(&processing, deltas(&text, &lengths)), script(&processing, chars(&text))] {
            prop_assert_eq!(whole.text(), cut.text());
            prop_assert_eq!(whole.tracks(0..whole.text().len()), cut.tracks(0..cut.text().len()));
        }
    }

    #[test]
    fn every_code_point_knows_where_it_comes_from(text in nasty(), processing in processing()) {
        assert_true_to(&text, &script(&processing, [text.as_str()]))?;
    }

    #[test]
    fn with_nothing_to_do_the_script_is_the_text(text in nasty(), lengths in lengths()) {
        let script = script(&Processing::default(), deltas(&text, &lengths));
        prop_assert_eq!(script.text(), &text);
        prop_assert_eq!(script.tracks(0..text.len()), Tracks::straight(0, text.chars().count()));
    }

    #[test]
    fn pauses_lose_nothing_and_leave_nothing_waiting(
        text in nasty(),
        processing in processing(),
        lengths in lengths(),
    ) {
        let (mut cleaner, mut script) = (Cleaner::new(&processing), Script::new());
        for delta in deltas(&text, &lengths) {
            cleaner.push(delta, &mut script);
            cleaner.settle(&mut script);
            prop_assert_eq!(cleaner.held_chars(), 0);
        }
        assert_true_to(&text, &script)?;
    }

    #[test]
    fn tracks_say_what_the_script_says(
        text in nasty(),
        (from, length, taken) in (0_usize..200, 0_usize..200, 0_usize..300),
    ) {
        let mut script = script(&everything(), [text.as_str()]);
        let all = sources(&script);
        let taken = script.text().floor_char_boundary(taken);
        let gone = script.text()[..taken].chars().count();
        script.drain(taken);
        let left: Vec<_> = all.into_iter().skip(gone).collect();
        prop_assert_eq!(&sources(&script), &left);
        let from = script.text().floor_char_boundary(from);
        let to = script.text().floor_char_boundary(from + length);
        let tracks = script.tracks(from..to);
        prop_assert_eq!(tracks.whole(), script.source(from..to));
        let first = script.text()[..from].chars().count();
        let length = script.text()[from..to].chars().count();
        for (number, (_, source, is_straight)) in left.iter().skip(first).take(length).enumerate() {
            prop_assert_eq!(tracks.source(number..number + 1), source.clone());
            prop_assert_eq!(tracks.part(number..number + 1).is_straight(), *is_straight);
            prop_assert_eq!(tracks.part(number..number + 1).whole(), source.clone());
        }
    }
}

/// Fragments that lose no letter, whatever stands around them: no fences and no targets, which may swallow words.
const HARMLESS: &[&str] = &[
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "`",
    "\\",
    "(",
    ")",
    "[",
    "]",
    "![",
    "<",
    "# ",
    "## ",
    "> ",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "---",
    "===",
    "\n",
    "\n\n",
    "\n- ",
    "\n# ",
    "\n> ",
    "\n    ",
    "\n---\n",
    "|",
    " | ",
    "\n|---|---|\n",
    " ",
    " ",
    " ",
    " ",
    "\t",
    ". ",
    ", ",
    "! ",
    "😀",
    " 😀 ",
    "👨‍👩‍👧",
    "❤️",
    "🇩🇪",
    "alpha",
    "beta",
    "don't",
    "Straße",
    "snake_case",
    "重庆",
    "你好",
    "שלום",
    "e\u{301}",
    "x",
];

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of `text` that touch nothing but blanks.
fn free_words(text: &str) -> Vec<&str> {
    text.split([' ', '\n']).filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn words_are_neither_lost_nor_doubled_nor_reordered(
        fragments in proptest::collection::vec(proptest::sample::select(HARMLESS), 0..60),
    ) {
        let swallowing = ["](", "][", "```", "~~~", "[x]"];
        let text = swallowing.iter().fold(fragments.concat(), |text, swallows| text.replace(swallows, " "));
        let processing = Processing { strip_markdown: true, strip_emoji: true, ..Processing::default() };
        let script = script(&processing, [text.as_str()]);
        prop_assert_eq!(letters(script.text()), letters(&text));
        let mut spoken = script.text().split(|c: char| !c.is_alphanumeric());
        for word in free_words(&text) {
            prop_assert!(spoken.any(|spoken| spoken == word), "{:?} is not in {:?}", word, script.text());
        }
    }
}

#[test]
fn cost_grows_with_the_text_alone() {
    for unit in [
        "[",
        "[a](",
        "[a](x '",
        "![[](<",
        "*",
        "**a ",
        "`",
        "- ",
        "-",
        "> ",
        "#",
        "|",
        "|a\n|-",
        "| a\n|-|x\n",
        "<h",
        "<https://",
        "\\",
        "!",
        "a ",
        "a a a ",
        "😀",
        "😀 ",
        "1\u{fe0f}",
        "~~~\n",
        "[a][",
        "](x](",
        "      ",
        "\n",
        "\n- ",
        "a | ",
        "_",
        "[*a* `",
        "=\n",
        "- - ",
        "|-",
        "a\n|-|",
        "C+",
        "a  ",
    ] {
        let text: String = unit.chars().cycle().take(200_000).collect();
        let script = script(&everything(), chars(&text));
        assert!(script.text().len() <= 2 * text.len(), "{unit:?}");
    }
}

#[test]
fn the_stages_work_on_each_others_work() {
    let processing = everything();
    for (text, expected) in [
        ("# 🚀 Launch **alpha** 🎉\n- *Alpha* `beta` ✅\n- C++ 😀!", "Launch Al Pha\n\nα-β\n\nsee plus plus!"),
        ("**US**-[alpha](https://x.y)", "you ess-Al Pha"),
        ("al**pha**", "Al Pha"),
        ("gone 👋🏽 _us_", " us"),
        ("*️⃣ and 1️⃣ 😀.", "and."),
        ("- 😀\n- ok", "\n\nok"),
    ] {
        assert_eq!(cleaned(&processing, text), expected, "{text:?}");
    }
}

#[test]
fn what_is_put_in_stands_for_what_was_taken_out() {
    let script = script(&everything(), ["A **alpha**\n- b😀c | d"]);
    assert_eq!(script.text(), "A Al Pha\n\nb c | d");
    let of = |part: &str| {
        let at = script.text().find(part).unwrap_or_default();
        script.source(at..at + part.len())
    };
    assert_eq!(of("Al Pha"), 4..9);
    assert_eq!(of("Pha"), 4..9);
    assert_eq!(of("A Al"), 0..9);
    assert_eq!(script.source(8..9), 11..12);
    assert_eq!(script.source(9..10), 12..14);
    assert_eq!(of("b c"), 14..17);
    assert_eq!(of("| d"), 18..21);
}

#[test]
fn a_plain_letter_never_waits() {
    for processing in [
        Processing { strip_markdown: true, ..Processing::default() },
        Processing { strip_emoji: true, ..Processing::default() },
        Processing { pronunciations: everything().pronunciations, ..Processing::default() },
    ] {
        let (mut cleaner, mut script) = (Cleaner::new(&processing), Script::new());
        for letter in chars("Word") {
            cleaner.push(letter, &mut script);
            assert_eq!(cleaner.held_chars(), 0, "{processing:?}");
        }
    }
}

#[test]
fn a_writer_may_pause() {
    let mut cleaner = Cleaner::new(&everything());
    let mut script = Script::new();
    let mut pause = |text: &str| {
        cleaner.push(text, &mut script);
        cleaner.settle(&mut script);
        script.text().to_owned()
    };
    assert_eq!(pause("Hi 😀"), "Hi");
    assert_eq!(pause("there"), "Hi there");
    assert_eq!(pause("\n-"), "Hi there\n");
    assert_eq!(pause(" one"), "Hi there\n\none");
    assert_eq!(pause("\n```"), "Hi there\n\none\n");
    assert_eq!(pause("py\nx = *p*\n```"), "Hi there\n\none\n\nx = *p*\n");
    assert_eq!(pause("\n## Al"), "Hi there\n\none\n\nx = *p*\n\nAl");
    assert_eq!(pause("l *done"), "Hi there\n\none\n\nx = *p*\n\nAll done");
    assert_eq!(pause("*\nEnd"), "Hi there\n\none\n\nx = *p*\n\nAll done\n\nEnd");
}
