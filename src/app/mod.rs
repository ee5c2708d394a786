//! The composition root: configuration in, running service out. The order of the wrappers stands here and nowhere else.

mod engines;
mod retirement;
mod tellers;

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
use crate::engine::catalog::Calendar;
use crate::engine::catalog::Catalog;
use crate::error::Error;
use crate::error::Result;
use crate::fault::Fault;
use crate::grpc;
use crate::grpc::SpeechGateway;
use crate::grpc::layer::ObserveLayer;
use crate::http;
use crate::pipeline::Studio;
use crate::telemetry::Metrics;
use crate::telemetry::Telemetry;
use crate::text;

use engines::Bare;
use tellers::Tellers;

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
    bare: HashMap<String, Bare>,
    catalog: Arc<Catalog>,
    metrics: Metrics,
}

impl App {
    /// Puts the service together and binds its ports.
    ///
    /// # Errors
    /// If the configuration cannot be honoured or a port is taken.
    pub async fn bind(config: Config, secrets: &Secrets, telemetry: &Telemetry) -> Result<Self> {
        let readiness = Readiness::default();
        let bare = engines::bare(&config, secrets, telemetry)?;
        let calendar = Arc::new(Calendar::new(config.retirement.clone()));
        let engines = engines::wrapped(&bare, &config, &calendar, telemetry);
        let standing = |engine: &str| config.standing(engine, secrets);
        let catalog = Catalog::new(&config.catalog(), &standing, calendar).map_err(|faults| faulty(&faults))?;
        let catalog = Arc::new(catalog);
        let studio = Studio {
            catalog: Arc::clone(&catalog),
            engines,
            admission: Admission::new(config.admission.clone()),
            readiness: readiness.clone(),
            metrics: telemetry.metrics().clone(),
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
            bare,
            catalog,
            metrics: telemetry.metrics().clone(),
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
        let mut tellers = Tellers::new(&self.bare, &self.config);
        let drain = drain(shutdown, hurry, &self.readiness, &self.config.server, close);
        let ended = tokio::select! {
            ended = grpc => ended,
            ended = http => ended,
            () = drain => Ok(()),
            () = warm_up(&self.bare, &self.catalog, &self.config) => Ok(()),
            () = retirement::watch(&self.catalog, &mut tellers, &self.metrics) => Ok(()),
        };
        tracing::info!("stopped");
        ended
    }
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

/// Does beforehand what the first call would have to wait for, and looks after what was made ready for ever.
async fn warm_up(engines: &HashMap<String, Bare>, catalog: &Catalog, config: &Config) {
    let engines = join_all(engines.iter().map(|(name, engine)| engine.warm_up(name, catalog, config)));
    let tokenizer = tokio::task::spawn_blocking(text::tokens::warm);
    // A tokenizer that failed to load would fail the calls that need it, with a better message.
    let _ = tokio::join!(engines, tokenizer);
    std::future::pending::<()>().await;
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
