//! What can go wrong when the built-in voice speaks.

use thiserror::Error;

use super::normalise::Unspeakable;

/// A failure of the built-in voice. No variant carries text of the caller.
#[derive(Debug, Error)]
pub enum Error {
    /// The compiled-in data cannot be read; a broken build.
    #[error("the built-in voice's {asset} cannot be read: {reason}")]
    Asset {
        /// The file under `assets/hibari`.
        asset: &'static str,
        /// What its reader said.
        reason: String,
    },
    /// A network refused its input or failed while it ran.
    #[error("the built-in voice's {network} network failed: {reason}")]
    Network {
        /// Which network.
        network: &'static str,
        /// What the runtime said.
        reason: String,
    },
    /// The speed is not a number from [`super::Voice::SLOWEST`] to [`super::Voice::FASTEST`].
    #[error("speed {speed} is outside 0.25 to 4.0")]
    Speed {
        /// The speed that was asked for.
        speed: f64,
    },
    /// The text holds a letter of a script that the voice cannot read.
    #[error("the built-in voice speaks English only; it cannot read {} letters (code point {})", .0.script, .0.offset)]
    Unspeakable(Unspeakable),
}
