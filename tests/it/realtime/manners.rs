//! What differs between healthy endpoints: pace, boundaries, order, limits, thoughts, pings.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tonic::Code;

use super::MODEL;
use super::TEXT;
use super::length;
use super::read;
use super::readings;
use super::seconds;
use super::sound;
use super::stage;
use crate::support::details::Details;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::log::End;
use crate::support::stand_in::options::Timing;

/// The readings of one session at once, which is where answers can be mixed up.
const TOGETHER: [(&str, &str); 2] = [
    ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
    ("RHAPSODE__ENGINES__OPENAI_REALTIME__READINGS_PER_SESSION", "4"),
];

#[tokio::test]
async fn pace_and_boundaries_of_what_arrives_change_nothing() {
    let plain = {
        let (_upstream, server) = stage(Options::default(), &[]).await;
        sound(&read(&server, TEXT).await)
    };
    for options in [
        Options { timing: Timing::Recorded, ..Options::default() },
        Options { realtime_connect_ms: Some(150), realtime_update_ms: Some(100), ..Options::default() },
        Options { realtime_first_audio_ms: Some(300), realtime_rate: Some(20.0), ..Options::default() },
        Options { realtime_burst: Some(7), realtime_rate: Some(20.0), ..Options::default() },
        Options { realtime_delta_ms: 20, realtime_first_delta_ms: 5, realtime_odd: true, ..Options::default() },
        Options { realtime_delta_ms: 5000, realtime_first_delta_ms: 5000, ..Options::default() },
    ] {
        let what = format!("{options:?}");
        let (upstream, server) = stage(options, &[]).await;
        let answer = read(&server, TEXT).await;
        assert!(answer.error.is_none(), "{what}: {:?}", answer.error);
        assert!(sound(&answer) == plain, "{what}: other audio");
        assert_eq!(readings(&upstream).len(), 1, "{what}: it was asked once");
    }
}

#[tokio::test]
async fn parallel_readings_may_come_interleaved_or_in_turns() {
    let texts = ["Mind the gap.", "The boat leaves at nine.", "Nobody was there.", "All of it again, please."];
    for realtime_serial in [false, true] {
        let options = Options { realtime_serial, realtime_rate: Some(40.0), ..Options::default() };
        let (upstream, server) = stage(options, &TOGETHER).await;
        read(&server, TEXT).await;
        let answers = join_all(texts.map(|text| read(&server, text))).await;
        for (text, answer) in texts.iter().zip(&answers) {
            assert!(answer.error.is_none(), "{text}: {:?}", answer.error);
            assert!((seconds(answer) - length(text)).abs() < 0.06, "{text}: {} s", seconds(answer));
        }
        assert_eq!(upstream.accepted_sessions(), 1);
    }
}

#[tokio::test]
async fn limits_of_requests_and_of_tokens_are_told_with_the_time_to_wait() {
    for options in [Options { rpm: Some(2), ..Options::default() }, Options { tpm: Some(9000), ..Options::default() }] {
        let what = format!("rpm {:?}, tpm {:?}", options.rpm, options.tpm);
        let (upstream, server) = stage(options, &[]).await;
        for _ in 0..2 {
            let answer = read(&server, TEXT).await;
            assert!(answer.error.is_none(), "{what}: {:?}", answer.error);
        }
        let answer = read(&server, TEXT).await;
        let details = Details::of(answer.error.as_ref().unwrap());
        assert_eq!(details.meaning(), (Code::ResourceExhausted, "UPSTREAM_RATE_LIMITED"), "{what}");
        assert!(details.retry_after.is_some(), "{what}: nobody knows how long to wait");
        assert!(sound(&answer).is_empty(), "{what}");
        assert_eq!(readings(&upstream).len(), 2 + 3, "{what}: it is tried three times");
    }
}

#[tokio::test]
async fn thoughts_are_counted_and_not_heard() {
    let options = Options { realtime_reasoning_tokens: Some(13), ..Options::default() };
    let (_upstream, server) = stage(options, &[]).await;
    let answer = read(&server, TEXT).await;
    assert!((seconds(&answer) / length(TEXT) - 1.0).abs() < 0.02);
    let usage = answer.summary.unwrap().usage.unwrap();
    assert_eq!(usage.reasoning_token_count, 13);
    assert!(usage.output_text_token_count >= 13, "thoughts are text that is paid for: {usage:?}");
    assert_eq!(usage.output_token_count % 20, 4, "{usage:?}: 4.2 s of audio at 20 tokens a second, in whole tokens");
}

#[tokio::test]
async fn a_server_that_pings_is_answered_while_nothing_is_read() {
    // Long enough for a machine that is busy with other things.
    let options = Options { realtime_ping_ms: 400, ..Options::default() };
    let (upstream, server) = stage(options, &TOGETHER).await;
    read(&server, TEXT).await;
    // The stand-in closes a session whose client has not answered the ping before.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    read(&server, TEXT).await;
    assert_eq!(upstream.accepted_sessions(), 1);
}

#[tokio::test]
async fn a_session_that_is_slow_to_begin_is_waited_for_as_long_as_a_connection() {
    let slow = json!({"kind": "realtime_slow_created", "ms": 300});
    let (upstream, server) = stage(Options::default(), &TOGETHER).await;
    upstream.script(json!([slow])).unwrap();
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!((answer.summary.unwrap().usage.unwrap().retry_count, upstream.accepted_sessions()), (0, 1));

    let patience = [TOGETHER[0], ("RHAPSODE__ENGINES__OPENAI_REALTIME__CONNECT_TIMEOUT", "100ms")];
    let (upstream, server) = stage(Options::default(), &patience).await;
    upstream.script(json!([{"kind": "realtime_slow_created", "ms": 60_000}])).unwrap();
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!((answer.summary.unwrap().usage.unwrap().retry_count, upstream.accepted_sessions()), (1, 2));
}

#[tokio::test]
async fn audio_that_comes_behind_a_cancel_is_nobodys() {
    let options = Options { realtime_rate: Some(4.0), ..Options::default() };
    let (upstream, server) = stage(options, &TOGETHER).await;
    let alone = sound(&read(&server, "Mind the gap.").await);
    upstream.script(json!([{"kind": "realtime_late_deltas"}])).unwrap();
    let config = rhapsode::proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    let mut events = server.client().await.synthesize(styled(TEXT, config)).await.unwrap().into_inner();
    for _ in 0..3 {
        events.message().await.unwrap().unwrap();
    }
    drop(events);
    let next = read(&server, "Mind the gap.").await;
    assert!(next.error.is_none(), "{:?}", next.error);
    assert!(sound(&next) == alone, "audio of the call that was hung up is heard in the next");
    let records = upstream.log().ended(3, Duration::from_secs(10)).await;
    assert_eq!(records[1].end.unwrap().how, End::Cancelled);
    assert_eq!(upstream.accepted_sessions(), 1, "the session goes on");
}
