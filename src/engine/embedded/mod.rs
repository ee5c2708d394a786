//! The built-in voice: a small neural American English voice that is compiled in.
//!
//! Text is put into words (`normalise`), words into phonemes (`phonemes`), phonemes
//! into spectra by a network (`acoustics`), and spectra into sound (`vocoder`), which is
//! then cut to its speech (`edges`) and brought to a level (`level`). Everything runs in
//! this process, on one thread per request.

mod acoustics;
mod assets;
mod edges;
mod error;
mod lanes;
mod language;
mod level;
mod noise;
mod normalise;
mod phonemes;
mod pulses;
mod speaker;
mod spectrum;
mod tempo;
mod vocoder;
mod voice;

pub use error::Error;
pub use language::supports_language;
pub use normalise::Unspeakable;
pub use normalise::normalise;
pub use normalise::unspeakable;
pub use speaker::Config;
pub use speaker::Embedded;
pub use voice::Pieces;
pub use voice::Voice;

/// The voice's sample rate, Hz.
pub const SAMPLE_RATE: u32 = 24_000;

#[cfg(test)]
mod tests;
