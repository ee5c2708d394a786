//! What is taken out of a text, and what the caller is told of it: always the caller's own words.

use rhapsode::proto;
use rhapsode::proto::AlignmentMode;
use rhapsode::proto::SegmentationMode;
use rhapsode::proto::SegmentationPolicy;
use rhapsode::proto::SynthesisConfig;
use rhapsode::proto::TextProcessing;
use rhapsode::proto::streaming_synthesize_response::Event;

use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::talk::Talk;
use crate::support::talk::config;

const WRITTEN: &str = "## Today's plan\n\n* Ask **Siobhan** about the `report` 😀.\n* Read [the page](https://example.com/a.b?c) once \
                       more!\n\nThat is 3 * 4 = 12 👍 for snake_case.";
const SPOKEN: [&str; 4] =
    ["Today's plan", "Ask Shivawn about the report.", "Read the page once more!", "That is 3 * 4 = 12 for snake_case."];

fn wish() -> SynthesisConfig {
    let pronunciation =
        proto::Pronunciation { phrase: "siobhan".to_owned(), replacement: "Shivawn".to_owned(), case_sensitive: false };
    SynthesisConfig {
        text_processing: Some(TextProcessing {
            strip_markdown: true,
            strip_emoji: true,
            pronunciations: vec![pronunciation],
        }),
        segmentation: Some(SegmentationPolicy {
            mode: SegmentationMode::Sentence.into(),
            min_segment_chars: Some(1),
            ..Default::default()
        }),
        alignment_mode: AlignmentMode::Word.into(),
        ..Default::default()
    }
}

fn spoken(upstream: &StandIn) -> Vec<String> {
    upstream.log().records().into_iter().map(|record| record.request.text).collect()
}

/// The words that the caller is told, each of which has to stand where it is said to.
fn words<'a>(alignments: impl Iterator<Item = &'a proto::TextAlignment>) -> Vec<String> {
    let spans = alignments.flat_map(|alignment| &alignment.spans);
    let words = spans.map(|span| {
        let start = usize::try_from(span.start_char).unwrap();
        let written: String = WRITTEN.chars().skip(start).take(span.text.chars().count()).collect();
        assert_eq!(written, span.text);
        written
    });
    words.collect()
}

#[tokio::test]
async fn marks_and_pictures_are_not_spoken_and_the_callers_words_are_told() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let answer = server.speak(styled(WRITTEN, wish())).await;
    assert_eq!(spoken(&upstream), SPOKEN);
    let usage = answer.account().usage.unwrap();
    assert_eq!(usage.input_character_count, i64::try_from(WRITTEN.chars().count()).unwrap());
    let chars: usize = SPOKEN.iter().map(|text| text.chars().count()).sum();
    assert_eq!(usage.synthesized_character_count, i64::try_from(chars).unwrap());
    let words = words(answer.alignments.iter());
    assert_eq!(words[..6], ["Today's", "plan", "Ask", "Siobhan", "about", "the"]);
    assert!(words.contains(&"Read".to_owned()) && words.contains(&"page".to_owned()), "{words:?}");
    assert!(!words.iter().any(|word| word.contains("example")), "{words:?}");
}

#[tokio::test]
async fn a_text_that_comes_bit_by_bit_is_cleaned_like_a_whole_one() {
    for length in [1, 3, 7] {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        let server = Rhapsode::before(&upstream.base_url(), &[]).await;
        let mut talk = Talk::open(&mut server.client().await, config(wish())).await;
        let chars: Vec<char> = WRITTEN.chars().collect();
        for delta in chars.chunks(length) {
            talk.write(&delta.iter().collect::<String>()).await;
        }
        let events = talk.rest().await;
        assert_eq!(spoken(&upstream), SPOKEN, "deltas of {length}");
        let alignments = events.iter().filter_map(|event| match event {
            Event::Alignment(alignment) => Some(alignment),
            _ => None,
        });
        assert_eq!(words(alignments)[..4], ["Today's", "plan", "Ask", "Siobhan"]);
    }
}

#[tokio::test]
async fn the_operator_says_what_is_taken_out_where_the_caller_does_not() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[("RHAPSODE__TEXT__STRIP_MARKDOWN", "true")]).await;
    server.speak(request("It is **big** 😀.")).await.account();
    let asked = SynthesisConfig { text_processing: Some(TextProcessing::default()), ..Default::default() };
    server.speak(styled("It is **big** 😀.", asked)).await.account();
    assert_eq!(spoken(&upstream), ["It is big 😀.", "It is **big** 😀."]);
}

#[tokio::test]
async fn what_was_heard_is_told_in_the_callers_words() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let mut talk = Talk::open(&mut server.client().await, config(wish())).await;
    talk.write("I have **asked** Siobhan. She [said](https://example.com) *no*. ").await;
    talk.end_utterance().await;
    let events = talk.until(|event| matches!(event, Event::UtteranceCompleted(_))).await;
    let ends = events.iter().filter_map(|event| match event {
        Event::Alignment(alignment) => alignment.spans.last().map(|span| span.end_offset.unwrap()),
        _ => None,
    });
    let first = ends.min_by_key(|end| (end.seconds, end.nanos)).unwrap();
    talk.interrupt(0, first.try_into().unwrap()).await;
    let Some(Ok(Event::Interrupted(cut))) = talk.next().await else { panic!("not interrupted") };
    assert_eq!(cut.text_spoken, "I have **asked** Siobhan.");
    assert_eq!(cut.text_remaining, " She [said](https://example.com) *no*. ");
}
