//! What a caller says in a conversation, checked.

use std::time::Duration;

use futures_util::stream::BoxStream;

use crate::error::Result;
use crate::speech::Manner;

/// One message of the caller.
pub enum Cue {
    /// More text of the open utterance, or the first of a new one.
    Text {
        /// As it is to be appended.
        text: String,
        /// The caller's name for the utterance that it opens.
        id: Option<String>,
    },
    /// Speak what there is.
    Flush,
    /// Speak what there is and close the utterance.
    EndUtterance,
    /// The listener has begun to speak.
    Interrupt {
        /// How far the listener had heard.
        heard: Option<Position>,
        /// Whether utterances behind the interrupted one are kept whose audio has not begun to be sent.
        keep_later: bool,
    },
    /// How utterances are spoken that are opened from here on.
    Manner(Box<Manner>),
    /// Nothing but a sign of life.
    KeepAlive,
}

/// A point in the audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The utterance that is being heard.
    pub utterance: u64,
    /// From that utterance's first sample.
    pub offset: Duration,
}

/// Everything that a caller says, in order. An error ends the conversation.
pub type Cues = BoxStream<'static, Result<Cue>>;

/// How a conversation begins.
pub struct Opening {
    /// How to speak, until a cue says otherwise.
    pub manner: Manner,
    /// A shorter idle limit than the server's.
    pub idle_timeout: Option<Duration>,
    /// Whether the failure of an engine ends only its utterance.
    pub isolate_failures: bool,
}
