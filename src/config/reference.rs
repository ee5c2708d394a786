//! The reference of all settings, written from their doc comments and defaults.

use std::fmt::Write;

use serde_json::Map;
use serde_json::Value;
use toml::Table;

use crate::fault::key_part;

use super::Config;
use super::layers::KIND;

/// Columns of a comment's text.
const WIDTH: usize = 100;

const KIND_MANUAL: &str = "Which kind of entry this is; it decides which keys there are. Required.";

/// The page for people: what the layers are, and the reference.
pub fn page() -> String {
    format!("{}\n```toml\n{}```\n", include_str!("page.md"), reference())
}

/// Every setting as commented TOML with its default. Read as a configuration file it changes nothing.
pub fn reference() -> String {
    let schema = schemars::schema_for!(Config).to_value();
    let defaults = Table::try_from(Config::default()).unwrap_or_default();
    let pages = Reference { definitions: schema["$defs"].as_object().cloned().unwrap_or_default() };
    let mut text = String::new();
    for (name, section) in properties(&schema) {
        pages.section(&mut text, name, section, defaults.get(name).and_then(toml::Value::as_table));
    }
    text
}

struct Reference {
    definitions: Map<String, Value>,
}

impl Reference {
    fn section(&self, text: &mut String, name: &str, section: &Value, defaults: Option<&Table>) {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}# {}", "-".repeat(WIDTH));
        comment(text, self.description(section));
        let empty = Table::new();
        let defaults = defaults.unwrap_or(&empty);
        match section.get("additionalProperties") {
            Some(entry) => self.entries(text, name, self.resolved(entry), defaults),
            None => self.table(text, name, self.resolved(section), defaults, ""),
        }
    }

    /// A table whose keys are names: one example, commented out, for each kind of entry.
    fn entries(&self, text: &mut String, name: &str, entry: &Value, shipped: &Table) {
        let names: Vec<_> = shipped.keys().map(|name| key_part(name)).collect();
        comment(text, &format!("Shipped: {}.", names.join(", ")));
        let Some(kinds) = entry.get("oneOf").and_then(Value::as_array) else {
            return self.table(text, &format!("{name}.NAME"), entry, &Table::new(), "# ");
        };
        for kind in kinds {
            let _ = writeln!(text);
            comment(text, self.description(kind));
            self.table(text, &format!("{name}.NAME"), &self.with_reference(kind), &Table::new(), "# ");
        }
    }

    fn table(&self, text: &mut String, path: &str, schema: &Value, defaults: &Table, prefix: &str) {
        let _ = writeln!(text, "\n{prefix}[{path}]");
        let mut tables = Vec::new();
        let mut keys = properties(schema);
        keys.sort_by_key(|(key, _)| *key != KIND);
        for (key, property) in keys {
            if !properties(self.resolved(property)).is_empty() {
                tables.push((key, property));
                continue;
            }
            let _ = writeln!(text);
            comment(text, if key == KIND { KIND_MANUAL } else { self.description(property) });
            for (name, manual) in choices(self.resolved(property)) {
                comment(text, &format!("- `{name}`: {manual}"));
            }
            let _ = match default(property, defaults.get(key)) {
                Some(value) => writeln!(text, "{prefix}{} = {value}", key_part(key)),
                None => writeln!(text, "# {} =", key_part(key)),
            };
        }
        for (key, property) in tables {
            let _ = writeln!(text);
            comment(text, self.description(property));
            self.table(text, &format!("{path}.{}", key_part(key)), self.resolved(property), &Table::new(), prefix);
        }
    }

    /// What `schema` refers to, through `$ref` and through the choice between it and nothing.
    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let choices = schema.get("anyOf").and_then(Value::as_array);
        let schema = choices.and_then(|choices| choices.first()).unwrap_or(schema);
        let name = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/$defs/"));
        name.and_then(|name| self.definitions.get(name)).unwrap_or(schema)
    }

    /// A kind of entry: its own `kind`, and the keys of the type that it wraps.
    fn with_reference(&self, kind: &Value) -> Value {
        let mut whole = self.resolved(kind).clone();
        if let (Some(keys), Some(own)) = (whole.get_mut("properties"), kind.get("properties")) {
            if let (Some(keys), Some(own)) = (keys.as_object_mut(), own.as_object()) {
                keys.extend(own.clone());
            }
            return whole;
        }
        kind.clone()
    }

    fn description<'a>(&'a self, schema: &'a Value) -> &'a str {
        let own = schema.get("description").or_else(|| self.resolved(schema).get("description"));
        own.and_then(Value::as_str).unwrap_or_default()
    }
}

/// The values among which a setting chooses, with what each means.
fn choices(schema: &Value) -> Vec<(&str, &str)> {
    let choices = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    choices.filter_map(|choice| Some((choice.get("const")?.as_str()?, choice.get("description")?.as_str()?))).collect()
}

fn properties(schema: &Value) -> Vec<(&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().collect()
}

/// The default as TOML. Unset is none.
fn default(property: &Value, shipped: Option<&toml::Value>) -> Option<String> {
    if let Some(shipped) = shipped {
        return Some(shipped.to_string());
    }
    let value = property.get("const").or_else(|| property.get("default"))?;
    toml::Value::try_from(value).ok().map(|value| value.to_string())
}

/// Writes `description` as comment lines; a list or a blank line starts a line of its own.
fn comment(text: &mut String, description: &str) {
    for paragraph in description.split("\n\n") {
        if !text.ends_with("\n\n") && paragraph.as_ptr() != description.as_ptr() {
            text.push_str("#\n");
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
                let _ = writeln!(text, "# {line}");
                line.clear();
            }
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
        if !line.is_empty() {
            let _ = writeln!(text, "# {line}");
        }
    }
}
