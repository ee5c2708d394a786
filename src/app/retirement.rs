//! Watches for models that will be shut down, so that nobody is surprised.

use std::time::Duration;

use crate::config::Config;
use crate::config::Engine;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::Model;
use crate::engine::speech_api::SpeechApi;
use crate::telemetry::Metrics;

/// How often the day is looked at.
const LOOK: Duration = Duration::from_hours(1);

/// An API that tells when its models are shut down, and the engines that it tells it for.
pub(super) struct Teller {
    api: SpeechApi,
    engines: Vec<String>,
}

impl Teller {
    /// The API of the engine called `name`, which speaks for every engine at the same address.
    pub(super) fn new(api: SpeechApi, name: &str, config: &Config) -> Self {
        let address = |engine: &Engine| match engine {
            Engine::SpeechApi(engine) => Some(engine.base_url.clone()),
            Engine::Realtime(engine) => Some(engine.base_url.clone()),
            Engine::Embedded(_) | Engine::Balanced(_) => None,
        };
        let own = config.engines.get(name).and_then(address);
        let is_there = |engine: &Engine| address(engine).is_some() && address(engine) == own;
        let engines = config.engines.iter().filter(|(_, engine)| is_there(engine)).map(|(name, _)| name.clone());
        Self { api, engines: engines.collect() }
    }

    async fn tell(&self, catalog: &Catalog) {
        match self.api.last_days().await {
            Ok(days) => {
                for (upstream, day) in days {
                    let is_meant =
                        |model: &&Model| model.upstream_model == upstream && self.engines.contains(&model.engine);
                    catalog.models().filter(is_meant).for_each(|model| catalog.calendar().tell(&model.name, day));
                }
            }
            Err(error) => tracing::debug!(detail = error.report(), "an upstream did not list its models"),
        }
    }
}

/// Asks `tellers` now and then, and says for ever what the calendar of `catalog` holds.
pub(super) async fn watch(catalog: &Catalog, tellers: &[Teller], metrics: &Metrics) {
    let mut until_asked = Duration::ZERO;
    let mut until_said = Duration::ZERO;
    loop {
        if let Some(interval) = catalog.calendar().poll_interval()
            && until_asked.is_zero()
        {
            for teller in tellers {
                teller.tell(catalog).await;
            }
            until_asked = interval;
        }
        if until_said.is_zero() {
            catalog.models().for_each(|model| say(catalog, model));
            until_said = Duration::from_hours(24);
        }
        for model in catalog.models() {
            if let Some(days) = catalog.calendar().days_left(model) {
                metrics.retires_in(&model.name, days);
            }
        }
        let pause = if until_asked.is_zero() { LOOK } else { LOOK.min(until_asked) };
        tokio::time::sleep(pause).await;
        until_asked = until_asked.saturating_sub(pause);
        until_said = until_said.saturating_sub(pause);
    }
}

fn say(catalog: &Catalog, model: &Model) {
    let calendar = catalog.calendar();
    let Some(day) = calendar.last_day(model) else { return };
    let successors = model.successors.join(", ");
    if calendar.is_near_its_end(model) {
        tracing::warn!(model = model.name, %day, successors, "a model will be shut down");
    } else if calendar.is_gone(model) && model.native {
        tracing::info!(model = model.name, %day, successors, "a model was shut down; calls for it go to its successors");
    }
}
