//! The vocabulary: what is to be said, how, in which format, and what came of it. No I/O, no clock.

mod boundary;
mod dispatch;
mod format;
mod ledger;
mod manner;
mod processing;
mod stream;
pub mod tracks;
mod usage;
mod utterance;

pub use boundary::Boundary;
pub use dispatch::Alignment;
pub use dispatch::Dispatch;
pub use format::Encoding;
pub use format::Format;
pub use format::SAMPLE_BYTES;
pub use format::SAMPLE_RATE_HERTZ;
pub use format::playing_time;
pub use ledger::Ledger;
pub use manner::Manner;
pub use manner::Segmentation;
pub use manner::SegmentationMode;
pub use processing::MAX_PHRASE;
pub use processing::Processing;
pub use processing::Pronunciation;
pub use stream::Deviation;
pub use stream::Frame;
pub use stream::Outcome;
pub use stream::Speech;
pub use usage::Tokens;
pub use utterance::Delivery;
pub use utterance::Segment;
pub use utterance::Utterance;
pub use utterance::Written;
