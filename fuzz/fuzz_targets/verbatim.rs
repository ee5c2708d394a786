//! Any text against any transcript: a text that is read as it stands agrees, and it does not matter where the transcript is cut.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rhapsode::text::Verbatim;

const LANGUAGES: [Option<&str>; 8] =
    [None, Some("en"), Some("de"), Some("fr"), Some("es"), Some("zh"), Some("ru"), Some("ja")];

#[derive(Arbitrary, Debug)]
struct Reading<'a> {
    language: u8,
    /// Lengths of deltas in code points, again and again.
    deltas: Vec<u8>,
    text: &'a str,
    /// What is said; the text itself, if there is none.
    said: Option<&'a str>,
}

fuzz_target!(|reading: Reading<'_>| {
    let language = LANGUAGES[usize::from(reading.language) % LANGUAGES.len()];
    let said = reading.said.unwrap_or(reading.text);
    let whole = judged(reading.text, language, &[said]);
    let parts = judged(reading.text, language, &deltas(said, &reading.deltas));
    assert_eq!(whole.1, parts.1, "it matters where the transcript is cut");
    if said == reading.text {
        assert_eq!(whole.1, None, "the text is taken for another");
    }
});

/// How many words agree at the end, and where the transcript is not the text.
fn judged(text: &str, language: Option<&str>, said: &[&str]) -> (usize, Option<usize>) {
    let mut verbatim = Verbatim::new(text, language);
    let mut found = None;
    for delta in said {
        verbatim.hear(delta);
        let now = verbatim.deviation().map(|deviation| deviation.at_char);
        assert!(found.is_none() || found == now, "a deviation is final");
        found = now;
    }
    verbatim.finish();
    assert!(verbatim.confirmed() <= verbatim.words(), "more words than there are");
    let deviation = verbatim.deviation();
    assert!(deviation.is_none_or(|deviation| deviation.at_char <= text.chars().count()), "a place outside the text");
    (verbatim.confirmed(), deviation.map(|deviation| deviation.at_char))
}

/// `text` in deltas of these lengths.
fn deltas<'t>(text: &'t str, lengths: &[u8]) -> Vec<&'t str> {
    let mut lengths = lengths.iter().cycle();
    let mut rest = text;
    let mut deltas = Vec::new();
    while !rest.is_empty() {
        let length = lengths.next().map_or(1, |length| usize::from(*length).max(1));
        let end = rest.char_indices().nth(length).map_or(rest.len(), |(byte, _)| byte);
        let (delta, behind) = rest.split_at(end);
        deltas.push(delta);
        rest = behind;
    }
    deltas
}
