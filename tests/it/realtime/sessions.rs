//! Sessions are kept warm, shared, replaced and let go.

use std::time::Duration;

use futures_util::future::join_all;
use rhapsode::proto;

use super::MODEL;
use super::TEXT;
use super::read;
use super::sessions_used;
use super::soon;
use super::sound;
use super::stage;
use crate::support::server::styled;
use crate::support::stand_in::Options;

#[tokio::test]
async fn one_session_carries_one_reading_after_the_other() {
    let standby = [("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0")];
    let (upstream, server) = stage(Options::default(), &standby).await;
    for _ in 0..5 {
        assert!(read(&server, TEXT).await.error.is_none());
    }
    assert_eq!(sessions_used(&upstream), [1; 5]);
    assert_eq!(upstream.accepted_sessions(), 1);
}

#[tokio::test]
async fn readings_of_one_session_are_told_apart() {
    let variables = [
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__READINGS_PER_SESSION", "4"),
    ];
    let options = Options { realtime_rate: Some(40.0), ..Options::default() };
    let (upstream, server) = stage(options, &variables).await;
    let texts = ["Mind the gap.", "The boat leaves at nine.", "Nobody was there.", "All of it again, please."];
    let mut alone = Vec::new();
    for text in texts {
        alone.push(sound(&read(&server, text).await));
    }
    let together = join_all(texts.map(|text| read(&server, text))).await;
    for (alone, together) in alone.iter().zip(&together) {
        assert!(*alone == sound(together), "audio of one was heard in another");
    }
    assert_eq!(upstream.accepted_sessions(), 1, "{:?}", sessions_used(&upstream));
}

#[tokio::test]
async fn a_session_stands_by_beside_those_in_use() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    assert!(read(&server, TEXT).await.error.is_none());
    soon("a free session", || upstream.open_sessions() >= 1).await;
    let options = Options { realtime_rate: Some(2.0), ..Options::default() };
    drop((upstream, server));
    let (upstream, server) = stage(options, &[("RHAPSODE__ENGINES__OPENAI_REALTIME__READINGS_PER_SESSION", "1")]).await;
    let first = read(&server, TEXT);
    let second = async {
        // The third is for those who may be spoken for by this engine.
        soon("a reading and a session beside it", || upstream.open_sessions() >= 3).await;
        // It is set up by one more message each way, which nobody counts.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let before = upstream.accepted_sessions();
        let answer = read(&server, "Mind the gap.").await;
        assert!(answer.error.is_none());
        before
    };
    let (_, before) = tokio::join!(first, second);
    let used = sessions_used(&upstream);
    assert!(used[1] <= before, "the second reading waited for a handshake: session {} of {before}", used[1]);
}

#[tokio::test]
async fn each_voice_and_speed_has_sessions_of_its_own() {
    let standby = [("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0")];
    let (upstream, server) = stage(Options::default(), &standby).await;
    for (voice, speed) in [("marin", 1.0), ("cedar", 1.0), ("marin", 1.25), ("marin", 1.0)] {
        let config = proto::SynthesisConfig {
            model: MODEL.to_owned(),
            voice: voice.to_owned(),
            speed: Some(speed),
            ..Default::default()
        };
        let answer = server.speak(styled(TEXT, config)).await;
        assert!(answer.error.is_none(), "{:?}", answer.error);
    }
    assert_eq!(sessions_used(&upstream), [1, 2, 3, 1]);
}

#[tokio::test]
async fn an_old_session_is_replaced_before_it_is_let_go() {
    let age = [("RHAPSODE__ENGINES__OPENAI_REALTIME__MAX_SESSION_AGE", "1s")];
    let (upstream, server) = stage(Options::default(), &age).await;
    assert!(read(&server, TEXT).await.error.is_none());
    soon("two sessions, one for the other", || upstream.accepted_sessions() >= 3).await;
    // One stands by for this voice, and one for the voice of whoever this engine stands in for.
    soon("the old ones gone", || upstream.open_sessions() <= 2).await;
    let answer = read(&server, TEXT).await;
    assert!(answer.error.is_none());
    assert!(*sessions_used(&upstream).last().unwrap() > 1);
}

#[tokio::test]
async fn a_session_that_expires_is_replaced_unnoticed() {
    let options = Options { realtime_expiry_ms: 400, ..Options::default() };
    let (upstream, server) = stage(options, &[]).await;
    for _ in 0..8 {
        let answer = read(&server, TEXT).await;
        assert!(answer.error.is_none(), "{:?}", answer.error);
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    assert!(upstream.accepted_sessions() >= 2, "{}", upstream.accepted_sessions());
}

#[tokio::test]
async fn sessions_that_nobody_needs_are_closed() {
    let idle = [("RHAPSODE__ENGINES__OPENAI_REALTIME__IDLE_TIMEOUT", "1s")];
    let (upstream, server) = stage(Options::default(), &idle).await;
    assert!(read(&server, TEXT).await.error.is_none());
    soon("all sessions closed", || upstream.open_sessions() == 0).await;
    assert!(read(&server, TEXT).await.error.is_none());
}

#[tokio::test]
async fn there_are_never_more_sessions_than_the_operator_allows() {
    let variables = [
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__MAX_SESSIONS", "2"),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__READINGS_PER_SESSION", "1"),
    ];
    let (upstream, server) = stage(Options::default(), &variables).await;
    for voice in ["alloy", "ash", "ballad", "cedar"] {
        let config = proto::SynthesisConfig { model: MODEL.to_owned(), voice: voice.to_owned(), ..Default::default() };
        assert!(server.speak(styled(TEXT, config)).await.error.is_none(), "{voice}");
        assert!(upstream.open_sessions() <= 2);
    }
    assert_eq!(sessions_used(&upstream), [1, 2, 3, 4], "those that nobody uses make room");
}
