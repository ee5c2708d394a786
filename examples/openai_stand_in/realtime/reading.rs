//! A response in progress: its acts turned into events, one after the other, until it ends or is cancelled.

use std::collections::VecDeque;
use std::future::pending;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;
use serde_json::json;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio::time::sleep_until;

use super::faults::Fault;
use super::faults::Faults;
use super::log::End;
use super::log::Entry;
use super::names::Names;
use super::order::Order;
use super::score::Act;
use super::score::Outcome;
use super::score::Step;
use super::usage::Bill;

/// Audio deltas that still come after a cancel if a fault wants some.
const LATE_DELTAS: usize = 4;
/// Length of the event that no client knows, in bytes.
const NOISE: usize = 1 << 20;

/// The acts of a response while they are being composed on a blocking thread.
pub(crate) type Composing = JoinHandle<Result<Vec<Step>, String>>;

/// One response.
pub(crate) struct Reading {
    pub(crate) id: String,
    pub(crate) order: Order,
    entry: Entry,
    conversation_id: Option<String>,
    bill: Bill,
    /// Whether its messages have phases.
    second: bool,
    faults: Faults,
    /// When the response was created, from which its acts are timed.
    since: Instant,
    steps: VecDeque<Step>,
    composing: Option<Composing>,
    messages: Vec<Message>,
    bytes: usize,
    /// Whether the client knows of it and has not cancelled it.
    active: bool,
}

/// One message of the response.
struct Message {
    id: String,
    phase: &'static str,
    text: String,
    status: &'static str,
}

/// What a response needs besides its order.
pub(crate) struct Start<'a> {
    pub(crate) id: String,
    pub(crate) conversation_id: &'a str,
    pub(crate) bill: Bill,
    pub(crate) second: bool,
    pub(crate) faults: &'a [Fault],
    pub(crate) composing: Composing,
}

impl Reading {
    /// Begins; `response.created` is the first thing that is due.
    pub(crate) fn begin(order: Order, entry: Entry, start: Start<'_>) -> Self {
        let delay = |fault: &Fault| match fault {
            Fault::RealtimeLateCreated { ms } => Some(Duration::from_millis(*ms)),
            _ => None,
        };
        let strange = start.faults.contains(&Fault::RealtimeUnknownEvents);
        let acts = [Act::Create].into_iter().chain(strange.then_some(Act::Noise));
        Self {
            id: start.id,
            conversation_id: order.in_conversation.then(|| start.conversation_id.to_owned()),
            order,
            entry,
            bill: start.bill,
            second: start.second,
            faults: start.faults.to_vec(),
            since: Instant::now() + start.faults.iter().find_map(delay).unwrap_or_default(),
            steps: acts.map(|act| Step { at: Duration::ZERO, act }).collect(),
            composing: Some(start.composing),
            messages: Vec::new(),
            bytes: 0,
            active: false,
        }
    }

    /// Waits until the next act is due; for ever if there is none. Cancelling the wait loses nothing.
    pub(crate) async fn ready(&mut self) {
        loop {
            if let Some(step) = self.steps.front() {
                return sleep_until(self.since + step.at).await;
            }
            let Some(composing) = &mut self.composing else { return pending().await };
            let composed = composing.await.unwrap_or_else(|error| Err(format!("the voice failed: {error}")));
            self.composing = None;
            self.steps = composed.unwrap_or_else(failed).into();
        }
    }

    /// Takes the act that is due.
    pub(crate) fn next(&mut self) -> Option<Act> {
        self.steps.pop_front().map(|step| step.act)
    }

    /// Whether a cancel would find it.
    pub(crate) fn is_active(&self) -> bool {
        self.active
    }

    /// Whether it brings fields and details that no client knows.
    fn is_strange(&self) -> bool {
        self.faults.contains(&Fault::RealtimeUnknownEvents)
    }

    /// Lets only the end follow, and what is on its way already if a fault wants that.
    pub(crate) fn cancel(&mut self) {
        self.active = false;
        self.composing = None;
        let steps = std::mem::take(&mut self.steps);
        let wanted = self.faults.contains(&Fault::RealtimeLateDeltas);
        let late = steps.into_iter().filter(|step| wanted && matches!(step.act, Act::Sound(_)));
        let open = self.messages.last().is_some_and(|message| message.status == "in_progress");
        let end = Outcome::Cancelled.early().into_iter().skip(usize::from(!open));
        let acts: Vec<Act> = late.take(LATE_DELTAS).map(|step| step.act).chain(end).collect();
        self.steps = acts.into_iter().map(|act| Step { at: Duration::ZERO, act }).collect();
    }

    /// The events of `act`, in their order.
    pub(crate) fn perform(&mut self, act: &Act, names: &mut Names) -> Vec<Value> {
        let mut events = match act {
            Act::Create => {
                self.active = true;
                vec![json!({ "type": "response.created", "response": self.view("in_progress", &Value::Null) })]
            }
            Act::Noise => {
                vec![json!({ "type": "response.thought_map.delta", "response_id": self.id, "map": "~".repeat(NOISE) })]
            }
            Act::Open { phase } => self.open(phase, names),
            Act::Words(words) => vec![self.words(words, names)],
            Act::Sound(sound) => vec![self.sound(sound)],
            Act::Shut { status } => self.shut(status),
            Act::Done(outcome) => vec![self.done(outcome)],
            Act::Cut { reset } => {
                self.entry.end(End::Cut { reset: *reset });
                Vec::new()
            }
            Act::Close { code } => {
                self.entry.end(End::Closed { code: *code });
                Vec::new()
            }
        };
        for event in events.iter_mut().filter(|_| self.is_strange()) {
            event["x_trace"] = json!({ "hops": [1, null, "three"], "sampled": true });
        }
        events
    }

    /// Notes that the socket ended while the response was in progress.
    pub(crate) fn lose(mut self, how: End) {
        self.entry.end(how);
    }

    /// The messages as items of a conversation.
    pub(crate) fn items(&self) -> impl Iterator<Item = Value> {
        self.messages.iter().map(|message| self.item(message))
    }

    fn open(&mut self, phase: &'static str, names: &mut Names) -> Vec<Value> {
        let message = Message { id: names.make("item"), phase, text: String::new(), status: "in_progress" };
        let mut item = self.item(&message);
        item["content"] = json!([]);
        self.messages.push(message);
        let added = self.about_response("response.output_item.added", &item);
        let mut events = vec![added];
        if self.order.in_conversation {
            events.push(self.about_conversation("conversation.item.added", &item));
        }
        events.push(self.about_message("response.content_part.added", &[("part", self.part(""))]));
        events
    }

    fn words(&mut self, words: &str, names: &mut Names) -> Value {
        if let Some(message) = self.messages.last_mut() {
            message.text.push_str(words);
        }
        let kind =
            if self.order.text_only { "response.output_text.delta" } else { "response.output_audio_transcript.delta" };
        let filler = names.obfuscation(words);
        self.about_message(kind, &[("delta", json!(words)), ("obfuscation", json!(filler))])
    }

    fn sound(&mut self, sound: &Bytes) -> Value {
        self.bytes += sound.len();
        self.entry.wrote(sound.len());
        self.entry.note(|record| {
            let first = record.writes.first().map(|write| write.ms);
            if let Some(spoken) = &mut record.realtime {
                spoken.first_audio_ms = spoken.first_audio_ms.or(first);
            }
        });
        self.about_message("response.output_audio.delta", &[("delta", json!(STANDARD.encode(sound)))])
    }

    fn shut(&mut self, status: &'static str) -> Vec<Value> {
        let Some(message) = self.messages.last_mut() else { return Vec::new() };
        message.status = status;
        let text = message.text.clone();
        let mut events = if self.order.text_only {
            vec![self.about_message("response.output_text.done", &[("text", json!(text))])]
        } else {
            let transcript = [("transcript", json!(text))];
            vec![
                self.about_message("response.output_audio.done", &[]),
                self.about_message("response.output_audio_transcript.done", &transcript),
            ]
        };
        events.push(self.about_message("response.content_part.done", &[("part", self.part(&text))]));
        let item = self.messages.last().map(|message| self.item(message)).unwrap_or_default();
        if self.order.in_conversation {
            events.push(self.about_conversation("conversation.item.done", &item));
        }
        events.push(self.about_response("response.output_item.done", &item));
        events
    }

    fn done(&mut self, outcome: &Outcome) -> Value {
        self.active = false;
        let (status, end, details) = match outcome {
            Outcome::Completed => ("completed", End::Completed, Value::Null),
            Outcome::Cancelled => {
                let details = json!({ "type": "cancelled", "reason": "client_cancelled" });
                ("cancelled", End::Cancelled, details)
            }
            Outcome::Incomplete { reason } => {
                ("incomplete", End::Incomplete, json!({ "type": "incomplete", "reason": reason }))
            }
            Outcome::Failed { code, message } => {
                let kind = if code == "server_error" { "server_error" } else { "invalid_request_error" };
                let error = json!({ "type": kind, "code": code, "message": message });
                self.entry.note(|record| {
                    if let Some(spoken) = &mut record.realtime {
                        spoken.error_code = Some(code.clone());
                    }
                });
                ("failed", End::Failed, json!({ "type": "failed", "error": error }))
            }
        };
        self.entry.end(end);
        let details = if self.is_strange() { json!("unimplemented") } else { details };
        json!({ "type": "response.done", "response": self.view(status, &details) })
    }

    /// The response as its first and its last event show it.
    fn view(&self, status: &str, details: &Value) -> Value {
        let usage = (status != "in_progress").then(|| {
            let text = self.bill.text_tokens(self.messages.iter().map(|message| message.text.as_str()));
            self.bill.usage(text, self.order.format.tokens(self.bytes))
        });
        json!({
            "object": "realtime.response", "id": self.id, "status": status, "status_details": details,
            "output": self.items().collect::<Vec<Value>>(), "conversation_id": self.conversation_id,
            "output_modalities": [if self.order.text_only { "text" } else { "audio" }],
            "max_output_tokens": self.order.max_output_tokens,
            "audio": { "output": { "format": self.order.format.to_value(), "voice": self.order.voice } },
            "usage": usage, "metadata": self.order.metadata,
        })
    }

    fn item(&self, message: &Message) -> Value {
        let content = if self.order.text_only {
            json!({ "type": "output_text", "text": message.text })
        } else {
            json!({ "type": "output_audio", "transcript": message.text })
        };
        let mut item = json!({
            "id": message.id, "object": "realtime.item", "type": "message", "status": message.status,
            "role": "assistant", "content": [content],
        });
        if self.second {
            item["phase"] = json!(message.phase);
        }
        item
    }

    /// A part as its own events have it: its type has another name there than in items.
    fn part(&self, text: &str) -> Value {
        if self.order.text_only {
            json!({ "type": "text", "text": text })
        } else {
            json!({ "type": "audio", "transcript": text })
        }
    }

    /// An event about the message in progress as an item of the session's conversation.
    fn about_conversation(&self, kind: &str, item: &Value) -> Value {
        let earlier = self.messages.iter().rev().nth(1).map(|message| message.id.as_str());
        json!({ "type": kind, "previous_item_id": earlier.or(self.order.last_item.as_deref()), "item": item })
    }

    fn about_response(&self, kind: &str, item: &Value) -> Value {
        let index = self.messages.len().saturating_sub(1);
        json!({ "type": kind, "response_id": self.id, "output_index": index, "item": item })
    }

    /// An event about the message in progress, with fields of its own.
    fn about_message(&self, kind: &str, fields: &[(&str, Value)]) -> Value {
        let item = self.messages.last().map(|message| message.id.as_str());
        let index = self.messages.len().saturating_sub(1);
        let mut event = json!({
            "type": kind, "response_id": self.id, "item_id": item, "output_index": index, "content_index": 0,
        });
        for (name, value) in fields {
            event[*name] = value.clone();
        }
        event
    }
}

/// What is left of a response whose voice has failed: a mistake of the operator, not a fault.
fn failed(message: String) -> Vec<Step> {
    let outcome = Outcome::Failed { code: "stand_in_error".to_owned(), message };
    vec![Step { at: Duration::ZERO, act: Act::Done(outcome) }]
}
