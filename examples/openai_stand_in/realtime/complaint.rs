//! What is wrong with an event of the client, told as an `error` event that leaves the session open.

use serde_json::Value;
use serde_json::json;

/// The type of almost every error.
const INVALID_REQUEST: &str = "invalid_request_error";

/// An error that is about one event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Complaint {
    pub(crate) kind: &'static str,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    /// The field that is wrong, as a path from the event: `session.audio.output.voice`.
    pub(crate) param: Option<String>,
}

impl Complaint {
    /// An error of the request that is about no field.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self { kind: INVALID_REQUEST, code: Some(code.to_owned()), message: message.into(), param: None }
    }

    /// The same error about a field.
    pub(crate) fn about(self, param: &str) -> Self {
        Self { param: Some(param.to_owned()), ..self }
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self::new("missing_required_parameter", format!("Missing required parameter: '{param}'.")).about(param)
    }

    pub(crate) fn unknown(param: &str) -> Self {
        Self::new("unknown_parameter", format!("Unknown parameter: '{param}'.")).about(param)
    }

    pub(crate) fn wrong_type(param: &str, expected: &str, found: &Value) -> Self {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(number) if number.is_f64() => "a decimal",
            Value::Number(_) => "an integer",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        let message = format!("Invalid type for '{param}': expected {expected}, but got {found} instead.");
        Self::new("invalid_type", message).about(param)
    }

    /// A value that is none of `known`; there are always some.
    pub(crate) fn not_one_of(param: &str, found: &Value, known: &[&str]) -> Self {
        let quoted: Vec<String> = known.iter().map(|name| format!("'{name}'")).collect();
        let supported = match quoted.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first, second] => format!("{first} and {second}"),
            [most @ .., last] => format!("{}, and {last}", most.join(", ")),
        };
        let found = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        let message = format!("Invalid value: '{found}'. Supported values are: {supported}.");
        Self::new("invalid_value", message).about(param)
    }

    /// A number outside of its range.
    pub(crate) fn out_of_range(param: &str, found: &Value, (low, high): (f64, f64)) -> Self {
        let unit = if found.is_f64() { "decimal" } else { "integer" };
        let above = found.as_f64().is_some_and(|number| number > high);
        let (side, code, sign, limit) =
            if above { ("above maximum", "above_max", "<=", high) } else { ("below minimum", "below_min", ">=", low) };
        let message = format!(
            "Invalid '{param}': {unit} {side} value. Expected a value {sign} {limit}, but got {found} instead."
        );
        Self::new(&format!("{unit}_{code}_value"), message).about(param)
    }

    pub(crate) fn too_long(param: &str, limit: usize, found: usize) -> Self {
        let message = format!(
            "Invalid '{param}': string too long. Expected a string with maximum length {limit}, but got a string with \
             length {found} instead."
        );
        Self::new("string_above_max_length", message).about(param)
    }

    /// The event that tells it; `event_id` is the client's own id of the event that it is about.
    pub(crate) fn event(&self, event_id: Option<&str>) -> Value {
        json!({ "type": "error", "error": {
            "type": self.kind,
            "code": self.code,
            "message": self.message,
            "param": self.param,
            "event_id": event_id,
        } })
    }
}
