//! Which fields a `session.update` and a `response.create` may have, and what may be in them.
//!
//! Fields: <https://developers.openai.com/api/reference/resources/realtime/client-events>.

use serde_json::Value;

use super::complaint::Complaint;

/// The voices of realtime models; a custom voice is an object with an `id`.
pub(crate) const VOICES: [&str; 10] =
    ["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"];
/// Paces that a session may have.
const SPEEDS: (f64, f64) = (0.25, 1.5);
/// Output tokens that a response may be bounded to.
const OUTPUT_TOKENS: (f64, f64) = (1.0, 4096.0);
/// Pairs of metadata, and code points of a key and of a value.
const METADATA: (usize, usize, usize) = (16, 64, 512);

/// Looks at a value; the text is its path.
type Check = fn(&str, &Value) -> Result<(), Complaint>;
/// The fields of an object.
type Fields = [(&'static str, Check)];

const SESSION: [(&str, Check); 13] = [
    ("type", |path, value| choice(path, value, &["realtime"])),
    ("model", text),
    ("instructions", text),
    ("output_modalities", modalities),
    ("max_output_tokens", max_output_tokens),
    ("tools", list),
    ("tool_choice", anything),
    ("tracing", anything),
    ("truncation", anything),
    ("prompt", object_or_null),
    ("include", anything),
    ("reasoning", |path, value| object(path, value, &REASONING)),
    ("parallel_tool_calls", flag),
];
const SESSION_AUDIO: [(&str, Check); 2] = [
    ("input", |path, value| object(path, value, &INPUT)),
    ("output", |path, value| object(path, value, &SESSION_OUTPUT)),
];
const INPUT: [(&str, Check); 4] = [
    ("format", format),
    ("transcription", object_or_null),
    ("noise_reduction", object_or_null),
    ("turn_detection", object_or_null),
];
const SESSION_OUTPUT: [(&str, Check); 3] = [("format", format), ("voice", voice), ("speed", speed)];
const REASONING: [(&str, Check); 1] =
    [("effort", |path, value| choice(path, value, &["minimal", "low", "medium", "high", "xhigh"]))];
const RESPONSE: [(&str, Check); 11] = [
    ("conversation", |path, value| choice(path, value, &["auto", "none"])),
    ("input", list),
    ("instructions", text),
    ("output_modalities", modalities),
    ("max_output_tokens", max_output_tokens),
    ("metadata", metadata),
    ("tools", list),
    ("tool_choice", anything),
    ("prompt", object_or_null),
    ("reasoning", |path, value| object(path, value, &REASONING)),
    ("parallel_tool_calls", flag),
];
const RESPONSE_AUDIO: [(&str, Check); 1] = [("output", |path, value| object(path, value, &RESPONSE_OUTPUT))];
const RESPONSE_OUTPUT: [(&str, Check); 2] = [("format", format), ("voice", voice)];

/// Checks the `session` of an update for a model that reasons (`second`: of the 2 family) or does not.
pub(crate) fn session(value: &Value, second: bool) -> Result<(), Complaint> {
    top("session", value, second, &SESSION, |path, value| object(path, value, &SESSION_AUDIO))
}

/// Checks the `response` of a `response.create`.
pub(crate) fn response(value: &Value, second: bool) -> Result<(), Complaint> {
    top("response", value, second, &RESPONSE, |path, value| object(path, value, &RESPONSE_AUDIO))
}

/// Refuses a voice that no realtime model has.
pub(crate) fn known_voice(path: &str, value: &Value) -> Result<(), Complaint> {
    match value {
        Value::String(name) if !VOICES.contains(&name.as_str()) => Err(Complaint::not_one_of(path, value, &VOICES)),
        _ => Ok(()),
    }
}

fn top(path: &str, value: &Value, second: bool, fields: &Fields, audio: Check) -> Result<(), Complaint> {
    for only_of_the_second in ["reasoning", "parallel_tool_calls"] {
        if !second && value.get(only_of_the_second).is_some() {
            return Err(Complaint::unknown(&format!("{path}.{only_of_the_second}")));
        }
    }
    let fields: Vec<(&str, Check)> = fields.iter().copied().chain([("audio", audio)]).collect();
    object(path, value, &fields)
}

fn object(path: &str, value: &Value, fields: &[(&str, Check)]) -> Result<(), Complaint> {
    let Value::Object(given) = value else { return Err(Complaint::wrong_type(path, "an object", value)) };
    for (name, value) in given {
        let path = format!("{path}.{name}");
        match fields.iter().find(|(known, _)| known == name) {
            Some((_, check)) => check(&path, value)?,
            None => return Err(Complaint::unknown(&path)),
        }
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "a check like the others")]
fn anything(_: &str, _: &Value) -> Result<(), Complaint> {
    Ok(())
}

fn text(path: &str, value: &Value) -> Result<(), Complaint> {
    if value.is_string() { Ok(()) } else { Err(Complaint::wrong_type(path, "a string", value)) }
}

fn flag(path: &str, value: &Value) -> Result<(), Complaint> {
    if value.is_boolean() { Ok(()) } else { Err(Complaint::wrong_type(path, "a boolean", value)) }
}

fn list(path: &str, value: &Value) -> Result<(), Complaint> {
    if value.is_array() { Ok(()) } else { Err(Complaint::wrong_type(path, "an array", value)) }
}

fn object_or_null(path: &str, value: &Value) -> Result<(), Complaint> {
    let fits = value.is_object() || value.is_null();
    if fits { Ok(()) } else { Err(Complaint::wrong_type(path, "an object", value)) }
}

fn choice(path: &str, value: &Value, known: &[&str]) -> Result<(), Complaint> {
    text(path, value)?;
    let fits = value.as_str().is_some_and(|name| known.contains(&name));
    if fits { Ok(()) } else { Err(Complaint::not_one_of(path, value, known)) }
}

/// Exactly one of the two: a model speaks or writes, and what it speaks has a transcript anyway.
fn modalities(path: &str, value: &Value) -> Result<(), Complaint> {
    list(path, value)?;
    match value.as_array().map(Vec::as_slice) {
        Some([only]) => choice(&format!("{path}[0]"), only, &["audio", "text"]),
        _ => Err(Complaint::not_one_of(path, value, &["[\"audio\"]", "[\"text\"]"])),
    }
}

fn max_output_tokens(path: &str, value: &Value) -> Result<(), Complaint> {
    match value.as_f64() {
        _ if value == "inf" => Ok(()),
        Some(_) if value.is_f64() => Err(Complaint::wrong_type(path, "an integer", value)),
        Some(number) if (OUTPUT_TOKENS.0..=OUTPUT_TOKENS.1).contains(&number) => Ok(()),
        Some(_) => Err(Complaint::out_of_range(path, value, OUTPUT_TOKENS)),
        None => Err(Complaint::wrong_type(path, "an integer or 'inf'", value)),
    }
}

fn format(path: &str, value: &Value) -> Result<(), Complaint> {
    let Some(kind) = value.get("type") else {
        let is_object = value.is_object();
        let missing = || Complaint::missing(&format!("{path}.type"));
        return Err(if is_object { missing() } else { Complaint::wrong_type(path, "an object", value) });
    };
    choice(&format!("{path}.type"), kind, &["audio/pcm", "audio/pcmu", "audio/pcma"])?;
    let rate: Check = |path, value| match value.as_u64() {
        Some(24_000) => Ok(()),
        _ => Err(Complaint::not_one_of(path, value, &["24000"])),
    };
    let fields: &[(&str, Check)] = &[("type", anything), ("rate", rate)];
    object(path, value, if kind == "audio/pcm" { fields } else { &fields[..1] })
}

/// A name, or an object with nothing but a textual `id`.
fn voice(path: &str, value: &Value) -> Result<(), Complaint> {
    match value {
        Value::Object(fields) if fields.contains_key("id") => object(path, value, &[("id", text)]),
        Value::Object(_) => Err(Complaint::missing(&format!("{path}.id"))),
        _ => text(path, value),
    }
}

fn speed(path: &str, value: &Value) -> Result<(), Complaint> {
    match value.as_f64() {
        Some(speed) if (SPEEDS.0..=SPEEDS.1).contains(&speed) => Ok(()),
        Some(_) => Err(Complaint::out_of_range(path, value, SPEEDS)),
        None => Err(Complaint::wrong_type(path, "a decimal", value)),
    }
}

fn metadata(path: &str, value: &Value) -> Result<(), Complaint> {
    let (pairs, key_limit, value_limit) = METADATA;
    let fields = match value {
        Value::Null => return Ok(()),
        Value::Object(fields) => fields,
        other => return Err(Complaint::wrong_type(path, "an object", other)),
    };
    if fields.len() > pairs {
        let message = format!("Invalid '{path}': too many properties. Expected at most {pairs}, got {}.", fields.len());
        return Err(Complaint::new("object_above_max_properties", message).about(path));
    }
    for (key, value) in fields {
        let path = format!("{path}.{key}");
        text(&path, value)?;
        for (text, limit) in [(key.as_str(), key_limit), (value.as_str().unwrap_or_default(), value_limit)] {
            let length = text.chars().count();
            if length > limit {
                return Err(Complaint::too_long(&path, limit, length));
            }
        }
    }
    Ok(())
}
