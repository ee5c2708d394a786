//! What a caller is told in a conversation.

use std::sync::Arc;
use std::time::Duration;

use crate::pipeline::event::Cost;
use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::event::TimingSource;
use crate::pipeline::event::Timings;
use crate::pipeline::event::Usage;

/// One thing that a caller is told.
#[derive(Debug)]
pub enum Said {
    /// What every call tells; of this utterance, where it is of one.
    Event(u64, Event),
    /// The first audio of an utterance follows.
    Opened(Opened),
    /// All audio of an utterance has been sent.
    Closed(Box<Closed>),
    /// An interrupt has taken effect.
    Interrupted(Box<Interrupted>),
}

/// The beginning of an utterance.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// 0, 1, 2 …
    pub index: u64,
    /// The caller's name for it.
    pub id: Option<String>,
    /// From the first sample of the call.
    pub start: Duration,
    /// Public name of the model that begins it.
    pub model: Arc<str>,
    /// Name of the voice that begins it.
    pub voice: Arc<str>,
}

/// The end of an utterance.
#[derive(Debug)]
pub struct Closed {
    /// Which.
    pub index: u64,
    /// The caller's name for it.
    pub id: Option<String>,
    /// Playing time sent.
    pub duration: Option<Duration>,
    /// What it used.
    pub usage: Usage,
    /// What it cost, if there is a price.
    pub cost: Option<Cost>,
    /// How long it took.
    pub timings: Timings,
    /// Why it ended before its text did.
    pub failure: Option<Failure>,
}

/// What became of the utterance that was interrupted.
#[derive(Debug, Default)]
pub struct Interrupted {
    /// Which; none if there had been none.
    pub index: Option<u64>,
    /// The caller's name for it.
    pub id: Option<String>,
    /// Playing time of it that was sent.
    pub sent: Option<Duration>,
    /// Its text, before and behind the place up to which it was heard.
    pub split: Option<Split>,
    /// Utterances behind it that were dropped.
    pub dropped: u64,
    /// What it used.
    pub usage: Usage,
}

/// A text, divided where it was interrupted.
#[derive(Debug, PartialEq, Eq)]
pub struct Split {
    /// What was heard.
    pub spoken: String,
    /// What was not.
    pub remaining: String,
    /// How the place was found.
    pub source: TimingSource,
}
