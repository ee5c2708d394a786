//! Who may speak now: a bounded number of calls at once, and a bounded wait for a place.
//!
//! A permit lives in the call's stream, so that dropping the stream frees the place. (tonic's own concurrency limit is
//! released at the response head and would count no streaming call at all.)

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio::sync::TryAcquireError;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::fault::Fault;

/// How many calls this process serves at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Synthesis calls served at the same time.
    pub max_concurrent_calls: usize,
    /// Calls that may wait for a place; further ones are turned away at once.
    pub max_waiting_calls: usize,
    /// Longest wait for a place, after which the caller is sent to another replica.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub queue_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self { max_concurrent_calls: 1000, max_waiting_calls: 100, queue_timeout: Duration::from_millis(500) }
    }
}

impl Config {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        if (1..=Semaphore::MAX_PERMITS).contains(&self.max_concurrent_calls) {
            Vec::new()
        } else {
            vec![Fault::new("max_concurrent_calls", "must be at least 1")]
        }
    }
}

/// A place among the calls being served. Dropping it frees the place.
#[derive(Debug)]
pub struct Permit {
    _slot: OwnedSemaphorePermit,
}

/// The door.
pub struct Admission {
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
    config: Config,
}

impl Admission {
    /// A door with as many places as `config` says.
    pub fn new(config: Config) -> Self {
        Self { slots: Arc::new(Semaphore::new(config.max_concurrent_calls)), waiting: AtomicUsize::new(0), config }
    }

    /// Waits for a place.
    ///
    /// # Errors
    /// [`Kind::Overloaded`] if too many are waiting already, or the wait took too long.
    pub async fn admit(&self) -> Result<Permit> {
        match Arc::clone(&self.slots).try_acquire_owned() {
            Ok(slot) => Ok(Permit { _slot: slot }),
            Err(TryAcquireError::NoPermits) => self.wait_for_slot().await,
            Err(TryAcquireError::Closed) => Err(self.overloaded()),
        }
    }

    /// Calls being served now.
    pub fn active(&self) -> usize {
        self.config.max_concurrent_calls.saturating_sub(self.slots.available_permits())
    }

    async fn wait_for_slot(&self) -> Result<Permit> {
        let _place = Waiting::join(&self.waiting, self.config.max_waiting_calls).ok_or_else(|| self.overloaded())?;
        let slot = tokio::time::timeout(self.config.queue_timeout, Arc::clone(&self.slots).acquire_owned()).await;
        match slot {
            Ok(Ok(slot)) => Ok(Permit { _slot: slot }),
            Ok(Err(_)) | Err(_) => Err(self.overloaded()),
        }
    }

    fn overloaded(&self) -> Error {
        Error::new(
            Kind::Overloaded,
            "This server is serving as many calls as it can. Try another replica, or again soon.",
        )
        .with_retry_after(self.config.queue_timeout.max(Duration::from_millis(100)))
        .with_fact("maxConcurrentCalls", self.config.max_concurrent_calls.to_string())
    }
}

/// One place in the queue, given back on drop, also when the caller hangs up while waiting.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn join(count: &'a AtomicUsize, limit: usize) -> Option<Self> {
        let place = Self(count);
        (count.fetch_add(1, Ordering::Relaxed) < limit).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may panic, and ends with its tasks")]

    use std::sync::Arc;
    use std::time::Duration;

    use super::Admission;
    use super::Config;
    use crate::error::Kind;

    fn door(slots: usize, waiting: usize) -> Arc<Admission> {
        Arc::new(Admission::new(Config {
            max_concurrent_calls: slots,
            max_waiting_calls: waiting,
            queue_timeout: Duration::from_millis(200),
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_a_place_and_gives_it_back_on_drop() {
        let door = door(1, 1);
        let first = door.admit().await.unwrap();
        assert_eq!(door.active(), 1);
        let second = tokio::spawn({
            let door = Arc::clone(&door);
            async move { door.admit().await }
        });
        tokio::task::yield_now().await;
        drop(first);
        drop(second.await.unwrap().unwrap());
        assert_eq!(door.active(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn turns_away_when_the_queue_is_full_or_too_slow() {
        let door = door(1, 1);
        let _held = door.admit().await.unwrap();
        let (slow, full) = tokio::join!(door.admit(), door.admit());
        assert_eq!(slow.unwrap_err().kind(), Kind::Overloaded);
        assert_eq!(full.unwrap_err().kind(), Kind::Overloaded);
        // Both places in the queue are free again.
        assert_eq!(door.waiting.load(std::sync::atomic::Ordering::Relaxed), 0);
    }
}
