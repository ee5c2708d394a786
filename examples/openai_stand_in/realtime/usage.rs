//! What a response is billed for, as recorded answers counted it.

use serde_json::Value;
use serde_json::json;

use super::contract::count_tokens;

/// Tokens that a response has besides its instructions and texts.
const INPUT_OVERHEAD: usize = 4;
/// Text tokens that an answer has besides its transcript.
const OUTPUT_OVERHEAD: usize = 6;
/// Cached tokens come in steps of this many.
const CACHE_STEP: usize = 64;

/// What is known of a response's bill before it speaks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bill {
    pub(crate) input: usize,
    pub(crate) cached: usize,
    /// Tokens of thought; models before the 2 family have none.
    pub(crate) reasoning: usize,
}

impl Bill {
    /// The bill of `items` tokens of context under `instructions`, which are cached if the response before had them.
    pub(crate) fn new(instructions: &str, items: usize, known: bool, reasoning: usize) -> Self {
        let instructions = count_tokens(instructions);
        let cached = if known { instructions / CACHE_STEP * CACHE_STEP } else { 0 };
        Self { input: instructions + items + INPUT_OVERHEAD, cached, reasoning }
    }

    /// Text tokens of an answer that said `transcripts`.
    pub(crate) fn text_tokens<'a>(&self, transcripts: impl Iterator<Item = &'a str>) -> usize {
        let mut spoke = false;
        let words: usize = transcripts.inspect(|_| spoke = true).map(count_tokens).sum();
        if spoke { words + OUTPUT_OVERHEAD + self.reasoning } else { 0 }
    }

    /// The whole bill.
    pub(crate) fn usage(&self, text_tokens: usize, audio_tokens: usize) -> Value {
        let output = text_tokens + audio_tokens;
        let mut details = json!({ "text_tokens": text_tokens, "audio_tokens": audio_tokens });
        if self.reasoning > 0 && text_tokens > 0 {
            details["reasoning_tokens"] = json!(self.reasoning);
        }
        json!({
            "total_tokens": self.input + output,
            "input_tokens": self.input,
            "output_tokens": output,
            "input_token_details": {
                "text_tokens": self.input, "audio_tokens": 0, "image_tokens": 0, "cached_tokens": self.cached,
                "cached_tokens_details": { "text_tokens": self.cached, "audio_tokens": 0, "image_tokens": 0 },
            },
            "output_token_details": details,
        })
    }
}
