//! Sessions and responses as they were before general availability: everything on one level, formats by short names.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// Short names of formats.
const FORMATS: [(&str, &str); 3] = [("pcm16", "audio/pcm"), ("g711_ulaw", "audio/pcmu"), ("g711_alaw", "audio/pcma")];

/// Moves the fields of the flat shape to where they are since; those that are there already stay.
pub(crate) fn to_ga(patch: &Value) -> Value {
    let Value::Object(fields) = patch else { return patch.clone() };
    let mut audio = fields.get("audio").cloned().unwrap_or_else(|| json!({}));
    let sides = ["input", "output"].map(|side| audio.get(side).is_none_or(Value::is_object));
    if !audio.is_object() || sides.contains(&false) {
        // Nothing can be moved there; the check of the fields says what is wrong.
        return patch.clone();
    }
    let mut session = Map::new();
    for (name, value) in fields {
        match name.as_str() {
            "voice" => audio["output"]["voice"] = value.clone(),
            "speed" => audio["output"]["speed"] = value.clone(),
            "output_audio_format" => audio["output"]["format"] = format_to_ga(value),
            "input_audio_format" => audio["input"]["format"] = format_to_ga(value),
            "turn_detection" => audio["input"]["turn_detection"] = value.clone(),
            "input_audio_transcription" => audio["input"]["transcription"] = value.clone(),
            "max_response_output_tokens" => drop(session.insert("max_output_tokens".to_owned(), value.clone())),
            "modalities" => {
                let speaks = value.as_array().is_some_and(|names| names.iter().any(|name| name == "audio"));
                let only = if speaks { "audio" } else { "text" };
                session.insert("output_modalities".to_owned(), json!([only]));
            }
            "temperature" | "audio" => {}
            _ => drop(session.insert(name.clone(), value.clone())),
        }
    }
    if audio.as_object().is_some_and(|sides| !sides.is_empty()) {
        session.insert("audio".to_owned(), audio);
    }
    Value::Object(session)
}

/// Shows a session or a response of today in the flat shape.
pub(crate) fn from_ga(object: &Value) -> Value {
    let mut flat = object.clone();
    let Some(fields) = flat.as_object_mut() else { return flat };
    for gone in ["audio", "output_modalities", "tracing", "truncation", "prompt", "include", "reasoning"] {
        fields.remove(gone);
    }
    let is_session = object["object"] == "realtime.session";
    let names = if object["output_modalities"][0] == "text" { json!(["text"]) } else { json!(["audio", "text"]) };
    fields.insert("modalities".to_owned(), names);
    let output = &object["audio"]["output"];
    fields.insert("voice".to_owned(), output["voice"].clone());
    fields.insert("output_audio_format".to_owned(), short_name(&output["format"]));
    fields.insert("temperature".to_owned(), json!(0.8));
    if is_session {
        let input = &object["audio"]["input"];
        fields.remove("type");
        fields.insert("speed".to_owned(), output["speed"].clone());
        fields.insert("input_audio_format".to_owned(), short_name(&input["format"]));
        fields.insert("input_audio_transcription".to_owned(), input["transcription"].clone());
        fields.insert("turn_detection".to_owned(), input["turn_detection"].clone());
        let most = fields.remove("max_output_tokens").unwrap_or_default();
        fields.insert("max_response_output_tokens".to_owned(), most);
    }
    flat
}

fn format_to_ga(name: &Value) -> Value {
    let known = FORMATS.iter().find(|(short, _)| name == short);
    known.map_or_else(|| json!({ "type": name }), |(_, long)| json!({ "type": long }))
}

fn short_name(format: &Value) -> Value {
    let known = FORMATS.iter().find(|(_, long)| format["type"] == *long);
    known.map_or(Value::Null, |(short, _)| json!(short))
}
