//! Each way in which a Realtime endpoint fails, and what the caller hears of it.

use std::time::Duration;

use rhapsode::proto;
use serde_json::Value;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tonic::Code;

use super::MODEL;
use super::QUICK;
use super::TEXT;
use super::length;
use super::read;
use super::readings;
use super::seconds;
use super::sound;
use super::stage;
use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::log::End;
use crate::support::tones;

/// The playing time of [`TEXT`], in seconds.
fn whole() -> f64 {
    length(TEXT)
}

#[tokio::test]
async fn what_fails_before_audio_is_tried_again_unnoticed() {
    for fault in [
        json!({"kind": "realtime_silent"}),
        json!({"kind": "realtime_quiet"}),
        json!({"kind": "realtime_text_only"}),
        json!({"kind": "realtime_failed", "code": "server_error"}),
        json!({"kind": "realtime_error_only", "code": "server_error"}),
        json!({"kind": "realtime_error_only", "code": "server_error", "null_event_id": true}),
        json!({"kind": "realtime_drop", "after_ms": 0}),
        json!({"kind": "realtime_drop", "after_ms": 0, "reset": true}),
        json!({"kind": "realtime_close", "code": 1011, "after_ms": 0}),
        json!({"kind": "realtime_upgrade", "status": 503}),
        json!({"kind": "realtime_upgrade", "status": 429, "retry_after_ms": 5}),
        json!({"kind": "realtime_error_after_upgrade", "code": "server_error"}),
        json!({"kind": "realtime_close_after_upgrade"}),
    ] {
        // A session that is opened ahead would meet the fault before the call does.
        let alone = [("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0")];
        let (upstream, server) = stage(Options::default(), &alone).await;
        upstream.script(json!([fault])).unwrap();
        let answer = read(&server, TEXT).await;
        assert!(answer.error.is_none(), "{fault}: {:?}", answer.error);
        assert!((seconds(&answer) / whole() - 1.0).abs() < 0.02, "{fault}: {} s", seconds(&answer));
        let usage = answer.summary.unwrap().usage.unwrap();
        assert_eq!((usage.retry_count, usage.synthesized_character_count), (1, 63), "{fault}");
    }
}

#[tokio::test]
async fn what_breaks_in_the_middle_ends_the_call_and_says_how_far_it_came() {
    for fault in [
        json!({"kind": "realtime_drop", "after_ms": 1500}),
        json!({"kind": "realtime_close", "code": 1001, "after_ms": 1500}),
        json!({"kind": "realtime_failed", "code": "server_error", "after_ms": 1500}),
        json!({"kind": "realtime_incomplete", "after_ms": 1500}),
    ] {
        let (upstream, server) = stage(Options::default(), &[]).await;
        upstream.script(json!([fault])).unwrap();
        let answer = read(&server, TEXT).await;
        let details = Details::of(answer.error.as_ref().unwrap());
        assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"), "{fault}");
        assert!((1.0..2.0).contains(&seconds(&answer)), "{fault}: {} s", seconds(&answer));
        assert_eq!(readings(&upstream).len(), 1, "{fault}: nobody hears it twice");
    }
}

#[tokio::test]
async fn what_cannot_be_helped_is_told_at_once() {
    for (fault, meaning, calls) in [
        (json!({"kind": "realtime_upgrade", "status": 401}), (Code::Internal, "UPSTREAM_CREDENTIALS"), 0),
        // Nothing of the caller's is in an upgrade.
        (json!({"kind": "realtime_upgrade", "status": 400}), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"), 0),
        (
            json!({"kind": "realtime_upgrade", "status": 400, "code": "OpperationNotSupported"}),
            (Code::NotFound, "UPSTREAM_MODEL_NOT_FOUND"),
            0,
        ),
        (json!({"kind": "realtime_upgrade", "status": 403}), (Code::Internal, "UPSTREAM_CREDENTIALS"), 0),
        (
            json!({"kind": "realtime_upgrade", "status": 403, "code": "model_not_found"}),
            (Code::NotFound, "UPSTREAM_MODEL_NOT_FOUND"),
            0,
        ),
        (
            json!({"kind": "realtime_error_after_upgrade", "code": "invalid_api_key"}),
            (Code::Internal, "UPSTREAM_CREDENTIALS"),
            0,
        ),
        (
            json!({"kind": "realtime_failed", "code": "insufficient_quota"}),
            (Code::ResourceExhausted, "UPSTREAM_QUOTA_EXHAUSTED"),
            1,
        ),
        (
            json!({"kind": "realtime_incomplete", "reason": "content_filter"}),
            (Code::InvalidArgument, "CONTENT_REJECTED"),
            1,
        ),
        (
            json!({"kind": "realtime_error_only", "code": "invalid_value"}),
            (Code::InvalidArgument, "UPSTREAM_REJECTED"),
            1,
        ),
    ] {
        let (upstream, server) = stage(Options::default(), &[]).await;
        upstream.script(Value::Array(vec![fault.clone(); 3])).unwrap();
        let answer = read(&server, TEXT).await;
        assert_eq!(Details::of(answer.error.as_ref().unwrap()).meaning(), meaning, "{fault}");
        assert!(sound(&answer).is_empty(), "{fault}");
        assert_eq!(readings(&upstream).len(), calls, "{fault}");
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_or_told() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    let limited = json!({"kind": "realtime_failed", "code": "inference_rate_limit_exceeded"});
    upstream.script(json!([limited, limited, limited])).unwrap();
    let answer = read(&server, TEXT).await;
    let details = Details::of(answer.error.as_ref().unwrap());
    assert_eq!(details.meaning(), (Code::ResourceExhausted, "UPSTREAM_RATE_LIMITED"));
    assert_eq!(readings(&upstream).len(), 3);
}

#[tokio::test]
async fn a_stall_ends_after_the_time_that_the_operator_grants() {
    let patience = [("RHAPSODE__TIMEOUTS__FIRST_AUDIO", "300ms"), ("RHAPSODE__TIMEOUTS__IDLE", "300ms")];
    let (upstream, server) = stage(Options::default(), &patience).await;
    upstream.script(json!([{"kind": "realtime_stall", "after_ms": 0}])).unwrap();
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!(answer.summary.unwrap().usage.unwrap().retry_count, 1);

    upstream.script(json!([{"kind": "realtime_stall", "after_ms": 1500}])).unwrap();
    let answer = read(&server, TEXT).await;
    let details = Details::of(answer.error.as_ref().unwrap());
    assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"));
    // What stalled was cancelled, so that it is not paid for.
    for record in [&readings(&upstream)[0], &readings(&upstream)[2]] {
        assert_eq!(record.end.unwrap().how, End::Cancelled);
    }
}

#[tokio::test]
async fn what_nobody_understands_is_passed_over() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    upstream.script(json!([{"kind": "realtime_unknown_events"}])).unwrap();
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert!((seconds(&answer) / whole() - 1.0).abs() < 0.02);
    assert_eq!(readings(&upstream).len(), 1);
}

#[tokio::test]
async fn a_remark_of_the_models_own_is_not_heard() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    let plain = sound(&read(&server, TEXT).await);
    upstream.script(json!([{"kind": "realtime_commentary"}])).unwrap();
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert!(sound(&answer) == plain, "{} bytes instead of {}", sound(&answer).len(), plain.len());
    assert_eq!(readings(&upstream).len(), 2, "it is not asked again");
}

#[tokio::test]
async fn every_dialect_is_understood() {
    use crate::support::stand_in::realtime::dialect::Dialect;
    for dialect in [Dialect::Ga, Dialect::Beta, Dialect::Xai] {
        let options = Options { realtime_dialect: dialect, realtime_odd: true, ..Options::default() };
        let (_upstream, server) = stage(options, &[]).await;
        let answer = read(&server, TEXT).await;
        assert!(answer.error.is_none(), "{dialect:?}: {:?}", answer.error);
        assert!((seconds(&answer) / whole() - 1.0).abs() < 0.02, "{dialect:?}: {} s", seconds(&answer));
        let usage = answer.summary.unwrap().usage.unwrap();
        assert!(usage.output_token_count > 0, "{dialect:?}");
    }
}

#[tokio::test]
async fn azure_is_asked_in_its_own_way() {
    let upstream = crate::support::stand_in::StandIn::start(Options::default()).await.unwrap();
    let resource = upstream.base_url().replace("/v1", "");
    let variables = [
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__BASE_URL", resource.as_str()),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__SHAPE", "azure_v1"),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__AUTH", "api_key"),
    ];
    let server = crate::support::server::Rhapsode::before_all(&upstream.base_url(), &variables).await;
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    let record = readings(&upstream).pop().unwrap();
    assert!(record.path.starts_with("/openai/v1/realtime?model=gpt-realtime-2.1-mini"), "{}", record.path);
    assert!(record.headers.api_key && record.headers.authorization.is_none());
}

#[tokio::test]
async fn telephone_formats_are_heard_as_well() {
    for format in ["pcm", "pcmu", "pcma"] {
        let variables = [("RHAPSODE__ENGINES__OPENAI_REALTIME__AUDIO_FORMAT", format)];
        let (_upstream, server) = stage(Options::default(), &variables).await;
        let answer = read(&server, "Mind the gap").await;
        assert!(answer.error.is_none(), "{format}: {:?}", answer.error);
        assert_eq!(tones::heard(&sound(&answer)), tones::expected("Mind the gap"), "{format}");
    }
}

#[tokio::test]
async fn a_hang_up_ends_the_reading_and_leaves_the_session() {
    let options = Options { realtime_rate: Some(1.0), ..Options::default() };
    let (upstream, server) = stage(options, &[]).await;
    let config = proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    let mut client = server.client().await;
    let mut events = client.synthesize(styled(TEXT, config)).await.unwrap().into_inner();
    for _ in 0..3 {
        events.message().await.unwrap().unwrap();
    }
    drop(events);
    let ended = tokio::time::timeout(Duration::from_secs(10), async {
        while upstream.log().tally().in_flight > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    ended.await.unwrap();
    assert_eq!(readings(&upstream)[0].end.unwrap().how, End::Cancelled);
    let answer = read(&server, "And on.").await;
    assert!(answer.error.is_none());
    let sessions: Vec<_> = readings(&upstream).iter().map(|record| record.realtime.as_ref().unwrap().session).collect();
    assert!(upstream.open_sessions() >= 1, "{sessions:?}");
}

#[tokio::test]
async fn a_reading_given_up_before_it_began_is_ended_as_soon_as_it_does() {
    let (upstream, server) = stage(Options { realtime_rate: Some(2.0), ..Options::default() }, &[]).await;
    // The session is there before, so that only the reading is late.
    read(&server, "First.").await;
    upstream.script(json!([{"kind": "realtime_late_created", "ms": 300}])).unwrap();
    let config = proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    let mut client = server.client().await;
    let call = tokio::time::timeout(Duration::from_millis(150), client.synthesize(styled(TEXT, config)));
    assert!(call.await.is_err(), "it has not begun");
    let records = upstream.log().ended(2, Duration::from_secs(10)).await;
    assert_eq!(records[1].end.unwrap().how, End::Cancelled);
    assert!(read(&server, "And on.").await.error.is_none());
}

/// Switches protocols for everybody, with `accept` among the headers of its answer. Its base URL.
async fn impostor(accept: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut request, mut answer) = (Vec::new(), Vec::new());
                while !request.ends_with(b"\r\n\r\n") {
                    assert!(stream.read_buf(&mut request).await.unwrap() > 0);
                }
                answer.extend(b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n");
                answer.extend(format!("{accept}\r\n").bytes());
                // A text of a WebSocket, as who echoes one might send it.
                let text = br#"{"type":"session.created"}"#;
                answer.extend([0x81, u8::try_from(text.len()).unwrap()].iter().chain(text));
                stream.write_all(&answer).await.unwrap();
                // Nothing more, until the other side has enough of it.
                let _ = stream.read_to_end(&mut request).await;
            });
        }
    });
    format!("http://{address}/v1")
}

#[tokio::test]
async fn whoever_switches_to_something_else_is_left_at_once() {
    for accept in ["", "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"] {
        let patience = [("RHAPSODE__ENGINES__OPENAI_REALTIME__CONNECT_TIMEOUT", "20s")];
        let server = Rhapsode::before_all(&impostor(accept).await, &[&QUICK[..], &patience].concat()).await;
        let error = read(&server, TEXT).await.error.unwrap();
        // Who waited for a session here would be told that it was not there in time.
        assert_eq!(Details::of(&error).meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"), "{accept:?}");
    }
}
