//! Asks a second time for the beginning of an utterance whose audio is late, and speaks what comes first
//! (<https://research.google/pubs/the-tail-at-scale/>).
//!
//! Only the first segment is worth it: it is what a listener waits for, and the others are asked for while something is
//! heard. What is late is learned from the engine itself, and how often it may be done is bounded by a budget, because a
//! slow engine asked twice by everybody only gets slower.

mod policy;
mod record;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::future::Either;
use futures_util::future::select;
use tokio::time::Instant;

use crate::engine::Engine;
use crate::engine::Wrapper;
use crate::error::Result;
use crate::resilience::clock::Clock;
use crate::resilience::clock::LAST_CALL;
use crate::resilience::telling::more_telling;
use crate::speech::Segment;
use crate::speech::Speech;

pub use policy::HedgePolicy;

use record::Record;

/// An engine that is asked twice where it is late.
pub struct Hedge {
    shared: Arc<Shared>,
}

struct Shared {
    inner: Arc<dyn Engine>,
    policy: HedgePolicy,
    record: Mutex<Record>,
}

impl Hedge {
    /// Puts `policy` around `inner`.
    pub fn new(inner: Arc<dyn Engine>, policy: HedgePolicy) -> Self {
        Self { shared: Arc::new(Shared { inner, policy, record: Mutex::default() }) }
    }
}

impl Wrapper for Hedge {
    fn inner(&self) -> &dyn Engine {
        &*self.shared.inner
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        if !self.shared.policy.enabled || !opens_an_utterance(&segment) {
            return self.shared.inner.speak(segment);
        }
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.speak(segment).await })
    }
}

/// Whether a listener waits in silence for `segment`, which nobody has been asked for before.
fn opens_an_utterance(segment: &Segment) -> bool {
    segment.index == 0 && !segment.is_part && segment.resend_count == 0
}

impl Shared {
    async fn speak(&self, segment: Segment) -> Result<Speech> {
        let usual = self.record().call(&self.policy);
        let patience = usual.unwrap_or(self.policy.max_delay).max(LAST_CALL);
        let sent = Instant::now();
        let mut first = self.inner.speak(segment.clone());
        if let Some(speech) = in_time(&mut first, patience).await {
            // What is later than that came while nobody listened, and nobody knows when.
            if speech.is_ok() && sent.elapsed() <= patience + LAST_CALL {
                self.record().note(sent.elapsed());
            }
            return speech;
        }
        if usual.is_none() || !self.record().pay() {
            return first.await.inspect(|_| self.record().note(sent.elapsed()));
        }
        segment.ledger.count_hedge();
        tracing::debug!(?patience, "the first audio is late: asking a second time");
        let second = self.inner.speak(segment);
        match select(first, second).await {
            // If the second one won, the first would have taken longer still. To leave such times out would make the
            // engine look quicker than it is, and more calls look late.
            Either::Left((Ok(speech), _)) | Either::Right((Ok(speech), _)) => {
                self.record().note(sent.elapsed());
                Ok(speech)
            }
            Either::Left((Err(error), other)) | Either::Right((Err(error), other)) => {
                other.await.map_err(|last| more_telling(error, last))
            }
        }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What `speech` has come to within `patience`. Time that passes while nobody listens does not count; see [`Clock`], whose
/// last call is a part of this patience.
async fn in_time(speech: &mut BoxFuture<'static, Result<Speech>>, patience: Duration) -> Option<Result<Speech>> {
    let mut clock = Clock::new(patience.saturating_sub(LAST_CALL));
    std::future::poll_fn(|cx| match speech.as_mut().poll(cx) {
        Poll::Ready(speech) => Poll::Ready(Some(speech)),
        Poll::Pending => clock.poll(cx).map(|()| None),
    })
    .await
}

#[cfg(test)]
mod tests;
