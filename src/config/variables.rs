//! Settings that come as text: environment variables and flags.

use std::collections::BTreeMap;
use std::env;

use toml::Table;
use toml::Value;

use crate::fault::Fault;

use super::layers::Leaf;
use super::layers::Path;
use super::layers::get;
use super::origin::Finding;
use super::origin::Origin;

/// What the variable of every setting begins with; the parts of the key follow, with two underscores between them.
pub const PREFIX: &str = "RHAPSODE__";
const SEPARATOR: &str = "__";
const OPENAI_BASE_URL: &str = "OPENAI_BASE_URL";

/// The environment by name.
pub type Environment = BTreeMap<String, String>;

/// The environment of this process. A value that is not UTF-8 is kept in a form that no setting accepts.
#[must_use]
pub fn environment() -> Environment {
    env::vars_os().map(|(name, value)| (lossy(name), lossy(value))).collect()
}

fn lossy(text: std::ffi::OsString) -> String {
    text.into_string().unwrap_or_else(|text| text.to_string_lossy().into_owned())
}

/// A flag of the command line that stands for a setting.
#[derive(Clone, Debug)]
pub struct Flag {
    /// With its dashes.
    pub name: &'static str,
    /// Section and key.
    pub key: [&'static str; 2],
    /// As it was given.
    pub value: String,
}

/// A setting that came as text, with everything that the text can mean.
#[derive(Debug)]
pub(super) struct TextLeaf {
    pub(super) path: Path,
    pub(super) origin: Origin,
    text: String,
}

impl TextLeaf {
    /// Reads the text as the TOML value that it is, or else as text, whichever the setting accepts: `1.0` may be a number
    /// or the name of a model. What is accepted in neither way is left for the check to report.
    pub(super) fn settle(self, accepts: &dyn Fn(&Path, &Value) -> bool) -> Leaf {
        let verbatim = Value::String(self.text.clone());
        let value = match toml_value(&self.text) {
            Some(value) if accepts(&self.path, &value) || !accepts(&self.path, &verbatim) => value,
            _ => verbatim,
        };
        Leaf { path: self.path, value, origin: self.origin }
    }
}

impl From<&Flag> for TextLeaf {
    fn from(flag: &Flag) -> Self {
        let path = flag.key.iter().map(|part| (*part).to_owned()).collect();
        Self { path, origin: Origin::Flag(flag.name), text: flag.value.clone() }
    }
}

/// `OPENAI_BASE_URL` for each engine that it concerns. An empty value counts as none, as in OpenAI's own libraries.
pub(super) fn openai_base_url(env: &Environment, settings: &Table) -> Vec<TextLeaf> {
    let Some(url) = env.get(OPENAI_BASE_URL).map(|url| url.trim()).filter(|url| !url.is_empty()) else {
        return Vec::new();
    };
    let leaf = |(engine, kind): (&str, &str)| {
        let path = |key: &str| ["engines", engine, key].map(str::to_owned).to_vec();
        let is_there = get(settings, &path("kind")).and_then(Value::as_str) == Some(kind);
        let origin = Origin::Variable(OPENAI_BASE_URL.to_owned());
        is_there.then(|| TextLeaf { path: path("base_url"), origin, text: url.to_owned() })
    };
    [("openai", "speech_api"), ("openai_realtime", "realtime")].into_iter().filter_map(leaf).collect()
}

/// The settings among the environment variables, or what is wrong with their names.
pub(super) fn settings(env: &Environment, table: &Table) -> (Vec<TextLeaf>, Vec<Finding>) {
    let mut leaves = Vec::new();
    let mut findings = Vec::new();
    for (name, text) in env {
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        let origin = Origin::Variable(name.clone());
        match path(key, table) {
            Ok(path) => leaves.push(TextLeaf { path, origin, text: text.clone() }),
            Err(problem) => findings.push(Finding::new(origin, Fault::new("", problem))),
        }
    }
    (leaves, findings)
}

/// The parts of `key`, each spelled as the settings that are already there spell it.
fn path(key: &str, table: &Table) -> Result<Path, String> {
    let mut here = Some(table);
    let mut path = Path::new();
    for part in key.split(SEPARATOR) {
        if part.is_empty() {
            return Err(format!("expected {PREFIX}SECTION__KEY"));
        }
        let name = known_name(part, here)?.unwrap_or_else(|| part.to_lowercase());
        here = here.and_then(|table| table.get(&name)).and_then(Value::as_table);
        path.push(name);
    }
    Ok(path)
}

/// Shells allow neither dots nor dashes in names of variables, so `GPT_4O_MINI_TTS` also means `gpt-4o-mini-tts`.
fn known_name(part: &str, table: Option<&Table>) -> Result<Option<String>, String> {
    let names: Vec<_> = table.into_iter().flat_map(Table::keys).filter(|name| plain(name) == plain(part)).collect();
    match names.as_slice() {
        [] => Ok(None),
        [name] => Ok(Some((*name).clone())),
        several => several.iter().find(|name| **name == part || ***name == part.to_lowercase()).map_or_else(
            || Err(format!("`{part}` may mean any of {several:?}; use the configuration file")),
            |name| Ok(Some((*name).clone())),
        ),
    }
}

fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}

fn toml_value(text: &str) -> Option<Value> {
    let mut table: Table = format!("value = {text}").parse().ok()?;
    let value = table.remove("value")?;
    table.is_empty().then_some(value)
}
