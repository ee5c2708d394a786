//! Audio as numbers: pure functions and small state machines over samples and bytes, without I/O or clocks.

mod chunk;
mod join;

pub use chunk::Chunker;
pub use join::Joiner;
