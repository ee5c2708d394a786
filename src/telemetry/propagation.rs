//! Trace context in and out of headers, in the form of [W3C Trace Context](https://www.w3.org/TR/trace-context/).
//!
//! Baggage is not passed on: what a caller tells its own services is not for a third party's speech engine.

use http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_http::HeaderInjector;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Makes `span` a child of the span named by `traceparent` in `headers`, if there is a valid one.
///
/// Must come before anything is nested in the span: its context is fixed by the first child.
pub fn adopt(span: &Span, headers: &HeaderMap) {
    let parent =
        TraceContextPropagator::new().extract_with_context(&opentelemetry::Context::new(), &HeaderExtractor(headers));
    if parent.span().span_context().is_valid() {
        // The only errors are that nobody listens to this span, and that it already has children: neither can be mended.
        let _ = span.set_parent(parent);
    }
}

/// Writes `traceparent` (and `tracestate`) of `span` into `headers`.
///
/// While nothing is exported that is the caller's own context, unchanged, so a trace never points at a span that no one
/// can find. Without any context nothing is written.
pub fn inject(span: &Span, headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(&span.context(), &mut HeaderInjector(headers));
}

/// The trace id of `span` as 32 hexadecimal digits, to lead from a log line to its trace.
pub fn trace_id(span: &Span) -> Option<String> {
    let context = span.context();
    let context = context.span().span_context().clone();
    context.is_valid().then(|| context.trace_id().to_string())
}
