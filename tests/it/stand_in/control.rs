//! The control paths: scripts, log, state, a fresh start.

use serde_json::Value;
use serde_json::json;

use super::ask;
use super::ask_at;
use super::request;
use super::timing::PATIENCE;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

/// A control path's URL.
fn control(stand_in: &StandIn, path: &str) -> String {
    format!("http://{}/_control/{path}", stand_in.address())
}

async fn get(stand_in: &StandIn, path: &str) -> Value {
    reqwest::get(control(stand_in, path)).await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_script_applies_to_the_next_requests_in_order() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let client = reqwest::Client::new();
    let script = json!([{ "kind": "overloaded" }, null, [{ "kind": "odd_length" }, { "kind": "empty_body" }]]);
    let post = |script: &Value| client.post(control(&stand_in, "faults")).json(script).send();
    assert_eq!(post(&script).await.unwrap().json::<Value>().await.unwrap(), json!({ "pending": 3 }));
    assert_eq!(get(&stand_in, "faults").await[0], json!([{ "kind": "overloaded" }]));
    let mut seen = Vec::new();
    for _ in 0..4 {
        let answer = ask(&stand_in, &request("Hi", &json!({}))).await;
        seen.push((answer.status, answer.body().is_empty()));
    }
    assert_eq!(seen, [(503, false), (200, false), (200, true), (200, false)]);

    let refused = post(&json!([{ "kind": "stall_after" }])).await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("missing field `bytes`"));
    assert_eq!(post(&json!({ "kind": "overloaded" })).await.unwrap().status(), 400, "a list is expected");
    stand_in.script(json!([{ "kind": "retired" }])).unwrap();
    client.delete(control(&stand_in, "faults")).send().await.unwrap();
    assert_eq!(ask(&stand_in, &request("Hi", &json!({}))).await.status, 200);
}

#[tokio::test]
async fn the_log_tells_what_was_asked_and_hides_the_key() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers = [("authorization", "Bearer sk-secret"), ("traceparent", trace)];
    let body = request("Grüße, Welt!", &json!({ "speed": 1.5, "instructions": "Calm." })).to_string();
    ask_at(&stand_in, super::PATH, &headers, &body).await;
    let log = get(&stand_in, "log?ended=1&timeout_ms=5000").await;
    let record = &log[0];
    assert_eq!(record["request"]["text"], "Grüße, Welt!");
    assert_eq!((&record["request"]["chars"], &record["request"]["tokens"]), (&json!(12), &json!(6)));
    assert_eq!((&record["request"]["voice"], &record["request"]["format"]), (&json!("alloy"), &json!("pcm")));
    assert_eq!(record["headers"]["authorization"], "Bearer ***");
    assert_eq!((&record["headers"]["traceparent"], &record["headers"]["api_key"]), (&json!(trace), &json!(false)));
    assert_eq!(record["end"]["kind"], "completed");
    assert_eq!(record["end"]["at_byte"], record["bytes"]);
    let written: u64 = record["writes"].as_array().unwrap().iter().map(|write| write["bytes"].as_u64().unwrap()).sum();
    assert_eq!(json!(written), record["bytes"]);
    assert!(!log.to_string().contains("sk-secret"));
    assert_eq!(reqwest::get(control(&stand_in, "log?ended=soon")).await.unwrap().status(), 400);
}

#[tokio::test]
async fn the_state_counts_and_a_reset_starts_afresh() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let body = request("Hi", &json!({}));
    let (first, second) = tokio::join!(ask(&stand_in, &body), ask(&stand_in, &body));
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    stand_in.log().ended(2, PATIENCE).await;
    stand_in.script(json!([{ "kind": "retired" }])).unwrap();
    let state = get(&stand_in, "state").await;
    let requests = &state["requests"];
    assert_eq!((&requests["requests"], &requests["ended"], &requests["in_flight"]), (&json!(2), &json!(2), &json!(0)));
    assert!(requests["max_in_flight"].as_u64().unwrap() >= 1);
    assert_eq!(state["faults_pending"], 1);
    assert_eq!(state["connections"]["accepted"], 3);

    reqwest::Client::new().post(control(&stand_in, "reset")).send().await.unwrap();
    assert_eq!(get(&stand_in, "log").await, json!([]));
    assert_eq!(get(&stand_in, "state").await["requests"]["requests"], 0);
    let again = ask(&stand_in, &body).await;
    assert!([first.header("x-request-id"), second.header("x-request-id")].contains(&again.header("x-request-id")));
    assert_eq!(again.status, 200);
}

#[tokio::test]
async fn a_fault_of_the_command_line_applies_where_no_other_does() {
    let fault = crate::support::stand_in::faults::parse_text("overloaded").unwrap();
    let stand_in = StandIn::start(Options { fault: Some(fault), ..Options::default() }).await.unwrap();
    stand_in.script(json!([null])).unwrap();
    let body = request("Hi", &json!({}));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(ask(&stand_in, &body).await.status);
    }
    assert_eq!(statuses, [200, 503, 503]);
}
