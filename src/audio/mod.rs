//! Audio as arithmetic on samples and bytes: containers, alignment, sample rates, companding, joints. No I/O, no clock.

mod align;
mod chunk;
pub mod codec;
mod encode;
mod g711;
mod join;
mod resample;
mod riff;
mod stitch;
pub mod wav;

pub use align::Aligner;
pub use chunk::Chunker;
pub use encode::Encoder;
pub use g711::Law;
pub use join::Joiner;
pub use resample::RATES_HERTZ;
pub use resample::Resampler;
pub use riff::Piece;
pub use stitch::Pauses;
pub use stitch::Stitcher;
pub use stitch::Style;
pub use riff::Unwrapper;
