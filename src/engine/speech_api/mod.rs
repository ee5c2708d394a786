//! Speech over HTTP: `POST /v1/audio/speech` of OpenAI, of Azure OpenAI, and of every server compatible with them.
//!
//! The answer is judged by what it is, not by what was asked: its type decides between events and bytes, its first bytes
//! and headers decide what those are. What cannot be made into the audio asked for is an error and never something else.

mod client;
mod config;
mod decoder;
mod defect;
mod endpoint;
mod event;
mod frames;
mod intake;
mod media;
mod request;
mod sse;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::future::join_all;
use reqwest::Client;
use reqwest::Request;
use reqwest::Response;
use time::Date;
use tokio::time::timeout;
use tracing::Instrument;

use crate::engine::Engine;
use crate::engine::upstream::Origin;
use crate::engine::upstream::last_days;
use crate::engine::upstream::read_up_to;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::secret::Secret;
use crate::speech::Delivery;
use crate::speech::Segment;
use crate::speech::Speech;
use crate::telemetry::Attempt;
use crate::telemetry::Metrics;

pub use config::Config;
pub use config::Shape;
pub use decoder::Decoder;
pub use defect::Defect;
pub use event::Event;
pub use event::Unreadable;
pub use media::Claim;
pub use media::Kind as MediaKind;
pub use sse::EventTooLarge;
pub use sse::SseParser;

use endpoint::Endpoint;
use frames::Frames;
use request::Body;

/// A speech API as an engine. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct SpeechApi {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    endpoint: Endpoint,
    client: Client,
    provider: Arc<str>,
    metrics: Metrics,
}

impl SpeechApi {
    /// Sets up the API of `config`, with `key` if it wants one. Sends nothing yet.
    ///
    /// # Errors
    /// [`crate::error::Kind::InvalidField`] naming the option that is wrong, [`crate::error::Kind::Internal`] if TLS cannot be
    /// set up.
    pub fn new(config: &Config, key: Option<&Secret>, metrics: Metrics) -> Result<Self> {
        if let Some(fault) = config.validate().into_iter().next() {
            return Err(Error::invalid(fault.key, fault.problem));
        }
        let endpoint = Endpoint::new(config)?;
        let client = client::build(config, key)?;
        Ok(Self {
            shared: Arc::new(Shared {
                config: config.clone(),
                endpoint,
                client,
                provider: config.provider.as_str().into(),
                metrics,
            }),
        })
    }

    /// Opens the connections that the first calls will use, by asking for nothing in particular.
    ///
    /// Takes at most the time limit for connections. An upstream that is down now may be up when it is needed: failures are
    /// only logged, at debug level.
    pub async fn preconnect(&self) {
        let Shared { config, .. } = &*self.shared;
        let openings = (0..config.preconnect).map(|_| timeout(config.connect_timeout, self.shared.open()));
        for opened in join_all(openings).await {
            let detail = match opened {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.report(),
                Err(_) => "no answer in time".to_owned(),
            };
            tracing::debug!(provider = config.provider, detail, "a connection was not opened ahead");
        }
    }
}

impl SpeechApi {
    /// The models that the API lists with the day on which they are shut down.
    ///
    /// # Errors
    /// If it cannot be asked.
    pub async fn last_days(&self) -> Result<Vec<(String, Date)>> {
        let Shared { config, client, endpoint, .. } = &*self.shared;
        last_days(client, endpoint.models()?, &config.provider).await
    }
}

impl Engine for SpeechApi {
    /// Any text: what such a server can speak, only the server knows.
    fn check(&self, _: &str, _: Option<&str>) -> Result<()> {
        Ok(())
    }

    /// Always: what fails there is for others to remember.
    fn is_ready(&self) -> bool {
        true
    }

    /// Nothing: its connections are the same for every voice, and were opened at the start.
    fn stand_by(&self, _: &Delivery) {}

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.speak(&segment).await })
    }
}

impl Shared {
    async fn speak(&self, segment: &Segment) -> Result<Speech> {
        let mut request = self.request(segment)?;
        let mut attempt = Attempt::begin(&self.metrics, &self.provider, "POST", request.url(), segment.resend_count);
        attempt.inject(request.headers_mut());
        segment.ledger.count_upstream_call();
        let mut origin = Origin::new(&self.config.provider);
        let answer = self.client.execute(request).instrument(attempt.span().clone()).await;
        let begun = match answer {
            Ok(answer) => {
                attempt.responded(answer.status().as_u16(), answer.version());
                origin.answered(answer.status(), answer.headers());
                if let Some(id) = origin.request_id() {
                    attempt.named(id);
                    segment.ledger.note_request_id(id);
                }
                self.judge(answer, segment, &origin).await
            }
            Err(cause) => Err(origin.disconnected(cause)),
        };
        let begun = match begun {
            Ok((answer, decoder)) => Speech::begin(Frames::new(answer, decoder, origin, attempt)).await,
            Err(error) => {
                attempt.failed(&error);
                Err(error)
            }
        };
        begun.map_err(|error| named(error, segment))
    }

    fn request(&self, segment: &Segment) -> Result<Request> {
        let events = self.config.usage_events && segment.delivery.reports_usage;
        let body = Body::new(segment, events, self.config.stream_option);
        let url = self.endpoint.speech(&segment.delivery.model)?;
        let built = self.client.post(url).json(&body).build();
        built.map_err(|cause| Error::internal("the request could not be built").with_source(cause.without_url()))
    }

    /// Decides by the head of an answer whether its body is worth hearing.
    async fn judge(&self, answer: Response, segment: &Segment, origin: &Origin) -> Result<(Response, Decoder)> {
        if !answer.status().is_success() {
            return Err(self.refusal(answer, origin).await);
        }
        let claim = Claim::read(answer.headers());
        match Decoder::new(segment.delivery.encoding, claim, self.config.max_event_bytes) {
            Ok(decoder) => Ok((answer, decoder)),
            Err(Defect::Text) => Err(self.refusal(answer, origin).await),
            Err(defect) => Err(defect.into_error(origin)),
        }
    }

    async fn refusal(&self, mut answer: Response, origin: &Origin) -> Error {
        let headers = std::mem::take(answer.headers_mut());
        let body = read_up_to(&mut answer, self.config.max_error_body_bytes).await;
        origin.refused(&headers, &body)
    }

    async fn open(&self) -> Result<()> {
        let origin = Origin::new(&self.config.provider);
        let request = self.client.head(self.endpoint.models()?).send();
        request.await.map(drop).map_err(|cause| origin.disconnected(cause))
    }
}

/// Adds what the caller has to change, where that can be told.
fn named(error: Error, segment: &Segment) -> Error {
    match error.kind() {
        // What the upstream named is better than what is refused most often.
        Kind::UpstreamRejected | Kind::ContentRejected if error.field().is_none() => error.with_field("text"),
        Kind::UpstreamModelNotFound => error.with_fact("model", segment.delivery.model.as_str()),
        _ => error,
    }
}
