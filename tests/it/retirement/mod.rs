//! Models that end: what is listed of them, and who tells when, through the front door.

mod absence;
mod listing;
mod tellers;
mod warning;

use rhapsode::proto;
use tokio::time::Duration;
use tokio::time::sleep;

use crate::support::server::Rhapsode;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const MINI: &str = "gpt-4o-mini-tts";
const SUCCESSOR: &str = "gpt-realtime-2.1-mini";
/// The stand-in is taken for OpenAI, whose days are the catalogue's.
const AT_OPENAI: (&str, &str) = ("RHAPSODE__ENGINES__OPENAI__MODELS_RETIRE", "true");
/// Nobody asks the upstream.
const UNASKED: (&str, &str) = ("RHAPSODE__RETIREMENT__POLL_INTERVAL", "0s");

/// A service whose models can all be had at one stand-in, on the day `today`.
async fn stage(today: &str, variables: &[(&str, &str)]) -> (StandIn, Rhapsode) {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let day = [("RHAPSODE__RETIREMENT__REHEARSE_AS_OF", today)];
    let server = Rhapsode::before_all(&upstream.base_url(), &[&day, variables].concat()).await;
    (upstream, server)
}

/// What is listed of the model called `name`.
async fn listed(server: &Rhapsode, name: &str) -> proto::Model {
    let models =
        server.client().await.list_models(proto::ListModelsRequest::default()).await.unwrap().into_inner().models;
    models.into_iter().find(|model| model.name == name).unwrap()
}

/// The day on which a model is listed to retire.
fn retires_on(model: &proto::Model) -> Option<String> {
    let moment = time::OffsetDateTime::from_unix_timestamp(model.retire_time.as_ref()?.seconds).unwrap();
    Some(moment.date().to_string())
}

/// Waits until what is listed of the model called `name` is as `wanted`, and gives it back.
async fn listed_as(server: &Rhapsode, name: &str, wanted: impl Fn(&proto::Model) -> bool) -> proto::Model {
    for _ in 0..1000 {
        let model = listed(server, name).await;
        if wanted(&model) {
            return model;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", listed(server, name).await);
}
