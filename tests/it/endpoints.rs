//! Several endpoints of one model, and what happens when one of them fails: breaker, shares, and a second request for late ones.

use rhapsode::proto::WarningCode;
use serde_json::Value;
use serde_json::json;
use tonic::Code;

use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const TEXT: &str = "Your taxi is here.";

/// A service whose default model has two endpoints.
async fn two_endpoints(one: &StandIn, other: &StandIn, variables: &[(&str, &str)]) -> Rhapsode {
    let (one, other) = (one.base_url(), other.base_url());
    let endpoints = [
        ("RHAPSODE__ENGINES__OPENAI__BASE_URL", one.as_str()),
        ("RHAPSODE__ENGINES__OTHER__KIND", "speech_api"),
        ("RHAPSODE__ENGINES__OTHER__BASE_URL", other.as_str()),
        ("RHAPSODE__ENGINES__OTHER__API_KEY_ENV", "OTHER_KEY"),
        ("OTHER_KEY", "sk-other"),
        ("RHAPSODE__ENGINES__BOTH__KIND", "balanced"),
        ("RHAPSODE__ENGINES__BOTH__MEMBERS", "{ openai = 1, other = 1 }"),
        ("RHAPSODE__MODELS__GPT_4O_MINI_TTS__ENGINE", "both"),
        ("RHAPSODE__RETRY__INITIAL_BACKOFF", "1ms"),
        ("RHAPSODE__RETRY__MAX_BACKOFF", "1ms"),
    ];
    Rhapsode::before(&one, &[&endpoints, variables].concat()).await
}

fn asked(upstream: &StandIn) -> usize {
    upstream.log().records().len()
}

#[tokio::test]
async fn calls_are_shared_out_and_an_endpoint_that_fails_is_left_alone() {
    let one = StandIn::start(Options::default()).await.unwrap();
    let other = StandIn::start(Options::default()).await.unwrap();
    let server = two_endpoints(&one, &other, &[]).await;
    for _ in 0..40 {
        assert!(server.speak(request(TEXT)).await.error.is_none());
    }
    // Of forty calls, fewer than six at one of two equals is one chance in a million.
    assert!(asked(&one) >= 6 && asked(&other) >= 6, "{} and {}", asked(&one), asked(&other));
    assert_eq!(asked(&one) + asked(&other), 40);

    let before = asked(&one);
    one.script(Value::Array(vec![json!({"kind": "overloaded"}); 60])).unwrap();
    for _ in 0..60 {
        let answer = server.speak(request(TEXT)).await;
        assert!(answer.error.is_none(), "{:?}", answer.error);
        let places = answer.warnings.iter().filter(|warning| warning.code() == WarningCode::FallbackUsed).count();
        assert_eq!(places, 0, "it is the same model");
    }
    assert_eq!(asked(&one) - before, 5, "after five faults in a row it is asked no more");
    let (_, metrics) = server.page("/metrics").await;
    assert!(
        metrics.lines().any(|line| line.starts_with("rhapsode_breaker_state") && line.contains("openai")),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_breaker_turns_calls_away_until_its_endpoint_is_well() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let variables = [
        ("RHAPSODE__RETRY__MAX_ATTEMPTS", "1"),
        ("RHAPSODE__BREAKER__FAILURES", "3"),
        ("RHAPSODE__BREAKER__OPEN_FOR", "300ms"),
    ];
    let server = Rhapsode::before(&upstream.base_url(), &variables).await;
    upstream.script(Value::Array(vec![json!({"kind": "overloaded"}); 3])).unwrap();
    for _ in 0..6 {
        let status = server.refuse(request(TEXT)).await;
        assert_eq!(Details::of(&status).meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    }
    assert_eq!(asked(&upstream), 3, "the others were turned away at once");
    tokio::time::sleep(std::time::Duration::from_millis(350)).await;
    for _ in 0..3 {
        assert!(server.speak(request(TEXT)).await.error.is_none());
    }
    assert_eq!(asked(&upstream), 6);
}

#[tokio::test]
async fn clips_that_break_in_the_middle_count_as_well() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let variables = [("RHAPSODE__BREAKER__FAILURES", "3")];
    let server = Rhapsode::before(&upstream.base_url(), &variables).await;
    upstream.script(Value::Array(vec![json!({"kind": "cut_after", "bytes": 20_000}); 3])).unwrap();
    for _ in 0..3 {
        let status = server.refuse(request(TEXT)).await;
        assert_eq!(Details::of(&status).meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"));
    }
    let status = server.refuse(request(TEXT)).await;
    assert_eq!(Details::of(&status).meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert_eq!(asked(&upstream), 3);
}

#[tokio::test]
async fn late_first_words_are_asked_for_twice_if_the_operator_wants() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let variables = [
        ("RHAPSODE__HEDGE__ENABLED", "true"),
        ("RHAPSODE__HEDGE__MIN_SAMPLES", "1"),
        ("RHAPSODE__HEDGE__MIN_DELAY", "50ms"),
        ("RHAPSODE__HEDGE__MAX_DELAY", "200ms"),
        ("RHAPSODE__HEDGE__BUDGET_PERCENT", "100"),
    ];
    let server = Rhapsode::before(&upstream.base_url(), &variables).await;
    assert!(server.speak(request(TEXT)).await.error.is_none());
    upstream.script(json!([{"kind": "hang_before_headers"}])).unwrap();
    let answer = server.speak(request(TEXT)).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    let usage = answer.summary.unwrap().usage.unwrap();
    assert_eq!((usage.hedge_count, usage.retry_count, usage.upstream_call_count), (1, 0, 2));

    // Off by default.
    let server = Rhapsode::before(&upstream.base_url(), &[("RHAPSODE__TIMEOUTS__FIRST_AUDIO", "500ms")]).await;
    upstream.script(json!([{"kind": "hang_before_headers"}])).unwrap();
    let usage = server.speak(request(TEXT)).await.summary.unwrap().usage.unwrap();
    assert_eq!((usage.hedge_count, usage.retry_count), (0, 1));
}
