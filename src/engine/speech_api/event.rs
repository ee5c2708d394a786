//! What the events of a speech API say.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::speech::Tokens;

/// Padding may be there or not: servers differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One event of a speech stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Bytes of the encoded stream, split anywhere.
    Audio(Bytes),
    /// All audio was sent; with what it cost, if the server says so.
    Done(Option<Tokens>),
    /// `[DONE]`: nothing follows.
    End,
    /// The synthesis failed; the server's error object, or whatever stands in its place.
    Failed(Value),
    /// Something that is not about audio.
    Other,
}

/// An event that cannot be read. Says nothing of its content, which may hold the caller's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// Not a JSON object with fields of the known types.
    #[error("an event is not the JSON object expected")]
    Json,
    /// The audio is not base64.
    #[error("the audio of an event is not base64")]
    Base64,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    audio: Option<Text<'a>>,
    #[serde(borrow)]
    delta: Option<Text<'a>>,
    error: Option<Value>,
    usage: Option<Value>,
}

/// Text that is copied only if it holds escapes. serde borrows a bare `Cow`, but not one inside an `Option`.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Event {
    /// Reads the `data` of one event.
    ///
    /// The audio stands in `audio` at OpenAI and in `delta` at servers that follow its Realtime API. A failure is any
    /// truthy `error`, which is OpenAI's own rule for its clients, or a type that ends in `error`.
    ///
    /// # Errors
    /// [`Unreadable`] if it is neither `[DONE]` nor such an object.
    pub fn read(data: &[u8]) -> Result<Self, Unreadable> {
        let data = data.trim_ascii();
        if data.starts_with(b"[DONE]") {
            return Ok(Self::End);
        }
        let wire: Wire<'_> = serde_json::from_slice(data).map_err(|_| Unreadable::Json)?;
        let kind = wire.kind.as_ref().map_or("", |kind| &kind.0);
        if let Some(error) = wire.error.filter(is_truthy) {
            return Ok(Self::Failed(error));
        }
        if kind.ends_with("error") {
            // Some servers put the code beside the type.
            return Ok(Self::Failed(serde_json::from_slice(data).unwrap_or_default()));
        }
        match wire.audio.or(wire.delta) {
            Some(audio) if kind.is_empty() || kind.ends_with("audio.delta") || kind == "audio" => {
                BASE64.decode(audio.0.as_bytes()).map(|audio| Self::Audio(audio.into())).map_err(|_| Unreadable::Base64)
            }
            _ if kind.ends_with("audio.done") => Ok(Self::Done(wire.usage.as_ref().and_then(tokens))),
            _ => Ok(Self::Other),
        }
    }
}

/// Token counts under either pair of names.
fn tokens(usage: &Value) -> Option<Tokens> {
    let count = |names: [&str; 2]| names.into_iter().find_map(|name| usage.get(name)?.as_u64());
    Some(Tokens {
        input: count(["input_tokens", "prompt_tokens"])?,
        output: count(["output_tokens", "completion_tokens"])?,
        ..Tokens::default()
    })
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::Event;
    use super::Unreadable;
    use crate::speech::Tokens;

    #[test]
    fn audio_stands_in_audio_or_delta() {
        for data in [
            r#"{"type":"speech.audio.delta","audio":"AQID"}"#,
            r#"{"type":"speech.audio.delta","delta":"AQID","response_format":"pcm"}"#,
            r#"{"audio":"AQID"}"#,
            r#"{"type":"audio","audio":"AQ\u0049D"}"#,
        ] {
            assert_eq!(Event::read(data.as_bytes()), Ok(Event::Audio(Bytes::from_static(&[1, 2, 3]))), "{data}");
        }
        assert_eq!(Event::read(br#"{"audio":"AQI"}"#), Ok(Event::Audio(Bytes::from_static(&[1, 2]))), "no padding");
    }

    #[test]
    fn the_end_may_report_usage_under_two_pairs_of_names() {
        let tokens = Some(Tokens { input: 10, output: 93, ..Tokens::default() });
        for (data, told) in [
            (
                r#"{"type":"speech.audio.done","usage":{"input_tokens":10,"output_tokens":93,"total_tokens":103}}"#,
                tokens,
            ),
            (r#"{"type":"speech.audio.done","usage":{"prompt_tokens":10,"completion_tokens":93}}"#, tokens),
            (r#"{"type":"speech.audio.done","usage":null}"#, None),
            (r#"{"type":"speech.audio.done"}"#, None),
            (r#"{"type":"speech.audio.done","usage":{"input_tokens":-1,"output_tokens":2}}"#, None),
        ] {
            assert_eq!(Event::read(data.as_bytes()), Ok(Event::Done(told)), "{data}");
        }
        assert_eq!(Event::read(b" [DONE] "), Ok(Event::End));
    }

    #[test]
    fn a_failure_has_three_shapes() {
        let object = json!({"code": "server_error"});
        for (data, told) in [
            (r#"{"error":{"code":"server_error"}}"#, object.clone()),
            (r#"{"type":"speech.audio.error","error":{"code":"server_error"}}"#, object),
            (r#"{"type":"error","error":"gone wrong"}"#, json!("gone wrong")),
            (r#"{"type":"error","code":"insufficient_quota"}"#, json!({"type": "error", "code": "insufficient_quota"})),
        ] {
            assert_eq!(Event::read(data.as_bytes()), Ok(Event::Failed(told)), "{data}");
        }
        assert_eq!(Event::read(br#"{"error":null,"type":"speech.audio.done"}"#), Ok(Event::Done(None)));
    }

    #[test]
    fn the_unknown_is_skipped_and_the_unreadable_is_not() {
        assert_eq!(Event::read(br#"{"type":"response.audio_transcript.delta","delta":"Hello"}"#), Ok(Event::Other));
        assert_eq!(Event::read(b"{}"), Ok(Event::Other));
        assert_eq!(Event::read(b"ping"), Err(Unreadable::Json));
        assert_eq!(Event::read(br#"{"audio":7}"#), Err(Unreadable::Json));
        assert_eq!(Event::read(br#"{"audio":"?"}"#), Err(Unreadable::Base64));
    }
}
