//! A real Rhapsode on ports of its own, and a real client for it.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_sdk::trace::InMemorySpanExporter;
use rhapsode::app::App;
use rhapsode::config::Environment;
use rhapsode::config::File;
use rhapsode::config::Sources;
use rhapsode::proto;
use rhapsode::proto::speech_service_client::SpeechServiceClient;
use rhapsode::proto::synthesize_response::Event;
use rhapsode::telemetry::Builder;
use rhapsode::telemetry::Telemetry;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::Status;
use tonic::client::GrpcService;
use tonic::codegen::StdError;
use tonic::transport::Channel;
use tracing::dispatcher;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// A server that ends with its test.
pub(crate) struct Rhapsode {
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    _telemetry: Telemetry,
    /// What the server logs and traces goes where `watch` said, as long as the test runs on one thread.
    _watched: Option<DefaultGuard>,
}

/// Everything that one synthesis call answered.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) started: Option<proto::StreamStarted>,
    pub(crate) chunks: Vec<proto::AudioChunk>,
    pub(crate) alignments: Vec<proto::TextAlignment>,
    pub(crate) warnings: Vec<proto::Warning>,
    pub(crate) summary: Option<proto::SynthesisSummary>,
    pub(crate) error: Option<Status>,
}

impl Rhapsode {
    /// A server whose only upstream is the speech endpoint at `base_url`, with the settings of `variables` on top.
    pub(crate) async fn before(base_url: &str, variables: &[(&str, &str)]) -> Self {
        let alone = [
            ("RHAPSODE__MODELS__GPT_4O_MINI_TTS__SUCCESSORS", "[]"),
            ("RHAPSODE__MODELS__TTS_1__SUCCESSORS", "[]"),
            ("RHAPSODE__MODELS__TTS_1_HD__SUCCESSORS", "[]"),
        ];
        Self::before_all(base_url, &[&alone, variables].concat()).await
    }

    /// A server before everything that is at `base_url`, with the settings of `variables` on top.
    pub(crate) async fn before_all(base_url: &str, variables: &[(&str, &str)]) -> Self {
        let upstream = [("OPENAI_API_KEY", "sk-test-key"), ("OPENAI_BASE_URL", base_url)];
        Self::with(&[&upstream, variables].concat()).await
    }

    /// A server with the settings of `variables`, as the environment has them.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        Self::start(None, variables, None).await
    }

    /// A server with a configuration file, and the settings of `variables` on top.
    pub(crate) async fn configured(file: &str, variables: &[(&str, &str)]) -> Self {
        let file = File { name: "rhapsode.toml".to_owned(), text: file.to_owned() };
        Self::start(Some(file), variables, None).await
    }

    /// The same as [`Self::with`], with everything that it logs and traces under the eyes of the test.
    pub(crate) async fn watched(variables: &[(&str, &str)], lines: BoxMakeWriter, spans: InMemorySpanExporter) -> Self {
        Self::start(None, variables, Some((lines, spans))).await
    }

    async fn start(
        file: Option<File>,
        variables: &[(&str, &str)],
        watch: Option<(BoxMakeWriter, InMemorySpanExporter)>,
    ) -> Self {
        let ports = [("RHAPSODE__SERVER__LISTEN", "127.0.0.1:0"), ("RHAPSODE__SERVER__HTTP_LISTEN", "127.0.0.1:0")];
        let env: Environment =
            ports.iter().chain(variables).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let loaded = Sources { file, env, ..Sources::default() }.load().unwrap();
        let is_watched = watch.is_some();
        let mut builder = Builder::new(&loaded.config.telemetry, &|_| None);
        if let Some((lines, spans)) = watch {
            builder = builder.with_log_writer(lines).with_span_exporter(spans);
        }
        let telemetry = builder.build().unwrap();
        let watched = is_watched.then(|| dispatcher::set_default(telemetry.dispatch()));
        let app = App::bind(loaded.config, &loaded.secrets, &telemetry).await.unwrap();
        let (grpc, http) = (app.grpc_address().unwrap(), app.http_address().unwrap());
        let (stop, stopped) = oneshot::channel();
        let running =
            tokio::spawn(async move { app.run(async { stopped.await.unwrap_or_default() }, pending()).await.unwrap() });
        Self { grpc, http, stop: Some(stop), running, _telemetry: telemetry, _watched: watched }
    }

    /// A client on a connection of its own.
    pub(crate) async fn client(&self) -> SpeechServiceClient<Channel> {
        let channel = Channel::from_shared(format!("http://{}", self.grpc)).unwrap().connect().await.unwrap();
        SpeechServiceClient::new(channel).max_decoding_message_size(64 << 20)
    }

    /// A client without timers of its own: tonic's channel would answer a deadline before the server can.
    pub(crate) fn patient_client(&self) -> SpeechServiceClient<PatientChannel> {
        let channel = legacy::Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        SpeechServiceClient::with_origin(channel, format!("http://{}", self.grpc).parse().unwrap())
    }

    /// Speaks `request` to the end.
    pub(crate) async fn speak(&self, request: impl tonic::IntoRequest<proto::SynthesizeRequest>) -> Answer {
        speak(&mut self.client().await, request).await
    }

    /// Speaks `request`, which has to fail.
    pub(crate) async fn refuse(&self, request: impl tonic::IntoRequest<proto::SynthesizeRequest>) -> Status {
        let answer = self.speak(request).await;
        assert!(answer.summary.is_none(), "a call that fails has no summary");
        answer.error.unwrap()
    }

    /// Asks the server to go away.
    pub(crate) fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).unwrap_or_default();
        }
    }

    /// Waits until the server is gone.
    pub(crate) async fn gone(mut self) {
        self.stop();
        tokio::time::timeout(Duration::from_mins(1), &mut self.running).await.unwrap().unwrap();
    }

    /// The text of one page of the HTTP port, with its status.
    pub(crate) async fn page(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("http://{}{path}", self.http)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

impl Drop for Rhapsode {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// HTTP/2 without anything of gRPC.
pub(crate) type PatientChannel = legacy::Client<HttpConnector, tonic::body::Body>;

/// Speaks `request` to the end through `client`.
pub(crate) async fn speak<T>(
    client: &mut SpeechServiceClient<T>,
    request: impl tonic::IntoRequest<proto::SynthesizeRequest>,
) -> Answer
where
    T: GrpcService<tonic::body::Body>,
    T::Error: Into<StdError>,
    T::ResponseBody: http_body::Body<Data = Bytes> + Send + 'static,
    <T::ResponseBody as http_body::Body>::Error: Into<StdError> + Send,
{
    let mut answer = Answer::default();
    let mut events = match client.synthesize(request).await {
        Ok(response) => response.into_inner(),
        Err(status) => {
            answer.error = Some(status);
            return answer;
        }
    };
    loop {
        match events.message().await {
            Ok(Some(response)) => answer.take(response.event.unwrap()),
            Ok(None) => return answer,
            Err(status) => {
                answer.error = Some(status);
                return answer;
            }
        }
    }
}

impl Answer {
    fn take(&mut self, event: Event) {
        match event {
            Event::Started(started) => {
                assert!(self.started.is_none() && self.chunks.is_empty(), "started comes first, once");
                self.started = Some(started);
            }
            Event::Audio(chunk) => {
                assert!(self.started.is_some() && self.summary.is_none(), "audio comes between started and summary");
                assert_eq!(chunk.sequence, i64::try_from(self.chunks.len()).unwrap(), "no chunk is missing");
                self.chunks.push(chunk);
            }
            Event::Alignment(alignment) => self.alignments.push(alignment),
            Event::Warning(warning) => self.warnings.push(warning),
            Event::Summary(summary) => {
                assert!(self.summary.is_none(), "summary comes once");
                self.summary = Some(summary);
            }
        }
    }

    /// All the bytes.
    pub(crate) fn audio(&self) -> Vec<u8> {
        self.chunks.iter().flat_map(|chunk| chunk.data.iter().copied()).collect()
    }

    /// The account of a call that went well, checked against what came.
    pub(crate) fn account(&self) -> &proto::SynthesisSummary {
        assert!(self.error.is_none(), "{:?}", self.error);
        let summary = self.summary.as_ref().unwrap();
        assert_eq!(summary.chunk_count, i64::try_from(self.chunks.len()).unwrap());
        assert_eq!(summary.audio_byte_count, i64::try_from(self.audio().len()).unwrap());
        summary
    }
}

/// A request for `text` without a wish.
pub(crate) fn request(text: &str) -> proto::SynthesizeRequest {
    proto::SynthesizeRequest { text: text.to_owned(), ..Default::default() }
}

/// A request for `text` in the way of `config`.
pub(crate) fn styled(text: &str, config: proto::SynthesisConfig) -> proto::SynthesizeRequest {
    proto::SynthesizeRequest { config: Some(config), ..request(text) }
}

/// A wish for `encoding` alone.
pub(crate) fn encoded(encoding: proto::AudioEncoding) -> proto::SynthesisConfig {
    let format = proto::AudioFormat { encoding: encoding.into(), ..Default::default() };
    proto::SynthesisConfig { audio_format: Some(format), ..Default::default() }
}
