//! Any text in any deltas: cleaned and cut as the whole text is, every letter once and in order, every place right.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use rhapsode::speech::Processing;
use rhapsode::speech::Pronunciation;
use rhapsode::text::Cleaner;
use rhapsode::text::Limits;
use rhapsode::text::Live;
use rhapsode::text::MAX_HELD;
use rhapsode::text::Script;
use rhapsode::text::Unit;

#[derive(Arbitrary, Debug)]
struct Task<'a> {
    strip_markdown: bool,
    strip_emoji: bool,
    pronunciation: Option<(&'a str, &'a str)>,
    /// Lengths of deltas in code points, again and again.
    deltas: Vec<u8>,
    text: &'a str,
}

fuzz_target!(|task: Task<'_>| {
    let pronunciations = task.pronunciation.into_iter().map(|(phrase, replacement)| Pronunciation {
        phrase: phrase.to_owned(),
        replacement: replacement.to_owned(),
        case_sensitive: false,
    });
    let processing = Processing {
        strip_markdown: task.strip_markdown,
        strip_emoji: task.strip_emoji,
        pronunciations: pronunciations.collect(),
    };
    let whole = spoken(&processing, &[task.text]);
    let parts = deltas(task.text, &task.deltas);
    assert_eq!(whole, spoken(&processing, &parts), "the text is spoken otherwise in parts");
});

/// The sentences that are spoken of a text that arrives in `deltas`.
fn spoken(processing: &Processing, deltas: &[&str]) -> Vec<String> {
    let (mut cleaner, mut script) = (Cleaner::new(processing), Script::new());
    let limits = Limits { max_chars: 1 << 20, max_tokens: None, min_chars: 1, ..Limits::default() };
    let mut live = Live::new(Some("en".to_owned()), limits);
    let chars: usize = deltas.iter().map(|delta| delta.chars().count()).sum();
    let (mut sentences, mut passed) = (Vec::new(), 0);
    for step in deltas.iter().map(Some).chain([None]) {
        let new = script.text().len();
        match step {
            Some(delta) => cleaner.push(delta, &mut script),
            None => cleaner.settle(&mut script),
        }
        assert!(cleaner.held_chars() <= MAX_HELD, "too much is held back");
        live.read(script.text(), new);
        if step.is_none() {
            live.end();
        }
        while let Some(taken) = live.take(script.text(), Unit::Sentence) {
            if let Some((range, _)) = taken.spoken {
                let source = script.source(range.clone());
                assert!(source.start <= source.end && source.end <= chars, "a place outside the text");
                assert!(source.start >= passed, "places go back");
                passed = source.start;
                sentences.push(script.text()[range].to_owned());
            }
            script.drain(taken.used);
        }
    }
    sentences
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
