//! The paths of the service, of Azure's variants of it, and of the stand-in's own control.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::routing::post;
use http::Request;
use http::Response;
use http::Uri;

use super::answers::Letterhead;
use super::auth;
use super::catalogue;
use super::connection::Line;
use super::control;
use super::realtime::upgrade;
use super::refusal::Refusal;
use super::speech;
use super::speech::Shape;
use super::world::World;

/// Everything that can be asked of a stand-in.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/v1/audio/speech", post(openai))
        .route("/openai/v1/audio/speech", post(azure_v1))
        .route("/openai/deployments/{deployment}/audio/speech", post(azure_deployment))
        .route("/v1/realtime", get(upgrade::openai))
        .route("/openai/v1/realtime", get(upgrade::azure))
        .route("/v1/models", get(models))
        .route("/v1/models/{model}", get(model))
        .nest("/_control", control::router())
        .method_not_allowed_fallback(not_found)
        .fallback(not_found)
        .with_state(world)
}

async fn openai(
    State(world): State<Arc<World>>,
    Extension(line): Extension<Line>,
    request: Request<Body>,
) -> Response<Body> {
    speech::answer(world, Shape::OpenAi, line, request).await
}

async fn azure_v1(
    State(world): State<Arc<World>>,
    Extension(line): Extension<Line>,
    request: Request<Body>,
) -> Response<Body> {
    speech::answer(world, Shape::AzureV1, line, request).await
}

async fn azure_deployment(
    State(world): State<Arc<World>>,
    Extension(line): Extension<Line>,
    Path(deployment): Path<String>,
    request: Request<Body>,
) -> Response<Body> {
    let has_version = request.uri().query().is_some_and(|query| query.contains("api-version="));
    speech::answer(world, Shape::AzureDeployment { deployment, has_version }, line, request).await
}

async fn models(State(world): State<Arc<World>>, request: Request<Body>) -> Response<Body> {
    match auth::check(request.headers(), false, world.options.api_key.as_deref()) {
        Ok(()) => Json(catalogue::listing(&world.options)).into_response(),
        Err(refusal) => plain(refusal),
    }
}

async fn model(State(world): State<Arc<World>>, Path(name): Path<String>, request: Request<Body>) -> Response<Body> {
    if let Err(refusal) = auth::check(request.headers(), false, world.options.api_key.as_deref()) {
        return plain(refusal);
    }
    match catalogue::retrieve(&name, &world.options) {
        Some(model) => Json(model).into_response(),
        None => plain(Refusal::no_such_model(&name)),
    }
}

async fn not_found(method: http::Method, uri: Uri) -> Response<Body> {
    plain(Refusal::invalid_url(method.as_str(), uri.path()))
}

/// A refusal outside of the speech paths, which have no rate limits and no place in the log.
fn plain(refusal: Refusal) -> Response<Body> {
    let letterhead = Letterhead {
        request_id: format!("req_{:032x}", 0),
        processing: std::time::Duration::ZERO,
        standings: None,
        azure: false,
    };
    letterhead.refusal(refusal)
}
