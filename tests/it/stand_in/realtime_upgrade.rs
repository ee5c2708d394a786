//! How a realtime socket is opened, refused, kept alive and ended.

use std::time::Duration;

use serde_json::Value;
use serde_json::json;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Error;

use super::ask;
use super::realtime::Client;
use super::realtime::Farewell;
use super::realtime::PATH;
use super::request;
use super::timing::PATIENCE;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;
use crate::support::stand_in::options::Timing;

const KEY: (&str, &str) = ("authorization", "Bearer sk-test");

/// Status, code and `retry-after-ms` of a refused upgrade.
async fn refused(stand_in: &StandIn, path: &str, headers: &[(&'static str, &str)]) -> (u16, Value, Option<String>) {
    match Client::knock(stand_in, path, headers).await {
        Err(Error::Http(response)) => {
            let wait = response.headers().get("retry-after-ms").map(|value| value.to_str().unwrap().to_owned());
            // The body of a refused upgrade is whole only if it came with its head.
            let body = response.body().clone().unwrap_or_default();
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            (response.status().as_u16(), body["error"]["code"].clone(), wait)
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{path} was accepted"),
    }
}

#[tokio::test]
async fn a_key_and_a_model_open_the_door() {
    let stand_in = StandIn::start(Options { api_key: Some("sk-test".into()), ..Options::default() }).await.unwrap();
    let (status, code, _) = refused(&stand_in, PATH, &[("authorization", "Bearer sk-wrong")]).await;
    assert_eq!((status, code), (401, json!("invalid_api_key")));
    assert_eq!(refused(&stand_in, PATH, &[]).await.0, 401);
    let (status, code, _) = refused(&stand_in, "/v1/realtime?model=gpt-4o-mini-tts", &[KEY]).await;
    assert_eq!((status, code), (404, json!("model_not_found")));
    let (status, code, _) = refused(&stand_in, "/v1/realtime", &[KEY]).await;
    assert_eq!((status, code), (400, json!("missing_model")));
    let (status, code, _) = refused(&stand_in, PATH, &[KEY, ("openai-beta", "realtime=v1")]).await;
    assert_eq!((status, code), (400, json!("beta_api_shape_disabled")));
    assert_eq!(stand_in.accepted_sessions(), 0);
    // Without the headers of an upgrade it is no upgrade.
    let url = format!("http://{}{PATH}", stand_in.address());
    let plain = reqwest::Client::new().get(url).bearer_auth("sk-test").send().await.unwrap();
    assert_eq!(plain.status(), 400);
}

#[tokio::test]
async fn azure_takes_its_own_kinds_of_key() {
    let stand_in = StandIn::start(Options { api_key: Some("sk-test".into()), ..Options::default() }).await.unwrap();
    let path = "/openai/v1/realtime?model=my-realtime";
    for (path, headers) in [
        (path, vec![("api-key", "sk-test")]),
        (path, vec![KEY]),
        ("/openai/v1/realtime?model=my-realtime&api-key=sk-test", vec![]),
    ] {
        let mut client = Client::knock(&stand_in, path, &headers).await.unwrap();
        assert_eq!(client.event().await["session"]["model"], "my-realtime");
    }
    assert_eq!(refused(&stand_in, path, &[("api-key", "sk-wrong")]).await.0, 401);
    let (status, code, _) = refused(&stand_in, "/openai/v1/realtime?model=my-tts", &[KEY]).await;
    assert_eq!((status, code), (400, json!("OpperationNotSupported")));
    // OpenAI's own path knows no such header.
    assert_eq!(refused(&stand_in, PATH, &[("api-key", "sk-test")]).await.0, 401);
}

#[tokio::test]
async fn upgrades_fail_as_scripted_and_responses_keep_their_script() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let script = json!([
        { "kind": "realtime_silent" },
        { "kind": "realtime_upgrade", "status": 429, "code": "slow_down", "retry_after_ms": 1500 },
        { "kind": "realtime_upgrade", "status": 403 },
        { "kind": "realtime_error_after_upgrade", "code": "invalid_api_key" },
        { "kind": "realtime_close_after_upgrade" },
    ]);
    stand_in.script(script).unwrap();
    assert_eq!(refused(&stand_in, PATH, &[KEY]).await, (429, json!("slow_down"), Some("1500".into())));
    assert_eq!(refused(&stand_in, PATH, &[KEY]).await.0, 403);
    let mut client = Client::knock(&stand_in, PATH, &[KEY]).await.unwrap();
    assert_eq!(client.event().await["error"]["code"], "invalid_api_key");
    let reason = "invalid_request_error.invalid_api_key".to_owned();
    assert_eq!(client.next().await.unwrap_err(), Farewell::Close(3000, reason));
    let mut client = Client::knock(&stand_in, PATH, &[KEY]).await.unwrap();
    assert_eq!(client.next().await.unwrap_err(), Farewell::Close(1011, String::new()));
    let mut client = Client::open(&stand_in).await;
    let events = client.whole("Hello.", &json!({})).await;
    assert!(super::realtime::audio(&events).is_empty(), "the first entry waited for a response");
}

#[tokio::test(start_paused = true)]
async fn opening_and_updating_take_their_time() {
    let recorded = Options { timing: Timing::Recorded, ..Options::default() };
    let own = Options { realtime_connect_ms: Some(50), realtime_update_ms: Some(20), ..Options::default() };
    for (options, connect, update, extra) in
        [(recorded, 300, 200, 0), (own, 50, 20, 900), (Options::default(), 0, 0, 0)]
    {
        let stand_in = StandIn::start(options).await.unwrap();
        if extra > 0 {
            stand_in.script(json!([{ "kind": "realtime_slow_created", "ms": extra }])).unwrap();
        }
        let begin = Instant::now();
        let mut client = Client::knock(&stand_in, PATH, &[KEY]).await.unwrap();
        let near = |expected: u64| {
            let elapsed = u64::try_from(begin.elapsed().as_millis()).unwrap();
            assert!((expected..expected + 4).contains(&elapsed), "{elapsed} for {expected}");
        };
        near(connect);
        client.event().await;
        near(connect + extra);
        client.say(&json!({ "type": "session.update", "session": { "type": "realtime" } })).await;
        client.until("session.updated").await;
        near(connect + extra + update);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_expires_with_an_error_and_1001() {
    let options = Options { realtime_expiry_ms: 120_000, realtime_ping_ms: 300_000, ..Options::default() };
    let stand_in = StandIn::start(options).await.unwrap();
    stand_in.script(json!([{ "kind": "realtime_stall" }])).unwrap();
    let begin = Instant::now();
    let mut client = Client::open(&stand_in).await;
    client.read("Hello.", &json!({})).await;
    tokio::time::sleep(Duration::from_secs(119)).await;
    let error = client.until("error").await.pop().unwrap()["error"].take();
    assert!((120..121).contains(&begin.elapsed().as_secs()));
    let reason = "Your session hit the maximum duration of 2 minutes.";
    assert_eq!((&error["code"], &error["message"]), (&json!("session_expired"), &json!(reason)));
    assert_eq!(client.next().await.unwrap_err(), Farewell::Close(1001, reason.into()));
    let end = stand_in.log().ended(1, PATIENCE).await[0].end.unwrap().how;
    assert_eq!(end, End::Closed { code: 1001 });
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_pings_is_closed() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    // A client that reads answers pings by itself, and so stays.
    let mut reader = Client::open(&stand_in).await;
    let outcome = tokio::time::timeout(Duration::from_secs(200), reader.next_for_ever()).await;
    assert!(outcome.is_err(), "{outcome:?}");
    let mut sleeper = Client::open(&stand_in).await;
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert_eq!(sleeper.next().await.unwrap_err(), Farewell::Close(1011, "keepalive ping timeout".into()));
}

#[tokio::test]
async fn a_stand_in_takes_its_sockets_along() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    drop(stand_in);
    assert_eq!(client.next().await.unwrap_err(), Farewell::Nothing);
}

#[tokio::test]
async fn the_state_and_the_log_tell_of_sockets_and_responses() {
    let stand_in = StandIn::start(Options::default()).await.unwrap();
    let mut client = Client::open(&stand_in).await;
    client.whole("Hello.", &json!({})).await;
    ask(&stand_in, &request("Hi", &json!({}))).await;
    drop(Client::open(&stand_in).await);
    stand_in.log().ended(2, PATIENCE).await;
    let get = async |path: &str| -> Value {
        reqwest::get(format!("http://{}/_control/{path}", stand_in.address())).await.unwrap().json().await.unwrap()
    };
    let state = get("state").await;
    assert_eq!(state["realtime"]["accepted"], 2);
    assert!([1, 2].contains(&state["realtime"]["open"].as_u64().unwrap()), "{state}");
    let log = get("log").await;
    assert_eq!((&log[0]["kind"], &log[1]["kind"]), (&json!("realtime"), &json!("speech")));
    assert_eq!((&log[0]["realtime"]["spoken"], &log[1]["realtime"]), (&json!("Hello."), &json!(null)));
    assert_eq!(
        (&log[0]["end"]["kind"], &log[0]["headers"]["authorization"]),
        (&json!("completed"), &json!("Bearer ***"))
    );
}

#[tokio::test]
async fn retired_models_are_gone_and_the_realtime_ones_stay() {
    for retired in [false, true] {
        let stand_in = StandIn::start(Options { retired, ..Options::default() }).await.unwrap();
        let get = async |path: &str| -> Value {
            let request = reqwest::Client::new().get(format!("{}/{path}", stand_in.base_url())).bearer_auth("sk-test");
            request.send().await.unwrap().json().await.unwrap()
        };
        for model in ["gpt-4o-mini-tts", "tts-1", "tts-1-hd"] {
            let answer = ask(&stand_in, &request("Hi", &json!({ "model": model }))).await;
            assert_eq!(answer.status, if retired { 404 } else { 200 }, "{model}");
            assert_eq!(answer.text().contains("model_not_found"), retired);
            assert_eq!(get(&format!("models/{model}")).await["id"] == model, !retired);
        }
        let listed: Vec<String> =
            get("models").await["data"].as_array().unwrap().iter().map(|model| model["id"].to_string()).collect();
        assert_eq!(listed.iter().any(|name| name.contains("tts")), !retired);
        assert!(listed.contains(&"\"gpt-realtime-2.1-mini\"".to_owned()), "{listed:?}");
        assert_eq!(get("models/gpt-realtime-2.1").await["object"], "model");
        Client::open(&stand_in).await;
    }
}
