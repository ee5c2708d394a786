//! Callers who leave: the upstream is let go at once, and a reader who sleeps holds nothing for ever.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;

const TEXT: &str = "This sentence is cut short by somebody who has heard enough of it already.";
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_hang_up_in_mid_stream_closes_the_upstream() {
    let (upstream, _server) = hung_up_in_mid_stream().await;
    assert_eq!(how_it_ended(&upstream).await, End::ClientClosed);
}

#[tokio::test]
async fn a_hang_up_before_the_first_audio_closes_the_upstream() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "hang_before_headers"}])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let mut client = server.client().await;
    let call = tokio::spawn(async move { client.synthesize(request(TEXT)).await.map(drop) });
    while upstream.log().records().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert_eq!(how_it_ended(&upstream).await, End::ClientClosed);
}

#[tokio::test]
async fn a_reader_who_sleeps_is_let_go_at_the_deadline() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let settings = [("RHAPSODE__LIMITS__MAX_CALL_DURATION", "1s"), ("RHAPSODE__ADMISSION__MAX_CONCURRENT_CALLS", "1")];
    let server = Rhapsode::before(&upstream.base_url(), &settings).await;
    let long = "This goes on for longer than any window is wide. ".repeat(400);
    // Opened, and never read.
    let asleep = server.client().await.synthesize(request(&long)).await.unwrap();
    let give_up = Instant::now() + PATIENCE;
    let woken = loop {
        let answer = server.speak(request(TEXT)).await;
        if answer.error.is_none() || Instant::now() > give_up {
            break answer;
        }
    };
    woken.account();
    drop(asleep);
}

#[tokio::test]
async fn a_slow_reader_gets_everything() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[("RHAPSODE__TIMEOUTS__IDLE", "1s")]).await;
    let long = "This is more than fits into the windows of one connection. ".repeat(30);
    let mut events = server.client().await.synthesize(request(&long)).await.unwrap().into_inner();
    let mut whole = false;
    let mut read = 0;
    while let Some(event) = events.message().await.unwrap() {
        read += 1;
        if read == 2 || read == 4 {
            tokio::time::sleep(Duration::from_millis(1500)).await;
        }
        if let Some(rhapsode::proto::synthesize_response::Event::Summary(summary)) = event.event {
            whole = true;
            let blocked = summary.timings.unwrap().max_backpressure_duration.unwrap();
            assert!(blocked.seconds >= 1, "{blocked:?} although the reader slept for longer");
        }
    }
    assert!(whole, "a slow reader was taken for a stalled upstream");
}

#[tokio::test]
async fn a_call_that_is_given_up_costs_what_was_spoken() {
    let (upstream, server) = hung_up_in_mid_stream().await;
    how_it_ended(&upstream).await;
    let give_up = Instant::now() + PATIENCE;
    loop {
        let (_, page) = server.page("/metrics").await;
        let cost = page.lines().find(|line| line.starts_with("rhapsode_cost") && line.contains("gpt-4o-mini-tts"));
        if cost.is_some_and(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap() > 0.0) {
            return;
        }
        assert!(Instant::now() < give_up, "{cost:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A call whose caller has left after the first message, with the upstream in the middle of its answer.
async fn hung_up_in_mid_stream() -> (StandIn, Rhapsode) {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "stall_after", "bytes": 9600, "ms": 60_000}])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let mut events = server.client().await.synthesize(request(TEXT)).await.unwrap().into_inner();
    events.message().await.unwrap();
    (upstream, server)
}

async fn how_it_ended(upstream: &StandIn) -> End {
    let record = upstream.log().ended(1, PATIENCE).await.remove(0);
    record.end.unwrap().how
}
