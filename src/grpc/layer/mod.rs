//! Observes every RPC from its request to its last trailer, or to the moment when the caller hangs up.
//!
//! The server span covers the whole stream, so it lives in the response body. It is entered for each poll of the handler,
//! which is what nests the spans of whatever that does, but not for each poll of the body: a hundred times per call costs
//! more than the rest of tracing, and what a body begins later names its span itself. The handler finds the call's [`Observer`](crate::telemetry::Observer) in the
//! request's extensions, as an `Arc<Observer>`. Health checks and reflection are measured, but neither traced nor logged.
//! A panic ends its own call with INTERNAL.

mod body;
mod call;
mod methods;
mod panics;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use http_body::Body;
use pin_project_lite::pin_project;
use tower::Layer;
use tower::Service;

use crate::error::Result;
use crate::telemetry::Metrics;

pub use body::ObservedBody;
use call::Call;
use methods::Methods;

/// Puts [`Observe`] around a service.
#[derive(Clone, Debug)]
pub struct ObserveLayer {
    metrics: Metrics,
    methods: Arc<Methods>,
}

impl ObserveLayer {
    /// A layer that records into `metrics`.
    ///
    /// # Errors
    /// [`Internal`](crate::error::Kind::Internal) if a compiled-in schema cannot be read.
    pub fn new(metrics: Metrics) -> Result<Self> {
        Ok(Self { metrics, methods: Arc::new(Methods::served()?) })
    }
}

impl<S> Layer<S> for ObserveLayer {
    type Service = Observe<S>;

    fn layer(&self, inner: S) -> Observe<S> {
        Observe { inner, layer: self.clone() }
    }
}

/// A service whose calls are observed.
#[derive(Clone, Debug)]
pub struct Observe<S> {
    inner: S,
    layer: ObserveLayer,
}

impl<S, B, R> Service<http::Request<B>> for Observe<S>
where
    S: Service<http::Request<B>, Response = http::Response<R>>,
    R: Body + Default,
{
    type Response = http::Response<ObservedBody<R>>;
    type Error = S::Error;
    type Future = ObservedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<B>) -> Self::Future {
        let call = Call::begin(&self.layer.metrics, &self.layer.methods, &mut request);
        let inner = call.span().in_scope(|| self.inner.call(request));
        ObservedFuture { inner, call: Some(call) }
    }
}

pin_project! {
    /// The future of a response whose body is observed.
    pub struct ObservedFuture<F> {
        // Dropped before the call, so that what nests in the call's span ends before it.
        #[pin]
        inner: F,
        call: Option<Call>,
    }
}

impl<F, R, E> Future for ObservedFuture<F>
where
    F: Future<Output = Result<http::Response<R>, E>>,
    R: Body + Default,
{
    type Output = Result<http::Response<ObservedBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let polled = {
            let _entered = this.call.as_ref().map(|call| call.span().enter());
            panics::caught(|| this.inner.poll(context))
        };
        let answer = match polled {
            Some(polled) => ready!(polled),
            None => Ok(panics::status(this.call.as_ref()).into_http()),
        };
        let mut call = this.call.take();
        if let Some(call) = &mut call {
            match &answer {
                Ok(response) => call.answered(response),
                Err(_) => call.broken(),
            }
        }
        Poll::Ready(answer.map(|response| response.map(|body| ObservedBody::new(body, call))))
    }
}
