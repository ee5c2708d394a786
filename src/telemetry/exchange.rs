//! One exchange with an upstream on a connection that carries more than one: a text that is sent, and its reading.

use std::sync::Arc;

use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use url::Url;

use crate::error::Error;

use super::metrics::Metrics;
use super::names;
use super::spans;

/// The span of one exchange. It is recorded when this is dropped.
#[derive(Debug)]
pub struct Exchange {
    metrics: Metrics,
    span: Span,
    provider: Arc<str>,
    error: Option<&'static str>,
}

impl Exchange {
    /// Begins an exchange with `provider` (such as `openai`) at `url` as a child of the current span; `resend` counts the times
    /// that the text was sent before.
    pub fn begin(metrics: &Metrics, provider: &Arc<str>, url: &Url, resend: u32) -> Self {
        let span = spans::exchange_span(url, resend);
        Self { metrics: metrics.clone(), span, provider: Arc::clone(provider), error: None }
    }

    /// There is a connection, which had to be made for this, or was there before.
    pub fn connected(&self, is_new: bool) {
        self.span.set_attribute(names::SESSION_IS_NEW, is_new);
    }

    /// The upstream named its answer.
    pub fn named(&self, id: &str) {
        self.span.set_attribute(names::UPSTREAM_REQUEST_ID, id.to_owned());
    }

    /// The exchange failed. Being dropped without this is no failure: the caller hung up.
    pub fn failed(&mut self, error: &Error) {
        let reason = error.kind().reason();
        self.error.get_or_insert(reason);
        self.span.set_attribute(names::REASON, reason);
        self.metrics.upstream_failed(&self.provider, reason);
        self.span.in_scope(|| tracing::debug!({ names::REASON } = reason, detail = error.report(), "exchange failed"));
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.span.in_scope(|| {
            if let Some(error) = self.error {
                spans::record_error(&self.span, error);
            }
        });
    }
}
