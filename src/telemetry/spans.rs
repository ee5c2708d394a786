//! The three spans of a call: the RPC, each synthesis in it, each HTTP attempt of that.
//!
//! A span ends when its last handle is dropped. The bridge takes the last exit as the time of that, so whoever records the
//! end does so inside [`Span::in_scope`].

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use opentelemetry::trace::Status;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use url::Url;

use super::names;
use super::propagation;
use super::status::RpcStatus;

/// Longest made-up method that is traced, in bytes.
const MAX_ORIGINAL_BYTES: usize = 256;

/// The server span of one RPC, a child of the `traceparent` in `headers`.
///
/// `method` is `package.Service/Method`, or [`names::OTHER`] if the service has nothing at `path`.
pub fn rpc_span(method: &Arc<str>, path: &str, headers: &HeaderMap, peer: Option<SocketAddr>) -> Span {
    let span = tracing::info_span!(
        parent: None,
        "rpc",
        { names::OTEL_NAME } = &**method,
        { names::OTEL_KIND } = "server",
        { names::REQUEST_ID } = Empty,
    );
    propagation::adopt(&span, headers);
    span.set_attribute(names::RPC_SYSTEM_NAME, "grpc");
    span.set_attribute(names::RPC_METHOD, Arc::clone(method));
    if &**method == names::OTHER {
        let original = path.trim_start_matches('/');
        span.set_attribute(
            names::RPC_METHOD_ORIGINAL,
            original[..original.floor_char_boundary(MAX_ORIGINAL_BYTES)].to_owned(),
        );
    }
    if let Some(peer) = peer {
        span.set_attribute(names::NETWORK_PEER_ADDRESS, peer.ip().to_string());
        span.set_attribute(names::NETWORK_PEER_PORT, i64::from(peer.port()));
    }
    span
}

/// The client span of one synthesis: one segment spoken by one model, retries included. A child of the current span.
pub fn synthesis_span(provider: &str, model: &str) -> Span {
    let span = tracing::info_span!(
        "synthesis",
        { names::OTEL_NAME } = format_args!("{} {model}", names::TEXT_TO_SPEECH),
        { names::OTEL_KIND } = "client",
    );
    span.set_attribute(names::GEN_AI_OPERATION_NAME, names::TEXT_TO_SPEECH);
    span.set_attribute(names::GEN_AI_PROVIDER_NAME, provider.to_owned());
    span.set_attribute(names::GEN_AI_REQUEST_MODEL, model.to_owned());
    span.set_attribute(names::GEN_AI_REQUEST_STREAM, true);
    span.set_attribute(names::GEN_AI_OUTPUT_TYPE, "speech");
    span
}

/// The client span of one HTTP request. A child of the current span.
///
/// `resend` counts the times the same request was sent before. Credentials, query and fragment of `url` are left out.
pub fn attempt_span(method: &'static str, url: &Url, resend: u32) -> Span {
    let span = tracing::info_span!("attempt", { names::OTEL_NAME } = method, { names::OTEL_KIND } = "client");
    span.set_attribute(names::HTTP_REQUEST_METHOD, method);
    span.set_attribute(names::URL_FULL, without_secrets(url));
    if let Some(host) = url.host_str() {
        span.set_attribute(names::SERVER_ADDRESS, host.to_owned());
    }
    if let Some(port) = url.port_or_known_default() {
        span.set_attribute(names::SERVER_PORT, i64::from(port));
    }
    if resend > 0 {
        span.set_attribute(names::HTTP_REQUEST_RESEND_COUNT, i64::from(resend));
    }
    span
}

/// The client span of one exchange on a connection that carries more than one: a question and its answer.
pub fn exchange_span(url: &Url, resend: u32) -> Span {
    let span = tracing::info_span!("exchange", { names::OTEL_NAME } = "realtime", { names::OTEL_KIND } = "client");
    span.set_attribute(names::URL_FULL, without_secrets(url));
    if let Some(host) = url.host_str() {
        span.set_attribute(names::SERVER_ADDRESS, host.to_owned());
    }
    if let Some(port) = url.port_or_known_default() {
        span.set_attribute(names::SERVER_PORT, i64::from(port));
    }
    if resend > 0 {
        span.set_attribute(names::HTTP_REQUEST_RESEND_COUNT, i64::from(resend));
    }
    span
}

/// How the RPC of `span` ended.
pub fn record_rpc_status(span: &Span, status: RpcStatus) {
    span.set_attribute(names::RPC_STATUS_CODE, status.name());
    if status.is_server_fault() {
        record_error(span, status.name());
    }
}

/// When the first audio of a synthesis came.
pub fn record_first_chunk(span: &Span, after: Duration) {
    span.set_attribute(names::GEN_AI_TIME_TO_FIRST_CHUNK, after.as_secs_f64());
}

/// The HTTP status of an attempt's answer, and the HTTP version if it is known.
pub fn record_http_status(span: &Span, status: u16, version: Option<&'static str>) {
    span.set_attribute(names::HTTP_RESPONSE_STATUS_CODE, i64::from(status));
    if let Some(version) = version {
        span.set_attribute(names::NETWORK_PROTOCOL_VERSION, version);
    }
}

/// Marks `span` as failed. `kind` is one of a small set of words, never a message.
pub fn record_error(span: &Span, kind: &str) {
    span.set_attribute(names::ERROR_TYPE, kind.to_owned());
    span.set_status(Status::error(kind.to_owned()));
}

fn without_secrets(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Both fail only for an address that cannot hold credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use url::Url;

    use super::without_secrets;

    #[test]
    fn addresses_are_traced_without_credentials_and_query() {
        let url = Url::parse("https://me:sk-key@speech.example:8443/v1/audio/speech?api-key=sk-key#x").unwrap();
        assert_eq!(without_secrets(&url), "https://speech.example:8443/v1/audio/speech");
    }
}
