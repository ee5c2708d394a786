//! What is said to a server of the Realtime protocol.

use serde_json::Value;
use serde_json::json;

use crate::speech::Segment;

use super::config::Config;
use super::event::LABEL;
use super::key::Key;
use super::prompt;

/// The id of the message that sets a session up.
pub(super) const SETUP: &str = "setup";

/// The id of messages that end a response.
const CANCEL: &str = "cancel";

/// The id of the message that asks for the reading labelled `label`.
pub(super) fn asking(label: u64) -> String {
    format!("read-{label}")
}

/// The label in the id of a message that asked for a reading.
pub(super) fn asked(id: &str) -> Option<u64> {
    id.strip_prefix("read-")?.parse().ok()
}

/// Makes a session one that reads, in the voice and at the speed of `key`.
pub(super) fn session_update(config: &Config, key: &Key) -> String {
    let mut session = json!({
        "type": "realtime",
        "output_modalities": ["audio"],
        "instructions": prompt::READER,
        "tools": [],
        "tool_choice": "none",
        "max_output_tokens": config.max_output_tokens,
        "tracing": null,
        "audio": {
            "input": {"turn_detection": null, "transcription": null, "noise_reduction": null},
            "output": {"format": format(config), "voice": key.voice, "speed": key.speed()},
        },
    });
    if !config.reasoning_effort.is_empty() {
        session["reasoning"] = json!({"effort": config.reasoning_effort});
    }
    json!({"type": "session.update", "event_id": SETUP, "session": session}).to_string()
}

/// Asks for `segment` to be read beside the conversation, which stays empty, so that nothing of it is billed again.
pub(super) fn response_create(config: &Config, segment: &Segment, label: u64) -> String {
    let text = prompt::enclosed(&segment.text);
    let mut response = json!({
        "conversation": "none",
        "input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}],
        "output_modalities": ["audio"],
        "tools": [],
        "tool_choice": "none",
        "max_output_tokens": config.max_output_tokens,
        "metadata": {LABEL: label.to_string()},
    });
    let delivery = &segment.delivery;
    if let Some(told) = prompt::instructions(delivery.instructions.as_deref(), delivery.language.as_deref()) {
        response["instructions"] = Value::String(told);
    }
    json!({"type": "response.create", "event_id": asking(label), "response": response}).to_string()
}

/// Ends the response that the server calls `response`. Without the name, only a response of the conversation would end. It has
/// an id, so that its refusal is not taken for that of a reading.
pub(super) fn response_cancel(response: &str) -> String {
    json!({"type": "response.cancel", "event_id": CANCEL, "response_id": response}).to_string()
}

fn format(config: &Config) -> Value {
    use super::config::AudioFormat;
    match config.audio_format {
        AudioFormat::Pcm => json!({"type": "audio/pcm", "rate": 24_000}),
        AudioFormat::Pcmu => json!({"type": "audio/pcmu"}),
        AudioFormat::Pcma => json!({"type": "audio/pcma"}),
    }
}
