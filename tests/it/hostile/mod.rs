//! A thousand hostile requests through a real server: each ends, with speech or with a status that says what is wrong,
//! and behind them the server is as it was.

mod texts;
mod wire;
mod wishes;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rhapsode::proto::SynthesizeRequest;
use rhapsode::proto::speech_service_client::SpeechServiceClient;
use rhapsode::proto::synthesize_response::Event;
use rhapsode::text;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tonic::Code;
use tonic::Status;
use tonic::transport::Channel;

use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::audio::Speaker;

/// How many requests the upstream has to bear.
const REQUESTS: usize = 1_000;
/// The built-in voice bears one in so many of them: without optimisation it is slow.
const SHARE: usize = 10;
/// How many of them at once, which is as many as the server has places for.
const CALLS: usize = 4;
/// What is heard of the built-in voice, in bytes: one second. Hanging up then is part of the ordeal.
const ENOUGH: usize = 48_000;
/// When a request counts as hung. No measurement: the slowest takes a fraction of it.
const PATIENCE: Duration = Duration::from_mins(1);
const SETTINGS: [(&str, &str); 4] = [
    ("RHAPSODE__ADMISSION__MAX_CONCURRENT_CALLS", "4"),
    ("RHAPSODE__ADMISSION__QUEUE_TIMEOUT", "60s"),
    ("RHAPSODE__TIMEOUTS__FIRST_AUDIO", "60s"),
    ("RHAPSODE__TIMEOUTS__IDLE", "60s"),
];

#[test]
fn an_upstream_survives_what_callers_send() {
    let service = Runtime::new().map(Apart::from).unwrap();
    let (upstream, server) = service.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = StandIn::serve(listener, Options::default(), Arc::new(Click)).unwrap();
        let server = Rhapsode::before(&upstream.base_url(), &SETTINGS).await;
        (upstream, server)
    });
    outside(async {
        let requests = requests();
        assert_eq!(requests.len(), REQUESTS);
        storm(&server, requests, usize::MAX).await;
        no_fault_of_ours(&at_rest(&server).await);
        in_flight(&upstream, 0).await;
        // Every place can be taken at once, and is free again when the callers have hung up.
        upstream.script(vec![json!({"kind": "hang_before_headers"}); CALLS].into()).unwrap();
        let held = join_all((0..CALLS).map(async |_| server.speak(request("Hold this place.")).await));
        tokio::select! {
            _ = held => panic!("nobody was to answer"),
            () = in_flight(&upstream, CALLS as u64) => {}
        }
        in_flight(&upstream, 0).await;
        at_rest(&server).await;
        server.speak(request("It still speaks.")).await.account();
    });
}

#[test]
fn the_built_in_voice_survives_what_callers_send() {
    let service = Runtime::new().map(Apart::from).unwrap();
    let server = service.block_on(Rhapsode::with(&SETTINGS));
    outside(async {
        storm(&server, requests().into_iter().step_by(SHARE).collect(), ENOUGH).await;
        no_fault_of_ours(&at_rest(&server).await);
        let long = "Nobody reads on, so that this text is never at its end. ".repeat(200);
        let held = join_all((0..CALLS).map(async |_| {
            let mut events = server.client().await.synthesize(request(&long)).await.unwrap().into_inner();
            events.message().await.unwrap().unwrap();
            events
        }));
        assert_eq!(within_patience("taking every place", held).await.len(), CALLS);
        at_rest(&server).await;
        server.speak(request("It still speaks.")).await.account();
    });
}

#[test]
fn the_wire_survives_what_is_no_request() {
    let service = Runtime::new().map(Apart::from).unwrap();
    let server = service.block_on(Rhapsode::with(&SETTINGS));
    let wires = wire::all(&mut StdRng::seed_from_u64(3), 70);
    assert!(wires.len() >= 200, "{}", wires.len());
    outside(async {
        let client = wire::raw_client();
        stream::iter(&wires)
            .for_each_concurrent(CALLS, async |wire| {
                let status = within_patience(&wire.what, wire.send(&client, server.grpc)).await;
                readable(&wire.what, &status);
            })
            .await;
        at_rest(&server).await;
        server.speak(request("It still speaks.")).await.account();
    });
}

/// A status that gRPC or this service documents for bytes that are no message.
fn readable(what: &str, status: &Status) {
    match status.code() {
        Code::Ok | Code::InvalidArgument | Code::OutOfRange | Code::Unimplemented => {}
        Code::DeadlineExceeded => assert!(what.contains("grpc-timeout"), "{what}: {status:?}"),
        // tonic may be faster than we are when no time at all was given.
        Code::Cancelled => assert!(what.contains("0n"), "{what}: {status:?}"),
        // "Error parsing request proto" and its kin: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
        Code::Internal => {
            let is_ours = status.message().starts_with("The service failed");
            assert!(!is_ours && status.details().is_empty(), "{what}: {status:?}");
        }
        _ => panic!("{what}: {status:?}"),
    }
}

/// The thousand.
fn requests() -> Vec<(String, SynthesizeRequest)> {
    let mut dice = StdRng::seed_from_u64(2);
    let mut texts = texts::particular();
    let wishes = wishes::single();
    let combined = 150;
    let random = REQUESTS - texts.len() - wishes.len() - combined;
    texts.extend(texts::random(&mut dice, random));
    let combined = wishes::combined(&mut dice, &texts, combined);
    let plain = texts.into_iter().map(|(what, text)| (what, request(&text)));
    plain.chain(wishes).chain(combined).collect()
}

/// Sends all of them, some at a time.
async fn storm(server: &Rhapsode, requests: Vec<(String, SynthesizeRequest)>, enough: usize) {
    let client = server.client().await;
    stream::iter(requests)
        .for_each_concurrent(CALLS, async |(what, request)| {
            if let Err(status) = within_patience(&what, hear(&mut client.clone(), request, enough)).await {
                names_the_field(&what, &status);
            }
        })
        .await;
}

/// Listens to an answer, to its end or until that is `enough`.
async fn hear(
    client: &mut SpeechServiceClient<Channel>,
    request: SynthesizeRequest,
    enough: usize,
) -> Result<(), Status> {
    let mut events = client.synthesize(request).await?.into_inner();
    let (mut heard, mut last) = (0, None);
    while let Some(response) = events.message().await? {
        if let Some(Event::Audio(chunk)) = &response.event {
            assert!(!chunk.data.is_empty());
            heard += chunk.data.len();
        }
        if heard > enough {
            return Ok(());
        }
        last = response.event;
    }
    assert!(matches!(last, Some(Event::Summary(_))), "OK without a summary");
    Ok(())
}

/// A refusal that names the field, or the transport's for a message over its limit.
fn names_the_field(what: &str, status: &Status) {
    match status.code() {
        Code::InvalidArgument => assert!(!Details::of(status).fields.is_empty(), "{what}: {status:?}"),
        Code::OutOfRange => {}
        _ => panic!("{what}: {status:?}"),
    }
}

async fn within_patience<T>(what: &str, answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| panic!("{what} hangs"))
}

/// Waits until no call is left, and returns the metrics then.
async fn at_rest(server: &Rhapsode) -> String {
    let is_active = |line: &str| line.starts_with("rhapsode_active_streams") && !line.ends_with(" 0");
    within_patience("the end", async {
        loop {
            let (_, metrics) = server.page("/metrics").await;
            if !metrics.lines().any(is_active) {
                return metrics;
            }
        }
    })
    .await
}

/// Nothing has ended in a panic or another fault of ours, whether its caller stayed to hear of it or not.
fn no_fault_of_ours(metrics: &str) {
    assert!(metrics.contains("\"INVALID_ARGUMENT\""), "it does not tell how calls ended: {metrics}");
    let fault = metrics.lines().find(|line| ["\"INTERNAL\"", "\"UNKNOWN\""].iter().any(|code| line.contains(code)));
    assert_eq!(fault, None);
}

/// Waits until so many requests are under way at the upstream.
async fn in_flight(upstream: &StandIn, count: u64) {
    within_patience("the upstream", async {
        while upstream.log().tally().in_flight != count {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// A voice that takes next to no time, so that long texts are spoken whole: forty letters a second, just slow enough to be
/// believed.
struct Click;

impl Speaker for Click {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "texts have thousands of letters, not trillions"
    )]
    fn speak(&self, text: &str, speed: f64) -> Result<Vec<i16>, String> {
        Ok(vec![1_000; 1_200 + (text::letters(text) as f64 * 600.0 / speed) as usize])
    }
}

/// Runs a test's own part, away from the service, which could spin and stop every clock of its runtime.
fn outside(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

/// The service's runtime; it is left behind, not waited for, when a test ends.
struct Apart(Option<Runtime>);

impl From<Runtime> for Apart {
    fn from(runtime: Runtime) -> Self {
        Self(Some(runtime))
    }
}

impl Apart {
    fn block_on<T>(&self, start: impl Future<Output = T>) -> T {
        self.0.as_ref().unwrap().block_on(start)
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.0.take().unwrap().shutdown_background();
    }
}
