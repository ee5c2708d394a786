//! The composition root: configuration in, running service out. The order of the wrappers stands here and nowhere else.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::admission::Admission;
use crate::config;
use crate::config::Config;
use crate::config::Secrets;
use crate::drain::Readiness;
use crate::engine::Engine;
use crate::engine::Observed;
use crate::engine::catalog::Catalog;
use crate::engine::embedded::Embedded;
use crate::engine::speech_api::SpeechApi;
use crate::error::Error;
use crate::error::Result;
use crate::fault::Fault;
use crate::grpc;
use crate::grpc::SpeechGateway;
use crate::grpc::layer::ObserveLayer;
use crate::http;
use crate::pipeline::Studio;
use crate::resilience::Completeness;
use crate::resilience::Credentials;
use crate::resilience::Patience;
use crate::resilience::Retry;
use crate::telemetry::Telemetry;
use crate::text;

/// How long the last statuses have to leave, when calls are cut.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The service, with its listeners bound and nothing accepted yet.
pub struct App {
    config: Config,
    grpc: TcpListener,
    http: TcpListener,
    gateway: SpeechGateway,
    observe: ObserveLayer,
    router: Router,
    readiness: Readiness,
    bare: Vec<Bare>,
}

/// An engine before anything is wrapped around it.
enum Bare {
    SpeechApi(SpeechApi, String),
    Embedded(Embedded),
}

impl App {
    /// Puts the service together and binds its ports.
    ///
    /// # Errors
    /// If the configuration cannot be honoured or a port is taken.
    pub async fn bind(config: Config, secrets: &Secrets, telemetry: &Telemetry) -> Result<Self> {
        let readiness = Readiness::default();
        let bare = bare_engines(&config, secrets, telemetry)?;
        let engines = bare
            .iter()
            .map(|(name, engine)| (name.clone(), wrapped(engine, name, &config, telemetry, &readiness)))
            .collect::<HashMap<_, _>>();
        let catalog = Catalog::new(&config.catalog(), &|engine| engines.contains_key(engine))
            .map_err(|faults| faulty(&faults))?;
        let studio = Studio {
            catalog: Arc::new(catalog),
            engines,
            admission: Admission::new(config.admission.clone()),
            readiness: readiness.clone(),
            segmentation: config.segmentation.clone(),
            processing: config.text.processing(),
            pauses: config.pauses.clone(),
            max_call_duration: config.limits.max_call_duration,
            max_text_chars: config.limits.max_text_chars,
            conversation: config.conversation.clone(),
            drain_grace: config.server.drain_timeout,
        };
        let ready = readiness.clone();
        Ok(Self {
            grpc: listen(config.server.listen).await?,
            http: listen(config.server.http_listen).await?,
            gateway: SpeechGateway::new(Arc::new(studio), config.limits.clone(), readiness.clone()),
            observe: ObserveLayer::new(telemetry.metrics().clone())?,
            router: http::router(telemetry.scraper().clone(), Arc::new(move || ready.check().map_err(Into::into))),
            readiness,
            bare: bare.into_values().collect(),
            config,
        })
    }

    /// Where gRPC is served.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn grpc_address(&self) -> Result<SocketAddr> {
        self.grpc.local_addr().map_err(|error| Error::internal("the gRPC port has no address").with_source(error))
    }

    /// Where metrics and probes are served.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn http_address(&self) -> Result<SocketAddr> {
        self.http.local_addr().map_err(|error| Error::internal("the HTTP port has no address").with_source(error))
    }

    /// Serves until `shutdown`, and then until the last call has ended, the drain timeout has passed or `hurry` comes.
    ///
    /// # Errors
    /// If a listener fails.
    pub async fn run(self, shutdown: impl Future<Output = ()>, hurry: impl Future<Output = ()>) -> Result<()> {
        let (close, closed) = oneshot::channel();
        let grpc = grpc::serve(
            &self.config.connections,
            self.grpc,
            self.gateway,
            self.observe,
            self.readiness.clone(),
            async move { closed.await.unwrap_or_default() },
        );
        let http = http::serve(self.http, self.router, std::future::pending());
        let drain = drain(shutdown, hurry, &self.readiness, &self.config.server, close);
        let ended = tokio::select! {
            ended = grpc => ended,
            ended = http => ended,
            () = drain => Ok(()),
            () = warm_up(&self.bare) => Ok(()),
        };
        tracing::info!("stopped");
        ended
    }
}

/// Everything that can speak, by its name in the configuration.
///
/// An engine that needs a key and has none is left out; the catalogue knows who answers for it.
fn bare_engines(config: &Config, secrets: &Secrets, telemetry: &Telemetry) -> Result<HashMap<String, Bare>> {
    let usable = config.engines.iter().filter(|(name, engine)| engine.is_usable(name, secrets));
    usable
        .map(|(name, settings)| {
            let engine = match settings {
                config::Engine::SpeechApi(settings) => {
                    let engine = SpeechApi::new(settings, secrets.key(name), telemetry.metrics().clone())?;
                    Bare::SpeechApi(engine, settings.provider.clone())
                }
                config::Engine::Embedded(settings) => Bare::Embedded(Embedded::new(settings)?),
            };
            Ok((name.clone(), engine))
        })
        .collect()
}

/// The order of the wrappers, inside out.
fn wrapped(
    engine: &Bare,
    name: &str,
    config: &Config,
    telemetry: &Telemetry,
    readiness: &Readiness,
) -> Arc<dyn Engine> {
    let (engine, provider): (Arc<dyn Engine>, &str) = match engine {
        Bare::SpeechApi(engine, provider) => (Arc::new(engine.clone()), provider),
        Bare::Embedded(engine) => (Arc::new(engine.clone()), "rhapsode"),
    };
    // Limits are per attempt, so that a retry gets its own.
    let engine = Arc::new(Patience::new(engine, config.timeouts.clone()));
    // A clip far too short for its text is a fault of its attempt, so that it is tried again where nothing was heard.
    let engine = Arc::new(Completeness::new(engine));
    // A refused key is never tried again, so this sees each refusal once.
    let engine = Arc::new(Credentials::new(engine, name, readiness.clone()));
    // Whatever is tried again has said nothing yet.
    let engine = Arc::new(Retry::new(engine, config.retry.clone()));
    // One span and one measurement per segment, however many attempts it took.
    Arc::new(Observed::new(engine, provider, telemetry.metrics().clone()))
}

/// Turns callers away, then asks connections to go, then waits for running calls as long as it may, and tells those that
/// are left that they are over.
async fn drain(
    shutdown: impl Future<Output = ()>,
    hurry: impl Future<Output = ()>,
    readiness: &Readiness,
    server: &config::Server,
    close: oneshot::Sender<()>,
) {
    shutdown.await;
    tracing::info!(delay = ?server.drain_delay, timeout = ?server.drain_timeout, "draining");
    readiness.begin_drain();
    let patience = async {
        tokio::time::sleep(server.drain_delay).await;
        // The receiver is gone only if the listener has failed already.
        let _ = close.send(());
        tokio::time::sleep(server.drain_timeout).await;
    };
    tokio::select! {
        () = patience => {}
        () = hurry => {}
    }
    tracing::warn!("calls that still run are cut");
    readiness.cut();
    tokio::time::sleep(LAST_WORDS).await;
}

/// Does beforehand what the first call would have to wait for, then waits for ever.
async fn warm_up(engines: &[Bare]) {
    let engines = join_all(engines.iter().map(Bare::warm_up));
    let tokenizer = tokio::task::spawn_blocking(text::tokens::warm);
    // A tokenizer that failed to load would fail the calls that need it, with a better message.
    let _ = tokio::join!(engines, tokenizer);
    std::future::pending::<()>().await;
}

impl Bare {
    async fn warm_up(&self) {
        match self {
            Self::SpeechApi(engine, _) => engine.preconnect().await,
            Self::Embedded(engine) => engine.warm_up().await,
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Error::internal(format!("cannot listen on {address}")).with_source(error))
}

fn faulty(faults: &[Fault]) -> Error {
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    Error::internal(faults.join("; "))
}
