//! The event stream, byte for byte as recorded, and as other servers have it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;

use super::faults::Dialect;
use super::faults::ErrorShape;
use super::faults::Fault;
use super::refusal::error_object;

/// What one clip costs, as `speech.audio.done` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those on the wire")]
pub(crate) struct Usage {
    pub(crate) input_tokens: usize,
    pub(crate) output_tokens: usize,
    pub(crate) total_tokens: usize,
}

impl Usage {
    /// 20 tokens per second of audio and 22 more for the call, which fits every recorded answer.
    pub(crate) fn of(input_tokens: usize, samples: usize) -> Self {
        let output_tokens = samples.div_ceil(1200) + 22;
        Self { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens }
    }
}

/// How events are written for one answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventWriter<'a> {
    faults: &'a [Fault],
    format: &'a str,
}

impl<'a> EventWriter<'a> {
    pub(crate) fn new(faults: &'a [Fault], format: &'a str) -> Self {
        Self { faults, format }
    }

    fn speaks(&self, dialect: Dialect) -> bool {
        self.faults.contains(&Fault::Dialect { name: dialect })
    }

    fn event(&self, data: &str) -> Bytes {
        let end = if self.speaks(Dialect::VllmDeltaLf) { "\n\n" } else { "\r\n\r\n" };
        format!("data: {data}{end}").into()
    }

    /// One slice of the encoded audio.
    pub(crate) fn delta(&self, audio: &[u8]) -> Bytes {
        let audio = STANDARD.encode(audio);
        if self.speaks(Dialect::VllmDeltaLf) {
            let format = self.format;
            return self
                .event(&format!(r#"{{"type":"speech.audio.delta","delta":"{audio}","response_format":"{format}"}}"#));
        }
        self.event(&format!(r#"{{"type":"speech.audio.delta","audio":"{audio}"}}"#))
    }

    /// The events after the last slice.
    pub(crate) fn end(&self, usage: Usage) -> Vec<Bytes> {
        let ends_early = self.faults.iter().find_map(|fault| match fault {
            Fault::SseWithoutDone { marker } => Some(*marker),
            _ => None,
        });
        let marker = match ends_early {
            Some(marker) => marker,
            None => !self.speaks(Dialect::NoDone) && !self.faults.contains(&Fault::SseWithoutDoneMarker),
        };
        let mut events = Vec::new();
        if ends_early.is_none() {
            events.push(self.done(usage));
        }
        if marker {
            events.push(self.event("[DONE]"));
        }
        events
    }

    fn done(&self, usage: Usage) -> Bytes {
        let usage = if self.speaks(Dialect::UsagePromptTokens) {
            let Usage { input_tokens, output_tokens, total_tokens } = usage;
            format!(
                r#"{{"prompt_tokens":{input_tokens},"completion_tokens":{output_tokens},"total_tokens":{total_tokens}}}"#
            )
        } else {
            serde_json::to_string(&usage).unwrap_or_default()
        };
        self.event(&format!(r#"{{"type":"speech.audio.done","usage":{usage}}}"#))
    }

    /// A failure in the midst of the stream.
    pub(crate) fn error(&self, shape: ErrorShape) -> Bytes {
        let message = "The server had an error while processing your request. Sorry about that!";
        let error = error_object(message, "server_error", None);
        self.event(&match shape {
            ErrorShape::Error => format!(r#"{{"error":{error}}}"#),
            ErrorShape::SpeechAudioError => format!(r#"{{"type":"speech.audio.error","error":{error}}}"#),
            ErrorShape::Text => format!(r#"{{"type":"error","error":"{message}"}}"#),
        })
    }
}
