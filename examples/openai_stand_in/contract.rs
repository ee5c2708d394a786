//! The request body: what is required, what is allowed, and in which order it is checked.
//!
//! Fields: <https://developers.openai.com/api/reference/resources/audio/subresources/speech>.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tiktoken_rs::o200k_base_singleton;

use super::catalogue;
use super::catalogue::Family;
use super::catalogue::Model;
use super::encode::Format;
use super::pydantic::Complaints;
use super::refusal::Refusal;

/// Longest `input` and `instructions`, in Unicode code points.
pub(crate) const CHARACTER_LIMIT: usize = 4096;
/// Longest `input` of the token-billed models, in `o200k_base` tokens.
const TOKEN_LIMIT: usize = 2000;
/// The paces that `speed` may ask for.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// A request that passed every check.
#[derive(Debug)]
pub(crate) struct SpeechRequest {
    pub(crate) family: Family,
    pub(crate) model: String,
    pub(crate) input: String,
    pub(crate) format: Format,
    pub(crate) speed: f64,
    pub(crate) events: bool,
    /// Length of `input` in `o200k_base` tokens.
    pub(crate) tokens: usize,
}

/// Counts `o200k_base` tokens, which is exactly what `usage.input_tokens` tells.
pub(crate) fn count_tokens(text: &str) -> usize {
    o200k_base_singleton().count_ordinary(text)
}

/// Checks a body: its fields, then the model, the model's voices, and the length in tokens.
///
/// `deployment` is the model of an Azure path, which stands in for the field.
pub(crate) fn check(body: &[u8], deployment: Option<(&str, Family)>) -> Result<SpeechRequest, Refusal> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
        return Err(Refusal::unreadable_json());
    };
    let draft = read_fields(&fields, deployment.is_some())?;
    let family = deployment.map_or_else(|| find_family(&draft.model), |(_, family)| Ok(family))?;
    let model = deployment.map_or(draft.model, |(name, _)| name.to_owned());
    check_voice(&fields, family)?;
    let tokens = count_tokens(&draft.input);
    if family.bills_tokens() && tokens > TOKEN_LIMIT {
        return Err(Refusal::too_many_tokens(tokens, TOKEN_LIMIT));
    }
    let events = draft.events && family.bills_tokens();
    Ok(SpeechRequest { family, model, input: draft.input, format: draft.format, speed: draft.speed, events, tokens })
}

/// The faults that a server would find in a body that lacks everything; for dialects that refuse.
pub(crate) fn complaints_about_speed(body: &[u8]) -> Complaints {
    let fields: Value = serde_json::from_slice(body).unwrap_or_default();
    let speed = fields.get("speed").cloned().unwrap_or(json!(1.0));
    let mut complaints = Complaints::default();
    let message = "Input should be greater than or equal to 0.25";
    complaints.add("greater_than_equal", "speed", message, &speed, json!({ "ge": 0.25 }));
    complaints
}

struct Draft {
    model: String,
    input: String,
    format: Format,
    speed: f64,
    events: bool,
}

fn read_fields(fields: &Map<String, Value>, model_in_path: bool) -> Result<Draft, Refusal> {
    let mut reader = Reader { fields, complaints: Complaints::default() };
    let model = if model_in_path { String::new() } else { reader.text("model", true) };
    let input = reader.bounded_text("input", true);
    if input.is_empty() && fields.get("input").is_some_and(Value::is_string) {
        let limit = json!({ "min_length": 1 });
        let message = "String should have at least 1 character";
        reader.complaints.add("string_too_short", "input", message, &json!(""), limit);
    }
    reader.voice();
    reader.bounded_text("instructions", false);
    let format = reader.choice("response_format", &Format::NAMES).unwrap_or("mp3");
    let speed = reader.speed();
    let events = reader.choice("stream_format", &["sse", "audio"]) == Some("sse");
    if reader.complaints.is_empty() {
        let format = Format::from_name(format).unwrap_or(Format::Mp3);
        Ok(Draft { model, input, format, speed, events })
    } else {
        Err(Refusal::invalid(&reader.complaints))
    }
}

fn find_family(model: &str) -> Result<Family, Refusal> {
    match catalogue::model(model) {
        Some(Model::Speech(family)) => Ok(family),
        Some(Model::Elsewhere) => Err(Refusal::invalid_url("POST", "/v1/audio/speech")),
        None => Err(Refusal::no_such_model(model)),
    }
}

/// A named voice has to be one of the model's; custom voices (`{"id": …}`) are taken as they come.
fn check_voice(fields: &Map<String, Value>, family: Family) -> Result<(), Refusal> {
    match fields.get("voice") {
        Some(voice @ Value::String(name)) if !family.voices().contains(&name.as_str()) => {
            let mut complaints = Complaints::default();
            complaints.not_one_of("voice", voice, &family.voices());
            Err(Refusal::invalid(&complaints))
        }
        _ => Ok(()),
    }
}

/// Takes fields out of a body and collects what is wrong with them.
struct Reader<'a> {
    fields: &'a Map<String, Value>,
    complaints: Complaints,
}

impl<'a> Reader<'a> {
    /// A field that is there and not null; complains if it has to be there and is not.
    fn field(&mut self, name: &str, required: bool) -> Option<&'a Value> {
        match self.fields.get(name) {
            Some(Value::Null) if !required => None,
            Some(value) => Some(value),
            None => {
                if required {
                    let body = Value::Object(self.fields.clone());
                    self.complaints.add("missing", name, "Field required", &body, Value::Null);
                }
                None
            }
        }
    }

    fn text(&mut self, name: &str, required: bool) -> String {
        match self.field(name, required) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => {
                let message = "Input should be a valid string";
                self.complaints.add("string_type", name, message, other, Value::Null);
                String::new()
            }
            None => String::new(),
        }
    }

    fn bounded_text(&mut self, name: &str, required: bool) -> String {
        let text = self.text(name, required);
        if text.chars().count() > CHARACTER_LIMIT {
            let message = format!("String should have at most {CHARACTER_LIMIT} characters");
            let limit = json!({ "max_length": CHARACTER_LIMIT });
            self.complaints.add("string_too_long", name, &message, &json!(text), limit);
        }
        text
    }

    /// A name, or an object with nothing but a textual `id`.
    fn voice(&mut self) {
        match self.field("voice", true) {
            None | Some(Value::String(_)) => {}
            Some(Value::Object(voice)) if voice.len() == 1 && voice.get("id").is_some_and(Value::is_string) => {}
            Some(other) => {
                let message = "Input should be a valid string or an object with an id";
                self.complaints.add("string_type", "voice", message, other, Value::Null);
            }
        }
    }

    fn choice(&mut self, name: &str, choices: &[&'static str]) -> Option<&'static str> {
        let value = self.field(name, false)?;
        let found = choices.iter().find(|choice| value.as_str() == Some(**choice)).copied();
        if found.is_none() {
            self.complaints.not_one_of(name, value, choices);
        }
        found
    }

    fn speed(&mut self) -> f64 {
        let Some(value) = self.field("speed", false) else { return 1.0 };
        let complaint = match value.as_f64() {
            Some(speed) if SPEEDS.contains(&speed) => return speed,
            Some(speed) if speed < *SPEEDS.start() => {
                ("greater_than_equal", "Input should be greater than or equal to 0.25", json!({ "ge": 0.25 }))
            }
            Some(_) => ("less_than_equal", "Input should be less than or equal to 4", json!({ "le": 4.0 })),
            None => ("float_type", "Input should be a valid number", Value::Null),
        };
        self.complaints.add(complaint.0, "speed", complaint.1, value, complaint.2);
        1.0
    }
}
