//! Ends that come at the wrong moment: of a reading, of a session, of a connection, and of a server's attention.

use std::ops::Range;
use std::time::Duration;

use futures_util::future::join3;
use rhapsode::proto;
use serde_json::Value;
use serde_json::json;
use tonic::Code;

use super::MODEL;
use super::TEXT;
use super::length;
use super::read;
use super::readings;
use super::seconds;
use super::sessions_used;
use super::soon;
use super::sound;
use super::stage;
use crate::support::details::Details;
use crate::support::server::Answer;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::log::End;

/// Nothing is opened that is not needed, so that sessions can be counted.
const NONE_STANDS_BY: (&str, &str) = ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0");
/// The server is asked often whether it is there.
const QUICK_PINGS: (&str, &str) = ("RHAPSODE__ENGINES__OPENAI_REALTIME__PING_INTERVAL", "300ms");

/// The call was cut off behind some audio, for which it is never tried again.
fn assert_broken_off(answer: &Answer, what: &str, heard: Range<f64>) {
    let details = Details::of(answer.error.as_ref().unwrap_or_else(|| panic!("{what}: it ends well")));
    assert_eq!(details.meaning(), (Code::Aborted, "UPSTREAM_TRUNCATED"), "{what}");
    assert!(details.failure.audio_started && heard.contains(&seconds(answer)), "{what}: {} s", seconds(answer));
}

#[tokio::test]
async fn a_reading_that_ends_at_its_longest_before_audio_is_told_at_once() {
    // It would end there again.
    let (upstream, server) = stage(Options::default(), &[]).await;
    upstream.script(json!([{"kind": "realtime_incomplete", "after_ms": 0}])).unwrap();
    let answer = read(&server, TEXT).await;
    let details = Details::of(answer.error.as_ref().unwrap());
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert!(sound(&answer).is_empty());
    assert_eq!(readings(&upstream).len(), 1);
    assert!(read(&server, TEXT).await.error.is_none());
}

#[tokio::test]
async fn few_output_tokens_end_a_reading_early_and_nobody_takes_it_for_whole() {
    let most = |tokens| [("RHAPSODE__ENGINES__OPENAI_REALTIME__MAX_OUTPUT_TOKENS", tokens)];
    // The transcript takes all of them, so that there is no audio.
    let (upstream, server) = stage(Options::default(), &most("2")).await;
    let answer = read(&server, TEXT).await;
    let details = Details::of(answer.error.as_ref().unwrap());
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert!(sound(&answer).is_empty());
    assert_eq!(readings(&upstream).len(), 1);

    // 84 would be audio alone.
    let (upstream, server) = stage(Options::default(), &most("70")).await;
    let answer = read(&server, TEXT).await;
    assert_broken_off(&answer, "70 tokens", 1.0..length(TEXT) - 0.5);
    assert_eq!(readings(&upstream).len(), 1);
    assert_eq!(readings(&upstream)[0].end.unwrap().how, End::Incomplete);
}

#[tokio::test]
async fn a_reset_in_the_middle_of_audio_ends_the_call_and_not_the_next() {
    // At a pace, because a reset takes along what has not been read yet.
    let options = Options { realtime_rate: Some(4.0), ..Options::default() };
    let (upstream, server) = stage(options, &[NONE_STANDS_BY]).await;
    upstream.script(json!([{"kind": "realtime_drop", "after_ms": 1500, "reset": true}])).unwrap();
    let answer = read(&server, TEXT).await;
    assert_broken_off(&answer, "reset", 0.1..1.6);
    assert_eq!(readings(&upstream)[0].end.unwrap().how, End::Cut { reset: true });
    assert!(read(&server, TEXT).await.error.is_none());
    assert_eq!(sessions_used(&upstream), [1, 2]);
}

#[tokio::test]
async fn a_session_that_expires_in_a_reading_ends_it_and_not_the_next() {
    let options = Options { realtime_expiry_ms: 1500, realtime_rate: Some(1.0), ..Options::default() };
    let (upstream, server) = stage(options, &[NONE_STANDS_BY]).await;
    let answer = read(&server, TEXT).await;
    assert_broken_off(&answer, "expired", 0.5..2.0);
    assert_eq!(readings(&upstream)[0].end.unwrap().how, End::Closed { code: 1001 });
    let answer = read(&server, "And on.").await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!(answer.summary.unwrap().usage.unwrap().retry_count, 0, "nobody is sent to a session that is over");
    assert_eq!(sessions_used(&upstream), [1, 2]);
}

#[tokio::test]
async fn a_server_that_answers_no_ping_is_given_up_and_replaced() {
    let deaf = |after_ms: u64| json!([{"kind": "realtime_deaf"}, {"kind": "realtime_stall", "after_ms": after_ms}]);
    let (upstream, server) = stage(Options::default(), &[NONE_STANDS_BY, QUICK_PINGS]).await;
    upstream.script(json!([deaf(0)])).unwrap();
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!(answer.summary.unwrap().usage.unwrap().retry_count, 1);
    assert_eq!(sessions_used(&upstream), [1, 2]);

    upstream.script(json!([deaf(1500)])).unwrap();
    let answer = read(&server, TEXT).await;
    assert_broken_off(&answer, "deaf", 1.0..1.6);
    assert!(read(&server, TEXT).await.error.is_none());
    assert_eq!(sessions_used(&upstream), [1, 2, 2, 3]);
}

/// What each of these reads sounds like on a session of its own.
async fn alone(texts: [&str; 3]) -> Vec<Vec<u8>> {
    let (_upstream, server) = stage(Options::default(), &[]).await;
    let mut sounds = Vec::new();
    for text in texts {
        sounds.push(sound(&read(&server, text).await));
    }
    sounds
}

#[tokio::test]
async fn an_error_that_names_no_reading_ends_all_that_it_may_mean_and_their_session() {
    let texts = ["Mind the gap.", "The boat leaves at nine.", "Nobody was there to meet it."];
    let sounds = alone(texts).await;
    let together = ("RHAPSODE__ENGINES__OPENAI_REALTIME__READINGS_PER_SESSION", "4");
    let (upstream, server) = stage(Options::default(), &[NONE_STANDS_BY, together]).await;
    // The session is there before, so that all of them are asked on it.
    assert!(read(&server, TEXT).await.error.is_none());
    let late = json!({"kind": "realtime_late_created", "ms": 500});
    let unnamed = json!({"kind": "realtime_error_only", "code": "server_error", "null_event_id": true});
    upstream.script(json!([late, late, unnamed])).unwrap();
    let asked = |count| upstream.log().tally().in_flight >= count;
    let waiting = async |count: u64| soon("the ones before are asked", || asked(count)).await;
    let second = async {
        waiting(1).await;
        read(&server, texts[1]).await
    };
    let third = async {
        waiting(2).await;
        read(&server, texts[2]).await
    };
    let (first, second, third) = join3(read(&server, texts[0]), second, third).await;
    for ((text, answer), alone) in texts.iter().zip([first, second, third]).zip(&sounds) {
        assert!(answer.error.is_none(), "{text}: {:?}", answer.error);
        assert!(sound(&answer) == *alone, "{text}: somebody else's audio was heard");
        assert_eq!(answer.summary.unwrap().usage.unwrap().retry_count, 1, "{text}");
    }
    let used = sessions_used(&upstream);
    assert_eq!(&used[..4], [1; 4], "{used:?}");
    assert!(used[4..].iter().all(|session| *session > 1), "{used:?}: the session is left");
    // What is still read there is read for nobody, and not to its end.
    let records = upstream.log().ended(7, Duration::from_secs(10)).await;
    assert!(records[1..3].iter().all(|record| record.end.unwrap().how != End::Completed), "{records:?}");
}

#[tokio::test]
async fn a_setup_that_is_refused_is_the_callers_only_where_the_caller_chose() {
    let effort = [("RHAPSODE__ENGINES__OPENAI_REALTIME__REASONING_EFFORT", "boundless")];
    let (upstream, server) = stage(Options::default(), &effort).await;
    let answer = read(&server, TEXT).await;
    let details = Details::of(answer.error.as_ref().unwrap());
    assert_eq!(details.meaning(), (Code::Unavailable, "UPSTREAM_UNAVAILABLE"));
    assert!(sound(&answer).is_empty() && readings(&upstream).is_empty());

    // The catalogue knows the voice, and the server does not.
    let voices = [(
        "RHAPSODE__MODELS__GPT_REALTIME_2_1_MINI__VOICES",
        "['alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'marin', 'sage', 'shimmer', 'verse', 'elvis']",
    )];
    let (upstream, server) = stage(Options::default(), &voices).await;
    let config =
        |voice: &str| proto::SynthesisConfig { model: MODEL.to_owned(), voice: voice.to_owned(), ..Default::default() };
    let details = Details::of(&server.refuse(styled(TEXT, config("elvis"))).await);
    assert_eq!(details.meaning(), (Code::InvalidArgument, "UPSTREAM_REJECTED"));
    assert!(readings(&upstream).is_empty());
    assert!(server.speak(styled(TEXT, config("marin"))).await.error.is_none(), "others are served");
}

#[tokio::test]
async fn a_remark_is_unheard_untold_and_paid_for() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    let used = async |fault: Value| {
        upstream.script(json!([fault])).unwrap();
        let answer = read(&server, TEXT).await;
        assert!(answer.error.is_none() && answer.warnings.is_empty(), "{:?}", answer.warnings);
        let heard = sound(&answer);
        (heard, answer.summary.unwrap())
    };
    let (plain, before) = used(Value::Null).await;
    let (heard, after) = used(json!({"kind": "realtime_commentary"})).await;
    assert!(heard == plain, "the remark is heard");
    let tokens = |summary: &proto::SynthesisSummary| {
        let usage = summary.usage.as_ref().unwrap();
        (usage.output_token_count, usage.output_text_token_count)
    };
    // "Okay, I will read this now." is 27 characters at 15 a second and 20 tokens a second.
    assert_eq!(tokens(&after).0 - tokens(&before).0, 36, "{:?} {:?}", before.usage, after.usage);
    assert!(tokens(&after).1 > tokens(&before).1, "its transcript too");
    assert!(after.cost.unwrap().amount_nanos > before.cost.unwrap().amount_nanos);
}
