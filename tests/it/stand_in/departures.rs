//! A client that hangs up is noticed at once, whatever the answer is waiting for.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use tokio::io::AsyncReadExt;

use super::HEADERS;
use super::PATH;
use super::request;
use super::timing::PATIENCE;
use crate::support::raw_http;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;
use crate::support::stand_in::log::Record;

/// Sends a request, reads `bytes` of the answer, hangs up, and returns what the log says.
async fn hang_up(options: Options, fault: &Value, bytes: usize) -> Record {
    let stand_in = StandIn::start(options).await.unwrap();
    let fault = fault.to_string();
    let headers = [HEADERS[0], HEADERS[1], ("x-stand-in-fault", fault.as_str())];
    let body = request("Hello, world!", &json!({})).to_string();
    let mut stream = raw_http::send(stand_in.address(), PATH, &headers, &body).await;
    stream.read_exact(&mut vec![0; bytes]).await.unwrap();
    eventually(|| stand_in.log().tally().requests == 1).await;
    drop(stream);
    let record = stand_in.log().ended(1, PATIENCE).await.remove(0);
    eventually(|| stand_in.open_connections() == 0).await;
    record
}

// None of these answers would do anything for a minute or more, so only the hang-up can have ended them.

#[tokio::test]
async fn before_the_headers() {
    let record = hang_up(Options::default(), &json!({ "kind": "hang_before_headers" }), 0).await;
    assert_eq!((record.end.unwrap().how, record.status), (End::ClientClosed, None));
    let slow = Options { first_byte_ms: Some(60_000), ..Options::default() };
    let record = hang_up(slow, &json!([]), 0).await;
    assert_eq!((record.end.unwrap().how, record.status), (End::ClientClosed, None));
}

#[tokio::test]
async fn after_the_headers() {
    let record = hang_up(Options::default(), &json!({ "kind": "headers_then_silence" }), 15).await;
    let end = record.end.unwrap();
    assert_eq!((end.how, end.at_byte, record.status), (End::ClientClosed, 0, Some(200)));
}

#[tokio::test]
async fn between_two_writes() {
    let slow = Options { chunk_interval_ms: Some(60_000), ..Options::default() };
    let record = hang_up(slow, &json!([]), 2000).await;
    let end = record.end.unwrap();
    assert_eq!((end.how, end.at_byte, record.writes.len()), (End::ClientClosed, 4096, 1));
}

#[tokio::test]
async fn on_one_stream_of_an_http_2_connection() {
    let stand_in = StandIn::start(Options { chunk_interval_ms: Some(60_000), ..Options::default() }).await.unwrap();
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let url = format!("{}/audio/speech", stand_in.base_url());
    let ask = || client.post(&url).bearer_auth("sk-test").json(&request("Hello", &json!({}))).send();
    let mut kept = ask().await.unwrap();
    let mut left = ask().await.unwrap();
    assert_eq!(left.chunk().await.unwrap().unwrap().len(), 4096);
    drop(left);
    let records = stand_in.log().ended(1, PATIENCE).await;
    assert_eq!(records[1].end.unwrap().how, End::ClientClosed);
    assert!(records[0].end.is_none(), "the other stream goes on");
    assert_eq!(records[0].connection, records[1].connection);
    assert_eq!(kept.chunk().await.unwrap().unwrap().len(), 4096);
}

/// Waits for a condition that another task brings about.
async fn eventually(condition: impl Fn() -> bool) {
    let met = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(PATIENCE, met).await.unwrap();
}
