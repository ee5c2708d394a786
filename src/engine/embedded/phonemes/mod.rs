//! From words to phonemes.

mod letters;
mod packing;
mod phonemizer;
mod reader;

pub(super) use packing::split_piece;
pub(super) use packing::split_reading;
pub(super) use phonemizer::Phonemizer;
