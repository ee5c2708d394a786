//! Notes on the calendar which models an engine turned out not to have, so that the next calls need not find out anew.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::engine::Engine;
use crate::engine::Wrapper;
use crate::engine::catalog::Calendar;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
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

impl Wrapper for Attendance {
    fn inner(&self) -> &dyn Engine {
        &*self.inner
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let (engine, calendar) = (Arc::clone(&self.engine), Arc::clone(&self.calendar));
        let delivery = Arc::clone(&segment.delivery);
        let speech = self.inner.speak(segment);
        Box::pin(async move {
            let speech = speech.await;
            match &speech {
                Ok(_) => calendar.meet(&engine, &delivery.model),
                Err(error) if is_about_the_model(error) => calendar.miss(&engine, &delivery.model),
                // Says nothing about the model.
                Err(_) => {}
            }
            speech
        })
    }
}

/// Whether `error` says that the model is not there; that a voice of it is not there is one caller's trouble alone.
fn is_about_the_model(error: &Error) -> bool {
    let code = error.upstream().and_then(|upstream| upstream.code.as_deref());
    error.kind() == Kind::UpstreamModelNotFound && code != Some("voice_not_found")
}

#[cfg(test)]
mod tests {
    use super::is_about_the_model;
    use crate::error::Error;
    use crate::error::Kind;
    use crate::error::UpstreamFault;

    #[test]
    fn a_voice_that_is_missing_says_nothing_of_its_model() {
        let refused = |kind, code: Option<&str>| {
            let upstream = UpstreamFault { code: code.map(str::to_owned), ..UpstreamFault::default() };
            is_about_the_model(&Error::new(kind, "planned").with_upstream(upstream))
        };
        assert!(refused(Kind::UpstreamModelNotFound, Some("model_not_found")));
        assert!(refused(Kind::UpstreamModelNotFound, None));
        assert!(!refused(Kind::UpstreamModelNotFound, Some("voice_not_found")));
        assert!(!refused(Kind::UpstreamUnavailable, None));
    }
}
