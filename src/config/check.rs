//! Reading merged settings, and finding every one that cannot be read.
//!
//! A deserialiser stops at its first error. So that an operator sees all of them, each supplied setting is then tried
//! alone on top of the defaults, where an error can only be its own.

use toml::Table;
use toml::Value;

use crate::fault::Fault;

use super::Config;
use super::layers::KIND;
use super::layers::Leaf;
use super::layers::Merged;
use super::layers::Path;
use super::layers::dotted;
use super::layers::get;
use super::origin::Finding;
use super::origin::Origin;

/// Reads the settings. Those that cannot be read are reported, and left at their defaults.
pub(super) fn read(shipped: &Table, merged: &Merged) -> (Option<Config>, Vec<Finding>) {
    let whole = match parse(merged.table.clone()) {
        Ok(config) => return (Some(config), Vec::new()),
        Err(problem) => problem,
    };
    let mut findings = Vec::new();
    let mut rest = Merged::new(shipped.clone());
    for (path, origin) in in_order_of_trial(merged) {
        let Some(value) = get(&merged.table, path) else { continue };
        let has_bad_kind = findings.iter().any(|(bad, _): &(Path, _)| is_kind_around(bad, path));
        match parse(merged.alone(shipped, path, value.clone())).map_err(|error| Problem::of(&error)) {
            _ if has_bad_kind => {}
            Err(Problem::Own(problem)) => {
                findings.push((path.clone(), Finding::new(origin.clone(), Fault::new(dotted(path), problem))));
            }
            Ok(_) | Err(Problem::Incomplete) => {
                let leaf = Leaf { path: path.clone(), value: value.clone(), origin: origin.clone() };
                rest.lay(vec![leaf]);
            }
        }
    }
    let findings: Vec<_> = findings.into_iter().map(|(_, finding)| finding).collect();
    match parse(rest.table) {
        Ok(config) => (Some(config), findings),
        Err(_) if !findings.is_empty() => (None, findings),
        Err(_) => {
            let problem = whole.to_string().trim_end().replace('\n', " ");
            (None, vec![Finding::new(Origin::Shipped, Fault::new("", problem))])
        }
    }
}

/// Whether a setting is accepted, as far as it can be judged alone.
pub(super) fn accepts(shipped: &Table, merged: &Merged, path: &Path, value: &Value) -> bool {
    parse(merged.alone(shipped, path, value.clone())).is_ok()
}

enum Problem {
    Own(String),
    /// Another key of the same table is missing, which says nothing about this one.
    Incomplete,
}

impl Problem {
    fn of(error: &toml::de::Error) -> Self {
        let message = error.message();
        if message.starts_with("missing field") { Self::Incomplete } else { Self::Own(message.to_owned()) }
    }
}

fn parse(table: Table) -> Result<Config, toml::de::Error> {
    Value::Table(table).try_into()
}

/// What decides the kind of a table comes first, because its siblings cannot be judged if it is wrong.
fn in_order_of_trial(merged: &Merged) -> impl Iterator<Item = (&Path, &Origin)> {
    let (kinds, others): (Vec<_>, Vec<_>) = merged.origins.iter().partition(|(path, _)| is_kind(path));
    kinds.into_iter().chain(others)
}

fn is_kind(path: &Path) -> bool {
    path.last().is_some_and(|last| last == KIND)
}

fn is_kind_around(kind: &Path, path: &Path) -> bool {
    is_kind(kind) && path.starts_with(&kind[..kind.len() - 1])
}
