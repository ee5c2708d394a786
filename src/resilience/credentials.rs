//! Notices when a route ends at a refusal of our key, so that this replica stops asking for calls it cannot serve.
//!
//! A key that one endpoint refuses while another one speaks keeps nobody from being served, and so says nothing here.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::drain::Readiness;
use crate::engine::Engine;
use crate::engine::Wrapper;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Segment;
use crate::speech::Speech;

/// A route whose refusals of our key count against our readiness.
pub struct Credentials {
    inner: Arc<dyn Engine>,
    name: Arc<str>,
    readiness: Readiness,
}

impl Credentials {
    /// Watches `inner`, whose engines are called `name` in the configuration, in the order in which they are asked.
    pub fn new(inner: Arc<dyn Engine>, name: &str, readiness: Readiness) -> Self {
        Self { inner, name: name.into(), readiness }
    }
}

impl Wrapper for Credentials {
    fn inner(&self) -> &dyn Engine {
        &*self.inner
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let speech = self.inner.speak(segment);
        let (name, readiness) = (Arc::clone(&self.name), self.readiness.clone());
        Box::pin(async move {
            let speech = speech.await;
            match &speech {
                Ok(_) => readiness.key_accepted(&name),
                Err(error) if error.kind() == Kind::UpstreamCredentials => readiness.key_refused(&name),
                Err(_) => {}
            }
            speech
        })
    }
}
