//! Leaves an endpoint alone that fails, so that callers are told at once and it has time to recover.
//!
//! One breaker stands around one endpoint, inside the retries, so that it sees every attempt and that a retry sees what it
//! decides. Only faults of the endpoint count; see `verdict.rs` for what is one and `machine.rs` for what they lead to. A
//! caller who hangs up proves nothing either way.

mod health;
mod machine;
mod policy;
mod verdict;
mod window;

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::stream::Stream;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Frame;
use crate::speech::Segment;
use crate::speech::Speech;
use crate::telemetry::Metrics;

pub use health::Health;
pub use machine::Standing;
pub use machine::State;
pub use policy::BreakerPolicy;

use health::Pass;

/// An engine that is left alone while it fails.
pub struct Breaker {
    inner: Arc<dyn Engine>,
    health: Arc<Health>,
}

impl Breaker {
    /// Puts `policy` around `inner`, the endpoint that the configuration calls `name`.
    pub fn new(inner: Arc<dyn Engine>, name: &str, policy: BreakerPolicy, metrics: Metrics) -> Self {
        Self { inner, health: Arc::new(Health::new(name, policy, metrics)) }
    }

    /// What the calls show about the endpoint.
    pub fn health(&self) -> Arc<Health> {
        Arc::clone(&self.health)
    }

    /// Whether calls reach the endpoint.
    pub fn state(&self) -> State {
        self.health.state()
    }
}

impl Engine for Breaker {
    fn check(&self, text: &str, language: Option<&str>) -> Result<()> {
        self.inner.check(text, language)
    }

    fn is_ready(&self) -> bool {
        self.health.is_open() && self.inner.is_ready()
    }

    fn stand_by(&self, delivery: &Delivery) {
        self.inner.stand_by(delivery);
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let (inner, health) = (Arc::clone(&self.inner), Arc::clone(&self.health));
        Box::pin(async move {
            let mut pass = health.admit()?;
            match inner.speak(segment).await {
                Ok(speech) => {
                    pass.began();
                    Ok(speech.map_frames(|frames| Watched { frames, pass: Some(pass) }))
                }
                Err(error) => {
                    pass.went_wrong(&error);
                    Err(error)
                }
            }
        })
    }
}

/// Frames whose end tells how the call went.
struct Watched {
    frames: BoxStream<'static, Result<Frame>>,
    /// Taken when it has been told the end.
    pass: Option<Pass>,
}

impl Stream for Watched {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let frame = ready!(self.frames.as_mut().poll_next(cx));
        if !matches!(frame, Some(Ok(Frame::Audio(_))))
            && let Some(pass) = self.pass.take()
        {
            match &frame {
                Some(Ok(_)) => pass.was_whole(),
                Some(Err(error)) => pass.went_wrong(error),
                None => pass.went_wrong(&cut()),
            }
        }
        Poll::Ready(frame)
    }
}

fn cut() -> Error {
    Error::new(Kind::UpstreamTruncated, "The speech engine broke off its answer.")
}

#[cfg(test)]
mod tests;
