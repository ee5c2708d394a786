//! Engines: anything that turns a segment of text into audio.

pub mod catalog;
pub mod embedded;
#[cfg(test)]
pub mod fake;
mod observed;
pub mod realtime;
pub mod speech_api;
pub mod upstream;

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::speech::Segment;
use crate::speech::Speech;

pub use observed::Observed;

/// Something that can speak.
///
/// The future resolves when the first audio is in hand, and not before. PCM is 24 kHz, 16-bit, mono, in whole samples.
/// Dropping the future or the speech stops the work behind it and closes its connection.
pub trait Engine: Send + Sync {
    /// Whether `text` can be spoken at all, looked at whole before any of it is spoken or paid for.
    ///
    /// # Errors
    /// The field of the request that stands in the way.
    fn check(&self, text: &str, language: Option<&str>) -> Result<()>;

    /// Speaks one segment.
    ///
    /// # Errors
    /// Whatever kept the first audio from coming; nothing was heard then.
    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>>;
}
