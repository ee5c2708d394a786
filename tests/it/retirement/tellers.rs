//! Who tells when models end: every endpoint that is in use.

use super::MINI;
use super::SUCCESSOR;
use super::listed;
use super::listed_as;
use super::retires_on;
use crate::support::server::Rhapsode;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

/// The documented engine of two endpoints, at two stand-ins.
async fn both(openai: &StandIn, eu: &StandIn) -> Rhapsode {
    let page = include_str!("../../../docs/routes.md");
    let mut examples = page.split("```toml\n").filter_map(|rest| rest.split("```").next());
    let example = examples.find(|example| example.contains("[engines.both]")).unwrap();
    let example = example.replace("https://eu.api.openai.com/v1", &eu.base_url());
    assert!(example.contains(&eu.base_url()), "{example}");
    let keys = [("OPENAI_API_KEY", "sk-test-key"), ("OPENAI_EU_KEY", "sk-eu")];
    Rhapsode::configured(&example, &[&keys[..], &[("OPENAI_BASE_URL", &openai.base_url())]].concat()).await
}

#[tokio::test]
async fn a_model_of_several_endpoints_ends_with_the_last_of_them() {
    let openai = StandIn::start(Options::default()).await.unwrap();
    let eu = StandIn::start(Options { shutdown_date: "2027-03-01".to_owned(), ..Options::default() }).await.unwrap();
    let server = both(&openai, &eu).await;
    // Both were asked before anything was written down, so that a model of one endpoint tells that the other has answered.
    let alone = listed_as(&server, "tts-1", |model| model.retire_time.is_some()).await;
    assert_eq!(retires_on(&alone).as_deref(), Some("2027-01-06"));
    assert_eq!(retires_on(&listed(&server, MINI).await).as_deref(), Some("2027-03-01"));
}

#[tokio::test]
async fn a_model_of_several_endpoints_goes_on_while_one_of_them_has_told_no_day() {
    let openai = StandIn::start(Options::default()).await.unwrap();
    // Its list does not have the model, and it may serve it all the same.
    let eu = StandIn::start(Options { retired: true, ..Options::default() }).await.unwrap();
    let server = both(&openai, &eu).await;
    listed_as(&server, "tts-1", |model| model.retire_time.is_some()).await;
    assert_eq!(retires_on(&listed(&server, MINI).await), None);
}

#[tokio::test]
async fn a_realtime_endpoint_is_asked_where_it_is_the_only_one() {
    let dated = Options { realtime_shutdown_date: Some("2028-05-01".to_owned()), ..Options::default() };
    let upstream = StandIn::start(dated).await.unwrap();
    let variables = [
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__BASE_URL", upstream.base_url()),
        ("RHAPSODE__ENGINES__OPENAI_REALTIME__API_KEY_ENV", "REALTIME_KEY".to_owned()),
        ("REALTIME_KEY", "sk-realtime".to_owned()),
    ];
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let server = Rhapsode::with(&variables).await;
    let model = listed_as(&server, SUCCESSOR, |model| model.retire_time.is_some()).await;
    assert_eq!((model.native, retires_on(&model).as_deref()), (true, Some("2028-05-01")));
    let replaced = listed(&server, MINI).await;
    assert_eq!((replaced.native, replaced.spoken_by.as_str()), (false, SUCCESSOR));
}
