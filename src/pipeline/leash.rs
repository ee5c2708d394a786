//! Ends a call at its deadline even if nobody polls it any more.
//!
//! A performance checks its deadline whenever it is polled. A caller who stops reading stops the polling too, and would
//! hold the upstream connection and the place at the door for as long as it keeps its own connection open. So each call
//! has one timer task, which takes the performance away a moment after the deadline and dies with the call.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use futures_util::stream::Stream;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::performance::Performance;

/// A caller who reads is told by the performance itself; the leash waits a little longer.
const SLACK: Duration = Duration::from_millis(500);

/// A performance that ends on time.
pub struct Leashed {
    slot: Arc<Mutex<Slot>>,
    timer: AbortHandle,
}

enum Slot {
    Playing(Box<Performance>),
    Ended(Option<Failure>),
}

impl Leashed {
    /// Takes `performance` away at `deadline`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a timer that outlives polling has to be a task; it ends with the call"
    )]
    pub fn new(performance: Performance, deadline: Instant) -> Self {
        let slot = Arc::new(Mutex::new(Slot::Playing(Box::new(performance))));
        let held = Arc::clone(&slot);
        let timer = tokio::spawn(async move {
            tokio::time::sleep_until(deadline + SLACK).await;
            let mut slot = lock(&held);
            if let Slot::Playing(performance) = &mut *slot {
                let failure = performance.give_up();
                *slot = Slot::Ended(Some(failure));
            }
        });
        Self { slot, timer: timer.abort_handle() }
    }
}

impl Drop for Leashed {
    fn drop(&mut self) {
        self.timer.abort();
        *lock(&self.slot) = Slot::Ended(None);
    }
}

impl Stream for Leashed {
    type Item = Result<Event, Failure>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut *lock(&self.slot) {
            Slot::Playing(performance) => Pin::new(&mut **performance).poll_next(cx),
            Slot::Ended(failure) => Poll::Ready(failure.take().map(Err)),
        }
    }
}

fn lock(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
