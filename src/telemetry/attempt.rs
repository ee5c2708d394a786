//! One HTTP attempt: a request to an upstream, from its first byte to the end of the answer's body.

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderMap;
use http::Version;
use opentelemetry::KeyValue;
use tokio::time::Instant;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use url::Url;

use crate::error::Error;

use super::metrics::Metrics;
use super::names;
use super::propagation;
use super::spans;

/// The span and the measurements of one HTTP request. They are recorded when it is dropped.
#[derive(Debug)]
pub struct Attempt {
    metrics: Metrics,
    span: Span,
    started: Instant,
    provider: Arc<str>,
    method: &'static str,
    server: (String, i64),
    status: Option<u16>,
    error: Option<Cow<'static, str>>,
}

impl Attempt {
    /// Begins an attempt at `provider` (such as `openai`) as a child of the current span; `resend` counts the times this
    /// request was sent before.
    pub fn begin(metrics: &Metrics, provider: &Arc<str>, method: &'static str, url: &Url, resend: u32) -> Self {
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().map_or(0, i64::from);
        Self {
            metrics: metrics.clone(),
            span: spans::attempt_span(method, url, resend),
            started: Instant::now(),
            provider: Arc::clone(provider),
            method,
            server: (host, port),
            status: None,
            error: None,
        }
    }

    /// The span, to run the request in.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// Adds the trace context to the request's headers.
    pub fn inject(&self, headers: &mut HeaderMap) {
        propagation::inject(&self.span, headers);
    }

    /// The head of the answer is here. A status of 400 or more is a failed attempt.
    pub fn responded(&mut self, status: u16, version: Version) {
        spans::record_http_status(&self.span, status, version_name(version));
        self.status = Some(status);
        if status >= 400 {
            self.error = Some(status.to_string().into());
        }
    }

    /// The upstream named its answer.
    pub fn named(&self, request_id: &str) {
        self.span.set_attribute(names::UPSTREAM_REQUEST_ID, request_id.to_owned());
    }

    /// The attempt failed. Being dropped without this is no failure: the caller hung up.
    pub fn failed(&mut self, error: &Error) {
        let reason = error.kind().reason();
        self.error.get_or_insert(Cow::Borrowed(reason));
        self.span.set_attribute(names::REASON, reason);
        self.metrics.upstream_failed(&self.provider, reason);
        self.span.in_scope(|| tracing::debug!({ names::REASON } = reason, detail = error.report(), "attempt failed"));
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut labels = vec![
            KeyValue::new(names::HTTP_REQUEST_METHOD, self.method),
            KeyValue::new(names::SERVER_ADDRESS, std::mem::take(&mut self.server.0)),
            KeyValue::new(names::SERVER_PORT, self.server.1),
        ];
        labels.extend(self.status.map(|status| KeyValue::new(names::HTTP_RESPONSE_STATUS_CODE, i64::from(status))));
        labels.extend(self.error.clone().map(|error| KeyValue::new(names::ERROR_TYPE, error)));
        self.span.in_scope(|| {
            if let Some(error) = &self.error {
                spans::record_error(&self.span, error);
            }
            self.metrics.attempt_ended(self.started.elapsed(), &labels);
        });
    }
}

fn version_name(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        Version::HTTP_3 => Some("3"),
        _ => None,
    }
}
