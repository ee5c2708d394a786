//! The `[engines.NAME]` tables: what can speak, and whether it has what it needs to do so.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::engine::catalog::Retirement;
use crate::engine::catalog::Standing;
use crate::engine::embedded;
use crate::engine::realtime;
use crate::engine::speech_api;
use crate::fault::Fault;
use crate::fault::key_part;

use super::secrets::Secrets;

/// One engine.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Engine {
    /// An HTTP endpoint in the shape of OpenAI's `/audio/speech`: OpenAI, Azure OpenAI, or a compatible server.
    SpeechApi(Box<speech_api::Config>),
    /// A WebSocket endpoint that speaks OpenAI's Realtime protocol: OpenAI, Azure OpenAI, or a compatible server.
    Realtime(Box<realtime::Config>),
    /// The voice that is compiled into the binary.
    Embedded(embedded::Config),
    /// Several engines with the same models, such as two keys or two regions, as one.
    Balanced(Balanced),
}

/// Engines that share the calls of their models.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Balanced {
    /// The names of other engines, each with its share of the calls: `{ "openai-eu" = 2, "openai-us" = 1 }`. One that fails before
    /// it was heard is replaced by another at once; one whose breaker is open is left out; one with a share of 0 is asked only
    /// when no other can be.
    pub members: BTreeMap<String, u32>,
}

impl Engine {
    /// What the catalogue has to know of the engine called `name`: whether requests can be sent to it, because it has a key or
    /// needs none, and whether it retires its models.
    pub fn standing(&self, name: &str, secrets: &Secrets) -> Standing {
        let has_key = || secrets.key(name).is_some();
        match self {
            // Told by its members, who are not known here.
            Self::Embedded(_) | Self::Balanced(_) => Standing { is_usable: true, retirement: Retirement::Unknown },
            Self::SpeechApi(config) => Standing {
                is_usable: !config.needs_key() || has_key(),
                retirement: retirement(config.retires(), config.shape.is_azure()),
            },
            Self::Realtime(config) => Standing {
                is_usable: !config.needs_key() || has_key(),
                retirement: retirement(config.retires(), config.shape.is_azure()),
            },
        }
    }

    /// Whether requests can be sent to it.
    pub fn is_usable(&self, name: &str, secrets: &Secrets) -> bool {
        self.standing(name, secrets).is_usable
    }

    /// Where its key is, if it may have one: in a file, or in a variable.
    pub(super) fn key_place(&self) -> Option<(Option<&Path>, Option<&str>)> {
        match self {
            Self::SpeechApi(config) => Some((config.api_key_file.as_deref(), config.api_key_env.as_deref())),
            Self::Realtime(config) => Some((config.api_key_file.as_deref(), config.api_key_env.as_deref())),
            Self::Embedded(_) | Self::Balanced(_) => None,
        }
    }
}

/// The engines that are there without any configuration.
pub(super) fn shipped() -> BTreeMap<String, Engine> {
    // A key belongs to one upstream: no other engine may be sent OpenAI's unless the operator says so.
    let api_key_env = Some("OPENAI_API_KEY".to_owned());
    let openai = speech_api::Config { api_key_env: api_key_env.clone(), ..Default::default() };
    let openai = Engine::SpeechApi(Box::new(openai));
    let realtime = realtime::Config { api_key_env, ..Default::default() };
    let realtime = Engine::Realtime(Box::new(realtime));
    let builtin = Engine::Embedded(embedded::Config::default());
    BTreeMap::from([
        ("openai".to_owned(), openai),
        ("openai_realtime".to_owned(), realtime),
        ("builtin".to_owned(), builtin),
    ])
}

/// What is wrong with the engines' own settings.
pub(super) fn validate(engines: &BTreeMap<String, Engine>) -> Vec<Fault> {
    let faults = |(name, engine): (&String, &Engine)| {
        let table = format!("engines.{}", key_part(name));
        let faults = match engine {
            Engine::SpeechApi(config) => config.validate(),
            Engine::Realtime(config) => config.validate(),
            Engine::Embedded(_) => Vec::new(),
            Engine::Balanced(config) => config.faults(engines),
        };
        faults.into_iter().map(move |fault| fault.under(&table))
    };
    engines.iter().flat_map(faults).collect()
}

impl Balanced {
    /// Its members among `engines`.
    pub(super) fn engines<'a>(
        &'a self,
        engines: &'a BTreeMap<String, Engine>,
    ) -> impl Iterator<Item = (&'a str, &'a Engine)> {
        self.members.keys().filter_map(|name| Some((name.as_str(), engines.get(name)?)))
    }

    fn faults(&self, engines: &BTreeMap<String, Engine>) -> Vec<Fault> {
        if self.members.is_empty() {
            return vec![Fault::new("members", "must name at least one engine")];
        }
        let is_plain = |name: &&String| !matches!(engines.get(*name), None | Some(Engine::Balanced(_)));
        let strange = self.members.keys().filter(|name| !is_plain(name));
        strange.map(|name| Fault::new("members", format!("`{name}` is not a plain engine of [engines]"))).collect()
    }
}

/// Whose days an engine keeps, if it `retires` models at all.
fn retirement(retires: bool, is_azure: bool) -> Retirement {
    match (retires, is_azure) {
        (false, _) => Retirement::Unknown,
        (true, false) => Retirement::Maker,
        (true, true) => Retirement::Azure,
    }
}
