//! Each fault as a client meets it.

use serde_json::Value;
use serde_json::json;

use super::ask;
use super::ask_with;
use super::request;
use crate::support::raw_http::Ending;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;

#[tokio::test]
async fn scripted_errors_have_their_status_and_code() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let cases = [
        (json!({ "kind": "status", "status": 401, "code": "invalid_api_key" }), 401, json!("invalid_api_key")),
        (
            json!({ "kind": "status", "status": 418, "code": "teapot", "type": "t", "message": "m" }),
            418,
            json!("teapot"),
        ),
        (json!({ "kind": "status", "status": 500 }), 500, json!(null)),
        (json!({ "kind": "rpm", "retry_after_ms": 120 }), 429, json!("rate_limit_exceeded")),
        (json!({ "kind": "tpm", "retry_after_ms": 2400 }), 429, json!("rate_limit_exceeded")),
        (json!({ "kind": "slow_down" }), 429, json!("slow_down")),
        (json!({ "kind": "quota" }), 429, json!("credit_balance_exhausted")),
        (json!({ "kind": "quota", "code": "insufficient_quota" }), 429, json!("insufficient_quota")),
        (json!({ "kind": "region" }), 403, json!("unsupported_country_region_territory")),
        (json!({ "kind": "project" }), 403, json!("model_not_found")),
        (json!({ "kind": "retired" }), 404, json!("model_not_found")),
        (json!({ "kind": "overloaded" }), 503, json!("server_is_overloaded")),
        (json!({ "kind": "old_overloaded" }), 503, json!(null)),
        (json!({ "kind": "should_retry_false", "status": 500 }), 500, json!(null)),
    ];
    for (fault, status, code) in cases {
        let answer = ask_with(&stand_in, &fault, &request("Hi", &json!({}))).await;
        let body: Value = serde_json::from_str(&answer.text()).unwrap();
        assert_eq!((answer.status, &body["error"]["code"]), (status, &code), "{fault}");
        let retry_false = fault["kind"] == "should_retry_false";
        assert_eq!(answer.header("x-should-retry"), retry_false.then_some("false"));
    }
}

#[tokio::test]
async fn a_delay_is_told_twice_and_never_with_a_spent_quota() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let fault = json!({ "kind": "status", "status": 429, "code": "rate_limit_exceeded", "retry_after_ms": 50 });
    let answer = ask_with(&stand_in, &fault, &request("Hi", &json!({}))).await;
    assert_eq!((answer.header("retry-after"), answer.header("retry-after-ms")), (Some("1"), Some("50")));
    let answer = ask_with(&stand_in, &json!({ "kind": "quota" }), &request("Hi", &json!({}))).await;
    assert_eq!((answer.header("retry-after"), answer.header("retry-after-ms")), (None, None));
}

#[tokio::test]
async fn an_edge_answers_html() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let answer = ask_with(&stand_in, &json!({ "kind": "html", "status": 502 }), &request("Hi", &json!({}))).await;
    assert_eq!((answer.status, answer.header("content-type")), (502, Some("text/html; charset=UTF-8")));
    assert!(answer.text().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_cut_ends_the_connection_at_its_byte() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let whole = ask(&stand_in, &request("Hello, world!", &json!({}))).await.body();
    for (reset, ending) in [(false, Ending::Closed), (true, Ending::Reset)] {
        for bytes in [0, 1, 5001] {
            let fault = json!({ "kind": "cut_after", "bytes": bytes, "reset": reset });
            let answer = ask_with(&stand_in, &fault, &request("Hello, world!", &json!({}))).await;
            assert_eq!(answer.ending, ending, "{fault}");
            // A reset lets the receiver's kernel throw away what was not read yet; a close does not.
            let body = answer.body();
            assert!(whole[..bytes].starts_with(&body) && (reset || body.len() == bytes), "{fault}");
        }
    }
    let records = stand_in.log().ended(7, super::timing::PATIENCE).await;
    assert_eq!(records[6].end.unwrap().how, End::Cut { reset: true });
    assert_eq!(records[6].end.unwrap().at_byte, 5001);
}

#[tokio::test]
async fn bodies_can_be_short_and_still_end_well() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let whole = ask(&stand_in, &request("Hello, world!", &json!({}))).await.body().len();
    let lengths = [
        (json!({ "kind": "odd_length" }), whole - 1),
        (json!({ "kind": "truncated_clean" }), whole / 2),
        (json!({ "kind": "truncated_clean", "bytes": 4800 }), 4800),
        (json!({ "kind": "empty_body" }), 0),
    ];
    for (fault, length) in lengths {
        let answer = ask_with(&stand_in, &fault, &request("Hello, world!", &json!({}))).await;
        assert_eq!((answer.status, answer.ending, answer.body().len()), (200, Ending::Complete, length), "{fault}");
    }
}

#[tokio::test]
async fn the_content_type_can_be_wrong() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let fault = json!({ "kind": "wrong_content_type", "value": "application/octet-stream" });
    let answer = ask_with(&stand_in, &fault, &request("Hi", &json!({}))).await;
    assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
}

#[tokio::test]
async fn writes_can_be_split_and_joined_without_changing_the_bytes() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let whole = ask(&stand_in, &request("Hi you", &json!({}))).await;
    assert!(whole.chunks.iter().rev().skip(1).all(|chunk| chunk.len() == 4096));
    let with = async |pattern: &str| {
        let fault = json!({ "kind": "writes", "pattern": pattern });
        let answer = ask_with(&stand_in, &fault, &request("Hi you", &json!({}))).await;
        assert_eq!(answer.body(), whole.body(), "{pattern}");
        answer.chunks.iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert!(with("one_byte").await.into_iter().all(|length| length == 1));
    assert!(with("odd").await.starts_with(&[1, 3, 7, 1021, 255]));
    assert_eq!(with("coalesced").await, [whole.body().len()]);
}

#[tokio::test]
async fn events_can_end_too_early_or_badly() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let tail = async |fault: Value| {
        let body = request("Hello, world!", &json!({ "stream_format": "sse" }));
        let answer = ask_with(&stand_in, &fault, &body).await;
        assert_eq!(answer.ending, Ending::Complete);
        let text = answer.text();
        let events: Vec<&str> = text.trim_end().split("\r\n\r\n").collect();
        let deltas = events.iter().filter(|event| event.contains("speech.audio.delta")).count();
        (deltas, events[deltas..].join("|"))
    };
    let (deltas, end) = tail(json!({ "kind": "sse_without_done" })).await;
    assert_eq!((deltas, end.as_str()), (11, ""));
    let (deltas, end) = tail(json!({ "kind": "sse_without_done", "marker": true })).await;
    assert_eq!((deltas, end.as_str()), (11, "data: [DONE]"));
    let (deltas, end) = tail(json!({ "kind": "sse_without_done_marker" })).await;
    assert!(deltas == 11 && end.contains("speech.audio.done") && !end.contains("[DONE]"), "{end}");
    let shapes = [
        ("error", r#"data: {"error":{"message":"#),
        ("speech_audio_error", r#"data: {"type":"speech.audio.error","error":{"message":"#),
        ("text", r#"data: {"type":"error","error":"The server"#),
    ];
    for (shape, beginning) in shapes {
        let (deltas, end) = tail(json!({ "kind": "sse_error_after", "bytes": 5000, "shape": shape })).await;
        assert!(deltas == 2 && end.starts_with(beginning) && !end.contains('|'), "{end}");
    }
}

#[tokio::test]
async fn other_servers_are_spoken_after() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let with = async |name: &str, fields: Value| {
        let fault = json!({ "kind": "dialect", "name": name });
        ask_with(&stand_in, &fault, &request("Hello, world!", &fields)).await
    };
    let events = json!({ "stream_format": "sse" });
    let vllm = with("vllm_delta_lf", events.clone()).await.text();
    assert!(!vllm.contains('\r') && vllm.ends_with("data: [DONE]\n\n"));
    let delta: Value = serde_json::from_str(&vllm.split("\n\n").next().unwrap()[6..]).unwrap();
    assert!(delta["delta"].is_string() && delta["audio"].is_null() && delta["response_format"] == "pcm");

    let no_done = with("no_done", events.clone()).await.text();
    assert!(no_done.contains("speech.audio.done") && !no_done.contains("[DONE]"));
    let usage = with("usage_prompt_tokens", events.clone()).await.text();
    assert!(usage.contains(r#""usage":{"prompt_tokens":4,"completion_tokens":40,"total_tokens":44}"#), "{usage}");

    let always = with("wav_always", events.clone()).await;
    assert_eq!(always.header("content-type"), Some("audio/wav"));
    assert_eq!(
        (&always.body()[..4], &always.body()[36..40], &always.body()[70..74]),
        (&b"RIFF"[..], &b"LIST"[..], &b"data"[..])
    );
    let double = with("double_riff", json!({ "response_format": "wav" })).await.body();
    let riffs: Vec<usize> = (0..double.len() - 4).filter(|&at| &double[at..at + 4] == b"RIFF").collect();
    let first = u32::from_le_bytes(double[40..44].try_into().unwrap());
    assert_eq!(riffs, [0, 44 + usize::try_from(first).unwrap()]);

    let other_rate = with("pcm_22050_header", events).await;
    let length = other_rate.header("content-length").unwrap().parse::<usize>().unwrap();
    assert_eq!((other_rate.header("x-sample-rate"), length), (Some("22050"), 21_600 * 147 / 160 * 2));
    assert_eq!(other_rate.body().len(), length);
    let refused = with("fastapi_422", json!({ "speed": 0.5 })).await;
    let body: Value = serde_json::from_str(&refused.text()).unwrap();
    assert_eq!((refused.status, &body["detail"][0]["loc"]), (422, &json!(["body", "speed"])));
    assert!(body.get("error").is_none());
}

#[tokio::test]
async fn faults_go_together_and_nonsense_is_named() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let both = json!([{ "kind": "dialect", "name": "vllm_delta_lf" }, { "kind": "cut_after", "bytes": 100 }]);
    let answer = ask_with(&stand_in, &both, &request("Hello", &json!({ "stream_format": "sse" }))).await;
    assert_eq!((answer.ending, answer.body().len()), (Ending::Closed, 100));
    assert!(answer.text().contains(r#""delta":""#));
    let answer = ask_with(&stand_in, &json!({ "kind": "gremlin" }), &request("Hi", &json!({}))).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("unknown variant `gremlin`"), "{}", answer.text());
}
