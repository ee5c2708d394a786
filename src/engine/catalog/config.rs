//! The catalogue as an operator writes it: models, voices and defaults.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use time::Date;

use crate::fault::Fault;
use crate::fault::key_part;
use crate::speech::Encoding;

use super::date;
use super::model::Retirement;
use super::price::PriceConfig;

/// The catalogue that is compiled in, in the shape of a configuration file: `[defaults]`, `[models]`, `[voices]`.
pub const SHIPPED: &str = include_str!("default.toml");

/// Models, voices and defaults.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What speaks when a request leaves it open.
    pub defaults: Defaults,
    /// Models by the name that callers use.
    pub models: BTreeMap<String, ModelConfig>,
    /// Voices by name.
    pub voices: BTreeMap<String, VoiceConfig>,
}

/// What speaks when a request leaves it open.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    /// Model of a request that names none.
    pub model: String,
    /// Voice of a request that names neither model nor voice. Unset: the default model's own default voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
}

/// One model.
#[expect(clippy::struct_excessive_bools, reason = "each names an ability of its own")]
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// `false` removes the model from the catalogue.
    pub enabled: bool,
    /// For people. Unset: the model's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The `[engines.NAME]` that speaks it. Required.
    pub engine: String,
    /// The engine's own name of the model. Unset: the same name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_model: Option<String>,
    /// Names of the voices that the model can use. Required, at least one.
    pub voices: Vec<String>,
    /// Models that speak for this one, in order: once it has been shut down, and wherever its engine fails before it was heard.
    pub successors: Vec<String>,
    /// For voices of other models, which this one does not have and speaks for: the voice of its own that takes their place.
    /// Any other voice is spoken with `default_voice`.
    pub voice_map: BTreeMap<String, String>,
    /// Voice of a request that names none. Unset: the first of `voices`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_voice: Option<String>,
    /// What can be delivered: `pcm_s16le` and `wav`, which the service makes itself, and those of `mp3`, `ogg_opus`,
    /// `aac_adts` and `flac` that the engine makes.
    #[schemars(with = "Vec<String>")]
    pub encodings: Vec<Encoding>,
    /// Whether style instructions have an effect.
    pub supports_instructions: bool,
    /// Whether the speaking rate has an effect.
    pub supports_speed: bool,
    /// Whether the engine reports tokens when it is asked to stream events (`stream_format: "sse"`).
    pub reports_usage: bool,
    /// Longest text of one call of the engine, in code points; longer text is cut into segments.
    pub max_call_chars: usize,
    /// Longest text of one call of the engine, in `o200k_base` tokens. Unset: no such limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_call_tokens: Option<usize>,
    /// The day on which the engine's owner shuts the model down, as `YYYY-MM-DD`. Unset: not announced.
    #[serde(with = "date", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub retire_date: Option<Date>,
    /// The same for deployments at Azure (engines of an Azure `shape`), which often end earlier. Unset: `retire_date`.
    #[serde(with = "date", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub azure_retire_date: Option<Date>,
    /// BCP-47 tags of what it speaks well. Empty: any language.
    pub language_codes: Vec<String>,
    /// Highest speaking rate that the engine takes itself; what goes beyond is made here by shortening the audio, its pitch
    /// unchanged. Unset: whatever is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_engine_speed: Option<f64>,
    /// What it costs. Unset: no cost is reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<PriceConfig>,
}

impl Default for ModelConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            display_name: None,
            engine: String::new(),
            upstream_model: None,
            voices: Vec::new(),
            successors: Vec::new(),
            voice_map: BTreeMap::new(),
            default_voice: None,
            encodings: vec![Encoding::PcmS16le, Encoding::Wav],
            supports_instructions: false,
            supports_speed: false,
            reports_usage: false,
            max_call_chars: 4096,
            max_call_tokens: None,
            retire_date: None,
            azure_retire_date: None,
            language_codes: Vec::new(),
            max_engine_speed: None,
            price: None,
        }
    }
}

/// One voice. A voice needs an entry only to have a display name, a description or languages.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VoiceConfig {
    /// For people. Unset: the voice's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// For people.
    pub description: String,
    /// BCP-47 tags of what it speaks well. Empty: any language.
    pub language_codes: Vec<String>,
}

impl Config {
    /// The catalogue that is compiled in, without an operator's changes.
    pub fn shipped() -> Result<Self, Fault> {
        toml::from_str(SHIPPED).map_err(|error| Fault::new("models", error.to_string()))
    }

    /// Everything that is wrong with the entries, each looked at by itself.
    pub fn validate(&self) -> Vec<Fault> {
        let models = self.models.iter().filter(|(_, model)| model.enabled);
        let mut faults: Vec<_> = models
            .flat_map(|(name, model)| {
                let table = format!("models.{}", key_part(name));
                model.validate().into_iter().map(move |fault| fault.under(&table))
            })
            .collect();
        faults.extend(self.strangers());
        faults.extend(self.defaults.validate(&self.models));
        faults
    }

    /// Successors that are not in the catalogue.
    fn strangers(&self) -> impl Iterator<Item = Fault> {
        self.models.iter().filter(|(_, model)| model.enabled).flat_map(move |(name, model)| {
            let is_stranger = move |other: &&String| *other == name || !self.models.contains_key(*other);
            let unknown = model.successors.iter().filter(is_stranger);
            unknown.map(move |other| {
                let key = format!("models.{}.successors", key_part(name));
                Fault::new(key, format!("`{other}` is not another model of the catalogue"))
            })
        })
    }
}

impl Defaults {
    fn validate(&self, models: &BTreeMap<String, ModelConfig>) -> Vec<Fault> {
        let Some(model) = models.get(&self.model).filter(|model| model.enabled) else {
            return vec![Fault::new("defaults.model", format!("`{}` is not a model of the catalogue", self.model))];
        };
        match &self.voice {
            Some(voice) if !model.voices.contains(voice) => {
                let problem = format!("`{voice}` is not a voice of the default model, `{}`", self.model);
                vec![Fault::new("defaults.voice", problem)]
            }
            _ => Vec::new(),
        }
    }
}

impl ModelConfig {
    /// The day on which it is shut down by those whose days hold.
    pub(super) fn retire_date_at(&self, retirement: Retirement) -> Option<Date> {
        let azure = self.azure_retire_date.filter(|_| retirement == Retirement::Azure);
        azure.or(self.retire_date)
    }

    fn validate(&self) -> Vec<Fault> {
        let stranger = self.default_voice.as_ref().filter(|voice| !self.voices.contains(voice));
        let unmapped = self.voice_map.values().any(|voice| !self.voices.contains(voice));
        let is_speed = self.max_engine_speed.is_none_or(|speed| (1.0..=4.0).contains(&speed));
        let checks = [
            (self.engine.is_empty(), "engine", "is required: name one of the tables under [engines]"),
            (self.voices.is_empty(), "voices", "is required: name at least one voice"),
            (stranger.is_some(), "default_voice", "must be one of `voices`"),
            (unmapped, "voice_map", "must name only `voices` of the model on its right-hand side"),
            (!is_speed, "max_engine_speed", "must lie between 1 and 4"),
            (self.encodings.is_empty(), "encodings", "must name at least one encoding"),
            (self.max_call_chars == 0, "max_call_chars", "must be at least 1 character"),
            (self.max_call_tokens == Some(0), "max_call_tokens", "must be at least 1 token"),
        ];
        checks
            .into_iter()
            .filter(|(is_wrong, ..)| *is_wrong)
            .map(|(_, key, problem)| Fault::new(key, problem))
            .chain(self.price.iter().flat_map(PriceConfig::validate).map(|fault| fault.under("price")))
            .collect()
    }
}
