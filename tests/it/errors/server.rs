//! Faults of this server: full, going away, out of time.

use std::time::Duration;

use futures_util::future::join_all;
use http::uri::PathAndQuery;
use rhapsode::proto::SynthesizeRequest;
use rhapsode::proto::SynthesizeResponse;
use serde_json::json;
use tonic::Code;
use tonic::Request;
use tonic::client::Grpc;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::server::speak;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

#[tokio::test]
async fn a_full_server_sends_callers_elsewhere() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "hang_before_headers"}])).unwrap();
    let settings = [
        ("RHAPSODE__ADMISSION__MAX_CONCURRENT_CALLS", "1"),
        ("RHAPSODE__ADMISSION__MAX_WAITING_CALLS", "1"),
        ("RHAPSODE__ADMISSION__QUEUE_TIMEOUT", "50ms"),
    ];
    let server = Rhapsode::before(&upstream.base_url(), &settings).await;
    let mut client = server.client().await;
    let held = tokio::spawn(async move { speak(&mut client, request("Hold the only place.")).await });
    while upstream.log().records().is_empty() {
        tokio::task::yield_now().await;
    }
    for answer in join_all([server.refuse(request("One.")), server.refuse(request("Two."))]).await {
        let details = Details::of(&answer);
        assert_eq!(details.meaning(), (Code::Unavailable, "OVERLOADED"));
        assert!(details.retry_after.is_some() && details.pushback_ms > Some(0));
    }
    held.abort();
    let _ = held.await;
    // The place is free again once its caller has hung up.
    let answer = server.speak(request("Three.")).await;
    answer.account();
}

#[tokio::test]
async fn a_draining_server_turns_new_calls_away_and_finishes_running_ones() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "stall_after", "bytes": 9600, "ms": 400}])).unwrap();
    let mut server = Rhapsode::before(&upstream.base_url(), &[("RHAPSODE__SERVER__DRAIN_DELAY", "300ms")]).await;
    let (mut running, mut late) = (server.client().await, server.client().await);
    let mut events = running.synthesize(request("Finish this.")).await.unwrap().into_inner();
    events.message().await.unwrap().unwrap();
    server.stop();
    let details = loop {
        if let Err(status) = late.synthesize(request("Too late.")).await {
            break Details::of(&status);
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(details.meaning(), (Code::Unavailable, "DRAINING"));
    assert_eq!(details.pushback_ms, Some(0));
    assert_eq!(server.page("/readyz").await.0, 503);
    let mut last = None;
    while let Some(event) = events.message().await.unwrap() {
        last = event.event;
    }
    assert!(matches!(last, Some(rhapsode::proto::synthesize_response::Event::Summary(_))));
    server.gone().await;
}

#[tokio::test]
async fn a_call_that_outlasts_the_drain_is_told_how_far_it_came() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "stall_after", "bytes": 9600, "ms": 60_000}])).unwrap();
    let brief = [("RHAPSODE__SERVER__DRAIN_DELAY", "0s"), ("RHAPSODE__SERVER__DRAIN_TIMEOUT", "300ms")];
    let mut server = Rhapsode::before(&upstream.base_url(), &brief).await;
    let mut client = server.client().await;
    let running =
        tokio::spawn(async move { speak(&mut client, request("This takes longer than anybody waits.")).await });
    while upstream.log().records().is_empty() {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop();
    let answer = running.await.unwrap();
    let details = Details::of(&answer.error.unwrap());
    assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"));
    assert_eq!(details.failure.last_sequence, i64::try_from(answer.chunks.len()).unwrap() - 1);
    assert!(details.failure.audio_started);
    upstream.log().ended(1, Duration::from_secs(5)).await;
    server.gone().await;
}

#[tokio::test]
async fn what_a_deadline_finds_unsent_is_not_counted() {
    let server = Rhapsode::with(&[]).await;
    let delivery = rhapsode::proto::DeliveryOptions { max_chunk_bytes: 1024, ..Default::default() };
    let config = rhapsode::proto::SynthesisConfig { delivery: Some(delivery), ..Default::default() };
    let mut slow = within(Duration::from_secs(4), &"The built-in voice makes a second of audio at once. ".repeat(200));
    slow.get_mut().config = Some(config);
    let mut events = server.patient_client().synthesize(slow).await.unwrap().into_inner();
    let mut chunks = 0;
    let status = loop {
        match events.message().await {
            Ok(Some(event)) => {
                chunks += i64::from(matches!(event.event, Some(rhapsode::proto::synthesize_response::Event::Audio(_))));
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            Ok(None) => panic!("it was spoken in time"),
            Err(status) => break status,
        }
    };
    let details = Details::of(&status);
    assert_eq!(details.meaning(), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
    assert_eq!(details.failure.last_sequence, chunks - 1);
}

#[tokio::test]
async fn the_callers_deadline_ends_the_wait_for_audio() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "hang_before_headers"}])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let answer = speak(&mut server.patient_client(), within(Duration::from_millis(300), "Never.")).await;
    let details = Details::of(&answer.error.unwrap());
    assert_eq!(details.meaning(), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
    assert!(!details.failure.audio_started);
    let record = &upstream.log().ended(1, Duration::from_secs(5)).await[0];
    assert!(record.end.as_ref().is_some_and(|end| format!("{end:?}").contains("ClientClosed")), "{record:?}");
}

#[tokio::test]
async fn the_callers_deadline_ends_a_stream_that_has_begun() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "stall_after", "bytes": 9600, "ms": 60_000}])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[]).await;
    let request = within(Duration::from_millis(400), "This will not be finished in time.");
    let answer = speak(&mut server.patient_client(), request).await;
    assert!(!answer.chunks.is_empty());
    let details = Details::of(&answer.error.unwrap());
    assert_eq!(details.meaning(), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
    assert!(details.failure.audio_started);
    assert_eq!(details.failure.last_sequence, i64::try_from(answer.chunks.len()).unwrap() - 1);
    upstream.log().ended(1, Duration::from_secs(5)).await;
}

#[tokio::test]
async fn the_servers_own_limit_for_a_call_holds_without_a_deadline() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    upstream.script(json!([{"kind": "hang_before_headers"}])).unwrap();
    let server = Rhapsode::before(&upstream.base_url(), &[("RHAPSODE__LIMITS__MAX_CALL_DURATION", "200ms")]).await;
    let details = Details::of(&server.refuse(request("Never.")).await);
    assert_eq!(details.meaning(), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
}

#[tokio::test]
async fn a_method_that_is_not_built_in_is_unimplemented() {
    let server = Rhapsode::with(&[]).await;
    let channel = Channel::from_shared(format!("http://{}", server.grpc)).unwrap().connect().await.unwrap();
    let mut client = Grpc::new(channel);
    client.ready().await.unwrap();
    let path = PathAndQuery::from_static("/rhapsode.v1.SpeechService/Sing");
    let codec = ProstCodec::<SynthesizeRequest, SynthesizeResponse>::default();
    let status = client.server_streaming(Request::new(request("Hello.")), path, codec).await.map(drop).unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

/// A request with a deadline, for a client that leaves it to the server.
fn within(timeout: Duration, text: &str) -> Request<rhapsode::proto::SynthesizeRequest> {
    let mut request = Request::new(request(text));
    request.metadata_mut().insert("grpc-timeout", format!("{}m", timeout.as_millis()).parse().unwrap());
    request
}
