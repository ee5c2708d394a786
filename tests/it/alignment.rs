//! When the text is heard: segments to the sample, words as far as their length tells.

use std::time::Duration;

use rhapsode::proto::AlignmentMode;
use rhapsode::proto::AlignmentSource;
use rhapsode::proto::AudioEncoding;
use rhapsode::proto::DeliveryOptions;
use rhapsode::proto::SynthesisConfig;
use rhapsode::proto::SynthesizeClipRequest;
use rhapsode::proto::TextSpan;
use rhapsode::proto::synthesize_response::Event;

use crate::support::server::Rhapsode;
use crate::support::server::encoded;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::times::sample;
use crate::support::times::time;
use crate::support::times::wire;

const TEXT: &str = "  Grüße aus Köln! The train, which was late, left at 9:45. 今天天气很好。Nobody minded\n\nIt was a fine \
                    day; the sun shone on the river until the evening came and all the lights went on.";

fn aligned(mode: AlignmentMode) -> SynthesisConfig {
    SynthesisConfig { alignment_mode: mode.into(), ..Default::default() }
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
async fn timing_comes_behind_the_audio_of_its_segment() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = server(&upstream).await;
    let delivery = DeliveryOptions { chunk_duration: Some(wire(Duration::from_millis(500))), ..Default::default() };
    let config = SynthesisConfig { delivery: Some(delivery), ..aligned(AlignmentMode::Segment) };
    let mut events = server.client().await.synthesize(styled(TEXT, config)).await.unwrap().into_inner();
    let (mut sent, mut timings) = (Duration::ZERO, 0);
    while let Some(response) = events.message().await.unwrap() {
        match response.event.unwrap() {
            Event::Audio(chunk) => sent = time(chunk.start_offset) + time(chunk.duration),
            Event::Alignment(alignment) => {
                timings += 1;
                assert!(time(alignment.spans[0].end_offset) <= sent, "timing {timings} comes too early");
            }
            _ => {}
        }
    }
    assert!(timings >= 4);
}

#[tokio::test]
async fn a_clip_has_its_timing() {
    let server = Rhapsode::with(&[]).await;
    let config = aligned(AlignmentMode::Segment);
    let clip = SynthesizeClipRequest { text: "Hello.".to_owned(), config: Some(config), ..Default::default() };
    let clip = server.client().await.synthesize_clip(clip).await.unwrap().into_inner();
    assert_eq!(clip.alignments.len(), 1);
    let span = &clip.alignments[0].spans[0];
    assert_eq!((span.text.as_str(), span.start_char), ("Hello.", 0));
    assert!(time(span.end_offset) <= time(clip.summary.unwrap().audio_duration));
}

#[tokio::test]
async fn what_takes_samples_to_know_is_made_here_and_counts_from_what_a_decoder_gives_first() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    // A decoder of MP3 begins with 1,057 samples of silence that nothing tells it to drop, one of AAC with 1,024.
    for (encoding, delay) in [
        (AudioEncoding::Mp3, Duration::from_nanos(1_057 * 1_000_000_000 / 24_000)),
        (AudioEncoding::AacAdts, Duration::from_nanos(1_024 * 1_000_000_000 / 24_000)),
        (AudioEncoding::OggOpus, Duration::ZERO),
        (AudioEncoding::OpusPackets, Duration::from_micros(2_500)),
        (AudioEncoding::Flac, Duration::ZERO),
    ] {
        let config = SynthesisConfig { alignment_mode: AlignmentMode::Segment.into(), ..encoded(encoding) };
        let answer = server.speak(styled("Hello there.", config)).await;
        answer.account();
        let format = answer.started.as_ref().unwrap().audio_format.as_ref().unwrap();
        assert_eq!(format.sample_rate_hertz, 24_000, "{encoding:?}");
        let begins = time(answer.alignments[0].spans[0].start_offset);
        // The tone rises over 2 ms.
        assert!(begins >= delay && begins < delay + Duration::from_millis(2), "{encoding:?}: {begins:?}");
    }
    let formats: Vec<_> = upstream.log().records().iter().map(|call| call.request.format.clone()).collect();
    assert!(formats.iter().all(|format| format.as_deref() == Some("pcm")), "{formats:?}");
}
