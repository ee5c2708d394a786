//! Speech over the Realtime protocol: a conversational model behind a WebSocket that is made to read.
//!
//! Each segment is one response beside the conversation, which stays empty. Sessions are kept warm and carry more than one
//! reading. What the model says is compared with what it was to say. OpenAI names this as the way on from its speech endpoint,
//! whose models are shut down on 2027-01-06 (<https://developers.openai.com/api/docs/guides/text-to-speech>).

mod address;
mod command;
mod config;
mod desk;
mod ear;
mod event;
mod guard;
mod handshake;
mod inbox;
mod key;
mod listing;
mod pool;
mod prompt;
mod reading;
mod session;
mod shelf;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::Client;
use reqwest::redirect;
use reqwest::retry;

use crate::engine::Engine;
use crate::engine::upstream::Origin;
use crate::engine::upstream::USER_AGENT;
use crate::engine::upstream::default_headers;
use crate::error::Error;
use crate::error::Result;
use crate::secret::Secret;
use crate::speech::Delivery;
use crate::speech::Segment;
use crate::speech::Speech;
use crate::telemetry::Exchange;
use crate::telemetry::Metrics;

pub use config::AudioFormat;
pub use config::Config;
pub use config::Policy;
pub use config::Shape;
pub use config::Verbatim;
pub use event::Event;

use address::Address;
use ear::Ear;
use guard::Guard;
use inbox::Inbox;
use key::Key;
use pool::Pool;
use reading::Reading;

/// A Realtime endpoint as an engine. Cheap to clone; clones share sessions.
#[derive(Clone)]
pub struct Realtime {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    address: Address,
    client: Client,
    pool: Pool,
    provider: Arc<str>,
    metrics: Metrics,
}

impl Realtime {
    /// Sets up the endpoint of `config`, with `key` if it wants one. Opens nothing yet.
    ///
    /// # Errors
    /// [`crate::error::Kind::InvalidField`] naming the option that is wrong, [`crate::error::Kind::Internal`] if TLS cannot be
    /// set up.
    pub fn new(config: &Config, key: Option<&Secret>, metrics: Metrics) -> Result<Self> {
        if let Some(fault) = config.validate().into_iter().next() {
            return Err(Error::invalid(fault.key, fault.problem));
        }
        let address = Address::new(config)?;
        let client = client(config, key)?;
        let pool = Pool::new(client.clone(), address.clone(), config.clone(), metrics.clone());
        let provider = config.provider.as_str().into();
        Ok(Self { shared: Arc::new(Shared { config: config.clone(), address, client, pool, provider, metrics }) })
    }

    /// Has sessions stand by for readings by `model` in `voice`, as soon as somebody looks after them.
    pub fn expect(&self, model: &str, voice: &str) {
        self.shared.pool.expect(&Key::new(model, voice, 1.0));
    }

    /// Looks after the sessions for ever.
    pub async fn tend(&self) {
        self.shared.pool.tend().await;
    }

    /// Sessions that are open.
    pub fn open_sessions(&self) -> usize {
        self.shared.pool.open_sessions()
    }

    /// Counts the open sessions for whoever outlives them: none once the engine is gone.
    pub fn session_count(&self) -> impl Fn() -> usize + Send + Sync + use<> {
        let shared = Arc::downgrade(&self.shared);
        move || shared.upgrade().map_or(0, |shared| shared.pool.open_sessions())
    }
}

impl Engine for Realtime {
    /// Any text: what such a server can speak, only the server knows.
    fn check(&self, _: &str, _: Option<&str>) -> Result<()> {
        Ok(())
    }

    /// Always: what fails there is for others to remember.
    fn is_ready(&self) -> bool {
        true
    }

    /// Has sessions stand by in that voice.
    fn stand_by(&self, delivery: &Delivery) {
        self.shared.pool.expect(&key(delivery));
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.speak(&segment).await })
    }
}

impl Shared {
    async fn speak(&self, segment: &Segment) -> Result<Speech> {
        let delivery = &segment.delivery;
        let origin = Origin::new(&self.config.provider);
        let mut exchange = Exchange::begin(&self.metrics, &self.provider, self.address.url(), segment.resend_count);
        segment.ledger.count_upstream_call();
        let asked = self.ask(segment, &key(delivery), &mut exchange).await;
        let (place, inbox) = asked.inspect_err(|error| exchange.failed(error))?;
        let language = delivery.language.as_deref();
        let metrics = self.metrics.clone();
        let guard =
            Guard::new(&self.config.verbatim, &segment.text, language, &delivery.model, origin.clone(), metrics);
        Speech::begin(Reading {
            inbox,
            ear: Ear::new(self.config.audio_format)?,
            guard,
            origin,
            exchange,
            ledger: Arc::clone(&segment.ledger),
            has_sounded: false,
            end: None,
            is_told: false,
            _place: place,
        })
        .await
    }

    /// Asks for the reading of `segment` on a session of `key`. A session that was lost just then is replaced once.
    async fn ask(&self, segment: &Segment, key: &Key, exchange: &mut Exchange) -> Result<(session::Place, Arc<Inbox>)> {
        for _ in 0..2 {
            let (mut place, is_new) = self.pool.place(key).await?;
            exchange.connected(is_new);
            let inbox = Arc::new(Inbox::default());
            if place.ask(command::response_create(&self.config, segment, place.label), &inbox) {
                return Ok((place, inbox));
            }
        }
        Err(Origin::new(&self.config.provider).unusable("two sessions were lost one after the other"))
    }
}

/// The kind of session that speaks in this way.
fn key(delivery: &Delivery) -> Key {
    Key::new(&delivery.model, &delivery.voice, delivery.speed.unwrap_or(1.0))
}

/// The HTTP client that opens sessions: an upgrade needs HTTP/1.1 and a connection of its own.
fn client(config: &Config, key: Option<&Secret>) -> Result<Client> {
    let (organization, project) = (config.organization.as_deref(), config.project.as_deref());
    let headers = default_headers(config.auth, key, organization, project)?;
    Client::builder()
        .user_agent(USER_AGENT)
        .default_headers(headers)
        .connect_timeout(config.connect_timeout)
        .tcp_nodelay(true)
        .http1_only()
        .pool_max_idle_per_host(0)
        .retry(retry::never())
        .redirect(redirect::Policy::none())
        .build()
        .map_err(|cause| Error::internal("the HTTP client could not be set up").with_source(cause))
}
