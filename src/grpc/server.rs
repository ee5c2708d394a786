//! The gRPC listener: services, health, reflection, and how connections are kept.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;

use crate::drain::Readiness;
use crate::error::Error;
use crate::error::Result;
use crate::fault::Fault;
use crate::grpc::SpeechGateway;
use crate::grpc::layer::ObserveLayer;
use crate::proto;
use crate::proto::speech_service_server::SERVICE_NAME;
use crate::proto::speech_service_server::SpeechServiceServer;

/// How gRPC connections are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Connections {
    /// Time between pings on a quiet connection; load balancers forget one after a minute or more.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub keepalive_interval: Duration,
    /// How long a ping may stay unanswered before the connection is given up.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub keepalive_timeout: Duration,
    /// Age at which a connection is asked to go, give or take a tenth, so that clients spread over new replicas. Calls
    /// that run on it finish.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_connection_age: Duration,
    /// Calls that one connection may carry at the same time; a client queues further ones by itself.
    pub max_concurrent_streams: u32,
    /// Bytes that a caller may send of one call ahead of what is read of it; flow control then stops that call, and no
    /// other of its connection.
    pub stream_window_bytes: u32,
}

/// The largest window of HTTP/2 (RFC 9113, section 6.9.1), for a connection: what may really wait on it is bounded by the
/// windows of its calls. h2 ends a connection on which small frames wait that come to half this window, each counted as 256
/// bytes; with a smaller one, a few callers who write far ahead in small deltas would end everybody's calls.
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;

/// The windows that HTTP/2 knows, in bytes; below the smallest one, a message would take many turns.
const STREAM_WINDOWS: std::ops::RangeInclusive<u32> = 4096..=CONNECTION_WINDOW;

impl Default for Connections {
    fn default() -> Self {
        Self {
            keepalive_interval: Duration::from_secs(30),
            keepalive_timeout: Duration::from_secs(10),
            max_connection_age: Duration::from_mins(10),
            max_concurrent_streams: 1000,
            stream_window_bytes: 65_536,
        }
    }
}

impl Connections {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = [
            ("keepalive_interval", self.keepalive_interval),
            ("keepalive_timeout", self.keepalive_timeout),
            ("max_connection_age", self.max_connection_age),
        ]
        .into_iter()
        .filter(|(_, time)| time.is_zero())
        .map(|(field, _)| Fault::new(field, "must be longer than zero"))
        .collect();
        if self.max_concurrent_streams == 0 {
            faults.push(Fault::new("max_concurrent_streams", "must be at least 1"));
        }
        if !STREAM_WINDOWS.contains(&self.stream_window_bytes) {
            faults.push(Fault::new("stream_window_bytes", "must lie between 4096 and 2147483647"));
        }
        faults
    }

    /// The age of this process's connections: up to a tenth off, so that replicas that started together do not turn
    /// their clients away together (gRFC A9).
    fn jittered_age(&self) -> Duration {
        self.max_connection_age.mul_f64(0.9 + 0.2 * rand::random::<f64>())
    }
}

/// Serves `gateway` on `listener` until `shutdown`; calls that run then are finished.
///
/// `layer` observes every call.
///
/// # Errors
/// If the schema cannot be reflected or the listener fails.
pub async fn serve(
    connections: &Connections,
    listener: TcpListener,
    gateway: SpeechGateway,
    layer: ObserveLayer,
    readiness: Readiness,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let (reporter, health) = tonic_health::server::health_reporter();
    let max_request_bytes = gateway.limits().max_request_bytes();
    let speech = SpeechServiceServer::new(gateway)
        .max_decoding_message_size(max_request_bytes)
        .max_encoding_message_size(usize::MAX);
    // `max_connection_age` alone: with a grace period tonic 0.14.9 sends no GOAWAY and cuts running streams.
    let server = tonic::transport::Server::builder()
        .http2_keepalive_interval(Some(connections.keepalive_interval))
        .http2_keepalive_timeout(Some(connections.keepalive_timeout))
        .max_connection_age(connections.jittered_age())
        .max_concurrent_streams(connections.max_concurrent_streams)
        .initial_stream_window_size(connections.stream_window_bytes)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .layer(layer)
        .add_service(speech)
        .add_service(health)
        .add_service(reflection().build_v1().map_err(no_reflection)?)
        .add_service(reflection().build_v1alpha().map_err(no_reflection)?)
        .serve_with_incoming_shutdown(TcpIncoming::from(listener).with_nodelay(Some(true)), shutdown);
    // The empty name stands for the process, which is alive as long as it answers; the service's own name for whether
    // calls are welcome.
    let follow = readiness.follow(|is_ready| {
        let reporter = reporter.clone();
        let status = if is_ready { ServingStatus::Serving } else { ServingStatus::NotServing };
        async move { reporter.set_service_status(SERVICE_NAME, status).await }
    });
    tokio::select! {
        ended = server => ended.map_err(|error| Error::internal("the gRPC listener failed").with_source(error)),
        () = follow => Ok(()),
    }
}

fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
}

fn no_reflection(error: tonic_reflection::server::Error) -> Error {
    Error::internal("the schema cannot be reflected").with_source(error)
}
