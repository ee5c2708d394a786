//! A model that is gone although nobody has told a day.

use opentelemetry_sdk::trace::InMemorySpanExporter;
use rhapsode::proto;
use rhapsode::proto::WarningCode;
use serde_json::json;
use tonic::Code;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::MINI;
use super::SUCCESSOR;
use super::listed;
use crate::support::details::Details;
use crate::support::lines::Lines;
use crate::support::server::Answer;
use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;
use crate::support::stand_in::log::Kind;

const TEXT: &str = "Your taxi is here.";

/// Every call finds that it is time to try again.
const AT_ONCE: (&str, &str) = ("RHAPSODE__RETIREMENT__GONE_FOR", "1ns");

async fn stage(options: Options, variables: &[(&str, &str)]) -> (StandIn, Rhapsode) {
    let upstream = StandIn::start(options).await.unwrap();
    let server = Rhapsode::before_all(&upstream.base_url(), variables).await;
    (upstream, server)
}

fn gone() -> Options {
    Options { retired: true, ..Options::default() }
}

/// How often the speech endpoint was asked for audio.
fn asked(upstream: &StandIn) -> usize {
    upstream.log().records().into_iter().filter(|record| record.kind == Kind::Speech).count()
}

fn spoken_by(answer: &Answer) -> &str {
    assert!(answer.error.is_none(), "{:?}", answer.error);
    &answer.started.as_ref().unwrap().model
}

#[tokio::test]
async fn one_call_finds_out_that_a_model_is_gone_and_the_others_know() {
    let (upstream, server) = stage(gone(), &[]).await;
    assert!(listed(&server, MINI).await.native, "nobody has found out yet");
    for call in 0..5 {
        let answer = server.speak(request(TEXT)).await;
        assert_eq!(spoken_by(&answer), SUCCESSOR);
        let [warning] = &answer.warnings[..] else { panic!("{:?}", answer.warnings) };
        assert_eq!(warning.code(), WarningCode::FallbackUsed);
        assert_eq!(warning.message.contains("is not there at present"), call > 0, "{}", warning.message);
        assert_eq!(asked(&upstream), 1, "at call {call}");
    }
    let model = listed(&server, MINI).await;
    assert_eq!((model.native, model.spoken_by.as_str(), model.retire_time), (false, SUCCESSOR, None));

    // Whoever wants the model itself, and nobody else, is told by itself.
    let strict = proto::SynthesisConfig { strict: true, ..Default::default() };
    let details = Details::of(&server.refuse(styled(TEXT, strict)).await);
    assert_eq!(details.meaning(), (Code::NotFound, "UPSTREAM_MODEL_NOT_FOUND"));
    assert_eq!(asked(&upstream), 2);
}

#[tokio::test]
async fn a_model_that_was_gone_is_tried_again_and_may_be_back() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let lines = Lines::default();
    let key = [("OPENAI_API_KEY", "sk-test-key"), ("OPENAI_BASE_URL", &*upstream.base_url()), AT_ONCE];
    let server = Rhapsode::watched(&key, BoxMakeWriter::new(lines.clone()), InMemorySpanExporter::default()).await;
    upstream.script(json!([{"kind": "retired"}, {"kind": "retired"}])).unwrap();
    for (call, speaker) in [(1, SUCCESSOR), (2, SUCCESSOR), (3, MINI), (4, MINI)] {
        assert_eq!(spoken_by(&server.speak(request(TEXT)).await), speaker, "call {call}");
    }
    assert_eq!(asked(&upstream), 4);
    let said = |what: &str| lines.text().lines().filter(|line| line.contains(what)).count();
    assert_eq!((said("does not have a model"), said("has a model again")), (1, 1), "{}", lines.text());
}

#[tokio::test]
async fn where_nothing_is_to_be_remembered_each_call_asks() {
    let (upstream, server) = stage(gone(), &[("RHAPSODE__RETIREMENT__GONE_FOR", "0s")]).await;
    for call in 1..=3 {
        assert_eq!(spoken_by(&server.speak(request(TEXT)).await), SUCCESSOR);
        assert_eq!(asked(&upstream), call);
    }
}
