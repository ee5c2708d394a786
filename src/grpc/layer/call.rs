//! One RPC under observation, as a value: when it is dropped before its end, the caller hung up.

use std::net::SocketAddr;
use std::sync::Arc;

use http::HeaderMap;
use http::StatusCode;
use tokio::time::Instant;
use tonic::transport::server::TcpConnectInfo;
use tonic::transport::server::TlsConnectInfo;
use tracing::Span;

use crate::telemetry::Metrics;
use crate::telemetry::Observer;
use crate::telemetry::RpcStatus;
use crate::telemetry::spans;

use super::methods::Method;
use super::methods::Methods;

/// Where gRPC says how a call ended, in the trailers or in a head that nothing follows.
const GRPC_STATUS: &str = "grpc-status";

/// Ends exactly once: with the status that was sent, or with its drop.
pub(super) struct Call {
    metrics: Metrics,
    method: Arc<str>,
    started: Instant,
    span: Span,
    observer: Option<Arc<Observer>>,
    ended: bool,
}

impl Call {
    /// Begins to observe `request` and leaves the observer in its extensions.
    pub(super) fn begin<B>(metrics: &Metrics, methods: &Methods, request: &mut http::Request<B>) -> Self {
        let Method { name, infrastructure } = methods.find(request.uri().path());
        let mut call = Self {
            metrics: metrics.clone(),
            method: name,
            started: Instant::now(),
            span: Span::none(),
            observer: None,
            ended: false,
        };
        if !infrastructure {
            call.span = spans::rpc_span(&call.method, request.uri().path(), request.headers(), peer(request));
            let observer = Observer::begin(metrics.clone(), call.span.clone(), Arc::clone(&call.method));
            let observer = Arc::new(observer);
            request.extensions_mut().insert(Arc::clone(&observer));
            call.observer = Some(observer);
        }
        call
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    /// What observes the call; nothing for infrastructure, and after the end.
    pub(super) fn observer(&self) -> Option<&Observer> {
        self.observer.as_deref()
    }

    /// The head of the answer is known. If it holds the status, or is no gRPC answer at all, nothing follows.
    pub(super) fn answered<B>(&mut self, response: &http::Response<B>) {
        if let Some(status) = status_in(response.headers()) {
            self.end(status);
        } else if response.status() != StatusCode::OK {
            self.end(RpcStatus::from_http(response.status().as_u16()));
        }
    }

    /// The trailers are known, and with them the status.
    pub(super) fn trailed(&mut self, trailers: &HeaderMap) {
        self.end(status_in(trailers).unwrap_or(RpcStatus::UNKNOWN));
    }

    /// The answer stopped without a status.
    pub(super) fn broken(&mut self) {
        self.end(RpcStatus::UNKNOWN);
    }

    fn end(&mut self, status: RpcStatus) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        self.metrics.rpc_ended(&self.method, status, self.started.elapsed());
        // Given up here, not with the body: the span ends with the stream, however long the transport keeps the rest.
        let span = std::mem::replace(&mut self.span, Span::none());
        if let Some(observer) = self.observer.take() {
            observer.end(status);
        }
        span.in_scope(|| spans::record_rpc_status(&span, status));
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.end(if std::thread::panicking() { RpcStatus::INTERNAL } else { RpcStatus::CANCELLED });
    }
}

fn status_in(headers: &HeaderMap) -> Option<RpcStatus> {
    let code = headers.get(GRPC_STATUS)?;
    Some(RpcStatus::from_code(tonic::Code::from_bytes(code.as_bytes()) as i32))
}

fn peer<B>(request: &http::Request<B>) -> Option<SocketAddr> {
    let extensions = request.extensions();
    let plain = extensions.get::<TcpConnectInfo>();
    let under_tls = extensions.get::<TlsConnectInfo<TcpConnectInfo>>();
    plain.or(under_tls.map(TlsConnectInfo::get_ref)).and_then(TcpConnectInfo::remote_addr)
}
