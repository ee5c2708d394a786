//! Servers that speak the same protocol with manners of their own, as a translation of every event that leaves.

use clap::ValueEnum;
use serde_json::Value;
use serde_json::json;

use super::flat;
use super::names::unix_seconds;

/// Whose manners a realtime socket has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// OpenAI's and Azure's since general availability.
    Ga,
    /// OpenAI's before it, which Azure's preview and several copies still have: older event names, a flat session.
    Beta,
    /// xAI's: UUIDs, a flat session, audio ahead of its transcript, usage beside the response.
    Xai,
}

/// What the beta called its events.
const BETA_NAMES: [(&str, &str); 7] = [
    ("response.output_audio.delta", "response.audio.delta"),
    ("response.output_audio.done", "response.audio.done"),
    ("response.output_audio_transcript.delta", "response.audio_transcript.delta"),
    ("response.output_audio_transcript.done", "response.audio_transcript.done"),
    ("response.output_text.delta", "response.text.delta"),
    ("response.output_text.done", "response.text.done"),
    ("conversation.item.added", "conversation.item.created"),
];

impl Dialect {
    /// Transcript deltas that precede the first audio.
    pub(crate) fn words_ahead(self) -> usize {
        if self == Self::Xai { 0 } else { 3 }
    }

    /// A session as this server's clients may write it, in the shape of general availability.
    pub(crate) fn session_patch(self, patch: &Value) -> Value {
        if self == Self::Ga { patch.clone() } else { flat::to_ga(patch) }
    }

    /// A response as this server's clients may write it, in the shape of general availability.
    pub(crate) fn response_patch(self, patch: &Value) -> Value {
        self.session_patch(patch)
    }

    /// The event as this server would send it, or nothing if it has no such event.
    pub(crate) fn translate(self, mut event: Value) -> Option<Value> {
        match self {
            Self::Ga => {}
            Self::Beta => {
                if event["type"] == "conversation.item.done" {
                    return None;
                }
                rename(&mut event);
                flatten(&mut event);
            }
            Self::Xai => {
                flatten(&mut event);
                mark(&mut event);
            }
        }
        Some(event)
    }
}

fn rename(event: &mut Value) {
    let known = BETA_NAMES.iter().find(|(name, _)| event["type"] == *name);
    if let Some((_, name)) = known {
        event["type"] = json!(name);
    }
}

/// What both older shapes have in common.
fn flatten(event: &mut Value) {
    for name in ["session", "response"] {
        if event[name].is_object() {
            event[name] = flat::from_ga(&event[name]);
        }
    }
    if event["item"].is_object() {
        plain_item(&mut event["item"]);
    }
    for item in event.pointer_mut("/response/output").and_then(Value::as_array_mut).into_iter().flatten() {
        plain_item(item);
    }
}

/// Without phases, and with the older names of what is in it.
fn plain_item(item: &mut Value) {
    if let Some(fields) = item.as_object_mut() {
        fields.remove("phase");
    }
    for part in item.get_mut("content").and_then(Value::as_array_mut).into_iter().flatten() {
        match part["type"].as_str() {
            Some("output_audio") => part["type"] = json!("audio"),
            Some("output_text") => part["type"] = json!("text"),
            _ => {}
        }
    }
}

/// What only xAI has.
fn mark(event: &mut Value) {
    event["ts"] = json!(unix_seconds());
    match event["type"].as_str() {
        Some("response.content_part.done") => {
            if let Some(fields) = event.as_object_mut() {
                fields.remove("part");
            }
        }
        Some("response.output_item.added") => event["previous_item_id"] = Value::Null,
        Some("response.done") => {
            let usage = std::mem::replace(&mut event["response"]["usage"], json!({}));
            let seconds = usage["output_token_details"]["audio_tokens"].as_f64().unwrap_or(0.0) / 20.0;
            event["usage"] = usage;
            event["response"]["status_details"] = json!("unimplemented");
            event["output_audio_seconds"] = json!(seconds);
            event["billable_audio_seconds"] = json!(seconds);
            event["audio_duration_ms"] = json!(seconds * 1000.0);
        }
        _ => {}
    }
}
