//! Engines: anything that turns a segment of text into audio.

pub mod catalog;
pub mod embedded;
#[cfg(test)]
pub mod fake;
mod observed;
pub mod realtime;
pub mod speech_api;
pub mod upstream;
mod wrapper;

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Segment;
use crate::speech::Speech;

pub use observed::Observed;
pub use wrapper::Wrapper;

/// Something that can speak.
///
/// The future resolves when the first audio is in hand, and not before. PCM is 24 kHz, 16-bit, mono, in whole samples.
/// Dropping the future or the speech stops the work behind it and closes its connection. Nothing here has a default, so that no
/// engine around others forgets to ask them.
pub trait Engine: Send + Sync {
    /// Whether `text` can be spoken at all, looked at whole before any of it is spoken or paid for.
    ///
    /// # Errors
    /// The field of the request that stands in the way.
    fn check(&self, text: &str, language: Option<&str>) -> Result<()>;

    /// Whether it would be asked if it were its turn: an endpoint that is left alone for a while is not.
    fn is_ready(&self) -> bool;

    /// It may have to take over from another one and speak in this way, so whatever takes time beforehand had better be done.
    fn stand_by(&self, delivery: &Delivery);

    /// Speaks one segment.
    ///
    /// # Errors
    /// Whatever kept the first audio from coming; nothing was heard then.
    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>>;
}
