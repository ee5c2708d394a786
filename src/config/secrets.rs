//! Keys of engines. The settings say where they are; they themselves are no settings, and are printed nowhere.

use std::collections::BTreeMap;
use std::fs;

use crate::engine::speech_api;
use crate::fault::Fault;
use crate::fault::key_part;
use crate::secret::Secret;

use super::engines::Engine;
use super::variables::Environment;

/// The keys by the name of their engine.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    keys: BTreeMap<String, Secret>,
}

impl Secrets {
    /// Reads the keys of `engines`. An empty variable counts as none, as in OpenAI's own libraries.
    ///
    /// # Errors
    /// A fault for every key file that cannot be read or is empty.
    pub fn find(engines: &BTreeMap<String, Engine>, env: &Environment) -> Result<Self, Vec<Fault>> {
        let mut keys = BTreeMap::new();
        let mut faults = Vec::new();
        for (name, engine) in engines {
            let Engine::SpeechApi(config) = engine else { continue };
            match find(config, env) {
                Ok(key) => keys.extend(key.map(|key| (name.clone(), key))),
                Err(fault) => faults.push(fault.under(&format!("engines.{}", key_part(name)))),
            }
        }
        if faults.is_empty() { Ok(Self { keys }) } else { Err(faults) }
    }

    /// The key of the engine called `engine`.
    pub fn key(&self, engine: &str) -> Option<&Secret> {
        self.keys.get(engine)
    }
}

fn find(config: &speech_api::Config, env: &Environment) -> Result<Option<Secret>, Fault> {
    let Some(path) = &config.api_key_file else {
        let value = config.api_key_env.as_ref().and_then(|name| env.get(name));
        return Ok(value.map(|value| Secret::new(value)).filter(|key| !key.is_empty()));
    };
    match fs::read_to_string(path).map(|key| Secret::new(&key)) {
        Ok(key) if key.is_empty() => Err(Fault::new("api_key_file", "the file is empty")),
        Ok(key) => Ok(Some(key)),
        Err(error) => Err(Fault::new("api_key_file", format!("cannot read the file: {error}"))),
    }
}
