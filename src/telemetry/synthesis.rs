//! One synthesis: a segment spoken by an engine, from the first request to the last audio.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use tokio::time::Instant;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::error::Error;
use crate::speech::Segment;
use crate::speech::Tokens;

use super::metrics::Metrics;
use super::names;
use super::spans;

/// The span and the measurements of one synthesis, retries included. They are recorded when it is dropped.
#[derive(Debug)]
pub struct Synthesis {
    metrics: Metrics,
    span: Span,
    started: Instant,
    labels: [KeyValue; 3],
    error: Option<&'static str>,
}

impl Synthesis {
    /// Begins a synthesis of `segment` by `provider` (such as `openai`), as a child of the current span.
    pub fn begin(metrics: &Metrics, provider: &Arc<str>, segment: &Segment) -> Self {
        let model = &segment.delivery.model;
        let span = spans::synthesis_span(provider, model);
        span.set_attribute(names::VOICE, segment.delivery.voice.clone());
        span.set_attribute(names::ENCODING, segment.delivery.encoding.name());
        span.set_attribute(names::SEGMENT_INDEX, count(segment.index));
        span.set_attribute(names::SEGMENT_CHARACTERS, count(segment.chars));
        let labels = [
            KeyValue::new(names::GEN_AI_OPERATION_NAME, names::TEXT_TO_SPEECH),
            KeyValue::new(names::GEN_AI_PROVIDER_NAME, Arc::clone(provider)),
            KeyValue::new(names::GEN_AI_REQUEST_MODEL, model.clone()),
        ];
        Self { metrics: metrics.clone(), span, started: Instant::now(), labels, error: None }
    }

    /// The span, to run the synthesis in.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// The first audio is here. Returns the time it took.
    pub fn first_audio(&self) -> Duration {
        let after = self.started.elapsed();
        spans::record_first_chunk(&self.span, after);
        self.metrics.first_chunk(after, &self.labels);
        after
    }

    /// The upstream reported its token counts.
    pub fn reported(&self, tokens: Tokens) {
        self.span.set_attribute(names::GEN_AI_INPUT_TOKENS, i64::try_from(tokens.input).unwrap_or(i64::MAX));
        self.span.set_attribute(names::GEN_AI_OUTPUT_TOKENS, i64::try_from(tokens.output).unwrap_or(i64::MAX));
        self.metrics.tokens_used(tokens, &self.labels);
    }

    /// The synthesis failed. Being dropped without this, before its end, is no failure: the caller hung up.
    pub fn failed(&mut self, error: &Error) {
        self.error = Some(error.kind().reason());
    }
}

impl Drop for Synthesis {
    fn drop(&mut self) {
        self.span.in_scope(|| {
            if let Some(error) = self.error {
                spans::record_error(&self.span, error);
            }
            self.metrics.synthesis_ended(self.started.elapsed(), &self.labels, self.error);
        });
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
