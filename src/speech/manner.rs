//! How something is to be said: everything of a request but its text.

use std::time::Duration;

use super::Alignment;
use super::Dispatch;
use super::Format;
use super::Processing;

/// How to speak, and what the caller receives. Made from a message at the edge, once, and right from then on.
#[derive(Clone, Debug, PartialEq)]
pub struct Manner {
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
    /// How the text is cut; `None` leaves that to the service.
    pub segmentation: Option<Segmentation>,
    /// What is taken out of the text, and what is said instead; `None` leaves that to the service.
    pub processing: Option<Processing>,
    /// An option that cannot be honoured fails the call instead of raising a warning.
    pub strict: bool,
}

/// How a text becomes segments. What is `None` is left to the service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segmentation {
    /// When a segment is taken of what has been written.
    pub mode: SegmentationMode,
    /// The longest that text waits for more of it.
    pub max_buffer_delay: Option<Duration>,
    /// The fewest code points of a segment that is not the last before a stop.
    pub min_chars: Option<usize>,
    /// The most code points of a segment.
    pub max_chars: Option<usize>,
    /// With how much unheard audio left the next segment is asked for.
    pub lookahead: Option<Duration>,
}

/// When a segment is taken of what has been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SegmentationMode {
    /// The first sentence at once, then as much as there is whenever the listener is about to run dry.
    #[default]
    Adaptive,
    /// Each sentence.
    Sentence,
    /// The first clause, then each sentence.
    Eager,
    /// Only what the caller has flushed.
    Manual,
}
