//! A running stand-in: the accept loop, and the handle by which a test drives it in one process.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::audio::Speaker;
use super::connection::Socket;
use super::connection::Succession;
use super::contract::count_tokens;
use super::faults::parse_script;
use super::log::Log;
use super::options::Options;
use super::routes;
use super::tone::Tone;
use super::world::World;

/// Connections served at once; more wait to be accepted.
const CONNECTION_LIMIT: usize = 4096;
/// How long a connection may stay without a request.
const IDLE_LIMIT: Duration = Duration::from_mins(10);

/// A stand-in that serves until it is dropped; every connection ends with it.
pub(crate) struct StandIn {
    address: SocketAddr,
    world: Arc<World>,
    serving: JoinHandle<()>,
}

impl StandIn {
    /// Serves test tones on a free port of the loopback interface.
    pub(crate) async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        Self::serve(listener, options, Arc::new(Tone))
    }

    /// Serves on `listener` with the voice of `speaker`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a server outlives the call that starts it, and ends with its handle"
    )]
    pub(crate) fn serve(listener: TcpListener, options: Options, speaker: Arc<dyn Speaker>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let world = Arc::new(World::new(options, speaker));
        // The token table takes a moment to unpack; the first request should not be the one to wait for it.
        tokio::task::spawn_blocking(|| count_tokens(""));
        let serving = tokio::spawn(accept(listener, world.clone()));
        Ok(Self { address, world, serving })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client is given as its base URL.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What happened so far.
    pub(crate) fn log(&self) -> &Log {
        &self.world.log
    }

    /// Connections that are open now.
    pub(crate) fn open_connections(&self) -> usize {
        self.world.census.open()
    }

    /// Realtime sockets that are open now.
    pub(crate) fn open_sessions(&self) -> usize {
        self.world.sessions.open()
    }

    /// Realtime sockets that were accepted since the start.
    pub(crate) fn accepted_sessions(&self) -> usize {
        self.world.sessions.accepted()
    }

    /// Scripts the faults of the next requests, as `POST /_control/faults` does.
    pub(crate) fn script(&self, script: serde_json::Value) -> Result<usize, String> {
        self.world.faults.extend(parse_script(script)?)
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Accepts for ever; the connections belong to this task and end with it.
async fn accept(listener: TcpListener, world: Arc<World>) {
    let router = routes::router(world.clone());
    let slots = Arc::new(Semaphore::new(CONNECTION_LIMIT));
    let mut connections = JoinSet::new();
    loop {
        // The semaphore is never closed.
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others have to end first.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (router, world) = (router.clone(), world.clone());
        connections.spawn(async move {
            connect(stream, &world, router).await;
            drop(slot);
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Serves one connection, HTTP/1.1 or HTTP/2 with prior knowledge, and what an upgrade made of it.
async fn connect(stream: TcpStream, world: &World, router: Router) {
    let Ok(socket) = Socket::new(stream, &world.census) else { return };
    let line = socket.line();
    let succession = Succession::default();
    let heir = succession.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(line.clone());
        request.extensions_mut().insert(heir.clone());
        let router = router.clone();
        async move { router.oneshot(request.map(Body::new)).await.map_err(|never: Infallible| never) }
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(IDLE_LIMIT);
    server.http2().timer(TokioTimer::new()).max_concurrent_streams(1024);
    // A connection that ends badly was either cut by a fault or left by its client; the log has it.
    let _ = server.serve_connection_with_upgrades(TokioIo::new(socket), service).await;
    if let Some(work) = succession.take() {
        work.await;
    }
}
