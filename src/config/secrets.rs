//! Keys of engines. The settings say where they are; they themselves are no settings, and are printed nowhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::engine::upstream::can_send;
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
    /// Beside them is a fault for every key file that cannot be read or is empty, and for every key that no request can
    /// carry. Such a key is still among the keys, so that nobody is told that it is missing as well.
    pub fn find(engines: &BTreeMap<String, Engine>, env: &Environment) -> (Self, Vec<Fault>) {
        let mut keys = BTreeMap::new();
        let mut faults = Vec::new();
        for (name, engine) in engines {
            let Some(place) = engine.key_place() else { continue };
            let (key, fault) = match find(place, env) {
                Ok(key) => (key.clone(), key.and_then(|key| unsendable(place, &key))),
                Err(fault) => (None, Some(fault)),
            };
            keys.extend(key.map(|key| (name.clone(), key)));
            faults.extend(fault.map(|fault| fault.under(&format!("engines.{}", key_part(name)))));
        }
        (Self { keys }, faults)
    }

    /// The key of the engine called `engine`.
    pub fn key(&self, engine: &str) -> Option<&Secret> {
        self.keys.get(engine)
    }
}

/// The file and the variable in which a key may be.
type Place<'a> = (Option<&'a Path>, Option<&'a str>);

fn find((file, variable): Place<'_>, env: &Environment) -> Result<Option<Secret>, Fault> {
    let Some(path) = file else {
        let value = variable.and_then(|name| env.get(name));
        return Ok(value.map(|value| Secret::new(value)).filter(|key| !key.is_empty()));
    };
    match fs::read_to_string(path).map(|key| Secret::new(&key)) {
        Ok(key) if key.is_empty() => Err(Fault::new("api_key_file", "the file is empty")),
        Ok(key) => Ok(Some(key)),
        Err(error) => Err(Fault::new("api_key_file", format!("cannot read the file: {error}"))),
    }
}

fn unsendable((file, variable): Place<'_>, key: &Secret) -> Option<Fault> {
    if can_send(key.expose()) {
        return None;
    }
    let (place, holder) = match (file, variable) {
        (None, Some(variable)) => ("api_key_env", format!("the variable {variable}")),
        _ => ("api_key_file", "the file".to_owned()),
    };
    let problem = format!("{holder} holds a character that cannot be sent in an HTTP header; a key is printable ASCII");
    Some(Fault::new(place, problem))
}
