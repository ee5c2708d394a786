//! The `[engines.NAME]` tables: what can speak, and whether it has what it needs to do so.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use url::Url;

use crate::engine::embedded;
use crate::engine::speech_api;
use crate::fault::Fault;
use crate::fault::key_part;

use super::secrets::Secrets;

/// Domains whose endpoints refuse a request without a key.
const KEYED_DOMAINS: [&str; 2] = ["openai.com", "azure.com"];

/// One engine.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Engine {
    /// An HTTP endpoint in the shape of OpenAI's `/audio/speech`: OpenAI, Azure OpenAI, or a compatible server.
    SpeechApi(Box<speech_api::Config>),
    /// The voice that is compiled into the binary.
    Embedded(embedded::Config),
}

impl Engine {
    /// Whether requests can be sent to the engine called `name`: it has a key, or needs none.
    pub fn is_usable(&self, name: &str, secrets: &Secrets) -> bool {
        match self {
            Self::Embedded(_) => true,
            Self::SpeechApi(config) => secrets.key(name).is_some() || !needs_key(config.base_url.as_str()),
        }
    }
}

/// The engines that are there without any configuration.
pub(super) fn shipped() -> BTreeMap<String, Engine> {
    // A key belongs to one upstream: no other engine may be sent OpenAI's unless the operator says so.
    let api_key_env = Some("OPENAI_API_KEY".to_owned());
    let openai = speech_api::Config { api_key_env, ..Default::default() };
    let openai = Engine::SpeechApi(Box::new(openai));
    let builtin = Engine::Embedded(embedded::Config::default());
    BTreeMap::from([("openai".to_owned(), openai), ("builtin".to_owned(), builtin)])
}

/// What is wrong with the engines' own settings.
pub(super) fn validate(engines: &BTreeMap<String, Engine>) -> Vec<Fault> {
    let faults = |(name, engine): (&String, &Engine)| {
        let table = format!("engines.{}", key_part(name));
        let faults = match engine {
            Engine::SpeechApi(config) => config.validate(),
            Engine::Embedded(_) => Vec::new(),
        };
        faults.into_iter().map(move |fault| fault.under(&table))
    };
    engines.iter().flat_map(faults).collect()
}

fn needs_key(base_url: &str) -> bool {
    let url = Url::parse(base_url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    KEYED_DOMAINS
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::needs_key;

    #[test]
    fn only_the_vendors_own_hosts_need_a_key() {
        for (url, needs) in [
            ("https://api.openai.com/v1", true),
            ("https://eu.api.openai.com/v1", true),
            ("https://speech.openai.azure.com/openai/v1", true),
            ("http://127.0.0.1:8880/v1", false),
            ("http://notopenai.com/v1", false),
            ("http://openai.com.example/v1", false),
        ] {
            assert_eq!(needs_key(url), needs, "{url}");
        }
    }
}
