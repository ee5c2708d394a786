//! Whatever happens to a call, nothing of it stays behind: no request and no connection at the upstream, no call in the
//! metrics, no task in the runtime.

mod realtime;

use std::time::Duration;

use futures_util::future::join_all;
use rhapsode::proto::GetServiceInfoRequest;
use rhapsode::proto::SynthesisConfig;
use rhapsode::proto::SynthesizeRequest;
use rhapsode::proto::speech_service_client::SpeechServiceClient;
use serde_json::Value;
use serde_json::json;
use tokio::runtime::Handle;
use tonic::Request;
use tonic::transport::Channel;

use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::server::speak;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const TEXT: &str = "Please hold while I connect. ";

/// When something counts as left behind. No measurement: it is gone in a fraction of that.
const PATIENCE: Duration = Duration::from_secs(30);

/// Short waits; and no connection is kept for later, so that at rest there is none.
const SETTINGS: [(&str, &str); 7] = [
    // Nobody asks for models while tasks are counted.
    ("RHAPSODE__RETIREMENT__POLL_INTERVAL", "0s"),
    ("RHAPSODE__RETRY__INITIAL_BACKOFF", "1ms"),
    ("RHAPSODE__RETRY__MAX_BACKOFF", "5ms"),
    ("RHAPSODE__TIMEOUTS__FIRST_AUDIO", "300ms"),
    ("RHAPSODE__TIMEOUTS__IDLE", "300ms"),
    ("RHAPSODE__ENGINES__OPENAI__MAX_IDLE_CONNECTIONS", "0"),
    ("RHAPSODE__ENGINES__OPENAI__PRECONNECT", "0"),
];

/// A cancelled call waits for as long as it likes before.
const PATIENT: [(&str, &str); 4] = [
    ("RHAPSODE__RETRY__INITIAL_BACKOFF", "10m"),
    ("RHAPSODE__RETRY__MAX_BACKOFF", "10m"),
    ("RHAPSODE__TIMEOUTS__FIRST_AUDIO", "10m"),
    ("RHAPSODE__TIMEOUTS__IDLE", "10m"),
];

/// A server, its upstream and one caller, and how many tasks that takes when nobody speaks.
struct World {
    upstream: StandIn,
    server: Rhapsode,
    client: SpeechServiceClient<Channel>,
    /// For looks from outside, that keeps no connection.
    http: reqwest::Client,
    tasks: usize,
}

impl World {
    async fn new(settings: &[(&str, &str)]) -> Self {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        let server = Rhapsode::before(&upstream.base_url(), &[&SETTINGS, settings].concat()).await;
        Self::before(upstream, server).await
    }

    async fn before(upstream: StandIn, server: Rhapsode) -> Self {
        let mut client = server.client().await;
        client.get_service_info(GetServiceInfoRequest::default()).await.unwrap();
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        Self { upstream, server, client, http, tasks: alive_tasks() }
    }

    /// A fault that nobody tries again leaves its repetitions unused.
    async fn forget_the_script(&self) {
        let script = format!("http://{}/_control/faults", self.upstream.address());
        self.http.delete(script).send().await.unwrap();
    }

    async fn speak(&self, request: impl tonic::IntoRequest<SynthesizeRequest>) {
        speak(&mut self.client.clone(), request).await;
    }

    /// Waits until everything is as it was before the first call.
    async fn at_rest(&self, after: &str) {
        let upstream = || (self.upstream.log().tally().in_flight, self.upstream.open_connections());
        until(|| upstream() == (0, 0), || format!("{after}: requests and connections {:?}", upstream())).await;
        let tally = self.upstream.log().tally();
        assert_eq!(tally.requests, tally.ended, "{after}");
        self.no_call_is_counted(after).await;
        until(|| alive_tasks() == self.tasks, || format!("{after}: {} tasks, not {}", alive_tasks(), self.tasks)).await;
    }

    async fn no_call_is_counted(&self, after: &str) {
        let metrics = self.http.get(format!("http://{}/metrics", self.server.http)).send().await.unwrap();
        let metrics = metrics.text().await.unwrap();
        let active: Vec<_> = metrics.lines().filter(|line| line.starts_with("rhapsode_active_streams{")).collect();
        assert!(active.iter().all(|line| line.ends_with(" 0")), "{after}: {active:?}");
    }
}

fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

async fn until(is_so: impl Fn() -> bool, otherwise: impl Fn() -> String) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    assert!(waited.await.is_ok(), "{}", otherwise());
}

/// One of each kind that the stand-in knows, each with what it can be told.
fn faults() -> Vec<Value> {
    let mut faults: Vec<Value> = [
        json!({"kind": "none"}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 400, "code": "content_policy_violation"}),
        json!({"kind": "rpm", "retry_after_ms": 5}),
        json!({"kind": "tpm", "retry_after_ms": 30_000}),
        json!({"kind": "slow_down"}),
        json!({"kind": "quota"}),
        json!({"kind": "region"}),
        json!({"kind": "project"}),
        json!({"kind": "retired"}),
        json!({"kind": "overloaded"}),
        json!({"kind": "old_overloaded"}),
        json!({"kind": "should_retry_false", "status": 503}),
        json!({"kind": "html", "status": 502}),
        json!({"kind": "html", "status": 200}),
        json!({"kind": "hang_before_headers"}),
        json!({"kind": "headers_then_silence"}),
        json!({"kind": "stall_after", "bytes": 20_000, "ms": 600_000}),
        json!({"kind": "cut_after", "bytes": 0}),
        json!({"kind": "cut_after", "bytes": 20_000}),
        json!({"kind": "cut_after", "bytes": 20_000, "reset": true}),
        json!({"kind": "truncated_clean"}),
        json!({"kind": "odd_length"}),
        json!({"kind": "empty_body"}),
        json!({"kind": "wrong_content_type", "value": "text/html"}),
        json!({"kind": "writes", "pattern": "one_byte"}),
        json!({"kind": "writes", "pattern": "odd"}),
        json!({"kind": "writes", "pattern": "coalesced"}),
        json!({"kind": "sse_without_done"}),
        json!({"kind": "sse_without_done", "marker": true}),
        json!({"kind": "sse_without_done_marker"}),
    ]
    .into();
    faults.extend(
        ["error", "speech_audio_error", "text"]
            .map(|shape| json!({"kind": "sse_error_after", "bytes": 20_000, "shape": shape})),
    );
    faults.extend(documented("## Control", "| dialect |").map(|name| json!({"kind": "dialect", "name": name})));
    faults
}

/// The names in the first column of a table of `docs/stand-in.md`, which begins with `head` and stands before `end`.
fn documented(end: &'static str, head: &'static str) -> impl Iterator<Item = &'static str> {
    let page = include_str!("../../../docs/stand-in.md");
    let table = page.split(end).next().unwrap().split(head).nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2))
}

#[tokio::test]
async fn nothing_stays_behind_a_fault() {
    let world = World::new(&[]).await;
    let faults = faults();
    for kind in documented("| dialect |", "| kind |") {
        assert!(faults.iter().any(|fault| fault["kind"] == kind), "{kind} is not tried");
    }
    for fault in faults {
        for model in ["gpt-4o-mini-tts", "tts-1"] {
            world.upstream.script(json!([fault, fault, fault])).unwrap();
            world.speak(styled(TEXT, SynthesisConfig { model: model.to_owned(), ..Default::default() })).await;
            world.forget_the_script().await;
            world.at_rest(&format!("{fault} to {model}")).await;
        }
    }
}

/// A moment at which a caller gives up.
struct Moment {
    what: &'static str,
    /// The faults that keep the call at this moment.
    script: Value,
    text: String,
    /// How many requests the upstream has seen and how many it has answered to the end by then.
    upstream: (u64, u64),
    /// How many events the caller has read.
    events: usize,
}

fn moments() -> Vec<Moment> {
    let moment = |what, script, upstream, events| Moment { what, script, text: TEXT.to_owned(), upstream, events };
    let stalled = |bytes: usize| json!([{"kind": "stall_after", "bytes": bytes, "ms": 600_000}]);
    let two_segments = format!("{}{}", "This comes first. ".repeat(8), "That comes second. ".repeat(20));
    vec![
        moment("before the headers", json!([{"kind": "hang_before_headers"}]), (1, 0), 0),
        moment("behind the headers", json!([{"kind": "headers_then_silence"}]), (1, 0), 0),
        moment("before a retry", json!([{"kind": "overloaded"}]), (1, 1), 0),
        moment("after the first event", stalled(10_000), (1, 0), 1),
        moment("after the first audio", stalled(10_000), (1, 0), 2),
        moment("in the middle", stalled(100_000), (1, 0), 8),
        moment("after an odd byte", json!([[{"kind": "writes", "pattern": "odd"}, stalled(9_999)[0]]]), (1, 0), 2),
        Moment {
            text: two_segments.clone(),
            ..moment("while the second segment is prepared", json!([null, {"kind": "hang_before_headers"}]), (2, 1), 4)
        },
        Moment { text: two_segments, ..moment("in the second segment", json!([null, stalled(20_000)[0]]), (2, 1), 20) },
        Moment { text: TEXT.repeat(20), ..moment("without any hurry", json!([null]), (1, 0), 1) },
    ]
}

impl World {
    /// Speaks up to `moment`, and hangs up: with the stream alone, or with the whole connection.
    async fn give_up(&self, moment: &Moment, with_connection: bool) {
        let mut client = if with_connection { self.server.client().await } else { self.client.clone() };
        let before = self.upstream.log().tally();
        let mut call = Box::pin(async {
            let mut events = client.synthesize(request(&moment.text)).await.unwrap().into_inner();
            for _ in 0..moment.events {
                events.message().await.unwrap().unwrap();
            }
            events
        });
        let reached = || {
            let now = self.upstream.log().tally();
            (now.requests - before.requests, now.ended - before.ended) == moment.upstream
        };
        let held = until(reached, || format!("never came {}", moment.what));
        if moment.events == 0 {
            tokio::select! {
                _ = &mut call => panic!("{}: there is nothing to hear", moment.what),
                () = held => {}
            }
        } else {
            let _events = call.await;
            if moment.upstream != (1, 0) {
                held.await;
            }
        }
    }
}

#[tokio::test]
async fn nothing_stays_behind_a_caller_who_gives_up() {
    let world = World::new(&PATIENT).await;
    let moments = moments();
    for round in 0..10 {
        for moment in &moments {
            world.upstream.script(moment.script.clone()).unwrap();
            world.give_up(moment, round % 2 == 1).await;
            world.at_rest(moment.what).await;
        }
    }
}

#[tokio::test]
async fn nothing_stays_behind_callers_who_give_up_together() {
    let world = World::new(&PATIENT).await;
    world.upstream.script(vec![json!({"kind": "stall_after", "bytes": 10_000, "ms": 600_000}); 50].into()).unwrap();
    let calls = join_all((0..50).map(async |_| {
        let mut events = world.client.clone().synthesize(request(TEXT)).await.unwrap().into_inner();
        events.message().await.unwrap().unwrap();
        events
    }));
    let held = calls.await;
    assert_eq!(world.upstream.log().tally().in_flight, 50);
    drop(held);
    world.at_rest("fifty at once").await;
}

#[tokio::test]
async fn nothing_stays_behind_who_waits_at_the_door_or_for_too_long() {
    let full = ("RHAPSODE__ADMISSION__MAX_CONCURRENT_CALLS", "1");
    let world = World::new(&[&PATIENT[..], &[full, ("RHAPSODE__ADMISSION__QUEUE_TIMEOUT", "10m")]].concat()).await;
    world.upstream.script(json!([{"kind": "hang_before_headers"}, {"kind": "hang_before_headers"}])).unwrap();
    let calls = join_all((0..5).map(|_| world.speak(request(TEXT))));
    tokio::select! {
        _ = calls => panic!("there is nothing to hear"),
        () = until(|| world.upstream.log().tally().in_flight == 1, || "nobody was admitted".to_owned()) => {}
    }
    world.at_rest("four at the door").await;

    let mut hurried = Request::new(request(TEXT));
    hurried.metadata_mut().insert("grpc-timeout", "200m".parse().unwrap());
    world.upstream.script(json!([{"kind": "hang_before_headers"}])).unwrap();
    world.speak(hurried).await;
    world.at_rest("a deadline").await;
}

#[tokio::test]
async fn nothing_stays_behind_the_built_in_voice() {
    let world = World::new(&PATIENT).await;
    let config = SynthesisConfig { model: "builtin".to_owned(), ..Default::default() };
    let long = styled(&TEXT.repeat(50), config);
    for events in 0..3 {
        let mut client = world.client.clone();
        let call = async {
            let mut heard = client.synthesize(long.clone()).await.unwrap().into_inner();
            for _ in 0..events {
                heard.message().await.unwrap().unwrap();
            }
        };
        call.await;
        world.at_rest(&format!("{events} events")).await;
    }
}
