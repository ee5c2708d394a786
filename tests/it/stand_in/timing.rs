//! When bytes come. The clock is paused: it only moves when everything waits, so that waits are exact.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;

use super::ask;
use super::ask_with;
use super::request;
use crate::support::raw_http::Ending;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::Record;
use crate::support::stand_in::log::Written;
use crate::support::stand_in::options::Timing;

/// How long a test waits for what has to happen.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Milliseconds from the request to each write.
fn times(record: &Record) -> Vec<f64> {
    record.writes.iter().map(|write| (write.ms - record.received_ms).round()).collect()
}

async fn record(options: Options, fields: &Value, faults: &Value) -> Record {
    let stand_in = StandIn::start(options).await.unwrap();
    ask_with(&stand_in, faults, &request("Hello, world!", fields)).await;
    stand_in.log().ended(1, PATIENCE).await.remove(0)
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_by_default() {
    let record = record(Options::default(), &json!({}), &json!([])).await;
    assert!(times(&record).iter().all(|time| *time == 0.0), "{record:?}");
}

#[tokio::test(start_paused = true)]
async fn the_body_comes_at_its_rate_after_the_first_byte() {
    let options = Options { first_byte_ms: Some(400), rate: Some(2.0), chunk_bytes: 4800, ..Options::default() };
    let record = record(options, &json!({}), &json!([])).await;
    let headers = record.headers_ms.unwrap() - record.received_ms;
    assert!((400.0..402.0).contains(&headers), "{headers}");
    // 4800 bytes are 100 ms of audio, which take 50 ms at twice real time.
    let expected: Vec<f64> = (1..=9).map(|block| 400.0 + 50.0 * f64::from(block)).collect();
    for (time, expected) in times(&record).into_iter().zip(expected) {
        assert!((time - expected).abs() <= 2.0, "{time} for {expected}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wav_header_leaves_before_the_audio_is_there() {
    let options = Options { first_byte_ms: Some(400), chunk_interval_ms: Some(20), ..Options::default() };
    let record = record(options, &json!({ "response_format": "wav" }), &json!([])).await;
    assert_eq!(record.writes[0].bytes, 44);
    for (time, expected) in times(&record).into_iter().zip([100.0, 400.0, 420.0, 440.0]) {
        assert!((time - expected).abs() <= 2.0, "{time} for {expected}");
    }
}

#[tokio::test(start_paused = true)]
async fn recorded_timing_is_drawn_within_what_was_measured() {
    let stand_in = StandIn::start(Options { timing: Timing::Recorded, ..Options::default() }).await.unwrap();
    for _ in 0..20 {
        assert_eq!(ask(&stand_in, &request("Hello, world!", &json!({}))).await.ending, Ending::Complete);
    }
    let records = stand_in.log().ended(20, PATIENCE).await;
    let first: Vec<f64> = records.iter().map(|record| record.headers_ms.unwrap() - record.received_ms).collect();
    assert!(first.iter().all(|time| (550.0..2502.0).contains(time)), "{first:?}");
    assert!(first.iter().any(|time| (time - first[0]).abs() > 20.0), "they differ");
    // 0.9 s of audio at 5.5 to 6.5 times real time.
    let body = times(&records[0]).last().unwrap() - first[0];
    assert!((136.0..167.0).contains(&body), "{body}");
}

#[tokio::test(start_paused = true)]
async fn a_stall_pauses_once_and_the_rest_follows() {
    let fault = json!({ "kind": "stall_after", "bytes": 5000, "ms": 2000 });
    let record = record(Options::default(), &json!({}), &fault).await;
    let (before, after): (Vec<&Written>, Vec<&Written>) =
        record.writes.iter().partition(|write| write.ms - record.received_ms < 2000.0);
    assert_eq!(before.iter().map(|write| write.bytes).sum::<usize>(), 5000);
    assert_eq!(after.iter().map(|write| write.bytes).sum::<usize>(), 43_200 - 5000);
}

#[tokio::test(start_paused = true)]
async fn silence_ends_at_last() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let answer = ask_with(&stand_in, &json!({ "kind": "headers_then_silence" }), &request("Hi", &json!({}))).await;
    assert_eq!((answer.status, answer.ending, answer.body().len()), (200, Ending::Closed, 0));
    let answer = ask_with(&stand_in, &json!({ "kind": "hang_before_headers" }), &request("Hi", &json!({}))).await;
    assert_eq!(answer.status, 504);
    let ended = stand_in.log().ended(2, PATIENCE).await[0].end.unwrap();
    assert!((600_000.0..600_100.0).contains(&ended.ms), "{ended:?}");
}
