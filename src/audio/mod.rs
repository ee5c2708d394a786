//! Audio as arithmetic on samples and bytes: containers, alignment, sample rates, codecs, joints. No I/O, no clock.

mod align;
mod codec;
mod encode;
mod g711;
mod hasten;
mod parcel;
mod pcm;
mod resample;
mod riff;
mod stitch;
pub mod wav;

pub use align::Aligner;
pub use codec::Packet;
pub use encode::Encoder;
pub use g711::Law;
pub use hasten::Hasten;
pub use parcel::Cut;
pub use parcel::Parcel;
pub use parcel::Parceler;
pub use parcel::Sizes;
pub use resample::RATES_HERTZ;
pub use resample::Resampler;
pub use riff::Piece;
pub use riff::Unwrapper;
pub use stitch::Pauses;
pub use stitch::Stitcher;
pub use stitch::Style;
