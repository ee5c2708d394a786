//! What comes out of the pipeline: the events of one call, or why it failed and how far it got.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;
use crate::speech::Format;
use crate::speech::Tokens;

/// One thing that a caller is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Always first, once its audio is in hand.
    Started(Started),
    /// Bytes to play.
    Audio(Chunk),
    /// When text of a segment whose audio has been made is heard.
    Timing(Timing),
    /// Something was changed or ignored.
    Warning(Warning),
    /// Always last.
    Summary(Box<Summary>),
}

/// Who speaks, and in which format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Public name of the model that speaks.
    pub model: String,
    /// Name of the voice that speaks.
    pub voice: String,
    /// What the bytes are.
    pub format: Format,
    /// How sure the timing will be, if any was asked for.
    pub timing: Option<TimingSource>,
}

/// A run of audio bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Never empty.
    pub data: Bytes,
    /// 0, 1, 2 … without holes.
    pub sequence: u64,
    /// Start and playing time, where bytes map to time.
    pub span: Option<Span>,
}

/// A stretch of the audio, counted from its first sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From the first sample of the call.
    pub start: Duration,
    /// Playing time.
    pub duration: Duration,
}

/// When text is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How sure it is.
    pub source: TimingSource,
    /// In playing order.
    pub spans: Vec<TimedText>,
}

/// How times were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimingSource {
    /// From the samples of a segment, which are counted.
    Segment,
    /// By the length of the words inside of a segment.
    Estimated,
}

/// A piece of the caller's text, and when it is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedText {
    /// As the caller wrote it.
    pub text: String,
    /// Where it begins, in code points of the caller's text.
    pub start_char: usize,
    /// From the first sample of the call.
    pub heard: Range<Duration>,
}

/// Kinds of warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningKind {
    /// The model has no use for an option.
    OptionIgnored,
    /// Another model, voice or engine answers.
    FallbackUsed,
    /// An upstream call failed before its audio and was tried again.
    SegmentRetried,
    /// A segment was spoken in other words than the caller's.
    TextDeviated,
    /// The server is shutting down, and waits so long.
    Draining(Duration),
}

/// A change that the caller should know about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What kind of change.
    pub kind: WarningKind,
    /// For people.
    pub message: String,
    /// The request field concerned.
    pub field: Option<&'static str>,
}

/// Why a stream ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Everything was spoken.
    Completed,
    /// There was nothing to speak.
    NoSpeakableText,
    /// The last thing that happened was an interrupt.
    Interrupted,
    /// Nobody said anything for too long.
    IdleTimeout,
    /// It has gone on for as long as it may.
    MaxDuration,
    /// The server is shutting down.
    Draining,
}

/// The account of a finished call.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Why it ended.
    pub finish: Finish,
    /// What was sent.
    pub sent: Sent,
    /// Utterances that ended well.
    pub utterances: u64,
    /// What it used.
    pub usage: Usage,
    /// What it cost, if there is a price.
    pub cost: Option<Cost>,
    /// Where the time went.
    pub timings: Timings,
    /// The upstream's names of its answers.
    pub upstream_request_ids: Vec<String>,
}

/// How much audio has been handed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Chunks handed out; the last sequence number plus one.
    pub chunks: u64,
    /// Bytes in them.
    pub bytes: u64,
    /// Their playing time, where bytes map to time.
    pub duration: Option<Duration>,
}

/// Metered quantities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Code points received from the caller.
    pub input_chars: u64,
    /// Code points that engines have begun to speak.
    pub synthesized_chars: u64,
    /// Tokens, if there are any counts.
    pub tokens: Option<Tokens>,
    /// Whether any of `tokens` is an estimate of ours.
    pub tokens_estimated: bool,
    /// Requests sent upstream.
    pub upstream_calls: u32,
    /// How many of them were retries.
    pub retries: u32,
    /// How many of them were made because another one was late.
    pub hedges: u32,
}

/// Money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// ISO 4217.
    pub currency: String,
    /// Billionths of the currency unit.
    pub nanos: i64,
    /// Name of the price list.
    pub price_list: String,
    /// Whether a quantity behind it was estimated.
    pub estimated: bool,
}

impl Cost {
    /// This and `other`, which is in the same currency.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.nanos = self.nanos.saturating_add(other.nanos);
        self.estimated |= other.estimated;
        if self.price_list != other.price_list {
            self.price_list = format!("{}, {}", self.price_list, other.price_list);
        }
        self
    }
}

/// Where the time went, from the moment the request, or an utterance's first text, reached the handler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Waiting for a place.
    pub queue: Duration,
    /// From the first text to the first request of an engine, where text comes bit by bit.
    pub aggregation: Option<Duration>,
    /// From the first call of an engine to its first audio.
    pub upstream_first_byte: Option<Duration>,
    /// From start to the first chunk.
    pub first_audio: Option<Duration>,
    /// The silence that the audio began with, left in or trimmed, if it was looked for.
    pub leading_silence: Option<Duration>,
    /// From start to the end.
    pub total: Duration,
    /// Longest time that the caller's flow control held us up.
    pub max_backpressure: Duration,
}

/// A call that failed, and how far it had come.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong.
    pub error: Error,
    /// What the caller has already.
    pub sent: Sent,
    /// The utterance that failed, 0 for the first.
    pub utterance: u64,
    /// First code point of the text that has not been spoken whole.
    pub resume_char: usize,
    /// What had been used.
    /// Boxed, so that a result with this error stays small.
    pub usage: Box<Usage>,
}

impl Failure {
    /// A failure before anything was begun.
    pub fn at_the_door(error: Error) -> Self {
        Self { error, sent: Sent::default(), utterance: 0, resume_char: 0, usage: Box::default() }
    }

    /// The same failure where what had been handed out was thrown away, and the caller has heard nothing.
    #[must_use]
    pub fn unheard(self) -> Self {
        let sent = Sent { duration: self.sent.duration.map(|_| Duration::ZERO), ..Sent::default() };
        Self { error: self.error.unheard(), sent, resume_char: 0, ..self }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::at_the_door(error)
    }
}
