//! What a caller wants said, and the pieces in which an engine says it.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use super::Boundary;
use super::Encoding;
use super::Ledger;
use super::Manner;
use super::tracks::Tracks;

/// A valid request: text and how to speak it.
#[derive(Clone, PartialEq)]
pub struct Utterance {
    /// Not empty, at most the service's limit.
    pub text: String,
    /// Length of `text` in Unicode code points.
    pub chars: usize,
    /// How to speak it.
    pub manner: Manner,
}

/// How every segment of an utterance is delivered.
#[derive(Clone)]
pub struct Delivery {
    /// Who delivers it: the place in the route of the call, 0 for the model that is asked first.
    pub place: usize,
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
    /// Where it starts in the utterance, in code points of the caller's text.
    pub start_char: usize,
    /// How much of the caller's text it stands for, in code points.
    pub chars: usize,
    /// What the caller wrote, where that is not what is said.
    pub written: Option<Arc<Written>>,
    /// What stands in the utterance where it ends.
    pub closing: Boundary,
    /// It was cut out of a longer segment that an engine had refused as too long.
    pub is_part: bool,
    /// How many times it was sent before: 0 on the first attempt.
    pub resend_count: u32,
    /// Another engine or endpoint would probably speak it if this one does not, so that nobody need be very patient with this one.
    pub has_alternative: bool,
    /// When the whole call ends, so that nobody waits for a retry that comes too late.
    pub deadline: Instant,
    /// How to say it.
    pub delivery: Arc<Delivery>,
    /// Where to book what it costs.
    pub ledger: Arc<Ledger>,
}

/// What a caller wrote for a text that is spoken.
#[derive(Debug)]
pub struct Written {
    /// A part of the caller's text.
    pub text: Arc<str>,
    /// Where in the utterance the code points come from that are spoken.
    pub tracks: Tracks,
}

impl Segment {
    /// What the caller wrote for the code points `spoken` of the text, and where it begins in the utterance.
    pub fn quote(&self, spoken: Range<usize>) -> (usize, &str) {
        let (source, text) = match &self.written {
            Some(written) => (written.tracks.source(spoken), &written.text),
            None => (self.start_char + spoken.start..self.start_char + spoken.end, &self.text),
        };
        let quoted = source.start.saturating_sub(self.start_char)..source.end.saturating_sub(self.start_char);
        (source.start, slice(text, quoted))
    }
}

/// The code points `chars` of `text`.
fn slice(text: &str, chars: Range<usize>) -> &str {
    let mut places = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    let start = places.nth(chars.start).unwrap_or(text.len());
    let length = chars.end.saturating_sub(chars.start);
    let end = if length == 0 { start } else { places.nth(length - 1).unwrap_or(text.len()) };
    &text[start..end]
}
