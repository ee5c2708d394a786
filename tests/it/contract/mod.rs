//! What every engine promises, asked of each engine bare, in each wrapper alone, and in all of them as the service wears
//! them.

mod wrappers;

use std::sync::Arc;
use std::sync::LazyLock;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::StreamExt;
use futures_util::future::join_all;
use rhapsode::engine::Engine;
use rhapsode::engine::embedded;
use rhapsode::engine::embedded::Embedded;
use rhapsode::engine::realtime;
use rhapsode::engine::realtime::Realtime;
use rhapsode::engine::speech_api;
use rhapsode::engine::speech_api::SpeechApi;
use rhapsode::error::Error;
use rhapsode::error::Kind;
use rhapsode::secret::Secret;
use rhapsode::speech::Delivery;
use rhapsode::speech::Frame;
use rhapsode::speech::Segment;
use rhapsode::speech::Speech;
use rhapsode::speech::playing_time;
use rhapsode::telemetry::Metrics;
use serde_json::json;
use tokio::time::timeout;

use wrappers::WRAPPERS;

use crate::support::segment::delivery;
use crate::support::segment::segment;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const WORD: &str = "Hello.";
const SENTENCE: &str = "The last boat came in at nine.";
const SENTENCES: &str = "The last boat came in at nine. Nobody was there to meet it! Who could have known?";

/// When something counts as hung; nothing is measured with it.
const PATIENCE: Duration = Duration::from_mins(1);

/// The built-in voice with a single worker, so that one that is not given back is missed at once.
fn built_in() -> Arc<dyn Engine> {
    static VOICE: LazyLock<Embedded> = LazyLock::new(|| Embedded::new(&embedded::Config { workers: 1 }).unwrap());
    Arc::new(VOICE.clone())
}

/// Connections are not kept, so that an open one is one that somebody holds.
fn speech_api(upstream: &StandIn) -> Arc<dyn Engine> {
    let config = speech_api::Config {
        base_url: upstream.base_url().parse().unwrap(),
        max_idle_connections: 0,
        preconnect: 0,
        ..speech_api::Config::default()
    };
    Arc::new(SpeechApi::new(&config, Some(&Secret::new("sk-test-key")), Metrics::disabled()).unwrap())
}

/// Without sessions beside those in use, so that what is asked is what was asked for.
fn realtime(upstream: &StandIn) -> Arc<dyn Engine> {
    let config = realtime::Config {
        base_url: upstream.base_url().parse().unwrap(),
        standby_sessions: 0,
        ..realtime::Config::default()
    };
    let engine = Realtime::new(&config, Some(&Secret::new("sk-test-key")), Metrics::disabled()).unwrap();
    Arc::new(engine)
}

/// `segment` as the engine of `what` knows it.
fn part(what: &str, text: &str) -> Segment {
    let mut segment = segment(text);
    if what.starts_with("Realtime") {
        segment.delivery = Arc::new(Delivery { model: "gpt-realtime-2.1-mini".to_owned(), ..delivery() });
    }
    segment
}

/// Has the upstream do `fault` to the next request, in the way of the engine that `what` names.
fn plan(what: &str, upstream: &StandIn, fault: Fault) {
    let is_realtime = what.starts_with("Realtime");
    let fault = match (fault, is_realtime) {
        (Fault::OddWrites, false) => json!({"kind": "writes", "pattern": "odd"}),
        (Fault::OddWrites, true) => json!(null),
        (Fault::Hang, false) => json!({"kind": "hang_before_headers"}),
        (Fault::Hang, true) => json!({"kind": "realtime_stall", "after_ms": 0}),
        (Fault::Stall, false) => json!({"kind": "stall_after", "bytes": 20_000, "ms": 600_000}),
        (Fault::Stall, true) => json!({"kind": "realtime_stall", "after_ms": 800}),
        (Fault::Refuse, false) => json!({"kind": "status", "status": 400}),
        (Fault::Refuse, true) => json!({"kind": "realtime_error_only", "code": "invalid_value"}),
        (Fault::Cut, false) => json!({"kind": "cut_after", "bytes": 20_000}),
        (Fault::Cut, true) => json!({"kind": "realtime_drop", "after_ms": 800}),
    };
    upstream.script(json!([fault])).unwrap();
}

/// What can go wrong at an upstream.
enum Fault {
    OddWrites,
    Hang,
    Stall,
    Refuse,
    Cut,
}

/// Runs `check` for every engine in every wrapper, each with an upstream of its own, which the built-in voice does not ask.
async fn each(check: impl AsyncFn(&str, Arc<dyn Engine>, &StandIn)) {
    for (how, wrap) in WRAPPERS {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        check(&format!("built-in voice {how}"), wrap(built_in()), &upstream).await;
        let upstream = StandIn::start(Options::default()).await.unwrap();
        check(&format!("speech API {how}"), wrap(speech_api(&upstream)), &upstream).await;
        let upstream = StandIn::start(Options { realtime_odd: true, ..Options::default() }).await.unwrap();
        check(&format!("Realtime {how}"), wrap(realtime(&upstream)), &upstream).await;
    }
}

async fn begin(what: &str, engine: &Arc<dyn Engine>, text: &str) -> Result<Speech, Error> {
    timeout(PATIENCE, engine.speak(part(what, text))).await.unwrap_or_else(|_| panic!("{what} hangs"))
}

/// All of the sound, every frame of it checked on the way.
async fn listen(what: &str, speech: Speech) -> Vec<u8> {
    let mut frames = speech;
    let mut sound = Vec::new();
    loop {
        let frame = timeout(PATIENCE, frames.next()).await.unwrap_or_else(|_| panic!("{what} falls silent"));
        match frame.unwrap_or_else(|| panic!("{what} has no end")).unwrap() {
            Frame::Audio(audio) => {
                assert!(!audio.is_empty() && audio.len() % 2 == 0, "{what}: {} bytes", audio.len());
                sound.extend_from_slice(&audio);
            }
            Frame::End(_) => break,
        }
    }
    assert!(frames.next().await.is_none(), "{what} goes on behind its end");
    sound
}

/// Waits until the upstream has nobody to serve, after having served `requests`.
async fn released(what: &str, upstream: &StandIn, requests: u64) {
    let released = timeout(PATIENCE, async {
        // Sessions stay open between readings.
        let is_session = what.starts_with("Realtime");
        while (upstream.open_connections() > 0 && !is_session) || upstream.log().tally().in_flight > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    assert!(released.await.is_ok(), "{what} holds the upstream");
    assert_eq!(upstream.log().tally().requests, requests, "{what}");
}

#[tokio::test]
async fn speech_begins_with_its_first_audio_in_hand() {
    each(async |what, engine, _| {
        let mut frames = begin(what, &engine, WORD).await.unwrap();
        let first = frames.next().now_or_never();
        assert!(matches!(first, Some(Some(Ok(Frame::Audio(_))))), "{what}: {first:?}");
    })
    .await;
}

#[tokio::test]
async fn whole_samples_come_and_then_one_end() {
    each(async |what, engine, upstream| {
        // Split wherever it can be.
        plan(what, upstream, Fault::OddWrites);
        let sound = listen(what, begin(what, &engine, WORD).await.unwrap()).await;
        assert!(sound.iter().any(|&byte| byte > 100), "{what} is silent");
    })
    .await;
}

#[tokio::test]
async fn more_to_say_takes_longer() {
    each(async |what, engine, _| {
        let mut before = Duration::ZERO;
        for (text, seconds) in [(WORD, 0.2..1.5), (SENTENCE, 1.2..4.0), (SENTENCES, 4.0..9.0)] {
            let took = playing_time(listen(what, begin(what, &engine, text).await.unwrap()).await.len() as u64);
            assert!(took > before && seconds.contains(&took.as_secs_f64()), "{what}: {took:?} for {text}");
            before = took;
        }
    })
    .await;
}

#[tokio::test]
async fn speaking_together_changes_nothing() {
    each(async |what, engine, _| {
        let alone = listen(what, begin(what, &engine, WORD).await.unwrap()).await;
        let together = (0..4).map(async |_| listen(what, begin(what, &engine, WORD).await.unwrap()).await);
        assert!(join_all(together).await.iter().all(|sound| *sound == alone), "{what}");
    })
    .await;
}

#[tokio::test]
async fn what_is_dropped_is_released() {
    each(async |what, engine, upstream| {
        // Never polled: nobody is asked.
        drop(engine.speak(part(what, SENTENCES)));
        released(what, upstream, 0).await;

        // Before it has begun. The built-in voice may be faster than that.
        plan(what, upstream, Fault::Hang);
        let is_upstream = !what.starts_with("built-in");
        let asked = async {
            while is_upstream && upstream.log().tally().in_flight == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            begun = engine.speak(part(what, SENTENCES)) => assert!(!is_upstream && begun.is_ok(), "{what}"),
            () = asked => {}
        }
        released(what, upstream, u64::from(is_upstream)).await;

        // In the middle.
        plan(what, upstream, Fault::Stall);
        let mut frames = begin(what, &engine, SENTENCES).await.unwrap();
        assert!(matches!(frames.next().await, Some(Ok(Frame::Audio(_)))), "{what}");
        drop(frames);
        released(what, upstream, 2 * u64::from(is_upstream)).await;

        // And it speaks on.
        listen(what, begin(what, &engine, WORD).await.unwrap()).await;
    })
    .await;
}

#[tokio::test]
async fn what_goes_wrong_before_audio_is_an_error_instead_of_speech() {
    each(async |what, engine, upstream| {
        plan(what, upstream, Fault::Refuse);
        let (text, kind) = if what.starts_with("built-in") {
            ("Добрый день.", Kind::InvalidField)
        } else {
            (WORD, Kind::UpstreamRejected)
        };
        let error = begin(what, &engine, text).await.err().unwrap_or_else(|| panic!("{what} spoke"));
        assert_eq!(error.kind(), kind, "{what}");
        assert!(what.starts_with("Realtime") || error.field() == Some("text"), "{what}");
    })
    .await;
}

#[tokio::test]
async fn what_goes_wrong_after_audio_is_an_error_and_no_end() {
    each(async |what, engine, upstream| {
        if what.starts_with("built-in") {
            // Nothing can be made to go wrong there.
            return;
        }
        plan(what, upstream, Fault::Cut);
        let mut frames = begin(what, &engine, SENTENCES).await.unwrap();
        let last = loop {
            match frames.next().await.unwrap_or_else(|| panic!("{what} just stops")) {
                Ok(Frame::Audio(_)) => {}
                last => break last,
            }
        };
        assert!(last.is_err(), "{what} takes a cut for an end");
        released(what, upstream, 1).await;
    })
    .await;
}

#[tokio::test]
async fn every_wrapper_asks_its_engine_what_can_be_spoken() {
    each(async |what, engine, _| {
        assert!(engine.check(SENTENCE, Some("en-GB")).is_ok(), "{what}");
        let is_built_in = what.starts_with("built-in");
        assert_eq!(engine.check("Добрый день.", None).is_err(), is_built_in, "{what}");
        assert_eq!(engine.check(SENTENCE, Some("de")).is_err(), is_built_in, "{what}");
    })
    .await;
}

#[tokio::test]
async fn an_engine_books_what_it_asks_of_an_upstream() {
    each(async |what, engine, upstream| {
        plan(what, upstream, Fault::OddWrites);
        let segment = part(what, WORD);
        listen(what, engine.speak(segment.clone()).await.unwrap()).await;
        let calls = u32::try_from(upstream.log().tally().requests).unwrap();
        assert_eq!((segment.ledger.upstream_calls(), segment.ledger.retries()), (calls, 0), "{what}");
        assert_eq!(segment.ledger.request_ids().len(), segment.ledger.upstream_calls() as usize, "{what}");
    })
    .await;
}
