//! What goes wrong at servers that speak the protocol with manners of their own is taken as it is at OpenAI's.

use std::time::Duration;

use rhapsode::proto;
use rhapsode::proto::WarningCode;
use serde_json::Value;
use serde_json::json;
use tonic::Code;

use super::MODEL;
use super::TEXT;
use super::read;
use super::readings;
use super::seconds;
use super::sessions_used;
use super::sound;
use super::stage;
use super::warned;
use crate::support::details::Details;
use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::End;
use crate::support::stand_in::realtime::dialect::Dialect;

const OTHERS: [Dialect; 2] = [Dialect::Beta, Dialect::Xai];

/// An upstream with these manners that speaks so many seconds a second, and a service with no session but those that are needed
/// and patience for words that come behind their audio.
async fn stage_of(dialect: Dialect, rate: f64) -> (StandIn, Rhapsode) {
    let variables = [
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__VERBATIM__MAX_HOLD", "3s"),
    ];
    let options = Options { realtime_dialect: dialect, realtime_rate: Some(rate), ..Options::default() };
    stage(options, &variables).await
}

#[tokio::test]
async fn a_hang_up_cancels_the_reading_by_its_name_and_leaves_the_session() {
    for dialect in OTHERS {
        let (upstream, server) = stage_of(dialect, 2.0).await;
        let alone = sound(&read(&server, "Mind the gap.").await);
        let config = proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
        let mut events = server.client().await.synthesize(styled(TEXT, config)).await.unwrap().into_inner();
        for _ in 0..2 {
            events.message().await.unwrap().unwrap();
        }
        drop(events);
        let records = upstream.log().ended(2, Duration::from_secs(10)).await;
        assert_eq!(records[1].end.unwrap().how, End::Cancelled, "{dialect:?}");
        let next = read(&server, "Mind the gap.").await;
        assert!(next.error.is_none() && sound(&next) == alone, "{dialect:?}: {:?}", next.error);
        assert_eq!(upstream.accepted_sessions(), 1, "{dialect:?}");
    }
}

#[tokio::test]
async fn what_fails_before_audio_is_tried_again() {
    let faults = [
        json!({"kind": "realtime_failed", "code": "server_error"}),
        json!({"kind": "realtime_error_only", "code": "server_error"}),
        json!({"kind": "realtime_error_only", "code": "server_error", "null_event_id": true}),
        json!({"kind": "realtime_silent"}),
        json!({"kind": "realtime_quiet"}),
        json!({"kind": "realtime_close", "after_ms": 0}),
    ];
    for dialect in OTHERS {
        let (upstream, server) = stage_of(dialect, 40.0).await;
        let alone = sound(&read(&server, TEXT).await);
        for fault in &faults {
            upstream.script(json!([fault])).unwrap();
            let answer = read(&server, TEXT).await;
            assert!(answer.error.is_none(), "{dialect:?}, {fault}: {:?}", answer.error);
            assert!(sound(&answer) == alone, "{dialect:?}, {fault}");
            assert_eq!(answer.summary.unwrap().usage.unwrap().retry_count, 1, "{dialect:?}, {fault}");
        }
    }
}

#[tokio::test]
async fn what_fails_behind_audio_ends_the_call() {
    for dialect in OTHERS {
        let (upstream, server) = stage_of(dialect, 40.0).await;
        for fault in [
            json!({"kind": "realtime_failed", "after_ms": 3000}),
            json!({"kind": "realtime_incomplete", "after_ms": 3000}),
            json!({"kind": "realtime_drop", "after_ms": 3000}),
        ] {
            let before = readings(&upstream).len();
            upstream.script(json!([fault])).unwrap();
            let answer = read(&server, TEXT).await;
            let details = Details::of(answer.error.as_ref().unwrap());
            assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"), "{dialect:?}, {fault}");
            assert!((0.5..3.1).contains(&seconds(&answer)), "{dialect:?}, {fault}: {} s", seconds(&answer));
            assert_eq!(readings(&upstream).len(), before + 1, "{dialect:?}, {fault}");
        }
    }
}

#[tokio::test]
async fn what_is_reworded_is_never_heard_early_and_told_late() {
    let reword = |mode: &str| json!({"kind": "realtime_reword", "mode": mode});
    for dialect in OTHERS {
        let (upstream, server) = stage_of(dialect, 40.0).await;
        let alone = sound(&read(&server, TEXT).await);
        for mode in ["preamble", "answer", "paraphrase"] {
            upstream.script(json!([reword(mode)])).unwrap();
            let answer = read(&server, TEXT).await;
            assert!(answer.error.is_none(), "{dialect:?}, {mode}: {:?}", answer.error);
            assert!(sound(&answer) == alone, "{dialect:?}, {mode}: other words were heard");
        }
        assert_eq!(sessions_used(&upstream), [1; 7], "{dialect:?}: what is given up is cancelled and its session kept");

        upstream.script(json!([reword("answer"), reword("answer"), reword("answer")])).unwrap();
        let answer = read(&server, TEXT).await;
        let details = Details::of(answer.error.as_ref().unwrap());
        assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_DEVIATED"), "{dialect:?}");
        assert!(sound(&answer).is_empty(), "{dialect:?}");

        upstream.script(json!([reword("extra_tail")])).unwrap();
        let answer = read(&server, TEXT).await;
        assert!(answer.error.is_none(), "{dialect:?}: {:?}", answer.error);
        assert_eq!(warned(&answer, WarningCode::TextDeviated).len(), 1, "{dialect:?}: {:?}", answer.warnings);
    }
}

#[tokio::test]
async fn an_endpoint_without_details_still_says_that_it_was_not_the_text() {
    // xAI writes a word where others have an object, so that the reason for an incomplete reading is not known.
    let (upstream, server) = stage_of(Dialect::Xai, 40.0).await;
    let filtered: Vec<Value> = vec![json!({"kind": "realtime_incomplete", "reason": "content_filter"}); 3];
    upstream.script(Value::Array(filtered)).unwrap();
    let answer = read(&server, TEXT).await;
    let details = Details::of(answer.error.as_ref().unwrap());
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert_eq!(readings(&upstream).len(), 1, "it would end there again");
}
