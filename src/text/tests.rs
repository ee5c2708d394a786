//! What holds for the pieces of any text, and what pieces of typical texts look like.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

fn pieces(text: &str, limits: &Limits) -> Vec<Piece> {
    segment(text, Some("en"), limits.clone()).collect()
}

fn texts(text: &str, limits: &Limits) -> Vec<String> {
    pieces(text, limits).iter().map(|piece| piece.text.to_string()).collect()
}

fn limits(max_chars: usize, max_tokens: Option<usize>, first_chars: usize, target_chars: usize) -> Limits {
    Limits { max_chars, max_tokens, first_chars, target_chars, min_chars: 0 }
}

/// Text made of what sentence ends, clause ends, graphemes and limits turn on, and of any Unicode at all.
fn any_text() -> impl Strategy<Value = String> {
    let unit = prop_oneof![
        4 => proptest::string::string_regex("[a-zA-Zäß]{1,8}").unwrap(),
        3 => proptest::sample::select(vec![" ", " ", ". ", ", ", "\n", "\n\n", "! ", "? ", "… ", "; ", "\u{3000}", "\r\n"])
            .prop_map(String::from),
        2 => proptest::sample::select(vec![
            "Dr. Smith", "3.14", "10 000", "U.S. ", "a@b.co.", "z. B. ", "你好。", "「はい。」と", "नमस्ते। ", "(", ")", "\"", "“", "”",
            "« ", " »", "- ", "1. ", "[", "!!!", "👨‍👩‍👧‍👦", "🇩🇪🇫🇷", "e\u{301}\u{302}", "\u{301}", "\u{600}", "\u{200d}",
        ])
        .prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
        1 => (1_usize..60).prop_map(|marks| format!("a{}", "\u{301}".repeat(marks))),
    ];
    proptest::collection::vec(unit, 0..60).prop_map(|units| units.concat())
}

fn any_limits() -> impl Strategy<Value = Limits> {
    (1_usize..200, proptest::option::of(4_usize..100), 1_usize..100, 1_usize..200)
        .prop_map(|(max_chars, max_tokens, first, target)| limits(max_chars, max_tokens, first, target))
}

#[test]
fn a_picture_stays_with_the_clause_in_front_of_it() {
    let text = format!("aäaäääaaAaaßaAa{}… 👨‍👩‍👧‍👦", "\u{301}".repeat(20));
    let pieces = pieces(&text, &limits(4096, None, 20, 60));
    assert_eq!(pieces.iter().map(|piece| &*piece.text).collect::<Vec<_>>(), [text.as_str()]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn pieces_are_ordered_trimmed_true_to_the_text_and_speakable(text in any_text(), limits in any_limits()) {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        for piece in segment(text.as_str(), None, limits) {
            prop_assert!(at <= piece.start && piece.start < piece.end && piece.end <= chars.len());
            prop_assert_eq!(chars[piece.start..piece.end].iter().collect::<String>(), &*piece.text);
            prop_assert_eq!(piece.text.trim(), &*piece.text);
            prop_assert!(is_speakable(&piece.text));
            at = piece.end;
        }
    }

    #[test]
    fn nothing_that_can_be_spoken_is_left_out(text in any_text(), limits in any_limits()) {
        let chars: Vec<char> = text.chars().collect();
        let mut at = 0;
        for piece in segment(text.as_str(), None, limits) {
            prop_assert!(!is_speakable(&chars[at..piece.start].iter().collect::<String>()));
            at = piece.end;
        }
        prop_assert!(!is_speakable(&chars[at..].iter().collect::<String>()));
    }

    #[test]
    fn with_room_to_spare_all_but_white_space_is_kept(text in any_text()) {
        let pieces = pieces(&text, &limits(4096, None, 20, 60));
        let kept: String = pieces.iter().flat_map(|piece| piece.text.chars()).filter(|c| !c.is_whitespace()).collect();
        let all: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        prop_assert_eq!(kept, if is_speakable(&text) { all } else { String::new() });
    }

    #[test]
    fn both_limits_hold(text in any_text(), limits in any_limits()) {
        for piece in pieces(&text, &limits) {
            let chars = piece.end - piece.start;
            prop_assert!(chars <= limits.max_chars, "{} code points", chars);
            let tokens = tokens::count(&piece.text);
            prop_assert!(limits.max_tokens.is_none_or(|max| tokens <= max || chars == 1), "{} tokens", tokens);
        }
    }

    #[test]
    fn a_grapheme_is_divided_only_if_it_exceeds_the_limits(text in any_text(), limits in any_limits()) {
        let pieces = pieces(&text, &limits);
        for pair in pieces.windows(2).filter(|pair| pair[0].end == pair[1].start) {
            let mut at = 0;
            for grapheme in text.graphemes(true) {
                let end = at + grapheme.chars().count();
                let is_divided = at < pair[0].end && pair[0].end < end;
                let is_too_long = end - at > limits.max_chars || !limits.admit_tokens(grapheme);
                prop_assert!(!is_divided || is_too_long, "{:?}", grapheme);
                at = end;
            }
        }
    }

    #[test]
    fn a_piece_is_not_cut_again(text in any_text(), max_chars in 1_usize..200) {
        let limits = limits(max_chars, None, 1000, 1000);
        for piece in pieces(&text, &limits) {
            prop_assert_eq!(texts(&piece.text, &limits), vec![piece.text.to_string()]);
        }
    }

    #[test]
    fn sentences_cover_all_but_white_space(text in any_text()) {
        let mut at = 0;
        for range in sentences(&text, None) {
            prop_assert!(text[at..range.start].trim().is_empty());
            prop_assert!(!text[range.clone()].is_empty() && text[range.clone()].trim() == &text[range.clone()]);
            at = range.end;
        }
        prop_assert!(text[at..].trim().is_empty());
    }
}

const STORY: &str = "Once upon a time there was a fox. He lived in a wood. Every morning he walked to the river, drank, and \
    looked at the far bank. One day he swam across. Nobody had ever seen him there. The hens were surprised.";

#[test]
fn the_first_piece_is_short_and_later_ones_are_longer() {
    let limits = limits(4096, Some(2000), 60, 140);
    assert_eq!(
        texts(STORY, &limits),
        [
            "Once upon a time there was a fox. He lived in a wood.",
            "Every morning he walked to the river, drank, and looked at the far bank. One day he swam across. \
             Nobody had ever seen him there.",
            "The hens were surprised.",
        ]
    );
}

#[test]
fn a_long_first_sentence_is_divided_at_a_clause() {
    let text = "When the old clock in the hall struck nine, and the wind, which had been blowing since dawn, fell silent, \
        everyone in the house knew that something had changed for good.";
    let found = texts(text, &limits(4096, None, 60, 600));
    assert_eq!(found[0], "When the old clock in the hall struck nine, and the wind,");
    assert_eq!(found.len(), 2);
}

#[test]
fn a_later_long_sentence_is_left_whole_within_the_limits() {
    let long = format!("It went on, {}and then it stopped.", "and on, ".repeat(100));
    let found = texts(&format!("A start. Short. {long} The end of it all."), &limits(4096, None, 10, 100));
    assert!(found.contains(&long));
}

#[test]
fn an_overlong_sentence_is_divided_at_clauses_then_words_then_graphemes() {
    let no_target = |max| limits(max, None, 9999, 9999);
    assert_eq!(texts("one two, three four five six", &no_target(20)), ["one two,", "three four five six"]);
    assert_eq!(texts("one two three four five six", &no_target(20)), ["one two three four", "five six"]);
    assert_eq!(texts("ab\u{301}cd\u{301}ef", &no_target(4)), ["ab\u{301}c", "d\u{301}ef"]);
    assert_eq!(texts("今天天气很好，我们去公园散步吧", &no_target(10)), ["今天天气很好，", "我们去公园散步吧"]);
}

#[test]
fn a_division_spares_numbers_and_abbreviations() {
    let no_target = |max| limits(max, None, 9999, 9999);
    assert_eq!(texts("we sold about 10 000 pieces", &no_target(16)), ["we sold about", "10 000 pieces"]);
    assert_eq!(texts("they went to see Dr. Smith again", &no_target(21)), ["they went to see", "Dr. Smith again"]);
    assert_eq!(texts("it costs 1,000,000 dollars", &no_target(14)), ["it costs", "1,000,000", "dollars"]);
}

#[test]
fn a_grapheme_beyond_the_limits_is_divided_between_code_points() {
    let zalgo = format!("a{}", "\u{301}".repeat(9999));
    let chars: Vec<usize> =
        segment(zalgo.as_str(), None, limits(4096, None, 120, 600)).map(|p| p.end - p.start).collect();
    assert_eq!(chars, [4096], "the marks left over cannot be spoken");
    let vowels = format!("a{}b", "\u{301}x".repeat(3));
    assert_eq!(texts(&vowels, &limits(1, None, 1, 1)).concat(), "axxxb");
}

#[test]
fn dense_text_reaches_the_tokens_first() {
    let text = "ꦲꦏ꧀ꦱꦫꦗꦮ".repeat(400);
    let found = pieces(&text, &Limits::default());
    assert!(found.len() > 1 && found.iter().all(|piece| piece.end - piece.start < 4096));
    assert!(found.iter().all(|piece| tokens::count(&piece.text) <= 2000));
}

#[test]
fn ideographs_weigh_three() {
    let text = "今天天气很好。".repeat(60);
    let found = pieces(&text, &Limits::default());
    assert_eq!(found[0].end, 6 * 7, "a sentence of six ideographs and a stop weighs 19, and 120 hold six of them");
    assert_eq!(found[1].end - found[1].start, 31 * 7);
}

#[test]
fn targets_of_the_limit_are_none() {
    let text = "今天天气很好。".repeat(500);
    assert_eq!(pieces(&text, &limits(4096, None, 4096, 4096)).len(), 1, "it weighs 9500 but has 3500 code points");
}

#[test]
fn nothing_to_speak_is_no_piece() {
    let brackets = "[".repeat(10_000);
    for text in ["", "  \n", "...", "!!! ??? 😀", "\u{301}", "\0", brackets.as_str()] {
        assert!(pieces(text, &Limits::default()).is_empty(), "{text:?}");
    }
}

#[test]
fn what_cannot_be_spoken_goes_with_a_neighbour() {
    assert_eq!(texts("*** \n\n Hello there. \n\n ***", &limits(100, None, 5, 5)), ["*** \n\n Hello there. \n\n ***"]);
    assert_eq!(
        texts(&format!("{} Hello.", "[".repeat(30)), &limits(20, None, 5, 5)),
        [format!("{} Hello.", "[".repeat(10))]
    );
}

#[test]
fn a_first_piece_is_not_divided_where_nothing_could_be_spoken() {
    let text = format!("(. . ! word{}", "\u{301}".repeat(40));
    assert_eq!(texts(&text, &limits(4096, None, 12, 60)), [text]);
}

#[test]
fn positions_are_code_points_of_the_text() {
    let found = pieces("  Ünï. 你好。 \n\n Ende.", &limits(100, None, 1, 1));
    let spans: Vec<(usize, usize)> = found.iter().map(|piece| (piece.start, piece.end)).collect();
    assert_eq!(spans, [(2, 6), (7, 10), (14, 19)]);
}

#[test]
fn limits_of_nothing_neither_hang_nor_panic() {
    assert_eq!(texts("ab c", &limits(0, Some(0), 0, 0)), ["a", "b", "c"]);
}
