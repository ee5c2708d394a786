//! When the text is heard: segments to the sample, words as far as their length tells.

use std::time::Duration;

use rhapsode::proto::AlignmentMode;
use rhapsode::proto::AlignmentSource;
use rhapsode::proto::SynthesisConfig;
use rhapsode::proto::SynthesizeClipRequest;
use rhapsode::proto::TextSpan;

use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const TEXT: &str = "  Grüße aus Köln! The train, which was late, left at 9:45. 今天天气很好。Nobody minded\n\nIt was a fine \
                    day; the sun shone on the river until the evening came and all the lights went on.";

fn aligned(mode: AlignmentMode) -> SynthesisConfig {
    SynthesisConfig { alignment_mode: mode.into(), ..Default::default() }
}

fn time(wire: Option<prost_types::Duration>) -> Duration {
    wire.unwrap().try_into().unwrap()
}

/// In samples of 24 kHz.
fn sample(wire: Option<prost_types::Duration>) -> usize {
    usize::try_from((time(wire).as_nanos() * 24_000 + 500_000_000) / 1_000_000_000).unwrap()
}

/// The caller's own text at the place that `span` names.
fn quoted(span: &TextSpan) -> String {
    TEXT.chars().skip(usize::try_from(span.start_char).unwrap()).take(span.text.chars().count()).collect()
}

async fn server(upstream: &StandIn) -> Rhapsode {
    Rhapsode::before(
        &upstream.base_url(),
        &[("RHAPSODE__SEGMENTATION__FIRST_SEGMENT_CHARS", "20"), ("RHAPSODE__SEGMENTATION__SEGMENT_CHARS", "40")],
    )
    .await
}

#[tokio::test]
async fn segments_lie_where_they_are_said_to_to_the_sample() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let answer = server(&upstream).await.speak(styled(TEXT, aligned(AlignmentMode::Segment))).await;
    answer.account();
    assert_eq!(answer.started.as_ref().unwrap().alignment_source(), AlignmentSource::Segment);
    let spans: Vec<_> = answer.alignments.iter().flat_map(|alignment| &alignment.spans).collect();
    let calls = upstream.log().records();
    assert!(spans.len() >= 4, "{spans:?}");
    assert_eq!(spans.len(), calls.len());
    let pcm = answer.audio();
    // -50 dBFS; what a fade or a filter leaves behind is below.
    let loud = |range: std::ops::Range<usize>| {
        let samples = pcm[range.start * 2..range.end * 2].chunks_exact(2);
        samples.map(|pair| i16::from_le_bytes([pair[0], pair[1]])).any(|sample| sample.abs() > 100)
    };
    let mut end = 0;
    for (span, call) in spans.iter().zip(&calls) {
        assert_eq!(quoted(span), span.text);
        assert_eq!(span.text, call.request.text);
        let (from, to) = (sample(span.start_offset), sample(span.end_offset));
        assert!(end <= from && from < to, "spans overlap");
        assert!(!loud(end..from), "there is sound between two segments");
        assert!(loud(from..from + 240) && loud(to - 1_200..to), "a segment is silent at its edge");
        end = to;
    }
    assert!(end <= pcm.len() / 2);
}

#[tokio::test]
async fn words_lie_about_where_they_are_heard() {
    // One segment of tones, of which each takes its letters' time: exactly what the estimate believes in.
    let text = "Seven brave sailors rowed over";
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let answer = server.speak(styled(text, aligned(AlignmentMode::Word))).await;
    answer.account();
    assert_eq!(answer.alignments.len(), 1);
    let alignment = &answer.alignments[0];
    assert_eq!(alignment.source(), AlignmentSource::Estimated);
    let words: Vec<_> = alignment.spans.iter().map(|span| span.text.as_str()).collect();
    assert_eq!(words, ["Seven", "brave", "sailors", "rowed", "over"]);
    for span in &alignment.spans {
        let begins = Duration::from_secs(u64::try_from(span.start_char).unwrap()) / 15;
        let said = time(span.start_offset);
        assert!(begins.abs_diff(said) < Duration::from_millis(150), "{}: {said:?} for {begins:?}", span.text);
    }
}

#[tokio::test]
async fn words_quote_the_callers_text_and_follow_each_other() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let answer = server(&upstream).await.speak(styled(TEXT, aligned(AlignmentMode::Word))).await;
    answer.account();
    let spans: Vec<_> = answer.alignments.iter().flat_map(|alignment| &alignment.spans).collect();
    for pair in spans.windows(2) {
        assert!(time(pair[0].start_offset) < time(pair[0].end_offset));
        assert!(time(pair[0].end_offset) <= time(pair[1].start_offset));
        assert!(pair[0].start_char < pair[1].start_char);
    }
    assert!(spans.iter().all(|span| quoted(span) == span.text));
    let said: String = spans.iter().map(|span| span.text.as_str()).collect();
    let written: String = TEXT.chars().filter(|c| !c.is_whitespace()).collect();
    assert_eq!(said, written, "every word has its time");
}

#[tokio::test]
async fn a_clip_has_its_timing_and_encoded_audio_too() {
    let server = Rhapsode::with(&[]).await;
    let config = aligned(AlignmentMode::Segment);
    let clip = SynthesizeClipRequest { text: "Hello.".to_owned(), config: Some(config), ..Default::default() };
    let clip = server.client().await.synthesize_clip(clip).await.unwrap().into_inner();
    assert_eq!(clip.alignments.len(), 1);
    let span = &clip.alignments[0].spans[0];
    assert_eq!((span.text.as_str(), span.start_char), ("Hello.", 0));
    assert!(time(span.end_offset) <= time(clip.summary.unwrap().audio_duration));
}
