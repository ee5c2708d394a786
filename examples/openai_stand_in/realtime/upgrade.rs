//! The request that asks for a socket: who asks, for which model, and whether a fault stands in the way.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::IntoResponse;
use http::HeaderMap;
use http::HeaderValue;
use http::Response;
use http::Uri;
use tokio::sync::oneshot;
use tokio::time::sleep;
use url::form_urlencoded;

use super::answers::Letterhead;
use super::auth;
use super::connection::Line;
use super::connection::Succession;
use super::delays::Delays;
use super::dialect::Dialect;
use super::faults::Fault;
use super::faults::Faults;
use super::faults::Taker;
use super::faults::taker;
use super::log::SeenHeaders;
use super::refusal::Refusal;
use super::scripted::status_refusal;
use super::session::Session;
use super::session::Visit;
use super::world::World;

/// Longest event of a client, bytes: a whole context fits.
const MESSAGE_LIMIT: usize = 1 << 20;

/// What is known of an upgrade.
struct Knock {
    azure: bool,
    uri: Uri,
    headers: HeaderMap,
}

/// `GET /v1/realtime?model=…`.
pub(crate) async fn openai(
    State(world): State<Arc<World>>,
    Extension(line): Extension<Line>,
    Extension(succession): Extension<Succession>,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response<Body> {
    let knock = Knock { azure: false, uri, headers };
    answer(world, knock, upgrade, line, &succession).await
}

/// `GET /openai/v1/realtime?model=…`, where the model is a deployment and the key may come as `api-key`.
pub(crate) async fn azure(
    State(world): State<Arc<World>>,
    Extension(line): Extension<Line>,
    Extension(succession): Extension<Succession>,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response<Body> {
    let knock = Knock { azure: true, uri, headers };
    answer(world, knock, upgrade, line, &succession).await
}

async fn answer(
    world: Arc<World>,
    knock: Knock,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    line: Line,
    succession: &Succession,
) -> Response<Body> {
    let (faults, own) = match knock.faults(&world) {
        Ok(faults) => faults,
        Err(message) => return knock.refuse(Refusal::of_the_stand_in(400, &message)),
    };
    let delays = Delays::of(&world.options);
    sleep(delays.connect).await;
    let model = match knock.admit(&world, &faults) {
        Ok(model) => model,
        Err(refusal) => return knock.refuse(refusal),
    };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.max_message_size(MESSAGE_LIMIT).max_frame_size(MESSAGE_LIMIT),
        Err(rejection) => return rejection.into_response(),
    };
    let visit = Visit {
        path: knock.uri.to_string(),
        connection: line.number,
        headers: SeenHeaders::of(&knock.headers),
        model,
        faults,
        own,
    };
    let (hand_over, socket) = oneshot::channel();
    succession.follow(async move {
        if let Ok(socket) = socket.await {
            Session::open(world, socket, line, visit).run().await;
        }
    });
    upgrade.on_upgrade(|socket| async {
        // Nobody waits for the socket once the stand-in is gone.
        let _ = hand_over.send(socket);
    })
}

impl Knock {
    /// The faults of this upgrade, and those that its header asks for every response of the socket.
    fn faults(&self, world: &World) -> Result<(Faults, Option<Faults>), String> {
        Ok(match World::own_faults(&self.headers)? {
            Some(own) if taker(&own) == Some(Taker::Upgrade) => (own, None),
            Some(own) => (Faults::new(), Some(own)),
            None => (world.next_faults(Taker::Upgrade), None),
        })
    }

    /// The model to serve, if nothing speaks against it.
    fn admit(&self, world: &World, faults: &[Fault]) -> Result<String, Refusal> {
        let model = self.query("model").unwrap_or_default();
        if let Some(refusal) = faults.iter().find_map(|fault| scripted(fault, &model)) {
            return Err(refusal);
        }
        auth::check(&self.with_key(), self.azure, world.options.api_key.as_deref())?;
        let options = &world.options;
        if options.realtime_dialect == Dialect::Ga && self.headers.contains_key("openai-beta") {
            return Err(Refusal::beta_is_gone());
        }
        if model.is_empty() {
            return Err(Refusal::no_model_named());
        }
        let is_known = options.realtime_models.contains(&model);
        match self.azure {
            // A deployment has the name that its owner chose.
            true if is_known || model.to_ascii_lowercase().contains("realtime") => Ok(model),
            true => Err(Refusal::azure_no_realtime(&model)),
            false if is_known => Ok(model),
            false => Err(Refusal::no_such_model(&model)),
        }
    }

    /// The headers, with Azure's key among them if it came in the query.
    fn with_key(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        let key = self.query("api-key").and_then(|key| HeaderValue::try_from(key).ok());
        if let (true, Some(key)) = (self.azure, key) {
            headers.insert("api-key", key);
        }
        headers
    }

    fn query(&self, wanted: &str) -> Option<String> {
        let query = self.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    }

    fn refuse(&self, refusal: Refusal) -> Response<Body> {
        let letterhead = Letterhead {
            request_id: format!("req_{:032x}", 0),
            processing: Duration::ZERO,
            standings: None,
            azure: self.azure,
        };
        letterhead.refusal(refusal)
    }
}

fn scripted(fault: &Fault, model: &str) -> Option<Refusal> {
    let Fault::RealtimeUpgrade { status, code, retry_after_ms } = fault else { return None };
    let mut refusal = status_refusal(*status, code.as_deref(), None, None, model);
    refusal.retry_after = retry_after_ms.map(Duration::from_millis);
    Some(refusal)
}
