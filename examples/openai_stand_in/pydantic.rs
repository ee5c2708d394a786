//! The validation message of the endpoint: a Python list of Pydantic errors, printed as Python prints it.

use std::fmt::Write as _;

use serde_json::Value;
use serde_json::json;

/// The faults of one request body, in the order of its fields.
#[derive(Default)]
pub(crate) struct Complaints(Vec<Value>);

impl Complaints {
    /// Adds a fault of `field`; `context` holds the violated limit, or null.
    pub(crate) fn add(&mut self, kind: &str, field: &str, message: &str, input: &Value, context: Value) {
        let mut entry = json!({ "type": kind, "loc": ["body", field], "msg": message, "input": input });
        if let (Value::Object(entry), false) = (&mut entry, context.is_null()) {
            entry.insert("ctx".into(), context);
        }
        self.0.push(entry);
    }

    /// Adds the fault of a value outside of a closed list.
    pub(crate) fn not_one_of(&mut self, field: &str, input: &Value, choices: &[&str]) {
        let expected = choices_text(choices);
        let message = format!("Input should be {expected}");
        self.add("enum", field, &message, input, json!({ "expected": expected }));
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults as `FastAPI`'s own error body has them.
    pub(crate) fn detail(&self) -> Value {
        Value::Array(self.0.clone())
    }

    /// The faults as the endpoint's `error.message` has them.
    pub(crate) fn message(&self) -> String {
        let mut text = String::from("[");
        for (index, complaint) in self.0.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { ", " });
            text.push_str(&error_repr(complaint));
        }
        text + "]"
    }
}

/// `'a', 'b' or 'c'`.
fn choices_text(choices: &[&str]) -> String {
    match choices {
        [] => String::new(),
        [only] => format!("'{only}'"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|choice| format!("'{choice}'")).collect();
            format!("{} or '{last}'", first.join(", "))
        }
    }
}

/// One error with its keys in Pydantic's order and its `loc` as a tuple.
fn error_repr(complaint: &Value) -> String {
    let mut parts = Vec::new();
    for key in ["type", "loc", "msg", "input", "ctx"] {
        match complaint.get(key) {
            Some(Value::Array(path)) if key == "loc" => {
                let path: Vec<String> = path.iter().map(repr).collect();
                parts.push(format!("'loc': ({})", path.join(", ")));
            }
            Some(value) => parts.push(format!("'{key}': {}", repr(value))),
            None => {}
        }
    }
    format!("{{{}}}", parts.join(", "))
}

/// Python's `repr` of a JSON value.
fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text_repr(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{}: {}", text_repr(name), repr(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}

/// Python prefers single quotes and turns to double ones if the text holds the former and not the latter.
fn text_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            same if same == quote => {
                out.push('\\');
                out.push(same);
            }
            control if control.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\x{:02x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push(quote);
    out
}
