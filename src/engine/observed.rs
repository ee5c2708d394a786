//! Watches an engine: one span and one set of measurements per synthesis, retries included.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use tracing::Instrument;

use crate::engine::Engine;
use crate::engine::Wrapper;
use crate::error::Result;
use crate::speech::Frame;
use crate::speech::Segment;
use crate::speech::Speech;
use crate::telemetry::Metrics;
use crate::telemetry::Synthesis;

/// An engine that is watched. It stands outside the retries, so that a synthesis is counted once.
pub struct Observed {
    inner: Arc<dyn Engine>,
    provider: Arc<str>,
    metrics: Metrics,
}

impl Observed {
    /// Watches `inner`, whose makers are called `provider`.
    pub fn new(inner: Arc<dyn Engine>, provider: &str, metrics: Metrics) -> Self {
        Self { inner, provider: provider.into(), metrics }
    }
}

impl Wrapper for Observed {
    fn inner(&self) -> &dyn Engine {
        &*self.inner
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let (inner, provider, metrics) = (Arc::clone(&self.inner), Arc::clone(&self.provider), self.metrics.clone());
        Box::pin(async move {
            let mut synthesis = Synthesis::begin(&metrics, &provider, &segment);
            let span = synthesis.span().clone();
            match inner.speak(segment).instrument(span).await {
                Ok(speech) => {
                    synthesis.first_audio();
                    Ok(speech.map_frames(|frames| {
                        frames.map(move |frame| {
                            note(&mut synthesis, &frame);
                            frame
                        })
                    }))
                }
                Err(error) => {
                    synthesis.failed(&error);
                    Err(error)
                }
            }
        })
    }
}

fn note(synthesis: &mut Synthesis, frame: &Result<Frame>) {
    match frame {
        Ok(Frame::Audio(_)) => {}
        Ok(Frame::End(outcome)) => {
            if let Some(tokens) = outcome.tokens {
                synthesis.reported(tokens);
            }
        }
        Err(error) => synthesis.failed(error),
    }
}
