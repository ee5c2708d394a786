//! What a caller wants said, and the pieces in which an engine says it.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use super::Alignment;
use super::Boundary;
use super::Dispatch;
use super::Encoding;
use super::Format;
use super::Ledger;

/// A valid request: text and how to speak it. Made from a message at the edge, once, and right from then on.
#[derive(Clone, PartialEq)]
pub struct Utterance {
    /// Not empty, at most the service's limit.
    pub text: String,
    /// Length of `text` in Unicode code points.
    pub chars: usize,
    /// Public model name; `None` asks for the default.
    pub model: Option<String>,
    /// Voice name; `None` asks for the model's default.
    pub voice: Option<String>,
    /// Style directions.
    pub instructions: Option<String>,
    /// Speaking rate, 0.25 to 4.0; `None` is the voice's own.
    pub speed: Option<f64>,
    /// BCP-47 hint for segmentation.
    pub language: Option<String>,
    /// What the caller receives.
    pub format: Format,
    /// How it leaves.
    pub dispatch: Dispatch,
    /// The most silence that the audio may begin with; `None` leaves it as it was made.
    pub max_leading_silence: Option<Duration>,
    /// Whether segments that follow each other are brought to one loudness.
    pub even_level: bool,
    /// Which timing of the text is wanted.
    pub alignment: Option<Alignment>,
    /// An option that cannot be honoured fails the call instead of raising a warning.
    pub strict: bool,
}

/// How every segment of an utterance is delivered.
#[derive(Clone)]
pub struct Delivery {
    /// The engine's own name of the model.
    pub model: String,
    /// The engine's own name of the voice.
    pub voice: String,
    /// Style directions, already dropped for a model that has no use for them.
    pub instructions: Option<String>,
    /// Speaking rate, already dropped for a model that has no use for it.
    pub speed: Option<f64>,
    /// BCP-47 hint.
    pub language: Option<String>,
    /// What the engine is asked for: PCM, or an encoding that it makes itself.
    pub encoding: Encoding,
    /// Whether the engine reports usage when asked in the way of `stream_format: "sse"`.
    pub reports_usage: bool,
}

/// A piece of an utterance that fits one call of an engine. Cheap to clone: a retry sends it again.
#[derive(Clone)]
pub struct Segment {
    /// What to say. Never empty, never without a letter or a digit.
    pub text: Arc<str>,
    /// 0 for the first segment of its utterance, and so on.
    pub index: usize,
    /// Where it starts in the utterance, in code points.
    pub start_char: usize,
    /// Its length in code points.
    pub chars: usize,
    /// What stands in the utterance where it ends.
    pub closing: Boundary,
    /// It was cut out of a longer segment that an engine had refused as too long.
    pub is_part: bool,
    /// How many times it was sent before: 0 on the first attempt.
    pub resend_count: u32,
    /// When the whole call ends, so that nobody waits for a retry that comes too late.
    pub deadline: Instant,
    /// How to say it.
    pub delivery: Arc<Delivery>,
    /// Where to book what it costs.
    pub ledger: Arc<Ledger>,
}
