//! Real speech: the neural voice of this package, where a test has to be heard and not only counted.

use std::sync::Arc;

use rhapsode::engine::embedded::Voice;

use super::audio::Speaker;

/// Speaks English. A text in a script that the voice cannot read is an error.
pub(crate) struct BuiltIn(Arc<Voice>);

impl BuiltIn {
    /// Reads the compiled-in weights, which takes a fraction of a second.
    pub(crate) fn load() -> Result<Self, String> {
        Voice::load().map(|voice| Self(Arc::new(voice))).map_err(|error| error.to_string())
    }
}

impl Speaker for BuiltIn {
    fn speak(&self, text: &str, speed: f64) -> Result<Vec<i16>, String> {
        // A varied pace may lead out of the range that the contract has checked.
        let speed = speed.clamp(Voice::SLOWEST, Voice::FASTEST);
        self.0.speak(text, speed).map_err(|error| error.to_string())
    }
}
