//! The body of a speech request.

use serde::Serialize;

use crate::speech::Encoding;
use crate::speech::Segment;

/// What goes over the wire, `CreateSpeechRequest` in OpenAI's specification. A field that is not set is not sent, because
/// servers differ in their defaults.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    input: &'a str,
    voice: Voice<'a>,
    response_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Voice<'a> {
    Name(&'a str),
    Custom { id: &'a str },
}

impl<'a> Body<'a> {
    /// The request for `segment`; as events if `events`, with the field `stream` if `stream`.
    pub(super) fn new(segment: &'a Segment, events: bool, stream: bool) -> Self {
        let delivery = &segment.delivery;
        let voice = delivery.voice.as_str();
        Self {
            model: &delivery.model,
            input: &segment.text,
            // Custom voices are sent by id, an object; their ids are told by this prefix.
            voice: if voice.starts_with("voice_") { Voice::Custom { id: voice } } else { Voice::Name(voice) },
            response_format: response_format(delivery.encoding),
            instructions: delivery.instructions.as_deref(),
            speed: delivery.speed,
            stream_format: events.then_some("sse"),
            stream: stream.then_some(true),
        }
    }
}

fn response_format(encoding: Encoding) -> &'static str {
    match encoding {
        // G.711 is made here, at every rate and of every engine.
        Encoding::PcmS16le | Encoding::Wav | Encoding::Mulaw | Encoding::Alaw | Encoding::OpusPackets => "pcm",
        Encoding::Mp3 => "mp3",
        Encoding::OggOpus => "opus",
        Encoding::AacAdts => "aac",
        Encoding::Flac => "flac",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;

    use serde_json::json;

    use super::Body;
    use crate::speech::Boundary;
    use crate::speech::Delivery;
    use crate::speech::Encoding;
    use crate::speech::Ledger;
    use crate::speech::Segment;

    fn segment(voice: &str, instructions: Option<&str>, speed: Option<f64>) -> Segment {
        let delivery = Delivery {
            place: 0,
            model: "gpt-4o-mini-tts".to_owned(),
            voice: voice.to_owned(),
            instructions: instructions.map(str::to_owned),
            speed,
            language: Some("en".to_owned()),
            encoding: Encoding::OggOpus,
            reports_usage: true,
        };
        let text = "Say \"hi\".\n";
        Segment {
            text: text.into(),
            index: 0,
            start_char: 0,
            chars: text.len(),
            closing: Boundary::Sentence,
            written: None,
            is_part: false,
            resend_count: 0,
            has_alternative: false,
            deadline: std::time::Instant::now(),
            delivery: Arc::new(delivery),
            ledger: Arc::new(Ledger::default()),
        }
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let segment = segment("alloy", None, None);
        assert_eq!(
            serde_json::to_value(Body::new(&segment, false, false)).unwrap(),
            json!({"model": "gpt-4o-mini-tts", "input": "Say \"hi\".\n", "voice": "alloy", "response_format": "opus"})
        );
    }

    #[test]
    fn everything_that_is_set_is_sent() {
        let segment = segment("voice_1234", Some("Whisper."), Some(1.25));
        assert_eq!(
            serde_json::to_value(Body::new(&segment, true, true)).unwrap(),
            json!({
                "model": "gpt-4o-mini-tts", "input": "Say \"hi\".\n", "voice": {"id": "voice_1234"},
                "response_format": "opus", "instructions": "Whisper.", "speed": 1.25,
                "stream_format": "sse", "stream": true,
            })
        );
    }
}
