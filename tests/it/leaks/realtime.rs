//! Whatever happens to a reading, its place on the session is given back, and no session stays behind but the one that is kept.

use std::time::Duration;

use futures_util::future::join_all;
use rhapsode::proto::SynthesisConfig;
use rhapsode::proto::SynthesizeRequest;
use serde_json::Value;
use serde_json::json;

use super::SETTINGS;
use super::TEXT;
use super::World;
use super::alive_tasks;
use super::documented;
use super::until;
use crate::support::server::Rhapsode;
use crate::support::server::speak;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

/// One Realtime session that holds four readings, and no more of either.
const ONE_SESSION: [(&str, &str); 5] = [
    ("RHAPSODE__ENGINES__OPENAI_REALTIME__MAX_SESSIONS", "1"),
    ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
    ("RHAPSODE__ENGINES__OPENAI_REALTIME__READINGS_PER_SESSION", "4"),
    // Who does not answer is noticed soon, and who fails again and again is asked again.
    ("RHAPSODE__ENGINES__OPENAI_REALTIME__PING_INTERVAL", "1s"),
    ("RHAPSODE__BREAKER__ENABLED", "false"),
];

/// One of each kind of a Realtime endpoint, each with what it can be told.
fn realtime_faults() -> Vec<Value> {
    let mut faults: Vec<Value> = [
        json!({"kind": "realtime_commentary"}),
        json!({"kind": "realtime_silent"}),
        json!({"kind": "realtime_quiet"}),
        json!({"kind": "realtime_text_only"}),
        json!({"kind": "realtime_incomplete"}),
        json!({"kind": "realtime_incomplete", "reason": "content_filter", "after_ms": 1000}),
        json!({"kind": "realtime_failed"}),
        json!({"kind": "realtime_failed", "code": "insufficient_quota"}),
        json!({"kind": "realtime_failed", "after_ms": 1000}),
        json!({"kind": "realtime_error_only"}),
        json!({"kind": "realtime_error_only", "null_event_id": true}),
        json!({"kind": "realtime_error_only", "code": "invalid_value"}),
        json!({"kind": "realtime_drop"}),
        json!({"kind": "realtime_drop", "after_ms": 1000}),
        json!({"kind": "realtime_drop", "after_ms": 1000, "reset": true}),
        json!({"kind": "realtime_close"}),
        json!({"kind": "realtime_close", "code": 1001, "after_ms": 1000}),
        json!({"kind": "realtime_stall"}),
        json!({"kind": "realtime_stall", "after_ms": 1000}),
        json!({"kind": "realtime_deaf"}),
        json!([{"kind": "realtime_deaf"}, {"kind": "realtime_stall"}]),
        json!([{"kind": "realtime_deaf"}, {"kind": "realtime_stall", "after_ms": 1000}]),
        json!({"kind": "realtime_late_deltas"}),
        json!([{"kind": "realtime_late_deltas"}, {"kind": "realtime_reword", "mode": "answer"}]),
        json!({"kind": "realtime_late_created", "ms": 100}),
        json!({"kind": "realtime_late_created", "ms": 1000}),
        json!({"kind": "realtime_unknown_events"}),
        json!({"kind": "realtime_upgrade", "status": 401}),
        json!({"kind": "realtime_upgrade", "status": 503}),
        json!({"kind": "realtime_upgrade", "status": 429, "retry_after_ms": 5}),
        json!({"kind": "realtime_error_after_upgrade", "code": "server_error"}),
        json!({"kind": "realtime_close_after_upgrade"}),
        json!({"kind": "realtime_slow_created", "ms": 100}),
    ]
    .into();
    faults.extend(documented("## Control", "| mode |").map(|mode| json!({"kind": "realtime_reword", "mode": mode})));
    faults
}

/// The kind of a fault, or of the first of several.
fn kind(fault: &Value) -> &Value {
    if fault.is_array() { &fault[0]["kind"] } else { &fault["kind"] }
}

/// The kinds in the table of those of `what` that befall a Realtime socket.
fn documented_of_realtime(what: &str) -> impl Iterator<Item = &'static str> {
    let head =
        if what.starts_with("a response") { "what happens to a response |" } else { "what happens to an upgrade |" };
    documented("| mode |", head).filter(|name| name.starts_with("realtime_"))
}

/// A request for the Realtime model.
fn read() -> SynthesizeRequest {
    styled(TEXT, SynthesisConfig { model: "gpt-realtime-2.1-mini".to_owned(), ..Default::default() })
}

impl World {
    /// With a Realtime endpoint that speaks at some pace, so that readings are in progress together, and that soon notices who
    /// has left it while it does not listen.
    async fn realtime() -> Self {
        let options = Options { realtime_rate: Some(40.0), realtime_ping_ms: 500, ..Options::default() };
        let upstream = StandIn::start(options).await.unwrap();
        let server = Rhapsode::before_all(&upstream.base_url(), &[&SETTINGS[..], &ONE_SESSION].concat()).await;
        Self::before(upstream, server).await
    }

    /// Counts the tasks at rest beside one session.
    async fn rest_with_a_session(&mut self) {
        self.speak(read()).await;
        until(|| self.upstream.log().tally().in_flight == 0, || "it is still read".to_owned()).await;
        // What only the first call needs is over by then.
        until(|| self.upstream.open_connections() == 1, || "there is no rest".to_owned()).await;
        self.speak(read()).await;
        self.tasks = settled_tasks().await;
    }

    /// Has the endpoint close the session that there is.
    async fn cut_the_session(&self) {
        self.upstream.script(json!([{"kind": "realtime_close", "code": 1001, "after_ms": 1000}])).unwrap();
        self.speak(read()).await;
        until(|| self.upstream.open_sessions() == 0, || "the session is still open".to_owned()).await;
    }

    /// Whether a session is to be had that takes as many readings as ever, and whether nothing is there but that session.
    async fn is_as_before(&self, after: &str) {
        let in_flight = || self.upstream.log().tally().in_flight;
        until(|| in_flight() == 0, || format!("{after}: {} readings", in_flight())).await;
        let answer = speak(&mut self.client.clone(), read()).await;
        assert!(answer.error.is_none(), "{after}: {:?}", answer.error);
        let together = join_all((0..4).map(async |_| speak(&mut self.client.clone(), read()).await)).await;
        for answer in together {
            assert!(answer.error.is_none(), "{after}: a place was not given back: {:?}", answer.error);
        }
        let upstream = || {
            let tally = self.upstream.log().tally();
            (tally.in_flight, self.upstream.open_sessions(), self.upstream.open_connections())
        };
        until(|| upstream() == (0, 1, 1), || format!("{after}: readings, sessions, connections {:?}", upstream()))
            .await;
        self.no_call_is_counted(after).await;
        until(|| alive_tasks() == self.tasks, || format!("{after}: {} tasks, not {}", alive_tasks(), self.tasks)).await;
    }
}

/// The tasks that are there once no more of them end.
async fn settled_tasks() -> usize {
    let mut before = alive_tasks();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = alive_tasks();
        if std::mem::replace(&mut before, now) == now {
            return now;
        }
    }
}

#[tokio::test]
async fn nothing_stays_behind_a_fault_of_a_realtime_endpoint() {
    let mut world = World::realtime().await;
    let faults = realtime_faults();
    for end in ["a response |", "an upgrade |"] {
        for name in documented_of_realtime(end) {
            assert!(faults.iter().any(|fault| kind(fault) == name), "{name} is not tried");
        }
    }
    world.rest_with_a_session().await;
    for fault in faults {
        let is_of_upgrades = documented_of_realtime("an upgrade |").any(|name| kind(&fault) == name);
        if is_of_upgrades {
            // The next call has to open a session.
            world.cut_the_session().await;
        }
        let seen = world.upstream.log().tally().requests;
        world.upstream.script(json!([fault, fault, fault])).unwrap();
        world.speak(read()).await;
        assert!(is_of_upgrades || world.upstream.log().tally().requests > seen, "{fault} befell nobody");
        world.forget_the_script().await;
        if kind(&fault) == "realtime_deaf" {
            // Both sides notice by their pings.
            until(|| world.upstream.open_sessions() == 0, || "the deaf session is still open".to_owned()).await;
        }
        world.is_as_before(&fault.to_string()).await;
    }
}

#[tokio::test]
async fn nothing_stays_behind_a_caller_who_gives_up_a_reading() {
    let mut world = World::realtime().await;
    world.rest_with_a_session().await;
    for (script, events) in [
        (json!([{"kind": "realtime_late_created", "ms": 200}]), 0),
        (json!([{"kind": "realtime_stall"}]), 0),
        (json!([{"kind": "realtime_stall", "after_ms": 1000}]), 2),
        (json!([[{"kind": "realtime_late_deltas"}, {"kind": "realtime_stall", "after_ms": 1500}]]), 2),
        (json!([null]), 1),
    ] {
        for _ in 0..3 {
            let before = world.upstream.log().tally().requests;
            world.upstream.script(script.clone()).unwrap();
            let mut client = world.client.clone();
            let call = async {
                let mut heard = client.synthesize(read()).await.unwrap().into_inner();
                for _ in 0..events {
                    heard.message().await.unwrap().unwrap();
                }
            };
            let asked = until(|| world.upstream.log().tally().requests > before, || "nobody asked".to_owned());
            if events == 0 {
                tokio::select! {
                    () = call => panic!("{script}: there is nothing to hear"),
                    () = asked => {}
                }
            } else {
                call.await;
            }
            world.is_as_before(&script.to_string()).await;
        }
    }
}
