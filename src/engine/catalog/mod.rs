//! The catalogue: which models and voices there are, what they can do, what they cost, and which engine speaks them.

mod absence;
mod calendar;
mod config;
mod date;
mod model;
mod near;
mod present;
mod price;
mod resolve;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fault::Fault;

pub use calendar::Calendar;
pub use calendar::Config as RetirementConfig;
pub use config::Config;
pub use config::Defaults;
pub use config::ModelConfig;
pub use config::SHIPPED;
pub use config::VoiceConfig;
pub use model::Model;
pub use model::Retirement;
pub use model::Standing;
pub use model::Voice;
pub use present::Present;
pub use price::Amount;
pub use price::Price;
pub use price::PriceConfig;
pub use resolve::Choice;
pub use resolve::Route;

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
    calendar: Arc<Calendar>,
}

impl Catalog {
    /// Takes up the configured models that can be served: those whose engine is usable, those that have a successor whose
    /// engine is, and, if the built-in voice is there to answer for them, all others.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub fn new(
        config: &Config,
        engines: &dyn Fn(&str) -> Standing,
        calendar: Arc<Calendar>,
    ) -> Result<Self, Vec<Fault>> {
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
        let understudies: BTreeMap<_, _> = models
            .iter()
            .filter(|(_, model)| !model.native)
            .map(|(name, model)| (name.clone(), understudy(model, &models)))
            .collect();
        for (name, other) in understudies {
            match other.or_else(|| stand_by.clone()) {
                Some(other) => drop(models.get_mut(&name).map(|model| *model = Arc::new(model.spoken_by(&other)))),
                None => drop(models.remove(&name)),
            }
        }
        let default_model = models.get(&config.defaults.model).cloned().ok_or_else(|| vec![mute_default(config)])?;
        Ok(Self {
            voices: voices(config, &models),
            default_voice: config.defaults.voice.clone().unwrap_or_else(|| default_model.default_voice.clone()),
            default_model,
            models,
            stand_by,
            calendar,
        })
    }

    /// Who speaks for a request that leaves everything open, at present, and who would have to instead.
    pub fn default_choices(&self) -> Vec<Choice> {
        self.look_up(None, None).map(|route| route.choices).unwrap_or_default()
    }

    /// When models are shut down.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
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

/// The first of its successors that can speak.
fn understudy(model: &Model, models: &BTreeMap<String, Arc<Model>>) -> Option<Arc<Model>> {
    model.successors.iter().filter_map(|name| models.get(name)).find(|other| other.native).cloned()
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
