//! Metrics and probes over plain HTTP, beside the gRPC port.
//!
//! `/metrics` is for Prometheus; `/livez` answers while the process runs; `/readyz` says whether calls should be sent here.

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::error::Error;
use crate::error::Result;
use crate::telemetry::PROMETHEUS_TEXT;
use crate::telemetry::Scraper;

/// How long requests that are being answered at the end may take to finish.
const GRACE: Duration = Duration::from_secs(2);

/// Says whether calls should be sent to this process, or why not.
pub type Readiness = Arc<dyn Fn() -> Result<(), Cow<'static, str>> + Send + Sync>;

/// The routes of the HTTP port.
pub fn router(scraper: Scraper, readiness: Readiness) -> Router {
    Router::new()
        .route("/metrics", get(metrics).with_state(scraper))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz).with_state(readiness))
}

/// Serves `router` on `listener` until `shutdown`, and a moment longer for requests that are being answered.
///
/// # Errors
/// [`Internal`](crate::error::Kind::Internal) if the listener fails.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) -> Result<()> {
    let (stop, stopped) = oneshot::channel::<()>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        // Either way of ending the channel means the same.
        let _ = stopped.await;
    });
    let mut server = std::pin::pin!(server.into_future());
    let ended = tokio::select! {
        ended = &mut server => Some(ended),
        () = shutdown => None,
    };
    drop(stop);
    let ended = match ended {
        Some(ended) => ended,
        // A connection that is still busy after the grace period ends with the process.
        None => tokio::time::timeout(GRACE, server).await.unwrap_or(Ok(())),
    };
    ended.map_err(|fault| Error::internal("the HTTP listener failed").with_source(fault))
}

async fn metrics(State(scraper): State<Scraper>) -> Response {
    match scraper.scrape() {
        Ok(text) => ([(CONTENT_TYPE, PROMETHEUS_TEXT)], text).into_response(),
        Err(error) => {
            tracing::error!(detail = error.report(), "metrics cannot be scraped");
            (StatusCode::INTERNAL_SERVER_ERROR, "metrics cannot be scraped\n").into_response()
        }
    }
}

async fn livez() -> &'static str {
    "alive\n"
}

async fn readyz(State(readiness): State<Readiness>) -> Response {
    match readiness() {
        Ok(()) => "ready\n".into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")).into_response(),
    }
}
