//! The settings in force, as TOML.

use std::collections::BTreeMap;
use std::fmt::Write;

use toml::Table;
use toml::Value;

use crate::fault::key_part;

use super::layers::Path;
use super::layers::dotted;
use super::origin::Origin;

/// Every one of `settings`; each that has one of the `origins` says so, the others are defaults.
pub(super) fn print(settings: &Table, origins: &BTreeMap<Path, Origin>) -> String {
    let mut text = String::new();
    table(&mut text, settings, &Path::new(), origins);
    text
}

fn table(text: &mut String, settings: &Table, path: &Path, origins: &BTreeMap<Path, Origin>) {
    let (tables, values): (Vec<_>, Vec<_>) = settings.iter().partition(|(_, value)| value.is_table());
    if !path.is_empty() && (!values.is_empty() || tables.is_empty()) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}[{}]", dotted(path));
    }
    for (key, value) in values {
        let origin = origins.get(&join(path, key));
        let origin = origin.map_or_else(String::new, |origin| format!("  # {origin}"));
        let _ = writeln!(text, "{} = {value}{origin}", key_part(key));
    }
    for (key, inner) in tables {
        if let Value::Table(inner) = inner {
            table(text, inner, &join(path, key), origins);
        }
    }
}

fn join(path: &Path, key: &str) -> Path {
    [path.as_slice(), &[key.to_owned()]].concat()
}
