//! The configuration of a session: what it is at first, and how updates change it.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::complaint::Complaint;
use super::dialect::Dialect;
use super::rendition::Format;
use super::schema;

/// What a model is told to be unless its client says otherwise: a reader has to replace it.
const PERSONA: &str = "You are a warm, witty and helpful assistant who likes to talk. Answer what people say in a \
                       lively voice, keep it short, and ask how else you can help. Speak the language of the person \
                       you talk to, with a light accent if they ask for one.";

/// A session as `session.created` and `session.updated` show it.
pub(crate) struct Settings {
    session: Value,
    dialect: Dialect,
    /// Whether the model is of the 2 family, which reasons and marks phases.
    pub(crate) second: bool,
}

/// What is going on while an update comes, because some fields cannot change then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    /// Audio was already sent.
    pub(crate) spoken: bool,
    /// A response is in progress.
    pub(crate) busy: bool,
}

impl Settings {
    /// The defaults of `model`, as recorded sessions had them.
    pub(crate) fn new(id: &str, model: &str, expires_at: u64, dialect: Dialect) -> Self {
        let second = model.contains("realtime-2");
        let (voice, silence_ms) = if second { ("marin", 500) } else { ("alloy", 200) };
        let format = Format::Pcm.to_value();
        let turn_detection = json!({
            "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": silence_ms,
            "idle_timeout_ms": null, "create_response": true, "interrupt_response": true,
        });
        let mut session = json!({
            "type": "realtime", "object": "realtime.session", "id": id, "model": model, "expires_at": expires_at,
            "output_modalities": ["audio"], "instructions": PERSONA, "tools": [], "tool_choice": "auto",
            "max_output_tokens": "inf", "tracing": null, "truncation": "auto", "prompt": null, "include": null,
            "audio": {
                "input": {
                    "format": format, "transcription": null, "noise_reduction": null, "turn_detection": turn_detection,
                },
                "output": { "format": format, "voice": voice, "speed": 1.0 },
            },
        });
        if second {
            session["reasoning"] = json!({ "effort": "low" });
            session["parallel_tool_calls"] = json!(true);
        }
        Self { session, dialect, second }
    }

    /// Applies a `session.update` as a whole or not at all: fields that are present replace, the others stay.
    pub(crate) fn update(&mut self, event: &Map<String, Value>, now: Circumstances) -> Result<(), Complaint> {
        for name in event.keys() {
            if !["type", "event_id", "session"].contains(&name.as_str()) {
                return Err(Complaint::unknown(name));
            }
        }
        let patch = event.get("session").ok_or_else(|| Complaint::missing("session"))?;
        let patch = self.dialect.session_patch(patch);
        if patch.is_object() && patch.get("type").is_none() && self.dialect == Dialect::Ga {
            return Err(Complaint::missing("session.type"));
        }
        schema::session(&patch, self.second)?;
        self.check_model(&patch)?;
        let place = "session.audio.output";
        self.check_voice(place, patch.pointer("/audio/output/voice"), now.spoken)?;
        let speed = patch.pointer("/audio/output/speed").and_then(Value::as_f64);
        if now.busy && speed.is_some_and(|speed| (speed - self.speed()).abs() > f64::EPSILON) {
            let message = "Cannot update a session's speed while a response is in progress.";
            return Err(Complaint::new("invalid_value", message).about(&format!("{place}.speed")));
        }
        merge(&mut self.session, &patch);
        Ok(())
    }

    fn check_model(&self, patch: &Value) -> Result<(), Complaint> {
        match patch.get("model") {
            Some(model) if *model != self.session["model"] => {
                Err(Complaint::new("invalid_value", "A session's model cannot be changed.").about("session.model"))
            }
            _ => Ok(()),
        }
    }

    /// Whether `voice` is one, and one that the session may still take; `path` is where it was given.
    pub(crate) fn check_voice(&self, path: &str, voice: Option<&Value>, spoken: bool) -> Result<(), Complaint> {
        let Some(voice) = voice else { return Ok(()) };
        let path = format!("{path}.voice");
        if self.dialect != Dialect::Xai {
            schema::known_voice(&path, voice)?;
        }
        if spoken && *voice != self.session["audio"]["output"]["voice"] {
            let message = "Cannot update a conversation's voice if assistant audio is present.";
            return Err(Complaint::new("cannot_update_voice", message).about(&path));
        }
        Ok(())
    }

    /// The whole configuration in the shape of general availability.
    pub(crate) fn view(&self) -> &Value {
        &self.session
    }

    /// A field by its JSON pointer; null if there is none.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.session.pointer(pointer).unwrap_or(&Value::Null)
    }

    pub(crate) fn model(&self) -> &str {
        self.at("/model").as_str().unwrap_or_default()
    }

    /// The pace, 0.25 to 1.5.
    pub(crate) fn speed(&self) -> f64 {
        self.at("/audio/output/speed").as_f64().unwrap_or(1.0)
    }
}

/// Replaces what the patch has. Only `audio` and its two sides are merged; other objects are replaced as they are.
fn merge(session: &mut Value, patch: &Value) {
    for (name, value) in patch.as_object().into_iter().flatten() {
        match name.as_str() {
            "audio" | "input" | "output" => merge(&mut session[name], value),
            "format" => session[name] = Format::of(value).to_value(),
            _ => session[name] = value.clone(),
        }
    }
}
