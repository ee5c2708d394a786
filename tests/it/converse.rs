//! `StreamingSynthesize`: text as it is written, audio at the same time.

use std::time::Duration;

use rhapsode::proto;
use rhapsode::proto::AudioEncoding;
use rhapsode::proto::FinishReason;
use rhapsode::proto::SegmentationMode;
use rhapsode::proto::SegmentationPolicy;
use rhapsode::proto::streaming_synthesize_request::Request;
use rhapsode::proto::streaming_synthesize_response::Event;
use serde_json::json;
use tonic::Code;

use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::encoded;
use crate::support::server::request;
use crate::support::server::speak;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;
use crate::support::talk::Talk;
use crate::support::talk::audio;
use crate::support::talk::completed;
use crate::support::talk::config;
use crate::support::talk::summary;
use crate::support::times::time;

const FIRST: &str = "The rain had stopped before anybody woke. ";
const SECOND: &str = "A thin mist lay on the harbor, and the boats seemed to hang in it. ";

async fn stage() -> (StandIn, Rhapsode) {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    (upstream, server)
}

/// What the upstream was asked to speak, in order.
fn spoken(upstream: &StandIn) -> Vec<String> {
    upstream.log().records().into_iter().map(|record| record.request.text).collect()
}

fn cut(mode: SegmentationMode) -> proto::SynthesisConfig {
    let segmentation = SegmentationPolicy { mode: mode.into(), ..Default::default() };
    proto::SynthesisConfig { segmentation: Some(segmentation), ..Default::default() }
}

#[tokio::test]
async fn the_head_comes_before_the_config_and_started_before_the_text() {
    let (_upstream, server) = stage().await;
    let mut client = server.client().await;
    // A client that waits for the head before it sends anything gets it.
    let mut talk = Talk::silent(&mut client).await;
    talk.send(Request::Config(proto::StreamingConfig {
        correlation_id: "turn 7".to_owned(),
        ..config(<_>::default())
    }))
    .await;
    let Some(Ok(Event::Started(started))) = talk.next().await else { panic!("not started") };
    assert_eq!((started.model.as_str(), started.correlation_id.as_str()), ("gpt-4o-mini-tts", "turn 7"));
    assert!(started.limits.unwrap().max_buffered_chars > 0);
    let events = talk.rest().await;
    assert_eq!(summary(&events).finish_reason(), FinishReason::NoSpeakableText);
    assert_eq!(summary(&events).utterance_count, 0);
}

#[tokio::test]
async fn deltas_cut_anywhere_are_spoken_as_the_whole_text() {
    let (upstream, server) = stage().await;
    let mut talk = Talk::open(&mut server.client().await, config(cut(SegmentationMode::Sentence))).await;
    let text = [FIRST, SECOND].concat();
    for delta in text.as_bytes().chunks(3) {
        talk.write(str::from_utf8(delta).unwrap()).await;
    }
    let events = talk.rest().await;
    assert_eq!(spoken(&upstream), [FIRST.trim(), SECOND.trim()]);
    let completed = completed(&events);
    assert_eq!(completed.len(), 1);
    let usage = completed[0].usage.unwrap();
    assert_eq!(usage.input_character_count, i64::try_from(text.len()).unwrap());
    assert_eq!(usage.upstream_call_count, 2);
    assert!(completed[0].cost.as_ref().unwrap().amount_nanos > 0);
    assert_eq!(summary(&events).finish_reason(), FinishReason::Completed);
    assert_eq!(summary(&events).usage.unwrap(), usage);
    assert_eq!(time(completed[0].audio_duration), time(summary(&events).audio_duration));
    assert!(audio(&events).len() > 100_000);
}

#[tokio::test]
async fn the_first_sentence_is_spoken_while_the_second_is_being_written() {
    let (upstream, server) = stage().await;
    let mut talk = Talk::open(&mut server.client().await, config(<_>::default())).await;
    talk.write(FIRST).await;
    talk.write("A").await;
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    assert_eq!(spoken(&upstream), [FIRST.trim()]);
    talk.write(&SECOND[1..]).await;
    talk.rest().await;
    assert_eq!(spoken(&upstream), [FIRST.trim(), SECOND.trim()]);
}

#[tokio::test]
async fn utterances_follow_each_other_in_order_with_the_names_that_the_caller_gave_them() {
    let (_upstream, server) = stage().await;
    let mut talk = Talk::open(&mut server.client().await, config(<_>::default())).await;
    for (id, text) in [("a", FIRST), ("b", "…"), ("", SECOND), ("d", FIRST)] {
        let delta = proto::TextDelta { text: text.to_owned(), utterance_id: id.to_owned() };
        talk.send(Request::Text(delta)).await;
        talk.end_utterance().await;
    }
    talk.end_utterance().await;
    let events = talk.rest().await;
    let ends: Vec<_> = completed(&events).iter().map(|end| (end.utterance_index, end.utterance_id.as_str())).collect();
    assert_eq!(ends, [(0, "a"), (1, "b"), (2, ""), (3, "d"), (4, "")]);
    let begun = events.iter().filter(|event| matches!(event, Event::UtteranceStarted(_))).count();
    assert_eq!(begun, 3, "an utterance without audio only completes");
    assert_eq!(summary(&events).utterance_count, 5);
    let chars: i64 = completed(&events).iter().map(|end| end.usage.unwrap().input_character_count).sum();
    assert_eq!(summary(&events).usage.unwrap().input_character_count, chars);
}

#[tokio::test]
async fn manual_text_waits_for_a_flush() {
    let (upstream, server) = stage().await;
    let mut talk = Talk::open(&mut server.client().await, config(cut(SegmentationMode::Manual))).await;
    talk.write(FIRST).await;
    talk.write("A thin").await;
    talk.send(Request::Flush(proto::Flush {})).await;
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    assert_eq!(spoken(&upstream), [[FIRST, "A thin"].concat()]);
    talk.write(" mist.").await;
    let events = talk.rest().await;
    assert_eq!(spoken(&upstream).last().unwrap(), "mist.");
    assert_eq!(completed(&events).len(), 1);
}

#[tokio::test]
async fn a_lone_delta_is_spoken_when_nothing_more_comes() {
    let (upstream, server) = stage().await;
    let mut synthesis = cut(SegmentationMode::Adaptive);
    let delay = prost_types::Duration { nanos: 100_000_000, ..Default::default() };
    synthesis.segmentation.as_mut().unwrap().max_buffer_delay = Some(delay);
    let mut talk = Talk::open(&mut server.client().await, config(synthesis)).await;
    talk.write("One moment").await;
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    assert_eq!(spoken(&upstream), ["One moment"]);
}

#[tokio::test]
async fn an_interrupt_drops_what_is_spoken_and_tells_what_was_heard() {
    let (upstream, server) = stage().await;
    upstream.script(json!([{"kind": "stall_after", "bytes": 96_000, "ms": 60_000}])).unwrap();
    let synthesis = proto::SynthesisConfig { model: "tts-1".to_owned(), ..cut(SegmentationMode::Sentence) };
    let mut talk = Talk::open(&mut server.client().await, config(synthesis)).await;
    talk.write(FIRST).await;
    talk.write(SECOND).await;
    talk.end_utterance().await;
    talk.write("Nobody hears this at all.").await;
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    talk.interrupt(0, Duration::from_secs(1)).await;
    let events = talk.until(|event| matches!(event, Event::Interrupted(_))).await;
    let Some(Event::Interrupted(cut)) = events.last() else { panic!("not interrupted") };
    assert_eq!((cut.utterance_index, cut.dropped_utterance_count), (0, 1));
    assert_eq!([cut.text_spoken.as_str(), &cut.text_remaining].concat(), [FIRST, SECOND].concat());
    assert!(["The rain", "The rain had"].contains(&cut.text_spoken.as_str()), "{:?}", cut.text_spoken);
    let ended = upstream.log().ended(1, Duration::from_secs(5)).await;
    assert_eq!(ended[0].end.unwrap().how, End::ClientClosed);
    // The stream goes on with the next utterance.
    talk.write("What can I do for you?").await;
    talk.end_utterance().await;
    let events = talk.rest().await;
    let ends: Vec<_> = completed(&events).iter().map(|end| end.utterance_index).collect();
    assert_eq!(ends, [2]);
    assert_eq!(spoken(&upstream).last().unwrap(), "What can I do for you?");
    assert_eq!(summary(&events).finish_reason(), FinishReason::Completed);
}

#[tokio::test]
async fn what_is_cut_is_remembered_however_much_waits_behind_it() {
    let (upstream, server) = stage().await;
    upstream.script(json!([{"kind": "stall_after", "bytes": 60_000, "ms": 60_000}])).unwrap();
    let synthesis = proto::SynthesisConfig { model: "tts-1".to_owned(), ..cut(SegmentationMode::Sentence) };
    let mut talk = Talk::open(&mut server.client().await, config(synthesis)).await;
    for turn in 0..30 {
        let delta = proto::TextDelta { text: FIRST.to_owned(), utterance_id: format!("turn {turn}") };
        talk.send(Request::Text(delta)).await;
        talk.end_utterance().await;
    }
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    talk.interrupt(0, Duration::from_millis(500)).await;
    let events = talk.until(|event| matches!(event, Event::Interrupted(_))).await;
    let Some(Event::Interrupted(cut)) = events.last() else { panic!("not interrupted") };
    assert_eq!((cut.utterance_id.as_str(), cut.dropped_utterance_count), ("turn 0", 29));
    assert_eq!([cut.text_spoken.as_str(), &cut.text_remaining].concat(), FIRST);
}

#[tokio::test]
async fn a_pause_belongs_to_no_segment() {
    let (upstream, server) = stage().await;
    upstream.script(json!([{"kind": "none"}, {"kind": "stall_after", "bytes": 190_000, "ms": 60_000}])).unwrap();
    let mut synthesis = proto::SynthesisConfig { model: "tts-1".to_owned(), ..cut(SegmentationMode::Sentence) };
    synthesis.alignment_mode = proto::AlignmentMode::Segment.into();
    let mut talk = Talk::open(&mut server.client().await, config(synthesis)).await;
    talk.write(FIRST).await;
    talk.write(SECOND).await;
    talk.end_utterance().await;
    let events = talk.until(|event| matches!(event, Event::Alignment(_))).await;
    let Some(Event::Alignment(alignment)) = events.last() else { panic!("no alignment") };
    let end = time(alignment.spans[0].end_offset);
    // The second segment sounds by now, and its end is not known.
    talk.until(
        |event| matches!(event, Event::Audio(chunk) if time(chunk.start_offset) > end + Duration::from_millis(500)),
    )
    .await;
    talk.interrupt(0, end + Duration::from_millis(100)).await;
    let events = talk.until(|event| matches!(event, Event::Interrupted(_))).await;
    let Some(Event::Interrupted(cut)) = events.last() else { panic!("not interrupted") };
    assert_eq!((cut.text_spoken.as_str(), cut.split_source()), (FIRST.trim(), proto::AlignmentSource::Segment));
}

#[tokio::test]
async fn a_segment_that_is_still_spoken_has_not_been_heard_whole() {
    let (upstream, server) = stage().await;
    // At a quarter of the pace the sentence takes eleven seconds, of which eight come.
    upstream.script(json!([{"kind": "stall_after", "bytes": 400_000, "ms": 60_000}])).unwrap();
    let slow =
        proto::SynthesisConfig { model: "tts-1".to_owned(), speed: Some(0.25), ..cut(SegmentationMode::Sentence) };
    let mut talk = Talk::open(&mut server.client().await, config(slow)).await;
    talk.write(FIRST).await;
    talk.end_utterance().await;
    talk.until(|event| matches!(event, Event::Audio(chunk) if time(chunk.start_offset) > Duration::from_secs(6))).await;
    talk.interrupt(0, Duration::from_secs(6)).await;
    let events = talk.until(|event| matches!(event, Event::Interrupted(_))).await;
    let Some(Event::Interrupted(cut)) = events.last() else { panic!("not interrupted") };
    assert_eq!(cut.split_source(), proto::AlignmentSource::Estimated);
    let heard = cut.text_spoken.chars().count();
    assert!((15..30).contains(&heard), "{:?}", cut.text_spoken);
}

#[tokio::test]
async fn what_was_sent_whole_can_still_be_interrupted() {
    let (_upstream, server) = stage().await;
    let mut talk = Talk::open(&mut server.client().await, config(cut(SegmentationMode::Sentence))).await;
    for text in [FIRST, SECOND] {
        talk.write(text).await;
        talk.end_utterance().await;
    }
    let events = talk.until(|event| matches!(event, Event::UtteranceCompleted(end) if end.utterance_index == 1)).await;
    let first = time(completed(&events)[0].audio_duration);
    talk.interrupt(0, first).await;
    let Some(Ok(Event::Interrupted(cut))) = talk.next().await else { panic!("not interrupted") };
    assert_eq!((cut.utterance_index, cut.dropped_utterance_count), (0, 1));
    assert_eq!((cut.text_spoken.as_str(), cut.text_remaining.as_str()), (FIRST, ""));
    let events = talk.rest().await;
    assert_eq!(summary(&events).finish_reason(), FinishReason::Interrupted);
    assert_eq!(summary(&events).utterance_count, 2);
}

#[tokio::test]
async fn an_interrupt_of_nothing_is_answered_too() {
    let (_upstream, server) = stage().await;
    let mut talk = Talk::open(&mut server.client().await, config(<_>::default())).await;
    talk.send(Request::Interrupt(proto::Interrupt::default())).await;
    let events = talk.rest().await;
    let Some(Event::Interrupted(cut)) = events.get(1) else { panic!("not interrupted: {events:?}") };
    assert_eq!((cut.utterance_index, cut.text_spoken.as_str()), (-1, ""));
}

#[tokio::test]
async fn later_text_survives_an_interrupt_if_the_caller_wants() {
    let (upstream, server) = stage().await;
    upstream.script(json!([{"kind": "stall_after", "bytes": 96_000, "ms": 60_000}])).unwrap();
    let synthesis = proto::SynthesisConfig { model: "tts-1".to_owned(), ..cut(SegmentationMode::Sentence) };
    let mut talk = Talk::open(&mut server.client().await, config(synthesis)).await;
    talk.write(FIRST).await;
    talk.end_utterance().await;
    talk.write(SECOND).await;
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    talk.send(Request::Interrupt(proto::Interrupt { keep_buffered_text: true, ..Default::default() })).await;
    let events = talk.rest().await;
    let ends: Vec<_> = completed(&events).iter().map(|end| end.utterance_index).collect();
    assert_eq!(ends, [1]);
    assert_eq!(spoken(&upstream).last().unwrap(), SECOND.trim());
}

#[tokio::test]
async fn a_failure_ends_its_utterance_alone_if_the_caller_wants() {
    for isolate in [true, false] {
        let (upstream, server) = stage().await;
        let refusal = json!({"kind": "status", "status": 400, "message": "no", "code": "invalid_value"});
        upstream.script(json!([refusal])).unwrap();
        let wish =
            proto::StreamingConfig { isolate_utterance_failures: isolate, ..config(cut(SegmentationMode::Sentence)) };
        let mut talk = Talk::open(&mut server.client().await, wish).await;
        talk.write(FIRST).await;
        talk.write(SECOND).await;
        if !isolate {
            let details = Details::of(&talk.failure().await);
            assert_eq!(details.meaning(), (Code::InvalidArgument, "UPSTREAM_REJECTED"));
            continue;
        }
        let events = talk.until(|event| matches!(event, Event::UtteranceCompleted(_))).await;
        let error = completed(&events)[0].error.clone().unwrap();
        assert_eq!((error.code, error.reason.as_str()), (i32::from(Code::InvalidArgument), "UPSTREAM_REJECTED"));
        assert!(!error.failure.unwrap().audio_started);
        // What is still written of it goes nowhere.
        talk.write("And this is lost. ").await;
        talk.end_utterance().await;
        talk.write("But this is heard.").await;
        let events = talk.rest().await;
        assert_eq!(spoken(&upstream).last().unwrap(), "But this is heard.");
        assert_eq!(summary(&events).utterance_count, 1);
    }
}

#[tokio::test]
async fn an_update_holds_from_the_next_utterance_on() {
    let (upstream, server) = stage().await;
    let mut talk = Talk::open(&mut server.client().await, config(<_>::default())).await;
    let voice = |voice: &str| {
        let synthesis = proto::SynthesisConfig { voice: voice.to_owned(), speed: Some(2.0), ..Default::default() };
        let update_mask = prost_types::FieldMask { paths: vec!["voice".to_owned()] };
        Request::ConfigUpdate(proto::ConfigUpdate { synthesis: Some(synthesis), update_mask: Some(update_mask) })
    };
    talk.write(FIRST).await;
    talk.send(voice("coral")).await;
    talk.end_utterance().await;
    talk.write(SECOND).await;
    talk.end_utterance().await;
    talk.rest().await;
    let asked =
        upstream.log().records().into_iter().map(|record| (record.request.voice.unwrap(), record.request.speed));
    assert_eq!(asked.collect::<Vec<_>>(), [("alloy".to_owned(), None), ("coral".to_owned(), None)]);
    let mut talk = Talk::open(&mut server.client().await, config(<_>::default())).await;
    talk.send(voice("nobody")).await;
    let details = Details::of(&talk.failure().await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "VOICE_UNKNOWN"));
    assert_eq!(details.fields, ["config_update.synthesis.voice"]);
}

#[tokio::test]
async fn wrong_messages_are_refused_by_their_field() {
    let (_upstream, server) = stage().await;
    let mut client = server.client().await;
    let text = || Request::Text(proto::TextDelta { text: FIRST.to_owned(), ..Default::default() });
    let plain = || Request::Config(config(<_>::default()));
    let future = proto::PlaybackPosition { utterance_index: 3, ..Default::default() };
    let future = proto::Interrupt { playback_position: Some(future), ..Default::default() };
    let in_language = |tag: &str| proto::SynthesisConfig { language_code: tag.to_owned(), ..Default::default() };
    let update = |synthesis| {
        let update_mask = prost_types::FieldMask { paths: vec!["language_code".to_owned()] };
        Request::ConfigUpdate(proto::ConfigUpdate { synthesis: Some(synthesis), update_mask: Some(update_mask) })
    };
    let too_long = proto::TextDelta { text: "a".repeat(10_001), ..Default::default() };
    for (messages, reason, field) in [
        (vec![text()], "CONFIG_REQUIRED", "config"),
        (vec![], "CONFIG_REQUIRED", "config"),
        (vec![plain(), plain()], "CONFIG_REPEATED", "config"),
        (
            vec![Request::Config(config(encoded(AudioEncoding::Flac)))],
            "INVALID_FIELD",
            "config.synthesis.audio_format.encoding",
        ),
        (
            vec![Request::Config(config(proto::SynthesisConfig { speed: Some(9.0), ..Default::default() }))],
            "INVALID_FIELD",
            "config.synthesis.speed",
        ),
        (
            vec![Request::Config(config(proto::SynthesisConfig { voice: "no".to_owned(), ..Default::default() }))],
            "VOICE_UNKNOWN",
            "config.synthesis.voice",
        ),
        (vec![Request::Config(config(in_language("en\nSing!")))], "INVALID_FIELD", "config.synthesis.language_code"),
        (vec![plain(), update(in_language("en US"))], "INVALID_FIELD", "config_update.synthesis.language_code"),
        (vec![plain(), Request::Interrupt(future)], "INVALID_FIELD", "interrupt.playback_position.utterance_index"),
        (vec![plain(), Request::Text(too_long)], "TEXT_TOO_LONG", "text.text"),
        (vec![plain(), Request::ConfigUpdate(<_>::default())], "INVALID_FIELD", "config_update.update_mask"),
    ] {
        let mut talk = Talk::silent(&mut client).await;
        for message in messages {
            talk.send(message).await;
        }
        talk.close();
        let details = Details::of(&talk.failure().await);
        assert_eq!(details.meaning(), (Code::InvalidArgument, reason));
        assert_eq!(details.fields, [field]);
    }
}

#[tokio::test]
async fn an_idle_stream_ends_well_and_a_sign_of_life_keeps_it() {
    let (_upstream, server) = stage().await;
    let second = prost_types::Duration { seconds: 1, nanos: 0 };
    let wish = proto::StreamingConfig { idle_timeout: Some(second), ..config(<_>::default()) };
    let mut talk = Talk::open(&mut server.client().await, wish).await;
    let begun = std::time::Instant::now();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        talk.send(Request::KeepAlive(proto::KeepAlive {})).await;
    }
    let events = talk.until(|event| matches!(event, Event::Summary(_))).await;
    assert!(begun.elapsed() > Duration::from_millis(2_500), "it ended after {:?}", begun.elapsed());
    assert_eq!(summary(&events).finish_reason(), FinishReason::IdleTimeout);
    assert!(talk.next().await.is_none());
}

#[tokio::test]
async fn an_old_stream_speaks_what_it_has_and_ends_well() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let age = [("RHAPSODE__CONVERSATION__MAX_STREAM_DURATION", "1s")];
    let server = Rhapsode::before(&upstream.base_url(), &age).await;
    let mut talk = Talk::open(&mut server.client().await, config(cut(SegmentationMode::Manual))).await;
    talk.write(FIRST).await;
    let events = talk.until(|event| matches!(event, Event::Summary(_))).await;
    assert_eq!(summary(&events).finish_reason(), FinishReason::MaxDuration);
    assert_eq!(spoken(&upstream), [FIRST.trim()]);
    assert_eq!(summary(&events).utterance_count, 1);
}

#[tokio::test]
async fn a_server_that_leaves_says_so_and_ends_the_stream_behind_the_utterance() {
    let (upstream, mut server) = stage().await;
    let mut client = server.client().await;
    let mut talk = Talk::open(&mut client, config(<_>::default())).await;
    let mut resting = Talk::open(&mut client, config(<_>::default())).await;
    talk.write(FIRST).await;
    talk.write("And").await;
    talk.until(|event| matches!(event, Event::Audio(_))).await;
    resting.until(|event| matches!(event, Event::Started(_))).await;
    server.stop();
    let events = resting.until(|event| matches!(event, Event::Summary(_))).await;
    let Some(Event::Warning(warning)) = events.first() else { panic!("no warning: {events:?}") };
    assert_eq!(warning.code(), proto::WarningCode::Draining);
    assert!(warning.grace.unwrap().seconds > 0);
    assert_eq!(summary(&events).finish_reason(), FinishReason::Draining);
    // Whoever is in the middle of an utterance may finish it.
    talk.write(" so on. ").await;
    talk.end_utterance().await;
    let events = talk.until(|event| matches!(event, Event::Summary(_))).await;
    assert_eq!(summary(&events).finish_reason(), FinishReason::Draining);
    assert_eq!(completed(&events).len(), 1);
    assert_eq!(spoken(&upstream).last().unwrap(), "And so on.");
    server.gone().await;
}

#[tokio::test]
async fn a_writer_is_stopped_while_too_much_waits_and_loses_nothing() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let bounds =
        [("RHAPSODE__CONVERSATION__MAX_BUFFERED_CHARS", "500"), ("RHAPSODE__CONVERSATION__MAX_DELTA_CHARS", "400")];
    let server = Rhapsode::before(&upstream.base_url(), &bounds).await;
    let mut talk = Talk::open(&mut server.client().await, config(cut(SegmentationMode::Manual))).await;
    // More than what may wait, and no word to speak it: it is spoken all the same, or nobody could ever go on.
    let text = (0..400).map(|number| format!("Number {number} waits. ")).collect::<Vec<_>>().concat();
    let chars: Vec<char> = text.chars().collect();
    let (deltas, _) = chars.as_chunks::<300>();
    for delta in deltas {
        talk.write(&delta.iter().collect::<String>()).await;
    }
    talk.write(&chars[deltas.len() * 300..].iter().collect::<String>()).await;
    talk.rest().await;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    assert_eq!(letters(&spoken(&upstream).concat()), letters(&text));
    let longest = spoken(&upstream).iter().map(|text| text.chars().count()).max().unwrap();
    assert!(longest <= 300, "{longest}");
}

#[tokio::test]
async fn writers_far_ahead_in_small_deltas_stop_nobody_else_on_their_connection() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let bounds =
        [("RHAPSODE__CONVERSATION__MAX_BUFFERED_CHARS", "500"), ("RHAPSODE__CONVERSATION__MAX_DELTA_CHARS", "400")];
    let server = Rhapsode::before(&upstream.base_url(), &bounds).await;
    let mut client = server.client().await;
    // Nobody reads the audio, so that nothing is spoken any more in the end, and what is written waits on the wire.
    let text = "They wait here. ".repeat(2_000);
    let mut talks = Vec::new();
    for _ in 0..2 {
        let talk = Talk::open(&mut client, config(cut(SegmentationMode::Sentence))).await;
        let taken = talk.write_far_ahead(&text).await;
        assert!(taken > 4_000, "{taken} characters were taken, in so many frames");
        talks.push((talk, taken));
    }
    let answer = speak(&mut client, request("And who comes later is served.")).await;
    assert!(answer.error.is_none() && answer.summary.is_some(), "{answer:?}");
    for (mut talk, taken) in talks {
        let usage = summary(&talk.rest().await).usage.unwrap();
        assert_eq!(usage.input_character_count, i64::try_from(taken).unwrap() + 1);
    }
}

#[tokio::test]
async fn one_stream_holds_two_hundred_utterances_and_half_an_hour_of_speech() {
    let (upstream, server) = stage().await;
    let mut synthesis = cut(SegmentationMode::Sentence);
    synthesis.alignment_mode = proto::AlignmentMode::Segment.into();
    let mut talk = Talk::open(&mut server.client().await, config(synthesis)).await;
    let mut played = Duration::ZERO;
    for turn in 0..200_i32 {
        talk.write(&format!("This is turn {turn} of a long talk, which is not over yet. ")).await;
        talk.write(SECOND).await;
        talk.write(FIRST).await;
        if turn % 10 == 9 {
            talk.until(|event| matches!(event, Event::Audio(_))).await;
            talk.interrupt(turn, Duration::from_millis(700)).await;
            talk.until(|event| matches!(event, Event::Interrupted(cut) if cut.utterance_index == turn)).await;
            continue;
        }
        talk.end_utterance().await;
        let events = talk.until(|event| matches!(event, Event::UtteranceCompleted(_))).await;
        let ended = completed(&events)[0];
        assert_eq!(ended.utterance_index, turn);
        assert_eq!(ended.usage.unwrap().synthesized_character_count, synthesized(turn));
        played += time(ended.audio_duration);
        let begun = events.iter().find_map(|event| match event {
            Event::UtteranceStarted(started) => Some(time(started.start_offset)),
            _ => None,
        });
        // Timing is counted from the first sample of the stream, turn after turn.
        for event in &events {
            if let Event::Alignment(alignment) = event {
                assert_eq!(alignment.utterance_index, turn);
                assert!(alignment.spans.iter().all(|span| time(span.start_offset) >= begun.unwrap()));
            }
        }
    }
    let events = talk.rest().await;
    let summary = summary(&events);
    assert_eq!(summary.utterance_count, 180);
    assert!(played > Duration::from_mins(30), "{played:?}");
    assert!(time(summary.audio_duration) >= played);
    assert_eq!(upstream.log().tally().in_flight, 0);
}

/// Code points of a whole turn, without the white space between its sentences.
fn synthesized(turn: i32) -> i64 {
    let first = format!("This is turn {turn} of a long talk, which is not over yet.");
    i64::try_from([first.as_str(), SECOND.trim(), FIRST.trim()].map(|text| text.chars().count()).iter().sum::<usize>())
        .unwrap()
}
