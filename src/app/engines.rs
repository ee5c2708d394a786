//! Engines, and what is wrapped around them. The order of the wrappers stands here and nowhere else.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use crate::config;
use crate::config::Config;
use crate::config::Secrets;
use crate::engine::Engine;
use crate::engine::Observed;
use crate::engine::catalog::Calendar;
use crate::engine::catalog::Catalog;
use crate::engine::embedded::Embedded;
use crate::engine::realtime::Realtime;
use crate::engine::speech_api::SpeechApi;
use crate::error::Result;
use crate::resilience::Attendance;
use crate::resilience::Balance;
use crate::resilience::Breaker;
use crate::resilience::Completeness;
use crate::resilience::Hedge;
use crate::resilience::Member;
use crate::resilience::Patience;
use crate::resilience::Retry;
use crate::telemetry::Telemetry;

/// An engine before anything is wrapped around it.
pub(super) enum Bare {
    SpeechApi(SpeechApi, String),
    Realtime(Realtime, String),
    Embedded(Embedded),
}

/// Everything that can speak by itself, by its name in the configuration.
///
/// An engine that needs a key and has none is left out; the catalogue knows who answers for it.
pub(super) fn bare(config: &Config, secrets: &Secrets, telemetry: &Telemetry) -> Result<HashMap<String, Bare>> {
    let mut engines = HashMap::new();
    for (name, settings) in config.engines.iter().filter(|(name, engine)| engine.is_usable(name, secrets)) {
        let (key, metrics) = (secrets.key(name), telemetry.metrics().clone());
        let engine = match settings {
            config::Engine::SpeechApi(settings) => {
                Bare::SpeechApi(SpeechApi::new(settings, key, metrics)?, settings.provider.clone())
            }
            config::Engine::Realtime(settings) => {
                let engine = Realtime::new(settings, key, metrics)?;
                telemetry.metrics().sessions(name, &settings.provider, engine.session_count());
                Bare::Realtime(engine, settings.provider.clone())
            }
            config::Engine::Embedded(settings) => Bare::Embedded(Embedded::new(settings)?),
            config::Engine::Balanced(_) => continue,
        };
        engines.insert(name.clone(), engine);
    }
    Ok(engines)
}

/// Every engine as the pipeline asks it, by its name in the configuration.
pub(super) fn wrapped(
    bare: &HashMap<String, Bare>,
    config: &Config,
    calendar: &Arc<Calendar>,
    telemetry: &Telemetry,
) -> HashMap<String, Arc<dyn Engine>> {
    // A model that an engine does not have is not to be asked for by every call.
    let attended =
        |name: &str, engine| -> Arc<dyn Engine> { Arc::new(Attendance::new(engine, name, Arc::clone(calendar))) };
    let endpoints: BTreeMap<&str, Endpoint<'_>> =
        bare.iter().map(|(name, engine)| (name.as_str(), Endpoint::new(engine, name, config, telemetry))).collect();
    let alone = endpoints.iter().map(|(name, endpoint)| {
        let engine: Arc<dyn Engine> = Arc::<Breaker>::clone(&endpoint.engine);
        ((*name).to_owned(), attended(name, asked(engine, endpoint.provider, config, telemetry)))
    });
    let together = config.engines.iter().filter_map(|(name, engine)| {
        let config::Engine::Balanced(balanced) = engine else { return None };
        let members =
            || balanced.members.iter().filter_map(|(name, weight)| Some((endpoints.get(name.as_str())?, weight)));
        let (first, _) = members().next()?;
        let balance = Balance::new(members().map(|(endpoint, weight)| endpoint.member(*weight)).collect());
        Some((name.clone(), attended(name, asked(Arc::new(balance), first.provider, config, telemetry))))
    });
    alone.chain(together).collect()
}

/// One endpoint with what belongs to it alone.
struct Endpoint<'a> {
    engine: Arc<Breaker>,
    provider: &'a str,
}

impl<'a> Endpoint<'a> {
    /// The inner wrappers, inside out.
    fn new(engine: &'a Bare, name: &str, config: &Config, telemetry: &Telemetry) -> Self {
        let (engine, provider): (Arc<dyn Engine>, &str) = match engine {
            Bare::SpeechApi(engine, provider) => (Arc::new(engine.clone()), provider),
            Bare::Realtime(engine, provider) => (Arc::new(engine.clone()), provider),
            Bare::Embedded(engine) => (Arc::new(engine.clone()), "rhapsode"),
        };
        // Limits are per attempt, so that a retry gets its own.
        let engine = Arc::new(Patience::new(engine, config.timeouts.clone()));
        // A clip far too short for its text is a fault of its attempt, so that it is tried again where nothing was heard.
        let engine = Arc::new(Completeness::new(engine));
        // Whatever of the above goes wrong is a fault of this endpoint, and of no other.
        let engine = Arc::new(Breaker::new(engine, name, config.breaker.clone(), telemetry.metrics().clone()));
        Self { engine, provider }
    }

    fn member(&self, weight: u32) -> Member {
        let engine: Arc<dyn Engine> = Arc::<Breaker>::clone(&self.engine);
        Member { engine, weight, health: self.engine.health() }
    }
}

/// The outer wrappers, inside out.
fn asked(engine: Arc<dyn Engine>, provider: &str, config: &Config, telemetry: &Telemetry) -> Arc<dyn Engine> {
    // The second request may go to another endpoint than the first.
    let engine = Arc::new(Hedge::new(engine, config.hedge.clone()));
    // Whatever is tried again has said nothing yet.
    let engine = Arc::new(Retry::new(engine, config.retry.clone()));
    // One span and one measurement per segment, however many attempts it took.
    Arc::new(Observed::new(engine, provider, telemetry.metrics().clone()))
}

impl Bare {
    /// Does beforehand what the first call would have to wait for. That of an engine which has to be looked after never ends.
    pub(super) async fn warm_up(&self, name: &str, catalog: &Catalog, config: &Config) {
        match self {
            Self::SpeechApi(engine, _) => engine.preconnect().await,
            Self::Realtime(engine, _) => {
                // A session costs nothing while nobody speaks on it, so that who would only have to take over has one too.
                for choice in catalog.default_choices() {
                    if config.is_asked_through(name, &choice.model.engine) {
                        engine.expect(&choice.model.upstream_model, &choice.voice);
                    }
                }
                engine.tend().await;
            }
            Self::Embedded(engine) => engine.warm_up().await,
        }
    }
}
