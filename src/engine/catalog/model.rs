//! Models and voices as they are served.

use std::collections::BTreeMap;

use time::Date;

use crate::speech::Encoding;

use super::config::ModelConfig;
use super::config::VoiceConfig;
use super::price::Price;

/// What is known of an engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// It is there, with the key that it needs.
    pub is_usable: bool,
    /// Whose days hold for it, on which models are shut down.
    pub retirement: Retirement,
}

/// Who shuts models down on announced days. Sorted by how early they do: several engines that share the calls of a model end
/// with the last of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retirement {
    /// Azure, which is ahead of the models' maker.
    Azure,
    /// The maker.
    Maker,
    /// Nobody knows: any other server may go on with a model of that name.
    #[default]
    Unknown,
}

/// A model with everything left open filled in.
#[expect(clippy::struct_excessive_bools, reason = "each names an ability of its own")]
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The name that callers use.
    pub name: String,
    /// For people.
    pub display_name: String,
    /// The engine that speaks it.
    pub engine: String,
    /// The engine's own name of it.
    pub upstream_model: String,
    /// Names of its voices, never none, as configured.
    pub voices: Vec<String>,
    /// Models that speak for it, in order.
    pub successors: Vec<String>,
    /// Voices of other models, and which of its own takes their place.
    pub voice_map: BTreeMap<String, String>,
    /// The voice of a request that names none.
    pub default_voice: String,
    /// What can be delivered.
    pub encodings: Vec<Encoding>,
    /// Whether style instructions have an effect.
    pub supports_instructions: bool,
    /// Whether the speaking rate has an effect.
    pub supports_speed: bool,
    /// Whether the engine reports tokens while it streams.
    pub reports_usage: bool,
    /// Longest text of one call, in code points.
    pub max_call_chars: usize,
    /// Longest text of one call, in `o200k_base` tokens.
    pub max_call_tokens: Option<usize>,
    /// The day on which the engine's owner shuts it down.
    pub retire_date: Option<Date>,
    /// BCP-47 tags; empty means any language.
    pub language_codes: Vec<String>,
    /// Highest speaking rate that the engine takes.
    pub max_engine_speed: Option<f64>,
    /// What it costs.
    pub price: Option<Price>,
    /// Whether its own engine can be used; the built-in voice answers otherwise.
    pub native: bool,
    /// Whether its engine is one for whom the retirement date holds.
    pub retires: bool,
}

impl Model {
    pub(super) fn new(name: &str, config: &ModelConfig, standing: Standing) -> Self {
        let first_voice = || config.voices.first().cloned().unwrap_or_default();
        Self {
            name: name.to_owned(),
            display_name: config.display_name.clone().unwrap_or_else(|| name.to_owned()),
            engine: config.engine.clone(),
            upstream_model: config.upstream_model.clone().unwrap_or_else(|| name.to_owned()),
            voices: config.voices.clone(),
            successors: config.successors.clone(),
            voice_map: config.voice_map.clone(),
            default_voice: config.default_voice.clone().unwrap_or_else(first_voice),
            encodings: config.encodings.clone(),
            supports_instructions: config.supports_instructions,
            supports_speed: config.supports_speed,
            reports_usage: config.reports_usage,
            max_call_chars: config.max_call_chars,
            max_call_tokens: config.max_call_tokens,
            retire_date: config.retire_date_at(standing.retirement),
            language_codes: config.language_codes.clone(),
            max_engine_speed: config.max_engine_speed,
            price: config.price.as_ref().map(Price::from),
            native: standing.is_usable,
            retires: standing.retirement != Retirement::Unknown,
        }
    }

    /// The model as it can be had while `other` answers for it: its own name, voices and last day, the other's abilities.
    pub(super) fn spoken_by(&self, other: &Self) -> Self {
        Self {
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            engine: self.engine.clone(),
            upstream_model: self.upstream_model.clone(),
            voices: self.voices.clone(),
            successors: self.successors.clone(),
            default_voice: self.default_voice.clone(),
            retire_date: self.retire_date,
            native: self.native,
            retires: self.retires,
            ..other.clone()
        }
    }
}

/// A voice and the models that can use it.
#[derive(Clone, Debug, PartialEq)]
pub struct Voice {
    /// The name that callers use.
    pub name: String,
    /// For people.
    pub display_name: String,
    /// For people; may be empty.
    pub description: String,
    /// BCP-47 tags; empty means any language.
    pub language_codes: Vec<String>,
    /// Names of the models, sorted.
    pub models: Vec<String>,
}

impl Voice {
    pub(super) fn new(name: &str, config: &VoiceConfig, models: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            display_name: config.display_name.clone().unwrap_or_else(|| name.to_owned()),
            description: config.description.clone(),
            language_codes: config.language_codes.clone(),
            models,
        }
    }
}
