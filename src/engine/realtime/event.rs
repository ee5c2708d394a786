//! What a server of the Realtime protocol says, reduced to what a reader needs.
//!
//! Servers add events and fields as they like, and some have other names for the same things; whatever is not understood is
//! passed over. The names are those of OpenAI's API, and of its beta, which compatible servers keep
//! (<https://developers.openai.com/api/docs/guides/realtime-conversations>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use crate::speech::Tokens;

/// One thing that a server says.
#[derive(Debug, PartialEq)]
pub enum Event {
    /// The session is there, until this time (seconds since 1970) if it says so.
    SessionCreated(Option<u64>),
    /// The session is as it was asked to be.
    SessionUpdated,
    /// A response has begun, with the label that was given to it where the server repeats it.
    Created {
        /// The server's name of it.
        response: String,
        /// Ours.
        label: Option<String>,
    },
    /// A response goes on with another item, which may be a remark of the model's own.
    Item {
        /// The response.
        response: String,
        /// The item.
        item: String,
        /// Whether it is said beside the matter.
        is_commentary: bool,
    },
    /// More of what will be heard, as text.
    Transcript(Delta<String>),
    /// More audio; none if it cannot be read.
    Audio(Delta<Option<Bytes>>),
    /// A response is over.
    Done(Box<Done>),
    /// Something was wrong with a message of ours, or with the session.
    Error {
        /// The message of ours, if it says so.
        about: Option<String>,
        /// What it says.
        error: Value,
    },
    /// Anything else.
    Other,
}

/// A piece of an item.
#[derive(Debug, PartialEq)]
pub struct Delta<T> {
    /// The response.
    pub response: String,
    /// The item, if the server says so.
    pub item: String,
    /// The piece.
    pub piece: T,
}

/// How a response ended.
#[derive(Debug, Default, PartialEq)]
pub struct Done {
    /// The server's name of it.
    pub response: String,
    /// Ours, where the server repeats it.
    pub label: Option<String>,
    /// `completed`, `cancelled`, `incomplete` or `failed`.
    pub status: String,
    /// Why it is incomplete.
    pub reason: Option<String>,
    /// Why it failed.
    pub error: Option<Value>,
    /// What it used.
    pub tokens: Option<Tokens>,
}

/// The key of the metadata in which a label is sent.
pub(super) const LABEL: &str = "segment";

impl Event {
    /// Reads one message.
    pub fn read(message: &str) -> Self {
        let Ok(event) = serde_json::from_str::<Value>(message) else { return Self::Other };
        match text(&event, "type").unwrap_or_default() {
            "session.created" => Self::SessionCreated(event["session"]["expires_at"].as_u64()),
            "session.updated" => Self::SessionUpdated,
            "response.created" => created(&event["response"]),
            "response.output_item.added" => item(&event),
            "response.output_audio_transcript.delta" | "response.audio_transcript.delta" => {
                Self::Transcript(delta(&event, text(&event, "delta").unwrap_or_default().to_owned()))
            }
            "response.output_audio.delta" | "response.audio.delta" => {
                let audio = text(&event, "delta").and_then(|audio| STANDARD.decode(audio).ok());
                Self::Audio(delta(&event, audio.map(Bytes::from)))
            }
            "response.done" => done(&event),
            "error" => {
                let about = text(&event["error"], "event_id").map(str::to_owned);
                Self::Error { about, error: event["error"].clone() }
            }
            _ => Self::Other,
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

fn owned(value: &Value, name: &str) -> String {
    text(value, name).unwrap_or_default().to_owned()
}

fn label(response: &Value) -> Option<String> {
    text(response.get("metadata")?, LABEL).map(str::to_owned)
}

fn created(response: &Value) -> Event {
    Event::Created { response: owned(response, "id"), label: label(response) }
}

fn item(event: &Value) -> Event {
    let item = &event["item"];
    Event::Item {
        response: owned(event, "response_id"),
        item: owned(item, "id"),
        is_commentary: text(item, "phase") == Some("commentary"),
    }
}

fn delta<T>(event: &Value, piece: T) -> Delta<T> {
    Delta { response: owned(event, "response_id"), item: owned(event, "item_id"), piece }
}

fn done(event: &Value) -> Event {
    let response = &event["response"];
    let details = &response["status_details"];
    // One server has the usage beside the response, and an empty object in it.
    let tokens = tokens(&response["usage"]).or_else(|| tokens(&event["usage"]));
    Event::Done(Box::new(Done {
        response: owned(response, "id"),
        label: label(response),
        status: text(response, "status").unwrap_or("completed").to_owned(),
        reason: text(details, "reason").map(str::to_owned),
        error: details.get("error").filter(|error| error.is_object()).cloned(),
        tokens,
    }))
}

fn tokens(usage: &Value) -> Option<Tokens> {
    let count = |object: &Value, name: &str| object.get(name).and_then(Value::as_u64);
    let input = count(usage, "input_tokens")?;
    let output = count(usage, "output_tokens")?;
    let (details_in, details_out) = (&usage["input_token_details"], &usage["output_token_details"]);
    let reasoning = count(details_out, "reasoning_tokens").unwrap_or_default();
    // Thinking is among the text tokens or beside them; the total tells which.
    let audio = count(details_out, "audio_tokens").unwrap_or(output);
    Some(Tokens {
        input,
        cached_input: count(details_in, "cached_tokens").unwrap_or_default().min(input),
        output: audio,
        output_text: output.saturating_sub(audio),
        reasoning,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "a test may panic")]

    use bytes::Bytes;
    use proptest::prelude::*;
    use serde_json::json;

    use super::Delta;
    use super::Event;
    use crate::speech::Tokens;

    fn read(event: &serde_json::Value) -> Event {
        Event::read(&event.to_string())
    }

    #[test]
    fn both_names_of_an_event_mean_the_same() {
        for name in ["response.output_audio.delta", "response.audio.delta"] {
            let event = json!({"type": name, "response_id": "r", "item_id": "i", "delta": "AAE=", "new": {"a": 1}});
            let delta = Delta { response: "r".into(), item: "i".into(), piece: Some(Bytes::from_static(&[0, 1])) };
            assert_eq!(read(&event), Event::Audio(delta));
        }
        for name in ["response.output_audio_transcript.delta", "response.audio_transcript.delta"] {
            let event = json!({"type": name, "response_id": "r", "delta": " there", "obfuscation": "5qkdkt9FlQ"});
            let delta = Delta { response: "r".into(), item: String::new(), piece: " there".into() };
            assert_eq!(read(&event), Event::Transcript(delta));
        }
    }

    #[test]
    fn a_response_is_told_by_its_label_and_by_its_end() {
        let created = json!({"type": "response.created", "response": {"id": "r", "metadata": {"segment": "7"}}});
        assert_eq!(read(&created), Event::Created { response: "r".into(), label: Some("7".into()) });
        let usage = json!({"input_tokens": 16, "output_tokens": 24, "input_token_details": {"cached_tokens": 4},
            "output_token_details": {"text_tokens": 9, "audio_tokens": 15, "reasoning_tokens": 2}});
        let tokens = Tokens { input: 16, cached_input: 4, output: 15, output_text: 9, reasoning: 2 };
        for event in [
            json!({"type": "response.done", "response": {"id": "r", "status": "incomplete",
                "status_details": {"reason": "max_output_tokens"}, "usage": usage}}),
            json!({"type": "response.done", "usage": usage, "response": {"id": "r", "status": "incomplete",
                "status_details": {"reason": "max_output_tokens"}, "usage": {}}}),
        ] {
            let Event::Done(done) = read(&event) else { panic!("{event}") };
            assert_eq!((done.status.as_str(), done.reason.as_deref()), ("incomplete", Some("max_output_tokens")));
            assert_eq!(done.tokens, Some(tokens));
        }
        let odd = json!({"type": "response.done", "response": {"id": "r", "status_details": "unimplemented"}});
        assert!(matches!(read(&odd), Event::Done(done) if done.status == "completed"));
    }

    #[test]
    fn an_error_names_the_message_that_it_is_about() {
        let event = json!({"type": "error", "error": {"code": "invalid_value", "event_id": "rc-1"}});
        let Event::Error { about, error } = read(&event) else { panic!() };
        assert_eq!((about.as_deref(), error["code"].as_str()), (Some("rc-1"), Some("invalid_value")));
        let nobody = json!({"type": "error", "error": {"code": "x", "event_id": null}});
        assert!(matches!(read(&nobody), Event::Error { about: None, .. }));
    }

    #[test]
    fn a_remark_of_the_models_own_is_told_from_the_answer() {
        for (phase, is_remark) in [("commentary", true), ("final_answer", false)] {
            let event =
                json!({"type": "response.output_item.added", "response_id": "r", "item": {"id": "i", "phase": phase}});
            let expected = Event::Item { response: "r".into(), item: "i".into(), is_commentary: is_remark };
            assert_eq!(read(&event), expected);
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read(message in "\\PC{0,200}") {
            Event::read(&message);
        }

        #[test]
        fn wrong_types_are_passed_over(name in "(session|response)\\.(created|done|updated|audio.delta)|error", value in "null|1|\"x\"|\\[\\]|\\{\\}") {
            Event::read(&format!(r#"{{"type": "{name}", "response": {value}, "error": {value}, "delta": {value}, "session": {value}}}"#));
        }
    }

    #[test]
    fn audio_that_cannot_be_read_is_told_as_such() {
        let event = json!({"type": "response.output_audio.delta", "response_id": "r", "delta": "###"});
        assert!(matches!(read(&event), Event::Audio(Delta { piece: None, .. })));
        assert_eq!(Event::read("no json"), Event::Other);
    }
}
