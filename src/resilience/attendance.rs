//! Notes on the calendar which models an engine turned out not to have, so that the next calls need not find out anew.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::engine::Engine;
use crate::engine::catalog::Calendar;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Segment;
use crate::speech::Speech;

/// An engine whose models may be gone. It stands outside the shares, so that a model is missed only if nobody has it.
pub struct Attendance {
    inner: Arc<dyn Engine>,
    engine: Arc<str>,
    calendar: Arc<Calendar>,
}

impl Attendance {
    /// Watches `inner`, which the operator calls `engine`, for the sake of `calendar`.
    pub fn new(inner: Arc<dyn Engine>, engine: &str, calendar: Arc<Calendar>) -> Self {
        Self { inner, engine: engine.into(), calendar }
    }
}

#[deny(clippy::missing_trait_methods)]
impl Engine for Attendance {
    fn check(&self, text: &str, language: Option<&str>) -> Result<()> {
        self.inner.check(text, language)
    }

    fn is_ready(&self) -> bool {
        self.inner.is_ready()
    }

    fn stand_by(&self, delivery: &Delivery) {
        self.inner.stand_by(delivery);
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let (engine, calendar) = (Arc::clone(&self.engine), Arc::clone(&self.calendar));
        let delivery = Arc::clone(&segment.delivery);
        let speech = self.inner.speak(segment);
        Box::pin(async move {
            let speech = speech.await;
            match &speech {
                Ok(_) => calendar.meet(&engine, &delivery.model),
                Err(error) if error.kind() == Kind::UpstreamModelNotFound => calendar.miss(&engine, &delivery.model),
                // Says nothing about the model.
                Err(_) => {}
            }
            speech
        })
    }
}
