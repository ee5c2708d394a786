//! The settings in force, as TOML.

use std::fmt::Write;

use toml::Table;
use toml::Value;

use crate::fault::key_part;

use super::layers::Merged;
use super::layers::Path;
use super::layers::dotted;

/// Every setting; each that is no default says where it comes from.
pub(super) fn print(merged: &Merged) -> String {
    let mut text = String::new();
    table(&mut text, &merged.table, &Path::new(), merged);
    text
}

fn table(text: &mut String, settings: &Table, path: &Path, merged: &Merged) {
    let (tables, values): (Vec<_>, Vec<_>) = settings.iter().partition(|(_, value)| value.is_table());
    if !path.is_empty() && (!values.is_empty() || tables.is_empty()) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}[{}]", dotted(path));
    }
    for (key, value) in values {
        let origin = merged.origins.get(&join(path, key));
        let origin = origin.map_or_else(String::new, |origin| format!("  # {origin}"));
        let _ = writeln!(text, "{} = {value}{origin}", key_part(key));
    }
    for (key, inner) in tables {
        if let Value::Table(inner) = inner {
            table(text, inner, &join(path, key), merged);
        }
    }
}

fn join(path: &Path, key: &str) -> Path {
    [path.as_slice(), &[key.to_owned()]].concat()
}
