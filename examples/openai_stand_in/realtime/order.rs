//! A `response.create` as it was understood: what is to be read, and how.

use serde_json::Map;
use serde_json::Value;

use super::complaint::Complaint;
use super::conversation;
use super::conversation::Conversation;
use super::rendition::Format;
use super::schema;
use super::settings::Settings;

/// What a model says to somebody who has said nothing.
const GREETING: &str = "Hello! How can I help you today?";
/// Output tokens of a response without a bound of its own: what the 2 family has, and what the models before it had.
const MOST_TOKENS: (usize, usize) = (32_000, 4096);

/// One response that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The client's own id of the event.
    pub(crate) event_id: Option<String>,
    /// Whether it is written to the session's own conversation.
    pub(crate) in_conversation: bool,
    /// The item after which it is written there.
    pub(crate) last_item: Option<String>,
    /// The texts of its own input as they came, each behind the role of its item.
    pub(crate) input: Vec<String>,
    pub(crate) tools: Value,
    pub(crate) tool_choice: Value,
    /// The text that is to be read.
    pub(crate) asked: String,
    /// Tokens of everything that was said before.
    pub(crate) item_tokens: usize,
    pub(crate) instructions: String,
    pub(crate) voice: Value,
    pub(crate) format: Format,
    pub(crate) text_only: bool,
    pub(crate) max_output_tokens: Value,
    pub(crate) metadata: Value,
    /// Whether the model shall think as little as it can.
    pub(crate) minimal_effort: bool,
}

impl Order {
    /// Checks a `response.create` against its fields and the session.
    pub(crate) fn read(
        event: &Map<String, Value>,
        response: &Value,
        settings: &Settings,
        conversation: &Conversation,
        spoken: bool,
    ) -> Result<Self, Complaint> {
        if let Some(name) = event.keys().find(|name| !["type", "event_id", "response"].contains(&name.as_str())) {
            return Err(Complaint::unknown(name));
        }
        schema::response(response, settings.second)?;
        settings.check_voice("response.audio.output", response.pointer("/audio/output/voice"), spoken)?;
        let input = response.get("input").and_then(Value::as_array);
        for (index, item) in input.into_iter().flatten().enumerate() {
            conversation::check(&format!("response.input[{index}]"), item)?;
        }
        let (asked, item_tokens) = if let Some(items) = input {
            (conversation::text_to_read(items.iter()), conversation::tokens(items.iter()))
        } else {
            (conversation::text_to_read(conversation.items()), conversation::tokens(conversation.items()))
        };
        let own = |pointer: &str| response.pointer(pointer).unwrap_or_else(|| settings.at(pointer));
        Ok(Self {
            event_id: event.get("event_id").and_then(Value::as_str).map(str::to_owned),
            in_conversation: response.get("conversation").is_none_or(|name| name != "none"),
            last_item: conversation.items().next_back().and_then(|item| item["id"].as_str()).map(str::to_owned),
            input: input.into_iter().flatten().flat_map(conversation::texts).collect(),
            tools: own("/tools").clone(),
            tool_choice: own("/tool_choice").clone(),
            asked: asked.filter(|text| !text.trim().is_empty()).unwrap_or(GREETING).to_owned(),
            item_tokens,
            instructions: own("/instructions").as_str().unwrap_or_default().to_owned(),
            voice: own("/audio/output/voice").clone(),
            format: Format::of(own("/audio/output/format")),
            text_only: own("/output_modalities")[0] == "text",
            max_output_tokens: own("/max_output_tokens").clone(),
            metadata: response.get("metadata").cloned().unwrap_or_default(),
            minimal_effort: own("/reasoning/effort") == "minimal",
        })
    }

    /// Output tokens that the response may have.
    pub(crate) fn most_tokens(&self, second: bool) -> usize {
        let usual = if second { MOST_TOKENS.0 } else { MOST_TOKENS.1 };
        self.max_output_tokens.as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(usual)
    }
}
