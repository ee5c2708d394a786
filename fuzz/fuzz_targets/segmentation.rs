//! Any text under any limits: pieces in order, within the limits, and nothing speakable between them.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rhapsode::text;
use rhapsode::text::Limits;
use rhapsode::text::Piece;

const LANGUAGES: [Option<&str>; 14] = [
    None,
    Some("en"),
    Some("de-AT"),
    Some("fr"),
    Some("es"),
    Some("it"),
    Some("pt-BR"),
    Some("ru"),
    Some("zh"),
    Some("ja"),
    Some("hi"),
    Some("ar"),
    Some("tr"),
    Some("not a language"),
];

#[derive(Arbitrary, Debug)]
struct Task<'a> {
    language: u8,
    max_chars: u16,
    max_tokens: Option<u16>,
    first_chars: u16,
    target_chars: u16,
    min_chars: u16,
    text: &'a str,
}

fuzz_target!(|task: Task<'_>| {
    let language = LANGUAGES[usize::from(task.language) % LANGUAGES.len()];
    let limits = Limits {
        max_chars: usize::from(task.max_chars),
        max_tokens: task.max_tokens.map(usize::from),
        first_chars: usize::from(task.first_chars),
        target_chars: usize::from(task.target_chars),
        min_chars: usize::from(task.min_chars),
    };
    covers_by_sentences(task.text, language);
    let chars: Vec<char> = task.text.chars().collect();
    let mut spoken = 0;
    for piece in text::segment(task.text, language, limits.clone()) {
        assert!(spoken <= piece.start && piece.start < piece.end && piece.end <= chars.len(), "out of order");
        assert!(chars[piece.start..piece.end].iter().copied().eq(piece.text.chars()), "not the text");
        assert!(!text::is_speakable(&chars[spoken..piece.start].iter().collect::<String>()), "something was left out");
        fits(&piece, &limits);
        spoken = piece.end;
    }
    assert!(!text::is_speakable(&chars[spoken..].iter().collect::<String>()), "the end was left out");
});

fn fits(piece: &Piece, limits: &Limits) {
    assert!(text::is_speakable(&piece.text), "nothing to say");
    assert_eq!(piece.text.trim(), &*piece.text, "white space around it");
    let chars = piece.end - piece.start;
    assert!(chars == 1 || chars <= limits.max_chars, "{chars} code points");
    let tokens = text::tokens::count(&piece.text);
    assert!(chars == 1 || limits.max_tokens.is_none_or(|max| tokens <= max), "{tokens} tokens");
}

/// Every character that is not white space is in exactly one sentence.
fn covers_by_sentences(text: &str, language: Option<&str>) {
    let mut at = 0;
    for sentence in text::sentences(text, language) {
        assert!(text[at..sentence.start].trim().is_empty(), "a sentence was left out");
        assert!(sentence.start < sentence.end);
        let content = &text[sentence.clone()];
        assert_eq!(content.trim(), content);
        at = sentence.end;
    }
    assert!(text[at..].trim().is_empty(), "the last sentence was left out");
}
