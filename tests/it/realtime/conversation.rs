//! A conversation that is spoken by a Realtime model, and one that is spoken along a route.

use std::time::Duration;

use rhapsode::proto;
use rhapsode::proto::FinishReason;
use rhapsode::proto::SegmentationMode;
use rhapsode::proto::SegmentationPolicy;
use rhapsode::proto::WarningCode;
use rhapsode::proto::streaming_synthesize_response::Event;
use serde_json::Value;
use serde_json::json;
use tonic::Code;

use super::MODEL;
use super::readings;
use super::sessions_used;
use super::stage;
use crate::support::server::Rhapsode;
use crate::support::stand_in::Options;
use crate::support::stand_in::log::End;
use crate::support::stand_in::log::Kind;
use crate::support::talk::Talk;
use crate::support::talk::audio;
use crate::support::talk::completed;
use crate::support::talk::config;
use crate::support::talk::summary;
use crate::support::tones;

const SENTENCE: &str = "The last boat came in at nine, and nobody was there to meet it. ";
const ALONE: [(&str, &str); 1] = [("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0")];

/// Sentence by sentence, with `model`; the server's own if it is empty.
fn by(model: &str) -> proto::StreamingConfig {
    let segmentation = SegmentationPolicy { mode: SegmentationMode::Sentence.into(), ..Default::default() };
    let synthesis =
        proto::SynthesisConfig { model: model.to_owned(), segmentation: Some(segmentation), ..Default::default() };
    proto::StreamingConfig { isolate_utterance_failures: true, ..config(synthesis) }
}

async fn begin(server: &Rhapsode, model: &str) -> Talk {
    Talk::open(&mut server.client().await, by(model)).await
}

/// Speaks `text` as an utterance of its own, to the end.
async fn utter(talk: &mut Talk, text: &str) -> Vec<Event> {
    talk.write(text).await;
    talk.end_utterance().await;
    talk.until(|event| matches!(event, Event::UtteranceCompleted(_))).await
}

/// The warnings of one kind, each with the utterance that it was told in.
fn warned(events: &[Event], code: WarningCode) -> Vec<(Option<i32>, String)> {
    let mut sounding = None;
    let mut warnings = Vec::new();
    for event in events {
        match event {
            Event::UtteranceStarted(started) => sounding = Some(started.utterance_index),
            Event::UtteranceCompleted(_) => sounding = None,
            Event::Warning(warning) if warning.code() == code => warnings.push((sounding, warning.message.clone())),
            _ => {}
        }
    }
    warnings
}

fn reword(mode: &str) -> Value {
    json!({"kind": "realtime_reword", "mode": mode})
}

#[tokio::test]
async fn barge_in_cancels_the_response_by_its_name_and_keeps_the_session() {
    let options = Options { realtime_rate: Some(1.0), ..Options::default() };
    let (upstream, server) = stage(options, &ALONE).await;
    let mut talk = begin(&server, MODEL).await;
    talk.write(SENTENCE).await;
    talk.end_utterance().await;
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    talk.interrupt(0, Duration::from_millis(100)).await;
    let events = talk.until(|event| matches!(event, Event::Interrupted(_))).await;
    let Some(Event::Interrupted(cut)) = events.last() else { panic!("not interrupted") };
    assert_eq!([cut.text_spoken.as_str(), &cut.text_remaining].concat(), SENTENCE);
    // Without its name a response beside the conversation would go on.
    let records = upstream.log().ended(1, Duration::from_secs(10)).await;
    assert_eq!(records[0].end.unwrap().how, End::Cancelled);
    talk.write("Yes?").await;
    talk.end_utterance().await;
    let events = talk.rest().await;
    assert_eq!(completed(&events).len(), 1);
    assert_eq!(tones::heard(&audio(&events)), tones::expected("Yes?"), "nothing of the old is in the new");
    assert_eq!(summary(&events).finish_reason(), FinishReason::Completed);
    assert_eq!(sessions_used(&upstream), [1, 1]);
}

#[tokio::test]
async fn twenty_utterances_are_spoken_in_order_on_one_session() {
    let (upstream, server) = stage(Options::default(), &ALONE).await;
    let mut talk = begin(&server, MODEL).await;
    let texts: Vec<String> = (0..20).map(|turn| format!("This is turn {turn} of a long talk. ")).collect();
    for text in &texts {
        talk.write(text).await;
        talk.end_utterance().await;
    }
    let events = talk.rest().await;
    let indices: Vec<i32> = completed(&events).iter().map(|end| end.utterance_index).collect();
    assert_eq!(indices, (0..20).collect::<Vec<_>>());
    assert!(completed(&events).iter().all(|end| end.error.is_none()));
    assert_eq!(tones::heard(&audio(&events)), tones::expected(&texts.concat()));
    assert_eq!(sessions_used(&upstream), [1; 20]);
    assert_eq!(upstream.accepted_sessions(), 1);
}

#[tokio::test]
async fn what_differs_is_told_within_its_own_utterance() {
    let (upstream, server) = stage(Options::default(), &ALONE).await;
    let long = "The boat came in at nine and the people on the pier stood waiting for it in the rain while the lamps went out \
                one after the other until none of them could see the water. ";
    upstream.script(json!([null, reword("drop_tail"), null])).unwrap();
    let mut talk = begin(&server, MODEL).await;
    for text in [SENTENCE, long, SENTENCE] {
        talk.write(text).await;
        talk.end_utterance().await;
    }
    let events = talk.rest().await;
    assert!(completed(&events).iter().all(|end| end.error.is_none()), "{:?}", completed(&events));
    let told = warned(&events, WarningCode::TextDeviated);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 == Some(1) && told[0].1.contains("was left out"), "{told:?}");
}

#[tokio::test]
async fn an_utterance_that_no_reading_agrees_with_fails_alone() {
    let (upstream, server) = stage(Options::default(), &ALONE).await;
    let mut talk = begin(&server, MODEL).await;
    upstream.script(json!([reword("answer"), reword("answer"), reword("answer")])).unwrap();
    let events = utter(&mut talk, SENTENCE).await;
    let error = completed(&events)[0].error.clone().unwrap();
    assert_eq!((error.code, error.reason.as_str()), (i32::from(Code::Unavailable), "UPSTREAM_DEVIATED"));
    assert!(audio(&events).is_empty() && !error.failure.unwrap().audio_started);
    assert_eq!(readings(&upstream).len(), 3);
    let events = utter(&mut talk, "And on we go.").await;
    assert!(completed(&events)[0].error.is_none());
    assert_eq!(tones::heard(&audio(&events)), tones::expected("And on we go."));
    let events = talk.rest().await;
    assert_eq!(summary(&events).finish_reason(), FinishReason::Completed);
}

#[tokio::test]
async fn who_takes_over_speaks_one_utterance_and_the_first_begins_the_next() {
    let (upstream, server) = stage(Options::default(), &ALONE).await;
    let mut talk = begin(&server, "").await;
    let mut all = utter(&mut talk, "The first one is mine. ").await;
    let down = json!({"kind": "overloaded"});
    upstream.script(json!([down, down, down])).unwrap();
    all.extend(utter(&mut talk, "The second one is another's. ").await);
    all.extend(utter(&mut talk, "And the third is mine again. ").await);
    all.extend(talk.rest().await);
    let told = warned(&all, WarningCode::FallbackUsed);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 == Some(1) && told[0].1.contains(MODEL), "{told:?}");
    let spoken: Vec<(Kind, String)> = upstream
        .log()
        .records()
        .into_iter()
        .filter(|record| record.end.unwrap().how == End::Completed && record.bytes > 1000)
        .map(|record| (record.kind, record.request.text))
        .collect();
    let expected = [
        (Kind::Speech, "The first one is mine.".to_owned()),
        (Kind::Realtime, "The second one is another's.".to_owned()),
        (Kind::Speech, "And the third is mine again.".to_owned()),
    ];
    assert_eq!(spoken, expected);
    let whole: String = expected.iter().map(|(_, text)| text.clone() + " ").collect();
    assert_eq!(tones::heard(&audio(&all)), tones::expected(&whole), "each of them once");
}
