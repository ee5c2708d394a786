//! The stand-in's own paths under `/_control`: script faults, read the log, look at the state, start afresh.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use http::StatusCode;
use http::Uri;
use serde_json::Value;
use serde_json::json;
use url::form_urlencoded;

use super::faults::Faults;
use super::faults::parse_script;
use super::log::Record;
use super::world::World;

/// Longest wait that a reader of the log may ask for.
const PATIENCE_LIMIT: Duration = Duration::from_mins(1);

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/faults", get(pending).post(script).delete(forget))
        .route("/log", get(log))
        .route("/state", get(state))
        .route("/reset", post(reset))
}

async fn script(State(world): State<Arc<World>>, Json(script): Json<Value>) -> Response {
    match parse_script(script).and_then(|script| world.faults.extend(script)) {
        Ok(pending) => Json(json!({ "pending": pending })).into_response(),
        Err(message) => (StatusCode::BAD_REQUEST, Json(json!({ "error": message }))).into_response(),
    }
}

async fn pending(State(world): State<Arc<World>>) -> Json<Vec<Faults>> {
    Json(world.faults.pending())
}

async fn forget(State(world): State<Arc<World>>) -> StatusCode {
    world.faults.clear();
    StatusCode::NO_CONTENT
}

/// The records; with `?ended=N&timeout_ms=M` it first waits until N requests have ended.
async fn log(State(world): State<Arc<World>>, uri: Uri) -> Result<Json<Vec<Record>>, (StatusCode, String)> {
    let query: HashMap<String, String> =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let number = |name: &str, default: u64| match query.get(name).map(|text| text.parse()) {
        None => Ok(default),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err((StatusCode::BAD_REQUEST, format!("{name}: not a whole number\n"))),
    };
    let patience = Duration::from_millis(number("timeout_ms", 1000)?).min(PATIENCE_LIMIT);
    Ok(Json(world.log.ended(number("ended", 0)?, patience).await))
}

async fn state(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({
        "connections": { "open": world.census.open(), "accepted": world.census.accepted() },
        "requests": world.log.tally(),
        "realtime": { "open": world.sessions.open(), "accepted": world.sessions.accepted() },
        "faults_pending": world.faults.pending().len(),
    }))
}

async fn reset(State(world): State<Arc<World>>) -> StatusCode {
    world.reset();
    StatusCode::NO_CONTENT
}
