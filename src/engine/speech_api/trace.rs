//! One client span per HTTP attempt, after OpenTelemetry's conventions for HTTP spans.

use http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_http::HeaderInjector;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use url::Url;

use crate::error::Error;

/// One request, from before it is sent to the end of the answer's body; the span ends when this is dropped.
///
/// Being dropped without a failure is none: the caller hung up, or all was said.
#[derive(Debug)]
pub(super) struct Attempt {
    span: Span,
}

impl Attempt {
    /// Begins an attempt as a child of the current span.
    pub(super) fn begin(url: &Url) -> Self {
        Self { span: attempt_span(url) }
    }

    /// The span, to run the request in.
    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// Adds the trace context to the request's headers.
    pub(super) fn inject(&self, headers: &mut HeaderMap) {
        inject(&self.span, headers);
    }

    /// The head of the answer is here.
    pub(super) fn responded(&self, status: u16) {
        self.span.record("http.response.status_code", status);
    }

    /// The attempt failed: by a status of 400 or more, else by what `error` is about.
    pub(super) fn failed(&self, error: &Error) {
        let status = error.upstream().and_then(|fault| fault.http_status).filter(|status| *status >= 400);
        let cause = status.map_or_else(|| error.kind().reason().to_owned(), |status| status.to_string());
        self.span.record("otel.status_code", "ERROR");
        self.span.record("error.type", cause);
        self.span.in_scope(|| tracing::debug!(detail = error.report(), "attempt failed"));
    }
}

/// The URL is shown whole: the configuration refuses credentials and foreign queries in it.
fn attempt_span(url: &Url) -> Span {
    tracing::info_span!(
        "POST",
        "otel.name" = "POST",
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "http.request.method" = "POST",
        "http.response.status_code" = Empty,
        "server.address" = url.host_str(),
        "server.port" = url.port_or_known_default(),
        "url.full" = url.as_str(),
        "error.type" = Empty,
    )
}

/// Writes `traceparent` and `tracestate` of `span`. Baggage stays here: it is not for a third party.
fn inject(span: &Span, headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(&span.context(), &mut HeaderInjector(headers));
}
