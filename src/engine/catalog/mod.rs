//! The catalogue: which models and voices there are, what they can do, what they cost, and which engine speaks them.

mod config;
mod date;
mod model;
mod near;
mod price;
mod resolve;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fault::Fault;

pub use config::Config;
pub use config::Defaults;
pub use config::ModelConfig;
pub use config::SHIPPED;
pub use config::VoiceConfig;
pub use model::Model;
pub use model::Voice;
pub use price::Amount;
pub use price::Price;
pub use price::PriceConfig;
pub use resolve::Choice;

/// The model that answers for one whose own engine cannot be used.
pub const STAND_BY: &str = "builtin";

/// Everything that this deployment can speak with.
#[derive(Debug)]
pub struct Catalog {
    models: BTreeMap<String, Arc<Model>>,
    voices: Vec<Voice>,
    default_model: Arc<Model>,
    default_voice: String,
    stand_by: Option<Arc<Model>>,
}

impl Catalog {
    /// Takes up the configured models that can be served: those whose engine is usable (there, and with the key that it
    /// needs), and, if the built-in voice is there to answer for them, all others.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub fn new(config: &Config, engines: &dyn Fn(&str) -> bool) -> Result<Self, Vec<Fault>> {
        let faults = config.validate();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut models: BTreeMap<_, _> = config
            .models
            .iter()
            .filter(|(_, model)| model.enabled)
            .map(|(name, model)| (name.clone(), Arc::new(Model::new(name, model, engines(&model.engine)))))
            .collect();
        let stand_by = models.get(STAND_BY).filter(|model| model.native).cloned();
        models.retain(|_, model| model.native || stand_by.is_some());
        if let Some(stand_by) = &stand_by {
            let spoken = |model: &Arc<Model>| Arc::new(model.spoken_by(stand_by));
            models.values_mut().filter(|model| !model.native).for_each(|model| *model = spoken(model));
        }
        let default_model = models.get(&config.defaults.model).cloned().ok_or_else(|| vec![mute_default(config)])?;
        Ok(Self {
            voices: voices(config, &models),
            default_voice: config.defaults.voice.clone().unwrap_or_else(|| default_model.default_voice.clone()),
            default_model,
            models,
            stand_by,
        })
    }

    /// The models, sorted by name.
    pub fn models(&self) -> impl ExactSizeIterator<Item = &Model> {
        self.models.values().map(AsRef::as_ref)
    }

    /// The voices of all models, sorted by name.
    pub fn voices(&self) -> &[Voice] {
        &self.voices
    }

    /// The model of a request that names none.
    pub fn default_model(&self) -> &Model {
        &self.default_model
    }

    /// The voice of a request that names neither model nor voice.
    pub fn default_voice(&self) -> &str {
        &self.default_voice
    }
}

fn mute_default(config: &Config) -> Fault {
    let model = &config.defaults.model;
    let engine = config.models.get(model).map_or("", |model| &model.engine);
    let problem = format!("engine `{engine}` of `{model}` has no key, and no `{STAND_BY}` model can answer for it");
    Fault::new("defaults.model", problem)
}

fn voices(config: &Config, models: &BTreeMap<String, Arc<Model>>) -> Vec<Voice> {
    let mut users: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for model in models.values() {
        for voice in &model.voices {
            users.entry(voice).or_default().push(model.name.clone());
        }
    }
    let unnamed = VoiceConfig::default();
    users
        .into_iter()
        .map(|(name, models)| Voice::new(name, config.voices.get(name).unwrap_or(&unnamed), models))
        .collect()
}

#[cfg(test)]
mod tests;
