//! More that is wanted than sessions may be open, and those who stand by for others.

use std::time::Duration;

use rhapsode::proto;
use serde_json::json;
use tonic::Code;

use super::MODEL;
use super::TEXT;
use super::read;
use super::readings;
use super::soon;
use super::stage;
use crate::support::details::Details;
use crate::support::server::Answer;
use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;

const MAX_SESSIONS: &str = "RHAPSODE__ENGINES__OPENAI_REALTIME__MAX_SESSIONS";
const READINGS: (&str, &str) = ("RHAPSODE__ENGINES__OPENAI_REALTIME__READINGS_PER_SESSION", "1");

async fn speak(server: &Rhapsode, model: &str, voice: &str) -> Answer {
    let config = proto::SynthesisConfig { model: model.to_owned(), voice: voice.to_owned(), ..Default::default() };
    server.speak(styled(TEXT, config)).await
}

/// On several threads, so that a service that spins keeps only itself from working, and this test from passing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_room_for_a_standby_the_service_goes_on() {
    let (upstream, server) = stage(Options::default(), &[(MAX_SESSIONS, "2"), READINGS]).await;
    for voice in ["alloy", "ash", "ballad", "cedar", "alloy"] {
        let answer = tokio::time::timeout(Duration::from_secs(30), speak(&server, MODEL, voice)).await.unwrap();
        assert!(answer.error.is_none(), "{voice}: {:?}", answer.error);
        assert!(upstream.open_sessions() <= 2);
    }
}

#[tokio::test]
async fn an_old_session_goes_where_there_is_no_room_for_its_successor() {
    let age = ("RHAPSODE__ENGINES__OPENAI_REALTIME__MAX_SESSION_AGE", "1s");
    let (upstream, server) = stage(Options::default(), &[(MAX_SESSIONS, "1"), age]).await;
    assert!(read(&server, TEXT).await.error.is_none());
    let before = upstream.accepted_sessions();
    soon("a new session in the place of the old one", || upstream.accepted_sessions() > before).await;
    assert!(read(&server, TEXT).await.error.is_none());
}

#[tokio::test]
async fn a_call_without_a_session_is_told_so_or_spoken_by_another() {
    let options = Options { realtime_rate: Some(2.0), ..Options::default() };
    let (upstream, server) = stage(options, &[(MAX_SESSIONS, "1"), READINGS]).await;
    let config = proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    let mut client = server.client().await;
    let mut first = client.synthesize(styled(TEXT, config)).await.unwrap().into_inner();
    first.message().await.unwrap().unwrap();

    let crowded = read(&server, TEXT).await.error.unwrap();
    let details = Details::of(&crowded);
    assert_eq!(details.meaning(), (Code::Unavailable, "OVERLOADED"));
    assert_eq!(readings(&upstream).len(), 1);

    let successors = [
        ("RHAPSODE__MODELS__GPT_REALTIME_2_1_MINI__SUCCESSORS", "['builtin']"),
        (MAX_SESSIONS, "1"),
        READINGS,
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0"),
    ];
    let server = Rhapsode::before_all(&upstream.base_url(), &successors).await;
    let config = proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    let mut client = server.client().await;
    let mut second = client.synthesize(styled(TEXT, config)).await.unwrap().into_inner();
    second.message().await.unwrap().unwrap();
    let answer = read(&server, "Hello.").await;
    assert!(answer.error.is_none(), "{:?}", answer.error);
    assert_eq!(answer.started.unwrap().model, "builtin");
}

#[tokio::test]
async fn whoever_has_to_take_over_has_a_session_standing_by() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    let mut stood_by = 0;
    for voice in ["ash", "ballad", "cedar", "coral", "echo", "sage"] {
        let before = upstream.accepted_sessions();
        assert!(speak(&server, "gpt-4o-mini-tts", voice).await.error.is_none());
        soon("a session for that voice", || upstream.accepted_sessions() > before).await;
        let standing = upstream.accepted_sessions();
        upstream.script(json!([{"kind": "quota"}])).unwrap();
        let answer = speak(&server, "gpt-4o-mini-tts", voice).await;
        assert_eq!(answer.started.unwrap().model, MODEL, "{voice}");
        let session = readings(&upstream).last().unwrap().realtime.as_ref().unwrap().session;
        stood_by += usize::from(session <= standing);
    }
    // One that is not set up yet when it is needed is not waited for.
    assert!(stood_by > 0, "each of them had to wait for a handshake");
}
