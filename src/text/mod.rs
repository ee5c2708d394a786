//! Text: cutting what a caller wants spoken into segments an engine accepts. Pure: no clock, no I/O.
//!
//! * [`Cleaner`]: what is taken out of a text before it is spoken, and what is said instead, as the text comes.
//! * [`segment`](fn@segment): a whole text into [`Piece`]s that respect [`Limits`], one at a time and only as they are asked for.
//! * [`Live`]: the same for a text that is still being written.
//! * [`sentences`](fn@sentences): where sentences end, in any script.
//! * [`tokens`]: how many `o200k_base` tokens an engine will count.
//! * [`is_speakable`]: whether there is anything to say at all, and [`letters`] how much.
//! * [`words`](fn@words): the words of a text, and about how long each of them takes to say.
//!
//! A text goes through three files: `sentences` finds the sentence ends, `segment` packs sentences into pieces, and
//! `cut` divides a sentence that is too long for one piece.

mod clean;
mod closing;
mod cut;
mod language;
mod live;
mod segment;
mod sentences;
mod speakable;
pub mod tokens;
mod verbatim;
mod words;

pub use clean::Cleaner;
pub use clean::MAX_HELD;
pub use clean::Script;
pub use live::Live;
pub use live::Taken;
pub use live::Unit;
pub use segment::Limits;
pub use segment::Piece;
pub use segment::Segments;
pub use segment::segment;
pub use segment::weight;
pub use sentences::sentences;
pub use speakable::is_speakable;
pub use speakable::letters;
pub use verbatim::Deviation;
pub use verbatim::DeviationKind;
pub use verbatim::Verbatim;
pub use words::Word;
pub use words::words;

#[cfg(test)]
mod tests;
