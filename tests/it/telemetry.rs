//! What an operator sees of calls: spans, metrics, log lines and probes, through a real server and a real client.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::StreamExt;
use futures_util::stream;
use futures_util::stream::BoxStream;
use http::HeaderMap;
use http_body::Body;
use http_body::Frame;
use opentelemetry::Value;
use opentelemetry::trace::SpanId;
use opentelemetry::trace::SpanKind;
use opentelemetry::trace::Status as SpanStatus;
use opentelemetry_sdk::trace::InMemorySpanExporter;
use opentelemetry_sdk::trace::SpanData;
use rhapsode::error::Error;
use rhapsode::error::Kind;
use rhapsode::error::UpstreamFault;
use rhapsode::grpc::layer::ObserveLayer;
use rhapsode::http::Readiness;
use rhapsode::proto;
use rhapsode::proto::speech_service_client::SpeechServiceClient;
use rhapsode::proto::speech_service_server::SpeechService;
use rhapsode::proto::speech_service_server::SpeechServiceServer;
use rhapsode::speech::Encoding;
use rhapsode::speech::Ledger;
use rhapsode::speech::Segment;
use rhapsode::speech::Tokens;
use rhapsode::telemetry::Attempt;
use rhapsode::telemetry::Builder;
use rhapsode::telemetry::Config;
use rhapsode::telemetry::Cost;
use rhapsode::telemetry::LogFormat;
use rhapsode::telemetry::Metrics;
use rhapsode::telemetry::Observer;
use rhapsode::telemetry::Route;
use rhapsode::telemetry::RpcStatus;
use rhapsode::telemetry::Synthesis;
use rhapsode::telemetry::Telemetry;
use rhapsode::telemetry::propagation;
use rhapsode::telemetry::spans;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::Code;
use tonic::Request;
use tonic::Response;
use tonic::Status;
use tonic::Streaming;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tracing::Span;
use tracing::dispatcher;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use url::Url;

use crate::support::details::Details;
use crate::support::lines::Lines;
use crate::support::segment::segment;

const METHOD: &str = "rhapsode.v1.SpeechService/Synthesize";
const TEXT: &str = "a text that nobody may find in a log";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

// The spans of a call.

#[tokio::test]
async fn one_call_is_one_tree_in_the_callers_trace() {
    let mut world = World::start().await;
    assert_eq!(world.call("speak").await.unwrap().len(), 3);

    let spans = world.spans(3).await;
    let [rpc, synthesis, attempt] = named(&spans, [METHOD, "text_to_speech gpt-4o-mini-tts", "POST"]);
    for span in [rpc, synthesis, attempt] {
        assert_eq!(span.span_context.trace_id().to_string(), TRACE);
    }
    assert_eq!(rpc.parent_span_id.to_string(), PARENT);
    assert!(rpc.parent_span_is_remote);
    assert_eq!(synthesis.parent_span_id, rpc.span_context.span_id());
    assert_eq!(attempt.parent_span_id, synthesis.span_context.span_id());
    let kinds = [&rpc.span_kind, &synthesis.span_kind, &attempt.span_kind];
    assert_eq!(kinds, [&SpanKind::Server, &SpanKind::Client, &SpanKind::Client]);
    assert!(!format!("{spans:?}").contains(TEXT));

    let sent_on = world.service.sent_on.lock().unwrap().clone().unwrap();
    assert_eq!(sent_on, format!("00-{TRACE}-{}-01", attempt.span_context.span_id()));
}

#[tokio::test]
async fn each_span_says_what_the_conventions_ask_for() {
    let mut world = World::start().await;
    world.call("speak").await.unwrap();
    let spans = world.spans(3).await;
    let [rpc, synthesis, attempt] = named(&spans, [METHOD, "text_to_speech gpt-4o-mini-tts", "POST"]);

    assert_eq!(text(rpc, "rpc.system.name"), "grpc");
    assert_eq!(text(rpc, "rpc.method"), METHOD);
    assert_eq!(text(rpc, "rpc.status_code"), "OK");
    assert_eq!(text(rpc, "network.peer.address"), "127.0.0.1");
    assert_eq!(text(rpc, "rhapsode.request_id"), "req-1");
    assert_eq!(text(rpc, "rhapsode.model"), "mini");
    assert_eq!(number(rpc, "rhapsode.audio.size"), 4_800);
    assert_eq!(rpc.status, SpanStatus::Unset);

    assert_eq!(text(synthesis, "gen_ai.operation.name"), "text_to_speech");
    assert_eq!(text(synthesis, "gen_ai.provider.name"), "openai");
    assert_eq!(text(synthesis, "gen_ai.output.type"), "speech");
    assert_eq!(number(synthesis, "gen_ai.usage.output_tokens"), 20);
    assert!(find(synthesis, "gen_ai.response.time_to_first_chunk").is_some());

    assert_eq!(text(attempt, "url.full"), "https://speech.example/v1/audio/speech");
    assert_eq!(number(attempt, "server.port"), 443);
    assert_eq!(number(attempt, "http.response.status_code"), 200);
    assert_eq!(number(attempt, "http.request.resend_count"), 1);
}

#[tokio::test]
async fn a_call_without_a_trace_begins_its_own() {
    let mut world = World::start().await;
    let answer = world.client.synthesize(request("speak")).await.unwrap().into_inner();
    assert_eq!(answer.collect::<Vec<_>>().await.len(), 3);
    let spans = world.spans(3).await;
    let [rpc] = named(&spans, [METHOD]);
    assert_eq!(rpc.parent_span_id, SpanId::INVALID);
    assert_ne!(rpc.span_context.trace_id().to_string(), TRACE);
}

#[tokio::test]
async fn a_hang_up_ends_the_call_as_cancelled_and_not_as_an_error() {
    let mut world = World::start().await;
    let mut answer = world.client.synthesize(request("hang")).await.unwrap().into_inner();
    answer.next().await.unwrap().unwrap();
    assert!(world.exporter.get_finished_spans().unwrap().is_empty(), "the span covers the whole stream");
    assert_counted(&world.scrape(), "rhapsode_active_streams", METHOD, 1.0);
    drop(answer);

    let spans = world.spans(1).await;
    let [rpc] = named(&spans, [METHOD]);
    assert_eq!(text(rpc, "rpc.status_code"), "CANCELLED");
    assert_eq!(find(rpc, "error.type"), None);
    assert_eq!(rpc.status, SpanStatus::Unset);
    let scrape = world.scrape();
    assert_counted(&scrape, "rhapsode_cancellations_total", "", 1.0);
    assert_counted(&scrape, "rhapsode_active_streams", METHOD, 0.0);
    assert_counted(&scrape, "rpc_server_call_duration_seconds_count", "CANCELLED", 1.0);
}

#[tokio::test]
async fn a_fault_before_the_stream_is_an_error_of_the_server() {
    let mut world = World::start().await;
    assert_eq!(world.call("unavailable").await.unwrap_err().code(), Code::Unavailable);
    let spans = world.spans(1).await;
    let [rpc] = named(&spans, [METHOD]);
    assert_eq!(text(rpc, "rpc.status_code"), "UNAVAILABLE");
    assert_eq!(text(rpc, "error.type"), "UNAVAILABLE");
    assert_eq!(text(rpc, "rhapsode.error.reason"), "UPSTREAM_UNAVAILABLE");
    assert!(matches!(rpc.status, SpanStatus::Error { .. }));

    let line = world.line();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["detail"], "connection refused");
    assert_eq!(line["rhapsode.upstream.request_id"], "up-7");
    assert_counted(&world.scrape(), "rhapsode_errors_total", "UPSTREAM_UNAVAILABLE", 1.0);
}

#[tokio::test]
async fn a_fault_in_the_stream_is_told_by_its_trailers() {
    let mut world = World::start().await;
    assert_eq!(world.call("truncated").await.unwrap_err().code(), Code::Aborted);
    let spans = world.spans(1).await;
    let [rpc] = named(&spans, [METHOD]);
    assert_eq!(text(rpc, "rpc.status_code"), "ABORTED");
    assert_eq!(find(rpc, "error.type"), None, "ABORTED is no fault of the server by the conventions");
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_the_server_goes_on() {
    let mut world = World::start().await;
    let details = Details::of(&world.call("panic").await.unwrap_err());
    assert_eq!(details.meaning(), (Code::Internal, "INTERNAL"));
    assert_eq!(details.failure.request_id, "req-1", "what the message asks the caller to report");
    let spans = world.spans(1).await;
    let [rpc] = named(&spans, [METHOD]);
    assert_eq!(text(rpc, "rpc.status_code"), "INTERNAL");
    assert_eq!(world.line()["level"], "ERROR");
    world.call("speak").await.unwrap();
}

#[tokio::test]
async fn a_panic_in_mid_stream_still_ends_it_with_a_status() {
    let mut world = World::start().await;
    let mut answer = world.client.synthesize(request("panic late")).await.unwrap().into_inner();
    answer.next().await.unwrap().unwrap();
    let details = Details::of(&answer.next().await.unwrap().unwrap_err());
    assert_eq!(details.meaning(), (Code::Internal, "INTERNAL"));
    let spans = world.spans(1).await;
    let [rpc] = named(&spans, [METHOD]);
    assert_eq!(text(rpc, "error.type"), "INTERNAL");
    assert_counted(&world.scrape(), "rhapsode_active_streams", METHOD, 0.0);
}

#[tokio::test]
async fn a_made_up_method_is_no_label() {
    let world = World::start().await;
    let mut grpc = tonic::client::Grpc::new(world.channel.clone());
    grpc.ready().await.unwrap();
    let path = http::uri::PathAndQuery::from_static("/evil.Service/Random42");
    let codec = tonic_prost::ProstCodec::<proto::ListModelsRequest, proto::ListModelsResponse>::default();
    let status = grpc.unary(Request::new(proto::ListModelsRequest::default()), path, codec).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    let spans = world.spans(1).await;
    let [rpc] = named(&spans, ["_OTHER"]);
    assert_eq!(text(rpc, "rpc.method_original"), "evil.Service/Random42");
    assert_eq!(text(rpc, "error.type"), "UNIMPLEMENTED");
    assert!(!world.scrape().contains("Random42"));
}

#[tokio::test]
async fn health_checks_are_measured_and_not_traced() {
    let mut world = World::start().await;
    let mut health = HealthClient::new(world.channel.clone());
    health.check(HealthCheckRequest { service: String::new() }).await.unwrap();
    world.call("speak").await.unwrap();
    let spans = world.spans(3).await;
    assert!(spans.iter().all(|span| !span.name.contains("Health")));
    let scrape = world.scrape();
    assert_counted(&scrape, "rpc_server_call_duration_seconds_count", "grpc.health.v1.Health/Check", 1.0);
    assert_eq!(world.line()["rpc.method"], METHOD, "and not logged");
}

// Metrics and log lines.

#[tokio::test]
async fn a_call_is_counted_under_bounded_labels() {
    let mut world = World::start().await;
    world.call("speak").await.unwrap();
    world.spans(3).await;
    let scrape = world.scrape();
    assert_counted(&scrape, "rpc_server_call_duration_seconds_count", "OK", 1.0);
    assert_counted(&scrape, "gen_ai_client_operation_duration_seconds_count", "gpt-4o-mini-tts", 1.0);
    assert_counted(&scrape, "gen_ai_client_operation_time_to_first_chunk_seconds_count", "openai", 1.0);
    assert_counted(&scrape, "gen_ai_client_token_usage_sum", "output", 20.0);
    assert_counted(&scrape, "http_client_request_duration_seconds_count", "200", 1.0);
    assert_counted(&scrape, "rhapsode_audio_size_bytes_total", "pcm_s16le", 4_800.0);
    assert_counted(&scrape, "rhapsode_audio_duration_seconds_total", "mini", 0.1);
    assert_counted(&scrape, "rhapsode_input_characters_total", "mini", 36.0);
    assert_counted(&scrape, "rhapsode_time_to_first_audio_seconds_count", "main", 1.0);
    assert_counted(&scrape, "rhapsode_upstream_retries_total", "main", 1.0);
    assert_counted(&scrape, "rhapsode_cost_total", "USD", 0.0125);
    assert_counted(&scrape, "rhapsode_active_streams", METHOD, 0.0);
    assert!(scrape.contains("le=\"0.075\""), "bounds are in seconds");
    for private in ["alloy", "req-1", TEXT, "otel_scope"] {
        assert!(!scrape.contains(private), "{private} is no label");
    }
}

#[tokio::test]
async fn one_line_tells_the_call_and_nothing_of_the_text() {
    let mut world = World::start().await;
    world.call("speak").await.unwrap();
    world.spans(3).await;
    let line = world.line();
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["rpc.method"], METHOD);
    assert_eq!(line["rpc.status_code"], "OK");
    assert_eq!(line["trace_id"], TRACE);
    assert_eq!(line["rhapsode.correlation_id"], "corr-1");
    assert_eq!(line["rhapsode.voice"], "alloy");
    assert_eq!(line["rhapsode.audio.size"], 4_800);
    assert_eq!(line["rhapsode.request_id"], "req-1");
    assert!(!world.log.text().contains(TEXT));
}

#[tokio::test(start_paused = true)]
async fn an_observer_records_once_however_it_ends() {
    let world = World::offline();
    let _on = dispatcher::set_default(world.telemetry.dispatch());
    let method: Arc<str> = METHOD.into();

    let observer = Observer::begin(world.metrics(), Span::none(), Arc::clone(&method));
    tokio::time::advance(Duration::from_millis(250)).await;
    observer.delivered(100, Duration::from_millis(2));
    tokio::time::advance(Duration::from_secs(1)).await;
    observer.delivered(100, Duration::from_millis(2));
    observer.blocked(Duration::from_millis(30));
    observer.blocked(Duration::from_millis(20));
    observer.failed(&Error::internal("first"));
    observer.failed(&Error::internal("second"));
    let facts = observer.facts();
    assert_eq!(facts.first_audio, Some(Duration::from_millis(250)));
    assert_eq!((facts.audio_bytes, facts.audio_duration), (200, Duration::from_millis(4)));
    assert_eq!(facts.backpressure, Duration::from_millis(30));
    assert_eq!(facts.failure.unwrap().report, "first");
    observer.end(RpcStatus::INTERNAL);
    observer.end(RpcStatus::OK);
    drop(observer);
    drop(Observer::begin(world.metrics(), Span::none(), method));

    let ends: Vec<_> = world.lines().iter().map(|line| line["rpc.status_code"].clone()).collect();
    assert_eq!(ends, ["INTERNAL", "CANCELLED"]);
    let scrape = world.scrape();
    assert_counted(&scrape, "rhapsode_cancellations_total", "", 1.0);
    assert_counted(&scrape, "rhapsode_errors_total", "INTERNAL", 1.0);
    assert_counted(&scrape, "rhapsode_active_streams", METHOD, 0.0);
}

#[tokio::test]
async fn a_failed_attempt_is_an_error_and_an_abandoned_one_is_not() {
    let world = World::offline();
    let _on = dispatcher::set_default(world.telemetry.dispatch());
    let metrics = world.metrics();
    let error = Error::new(Kind::UpstreamRateLimited, "later");
    let mut refused = Attempt::begin(&metrics, &provider(), "POST", &endpoint(), 0);
    refused.responded(429, http::Version::HTTP_11);
    refused.failed(&error);
    drop(refused);
    drop(Attempt::begin(&metrics, &provider(), "POST", &endpoint(), 0));
    let mut synthesis = Synthesis::begin(&metrics, &provider(), &segment(TEXT));
    synthesis.span().in_scope(|| tracing::error!(target: "rhapsode::test", "an event"));
    synthesis.failed(&error);
    drop(synthesis);

    let spans = world.spans(3).await;
    assert_eq!(text(&spans[0], "error.type"), "429");
    assert_eq!(text(&spans[0], "network.protocol.version"), "1.1");
    assert_eq!((find(&spans[1], "error.type"), &spans[1].status), (None, &SpanStatus::Unset));
    assert_eq!(text(&spans[2], "error.type"), "UPSTREAM_RATE_LIMITED");
    assert!(spans[2].events.events.is_empty(), "events are the log's");
    let scrape = world.scrape();
    assert_counted(&scrape, "http_client_request_duration_seconds_count", "error_type=\"429\"", 1.0);
    assert_counted(&scrape, "rhapsode_upstream_errors_total", "UPSTREAM_RATE_LIMITED", 1.0);
}

#[tokio::test]
async fn the_log_filter_hides_lines_and_not_spans() {
    let config = Config { log_filter: "error".to_owned(), log_format: LogFormat::Json };
    let mut world = World::start_with(&config).await;
    world.call("speak").await.unwrap();
    world.spans(3).await;
    assert!(world.lines().is_empty());
    let unreadable = Config { log_filter: "rhapsode=loud".to_owned(), ..config };
    assert_eq!(Builder::new(&unreadable, &|_| None).build().unwrap_err().field(), Some("telemetry.log_filter"));
}

// Without export, and with a collector.

#[tokio::test]
async fn without_export_the_callers_context_is_passed_on_unchanged() {
    let telemetry = quiet();
    let _on = dispatcher::set_default(telemetry.dispatch());
    let mut incoming = HeaderMap::new();
    incoming.insert("traceparent", format!("00-{TRACE}-{PARENT}-01").parse().unwrap());
    incoming.insert("tracestate", "vendor=1".parse().unwrap());

    let rpc = spans::rpc_span(&METHOD.into(), "", &incoming, None);
    let attempt = rpc.in_scope(|| Attempt::begin(telemetry.metrics(), &provider(), "POST", &endpoint(), 0));
    let mut outgoing = HeaderMap::new();
    attempt.inject(&mut outgoing);
    assert_eq!(outgoing, incoming);

    let alone = Attempt::begin(telemetry.metrics(), &provider(), "POST", &endpoint(), 0);
    let mut outgoing = HeaderMap::new();
    alone.inject(&mut outgoing);
    assert!(outgoing.keys().all(|name| name == "tracestate" && outgoing[name].is_empty()), "{outgoing:?}");
    assert_eq!(propagation::trace_id(alone.span()), None);
    drop((attempt, alone, rpc));
    telemetry.shutdown().await.unwrap();
}

#[tokio::test]
async fn shutdown_sends_what_is_queued_over_http() {
    let received = exported("http/protobuf").await;
    assert!(holds(&received["/v1/traces"], METHOD));
    assert!(holds(&received["/v1/traces"], "rhapsode"), "the default service name");
    assert!(holds(&received["/v1/metrics"], "rhapsode.cancellations"));
}

#[tokio::test]
async fn shutdown_sends_what_is_queued_over_grpc() {
    let received = exported("grpc").await;
    let service = "/opentelemetry.proto.collector";
    assert!(holds(&received[&format!("{service}.trace.v1.TraceService/Export")], METHOD));
    let metrics = &received[&format!("{service}.metrics.v1.MetricsService/Export")];
    assert!(holds(metrics, "rhapsode.cancellations"));
}

/// What a collector receives of one span and one call, by path.
async fn exported(protocol: &'static str) -> HashMap<String, Vec<u8>> {
    let collector = Collector::start().await;
    let endpoint = format!("http://{}", collector.address);
    let env = move |name: &str| match name {
        "OTEL_EXPORTER_OTLP_ENDPOINT" => Some(endpoint.clone()),
        "OTEL_EXPORTER_OTLP_PROTOCOL" => Some(protocol.to_owned()),
        _ => None,
    };
    let config = Config { log_filter: "off".to_owned(), ..Config::default() };
    let telemetry = rhapsode::telemetry::init(&config, &env).unwrap();
    {
        let _on = dispatcher::set_default(telemetry.dispatch());
        drop(spans::rpc_span(&METHOD.into(), "", &HeaderMap::new(), None));
        drop(Observer::begin(telemetry.metrics().clone(), Span::none(), METHOD.into()));
    }
    telemetry.shutdown().await.unwrap();
    collector.received.lock().unwrap().clone()
}

// Probes.

#[tokio::test]
async fn probes_and_metrics_answer_over_http() {
    let world = World::offline();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ready = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&ready);
    let readiness: Readiness =
        Arc::new(move || if asked.load(Ordering::SeqCst) { Ok(()) } else { Err("draining".into()) });
    let router = rhapsode::http::router(world.telemetry.scraper().clone(), readiness);
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let server = tokio::spawn(rhapsode::http::serve(listener, router, async move { stopped.notified().await }));

    assert_eq!(get(address, "/livez").await.0, 200);
    assert_eq!(get(address, "/readyz").await.0, 200);
    ready.store(false, Ordering::SeqCst);
    let (status, _, body) = get(address, "/readyz").await;
    assert_eq!((status, body.as_str()), (503, "draining\n"));
    assert_eq!(get(address, "/livez").await.0, 200, "a draining process is alive");
    let (status, media_type, body) = get(address, "/metrics").await;
    assert_eq!((status, media_type.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
    assert!(body.contains("target_info{"));
    assert_eq!(get(address, "/").await.0, 404);

    stop.notify_one();
    server.await.unwrap().unwrap();
    assert!(reqwest::get(format!("http://{address}/livez")).await.is_err(), "nobody listens any more");
}

// Support: a server with observed calls, its client, and everything that it told.

struct World {
    telemetry: Telemetry,
    exporter: InMemorySpanExporter,
    log: Lines,
    service: Speaker,
    channel: Channel,
    client: SpeechServiceClient<Channel>,
    on: Option<DefaultGuard>,
}

impl World {
    async fn start() -> Self {
        Self::start_with(&Config { log_format: LogFormat::Json, ..Config::default() }).await
    }

    /// Everything runs on the test's own thread, whose subscriber is the one to be looked at.
    async fn start_with(config: &Config) -> Self {
        let mut world = Self::of(config);
        world.on = Some(dispatcher::set_default(world.telemetry.dispatch()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (_, health) = tonic_health::server::health_reporter();
        let server = tonic::transport::Server::builder()
            .layer(ObserveLayer::new(world.metrics()).unwrap())
            .add_service(SpeechServiceServer::new(world.service.clone()))
            .add_service(health)
            .serve_with_incoming(TcpListenerStream::new(listener));
        tokio::spawn(server);
        world.channel = Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        world.client = SpeechServiceClient::new(world.channel.clone());
        world
    }

    fn offline() -> Self {
        Self::of(&Config { log_format: LogFormat::Json, ..Config::default() })
    }

    fn of(config: &Config) -> Self {
        let (exporter, log) = (InMemorySpanExporter::default(), Lines::default());
        let telemetry = Builder::new(config, &|_| None)
            .with_span_exporter(exporter.clone())
            .with_log_writer(BoxMakeWriter::new(log.clone()))
            .build()
            .unwrap();
        let service = Speaker { metrics: telemetry.metrics().clone(), sent_on: Arc::default() };
        let channel = Channel::from_static("http://127.0.0.1:1").connect_lazy();
        let client = SpeechServiceClient::new(channel.clone());
        Self { telemetry, exporter, log, service, channel, client, on: None }
    }

    fn metrics(&self) -> Metrics {
        self.telemetry.metrics().clone()
    }

    fn scrape(&self) -> String {
        self.telemetry.scraper().scrape().unwrap()
    }

    /// One call within the caller's trace, read to its end.
    async fn call(&mut self, what: &str) -> Result<Vec<proto::SynthesizeResponse>, Status> {
        let mut request = request(what);
        request.metadata_mut().insert("traceparent", format!("00-{TRACE}-{PARENT}-01").parse().unwrap());
        let stream = self.client.synthesize(request).await?.into_inner();
        stream.collect::<Vec<_>>().await.into_iter().collect()
    }

    /// The spans that ended, once there are `count`: the server lets go of a call just after the client's last read.
    async fn spans(&self, count: usize) -> Vec<SpanData> {
        for _ in 0..10_000 {
            let spans = self.exporter.get_finished_spans().unwrap();
            if spans.len() >= count {
                return spans;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("only {:?}", self.exporter.get_finished_spans());
    }

    fn lines(&self) -> Vec<serde_json::Value> {
        self.log.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn line(&self) -> serde_json::Value {
        let mut lines = self.lines();
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.remove(0)
    }
}

/// A service that does what its request's correlation id asks for.
#[derive(Clone)]
struct Speaker {
    metrics: Metrics,
    sent_on: Arc<Mutex<Option<String>>>,
}

type Events = BoxStream<'static, Result<proto::SynthesizeResponse, Status>>;

#[tonic::async_trait]
impl SpeechService for Speaker {
    type SynthesizeStream = Events;

    async fn synthesize(&self, request: Request<proto::SynthesizeRequest>) -> Result<Response<Events>, Status> {
        let observer = request.extensions().get::<Arc<Observer>>().cloned().unwrap();
        observer.identified("req-1");
        observer.correlated("corr-1");
        match request.get_ref().correlation_id.as_str() {
            "speak" => Ok(Response::new(self.speak(observer).boxed())),
            "hang" => Ok(Response::new(stream::iter([Ok(event())]).chain(stream::pending()).boxed())),
            "truncated" => Ok(Response::new(stream::iter([Ok(event()), Err(Status::aborted("cut"))]).boxed())),
            "panic" => panic!("on purpose"),
            "panic late" => Ok(Response::new(stream::iter([Ok(event())]).chain(stream::once(late_panic())).boxed())),
            _ => {
                let fault = UpstreamFault { request_id: Some("up-7".to_owned()), ..UpstreamFault::default() };
                let error = Error::new(Kind::UpstreamUnavailable, "later").with_detail("connection refused");
                observer.failed(&error.with_upstream(fault));
                Err(Status::unavailable("later"))
            }
        }
    }

    type StreamingSynthesizeStream = BoxStream<'static, Result<proto::StreamingSynthesizeResponse, Status>>;

    async fn streaming_synthesize(
        &self,
        _: Request<Streaming<proto::StreamingSynthesizeRequest>>,
    ) -> Result<Response<Self::StreamingSynthesizeStream>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn synthesize_clip(
        &self,
        _: Request<proto::SynthesizeClipRequest>,
    ) -> Result<Response<proto::SynthesizeClipResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn list_voices(
        &self,
        _: Request<proto::ListVoicesRequest>,
    ) -> Result<Response<proto::ListVoicesResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn list_models(
        &self,
        _: Request<proto::ListModelsRequest>,
    ) -> Result<Response<proto::ListModelsResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }

    async fn get_service_info(
        &self,
        _: Request<proto::GetServiceInfoRequest>,
    ) -> Result<Response<proto::GetServiceInfoResponse>, Status> {
        Err(Status::unimplemented("not part of this test"))
    }
}

impl Speaker {
    /// What the pipeline and an HTTP engine do with their telemetry, while the body is polled.
    fn speak(&self, observer: Arc<Observer>) -> impl Stream<Item = Result<proto::SynthesizeResponse, Status>> + use<> {
        let speaker = self.clone();
        stream::once(async move {
            let ledger = Arc::new(Ledger::default());
            observer.keeps(Arc::clone(&ledger));
            observer.received(TEXT.chars().count() as u64);
            observer.routed(route());
            let begin = || {
                Synthesis::begin(
                    &speaker.metrics,
                    &provider(),
                    &Segment { ledger: Arc::clone(&ledger), ..segment(TEXT) },
                )
            };
            let synthesis = observer.span().in_scope(begin);
            let attempt = synthesis.span().in_scope(|| speaker.attempt());
            synthesis.first_audio();
            stream::iter(0..3).map(move |index| {
                let _held = &attempt;
                if index < 2 {
                    observer.delivered(2_400, Duration::from_millis(50));
                } else {
                    ledger.count_retry();
                    synthesis.reported(Tokens { input: 10, output: 20, ..Tokens::default() });
                    observer.charged(Cost { currency: "USD".into(), nanos: 12_500_000 });
                }
                Ok(event())
            })
        })
        .flatten()
    }

    fn attempt(&self) -> Attempt {
        let mut attempt = Attempt::begin(&self.metrics, &provider(), "POST", &endpoint(), 1);
        let mut headers = HeaderMap::new();
        attempt.inject(&mut headers);
        *self.sent_on.lock().unwrap() = Some(headers["traceparent"].to_str().unwrap().to_owned());
        attempt.responded(200, http::Version::HTTP_2);
        attempt
    }
}

/// Lets what came before leave first.
async fn late_panic() -> Result<proto::SynthesizeResponse, Status> {
    tokio::task::yield_now().await;
    panic!("late, on purpose")
}

fn request(what: &str) -> Request<proto::SynthesizeRequest> {
    Request::new(proto::SynthesizeRequest { text: TEXT.to_owned(), correlation_id: what.to_owned(), config: None })
}

fn event() -> proto::SynthesizeResponse {
    proto::SynthesizeResponse::default()
}

fn route() -> Route {
    Route { model: "mini".into(), voice: "alloy".into(), engine: "main".into(), encoding: Encoding::PcmS16le }
}

fn provider() -> Arc<str> {
    "openai".into()
}

fn endpoint() -> Url {
    Url::parse("https://speech.example/v1/audio/speech").unwrap()
}

fn named<'a, const N: usize>(spans: &'a [SpanData], names: [&str; N]) -> [&'a SpanData; N] {
    names.map(|name| spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no {name} in {spans:?}")))
}

fn find<'a>(span: &'a SpanData, name: &str) -> Option<&'a Value> {
    span.attributes.iter().rev().find(|attribute| attribute.key.as_str() == name).map(|attribute| &attribute.value)
}

fn text(span: &SpanData, name: &str) -> String {
    find(span, name).unwrap_or_else(|| panic!("no {name} in {span:?}")).as_str().into_owned()
}

fn number(span: &SpanData, name: &str) -> i64 {
    match find(span, name) {
        Some(Value::I64(number)) => *number,
        other => panic!("{name} is {other:?}"),
    }
}

/// Asserts that there is one series of `name` with `label` among its labels, and that it stands at `value`.
fn assert_counted(scrape: &str, name: &str, label: &str, value: f64) {
    let series = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
    let lines: Vec<&str> = scrape.lines().filter(series).filter(|line| line.contains(label)).collect();
    let [line] = lines[..] else { panic!("{lines:?} for {name} with {label} in\n{scrape}") };
    let counted: f64 = line.rsplit_once(' ').unwrap().1.parse().unwrap();
    assert!((counted - value).abs() < 1e-9, "{line}, not {value}");
}

async fn get(address: SocketAddr, path: &str) -> (u16, String, String) {
    let response = reqwest::get(format!("http://{address}{path}")).await.unwrap();
    let media_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), media_type.unwrap_or_default(), response.text().await.unwrap())
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Takes what is exported over OTLP, by HTTP or by gRPC.
struct Collector {
    address: SocketAddr,
    received: Received,
}

type Received = Arc<Mutex<HashMap<String, Vec<u8>>>>;

impl Collector {
    async fn start() -> Self {
        let received = Received::default();
        let shelf = Arc::clone(&received);
        let router = axum::Router::new().fallback(move |uri: http::Uri, body: Bytes| async move {
            shelf.lock().unwrap().entry(uri.path().to_owned()).or_default().extend_from_slice(&body);
            let grpc = !uri.path().starts_with("/v1/");
            let media_type = if grpc { "application/grpc" } else { "application/x-protobuf" };
            let body = if grpc { axum::body::Body::new(EmptyMessage::Unsent) } else { axum::body::Body::empty() };
            ([("content-type", media_type)], body)
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, received }
    }
}

/// A gRPC answer that says nothing and is content.
enum EmptyMessage {
    Unsent,
    Sent,
}

impl Body for EmptyMessage {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(match std::mem::replace(&mut *self, Self::Sent) {
            Self::Unsent => Some(Ok(Frame::data(Bytes::from_static(&[0; 5])))),
            Self::Sent => {
                let mut trailers = HeaderMap::new();
                trailers.insert("grpc-status", http::HeaderValue::from_static("0"));
                Some(Ok(Frame::trailers(trailers)))
            }
        })
    }
}

/// Telemetry whose log lines are written to nowhere.
fn quiet() -> Telemetry {
    let config = Config { log_format: LogFormat::Json, ..Config::default() };
    Builder::new(&config, &|_| None).with_log_writer(BoxMakeWriter::new(std::io::sink)).build().unwrap()
}
