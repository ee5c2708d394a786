//! How audio leaves the service, and which timing goes with it.

use std::time::Duration;

/// The size and the pace of what a caller receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Largest run of audio in one message, in bytes.
    pub max_chunk_bytes: usize,
    /// Playing time of each message but the last; `None` sends what there is.
    pub chunk_duration: Option<Duration>,
    /// Whether the last message is filled up with silence to a whole `chunk_duration`.
    pub pad_final_chunk: bool,
    /// How far ahead of its playing audio may be sent; `None` sends it as fast as the caller reads.
    pub pacing_lead: Option<Duration>,
}

/// What timing of the text is told for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// Each segment, exact to the sample.
    Segment,
    /// Each word, estimated inside of its segment.
    Word,
}
