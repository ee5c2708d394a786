//! From words to phonemes.

mod letters;
mod packing;
mod phonemizer;
mod reader;

pub(super) use packing::Packing;
pub(super) use phonemizer::Phonemizer;
