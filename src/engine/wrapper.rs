//! Engines around another one that differ from it in how they speak, and in nothing else.

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Segment;
use crate::speech::Speech;

use super::Engine;

/// An engine around another one, which answers every question that is not about speaking.
pub trait Wrapper: Send + Sync {
    /// The engine inside.
    fn inner(&self) -> &dyn Engine;

    /// Speaks one segment by what the engine inside makes of it: see [`Engine::speak`].
    ///
    /// # Errors
    /// Those of the engine inside, and what is the wrapper's to refuse.
    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>>;
}

impl<W: Wrapper> Engine for W {
    fn check(&self, text: &str, language: Option<&str>) -> Result<()> {
        self.inner().check(text, language)
    }

    fn is_ready(&self) -> bool {
        self.inner().is_ready()
    }

    fn stand_by(&self, delivery: &Delivery) {
        self.inner().stand_by(delivery);
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        Wrapper::speak(self, segment)
    }
}
