//! Each fault of a realtime response as its client meets it.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use super::realtime::Client;
use super::realtime::Farewell;
use super::realtime::audio;
use super::realtime::transcript;
use super::realtime::types;
use super::timing::PATIENCE;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;
use crate::support::tones;

const TEXT: &str = "One two three four five six seven eight nine ten.";

/// A stand-in with a script, and a client of it.
async fn scripted(script: &Value) -> (StandIn, Client) {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    stand_in.script(script.clone()).unwrap();
    let client = Client::open(&stand_in).await;
    (stand_in, client)
}

/// How the response of the log's `index`th record ended, and after how much audio (ms of PCM).
async fn ended(stand_in: &StandIn, index: u64) -> (End, usize) {
    let records = stand_in.log().ended(index + 1, PATIENCE).await;
    let record = &records[usize::try_from(index).unwrap()];
    (record.end.unwrap().how, record.bytes / 48)
}

#[tokio::test]
async fn a_reworded_text_has_its_own_transcript_and_tones() {
    let modes = ["contraction", "paraphrase", "answer", "preamble", "drop_tail", "extra_tail", "digit", "negation"];
    let script: Vec<Value> = modes.iter().map(|mode| json!({ "kind": "realtime_reword", "mode": mode })).collect();
    let (stand_in, mut client) = scripted(&json!(script)).await;
    let text = "It's 5 past noon and I'm not there.";
    for mode in modes {
        let events = client.whole(text, &json!({})).await;
        let said = transcript(&events);
        assert_ne!(said, text, "{mode}");
        assert_eq!(tones::heard(&audio(&events).concat()), tones::expected(&said), "{mode}");
    }
    assert_eq!(transcript(&client.whole(text, &json!({})).await), text, "the script is over");
    let records = stand_in.log().ended(9, PATIENCE).await;
    assert!(records.iter().all(|record| record.request.text == text));
    assert_eq!(records[3].realtime.as_ref().unwrap().spoken, format!("Sure, here it is. {text}"));

    let rate = Options { realtime_reword_rate: 0.5, ..Options::default() };
    let stand_in = StandIn::start(rate).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    let mut reworded = 0;
    for _ in 0..40 {
        reworded += usize::from(transcript(&client.whole("I'm here.", &json!({})).await) == "I am here.");
    }
    assert!((10..=30).contains(&reworded), "{reworded}");
}

#[tokio::test]
async fn a_commentary_is_an_item_of_its_own_before_the_answer() {
    let (_stand_in, mut client) = scripted(&json!([{ "kind": "realtime_commentary" }])).await;
    let events = client.whole(TEXT, &json!({})).await;
    let output = &events.last().unwrap()["response"]["output"];
    assert_eq!((&output[0]["phase"], &output[1]["phase"]), (&json!("commentary"), &json!("final_answer")));
    let of =
        |index: u64| -> Vec<Value> { events.iter().filter(|event| event["output_index"] == index).cloned().collect() };
    let said = transcript(&of(0));
    assert_eq!(tones::heard(&audio(&of(0)).concat()), tones::expected(&said));
    assert_eq!(tones::heard(&audio(&of(1)).concat()), tones::expected(TEXT));
    assert_eq!(output[0]["content"][0]["transcript"], json!(said));
}

#[tokio::test]
async fn silent_failures_are_completed() {
    let script = json!([{ "kind": "realtime_silent" }, { "kind": "realtime_quiet" }, { "kind": "realtime_text_only" }]);
    let (_stand_in, mut client) = scripted(&script).await;
    let silent = client.whole(TEXT, &json!({})).await;
    assert_eq!((transcript(&silent).as_str(), audio(&silent).len()), (TEXT, 0));
    let quiet = client.whole(TEXT, &json!({})).await;
    let sound = audio(&quiet).concat();
    assert!(sound.len() > 100_000 && sound.iter().all(|byte| *byte == 0));
    let written = client.whole(TEXT, &json!({})).await;
    assert!(types(&written).contains(&"response.output_text.delta") && audio(&written).is_empty());
    for events in [silent, quiet, written] {
        assert_eq!(events.last().unwrap()["response"]["status"], "completed");
    }
}

#[tokio::test]
async fn responses_end_early_in_every_way() {
    let script = json!([
        { "kind": "realtime_incomplete", "after_ms": 500 },
        { "kind": "realtime_incomplete", "reason": "content_filter" },
        { "kind": "realtime_failed", "code": "rate_limit_exceeded", "message": "Slow." },
        { "kind": "realtime_failed", "after_ms": 730 },
    ]);
    let (stand_in, mut client) = scripted(&script).await;
    let expected = [
        ("incomplete", json!({ "type": "incomplete", "reason": "max_output_tokens" }), 500, End::Incomplete),
        ("incomplete", json!({ "type": "incomplete", "reason": "content_filter" }), 0, End::Incomplete),
        ("failed", json!("rate_limit_exceeded"), 0, End::Failed),
        ("failed", json!("server_error"), 730, End::Failed),
    ];
    for (index, (status, details, ms, end)) in (0..).zip(expected) {
        let events = client.whole(TEXT, &json!({})).await;
        let done = &events.last().unwrap()["response"];
        let told = if status == "failed" { &done["status_details"]["error"]["code"] } else { &done["status_details"] };
        assert_eq!((done["status"].as_str().unwrap(), told), (status, &details));
        assert_eq!(audio(&events).concat().len(), ms * 48);
        assert_eq!(ended(&stand_in, index).await, (end, ms));
        let is_open = |kind: &str| types(&events).contains(&kind);
        assert_eq!(is_open("response.output_item.added"), is_open("response.output_item.done"));
        assert_eq!(is_open("response.output_item.added"), index != 2);
    }
}

#[tokio::test]
async fn an_error_can_take_the_place_of_a_response() {
    let script = json!([
        { "kind": "realtime_error_only", "code": "insufficient_quota" },
        { "kind": "realtime_error_only", "null_event_id": true },
        null,
    ]);
    let (stand_in, mut client) = scripted(&script).await;
    for (code, event_id) in [("insufficient_quota", json!("rc-1")), ("server_error", json!(null))] {
        client.read(TEXT, &json!({})).await;
        let event = client.event().await;
        assert_eq!((&event["type"], &event["error"]["code"]), (&json!("error"), &json!(code)));
        assert_eq!(event["error"]["event_id"], event_id);
    }
    assert_eq!(client.whole(TEXT, &json!({})).await[0]["type"], "response.created");
    let record = stand_in.log().ended(3, PATIENCE).await.remove(0);
    assert_eq!(record.end.unwrap().how, End::Refused);
    assert_eq!(record.realtime.unwrap().error_code.as_deref(), Some("insufficient_quota"));
}

#[tokio::test]
async fn a_socket_can_end_in_the_midst_of_a_response() {
    let cases = [
        (json!({ "kind": "realtime_drop", "after_ms": 450 }), Farewell::Nothing, End::Cut { reset: false }),
        (
            json!({ "kind": "realtime_drop", "after_ms": 450, "reset": true }),
            Farewell::Nothing,
            End::Cut { reset: true },
        ),
        (
            json!({ "kind": "realtime_close", "code": 1013, "after_ms": 450 }),
            Farewell::Close(1013, String::new()),
            End::Closed { code: 1013 },
        ),
    ];
    for (fault, expected, end) in cases {
        let (stand_in, mut client) = scripted(&json!([fault])).await;
        client.read(TEXT, &json!({})).await;
        let mut events = Vec::new();
        let farewell = loop {
            match client.next().await {
                Ok(event) => events.push(event),
                Err(farewell) => break farewell,
            }
        };
        assert_eq!(farewell, expected, "{fault}");
        // A reset lets the receiver's kernel throw away what was not read yet.
        let is_reset = end == End::Cut { reset: true };
        assert!(is_reset || audio(&events).concat().len() == 450 * 48, "{fault}");
        assert_eq!(ended(&stand_in, 0).await, (end, 450));
        assert!(events.iter().all(|event| event["type"] != "response.done"));
    }
}

#[tokio::test]
async fn a_stalled_response_can_be_cancelled() {
    let (stand_in, mut client) = scripted(&json!([{ "kind": "realtime_stall", "after_ms": 300 }])).await;
    client.read(TEXT, &json!({})).await;
    let mut events = vec![client.event().await];
    while audio(&events).concat().len() < 300 * 48 {
        events.push(client.event().await);
    }
    // The others go on.
    let other = client.whole("Hello.", &json!({})).await;
    let id = &events[0]["response"]["id"];
    let other: Vec<Value> = other.into_iter().filter(|event| event["response_id"] != *id).collect();
    assert_eq!(tones::heard(&audio(&other).concat()), tones::expected("Hello."));
    // Without its id only the session's own conversation is meant.
    assert_eq!(client.error(&json!({ "type": "response.cancel" })).await["code"], "response_cancel_not_active");
    client.say(&json!({ "type": "response.cancel", "response_id": id })).await;
    let end = client.until("response.done").await;
    let kinds = types(&end);
    assert_eq!(
        kinds[kinds.len() - 5..],
        [
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.done",
        ]
    );
    let done = &end.last().unwrap()["response"];
    assert_eq!(done["status_details"], json!({ "type": "cancelled", "reason": "client_cancelled" }));
    assert_eq!(
        (&done["status"], &done["usage"]["output_token_details"]["audio_tokens"]),
        (&json!("cancelled"), &json!(6))
    );
    assert_eq!(ended(&stand_in, 0).await, (End::Cancelled, 300));
    let again = client.error(&json!({ "type": "response.cancel", "response_id": id })).await;
    assert_eq!(again["code"], "response_cancel_not_active");
}

#[tokio::test]
async fn deltas_can_come_after_a_cancel() {
    for late in [false, true] {
        let fault = if late { json!({ "kind": "realtime_late_deltas" }) } else { json!(null) };
        // The second delta would come after five seconds.
        let stand_in = StandIn::start(Options { realtime_rate: Some(0.02), ..Options::default() }).await.unwrap();
        stand_in.script(json!([fault])).unwrap();
        let mut client = Client::open(&stand_in).await;
        client.read(&TEXT.repeat(10), &json!({})).await;
        let id = client.event().await["response"]["id"].clone();
        client.until("response.output_audio.delta").await;
        client.say(&json!({ "type": "response.cancel", "response_id": id })).await;
        let events = client.until("response.done").await;
        assert_eq!(audio(&events).len(), if late { 4 } else { 0 });
        assert_eq!(events.last().unwrap()["response"]["status"], "cancelled");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_before_a_late_created_is_lost() {
    let stand_in = StandIn::start(Options { realtime_first_audio_ms: Some(500), ..Options::default() }).await.unwrap();
    stand_in.script(json!([{ "kind": "realtime_late_created", "ms": 700 }])).unwrap();
    let mut client = Client::open(&stand_in).await;
    let begin = tokio::time::Instant::now();
    client.say(&json!({ "type": "response.create" })).await;
    assert_eq!(client.error(&json!({ "type": "response.cancel" })).await["code"], "response_cancel_not_active");
    assert!(begin.elapsed() < Duration::from_millis(700));
    assert_eq!(client.event().await["type"], "response.created");
    assert!(begin.elapsed() >= Duration::from_millis(700));
    client.say(&json!({ "type": "response.cancel" })).await;
    assert_eq!(client.until("response.done").await.pop().unwrap()["response"]["status"], "cancelled");
}

#[tokio::test]
async fn unknown_things_come_among_the_known() {
    let (_stand_in, mut client) = scripted(&json!([{ "kind": "realtime_unknown_events" }])).await;
    let events = client.whole(TEXT, &json!({})).await;
    let known = |event: &&Value| event["type"].as_str().unwrap().starts_with("response.thought_map");
    let unknown: Vec<&Value> = events.iter().filter(known).collect();
    assert_eq!((unknown.len(), unknown[0]["map"].as_str().unwrap().len()), (1, 1 << 20));
    assert!(events.iter().all(|event| event["x_trace"].is_object()));
    assert_eq!(events.last().unwrap()["response"]["status_details"], "unimplemented");
    assert_eq!(transcript(&events), TEXT);
}

#[tokio::test]
async fn limits_fail_a_response_as_real_ones_do() {
    let stand_in = StandIn::start(Options { rpm: Some(1), ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    client.whole("Hello.", &json!({})).await;
    let done = client.whole("Hello.", &json!({})).await.pop().unwrap()["response"].take();
    let error = &done["status_details"]["error"];
    assert_eq!((&done["status"], &error["code"]), (&json!("failed"), &json!("rate_limit_exceeded")));
    assert!(error["message"].as_str().unwrap().contains("on requests per min (RPM): Limit 1"), "{error}");
    // Tokens are reserved by the bound, not by what is said.
    let stand_in = StandIn::start(Options { tpm: Some(4000), ..Options::default() }).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    for (most, status) in [(json!(500), "completed"), (json!("inf"), "failed")] {
        let done = client.whole("Hello.", &json!({ "max_output_tokens": most })).await.pop().unwrap();
        assert_eq!(done["response"]["status"], status);
    }
}

#[tokio::test]
async fn a_header_asks_for_faults_of_every_response() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let headers = [("authorization", "Bearer sk-test"), ("x-stand-in-fault", "realtime_silent")];
    let mut client = Client::knock(&stand_in, super::realtime::PATH, &headers).await.unwrap();
    client.event().await;
    for _ in 0..2 {
        assert!(audio(&client.whole(TEXT, &json!({})).await).is_empty());
    }
    let quiet = crate::support::stand_in::faults::parse_text("realtime_quiet").unwrap();
    let stand_in = StandIn::start(Options { fault: Some(quiet), ..Options::default() }).await.unwrap();
    let events = Client::open(&stand_in).await.whole("Hello.", &json!({})).await;
    assert!(audio(&events).concat().iter().all(|byte| *byte == 0), "the command line asks, too");
    assert!(stand_in.script(json!([[{ "kind": "realtime_silent" }, { "kind": "overloaded" }]])).is_err());
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed() {
    let (stand_in, mut client) = scripted(&json!([{ "kind": "realtime_stall" }])).await;
    client.read(TEXT, &json!({})).await;
    client.event().await;
    assert_eq!((stand_in.open_sessions(), stand_in.accepted_sessions()), (1, 1));
    drop(client);
    assert_eq!(ended(&stand_in, 0).await, (End::ClientClosed, 0));
    let gone = async {
        while stand_in.open_sessions() + stand_in.open_connections() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
}
