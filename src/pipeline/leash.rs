//! Ends a call at its deadline even if nobody polls it any more.
//!
//! A caller who stops reading stops the polling too, and would hold the upstream connection and the place at the door for
//! as long as it keeps its own connection open. So each call has one timer task, which takes the performance away at the
//! deadline, or when the server must leave, wakes whoever waits for it, and dies with the call.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::task::Waker;

use futures_util::stream::Stream;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::drain::Readiness;
use crate::error::Error;
use crate::error::Kind;
use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::performance::Performance;
use crate::pipeline::performance::too_late;

/// A performance that ends on time.
pub struct Leashed {
    stage: Arc<Mutex<Stage>>,
    timer: AbortHandle,
}

struct Stage {
    act: Act,
    /// Who waits for what comes next.
    reader: Option<Waker>,
}

enum Act {
    Playing(Box<Performance>),
    Ended(Option<Failure>),
}

impl Leashed {
    /// Takes `performance` away at `deadline`, or when `readiness` says that the server leaves.
    #[expect(
        clippy::disallowed_methods,
        reason = "a timer that outlives polling has to be a task; it ends with the call"
    )]
    pub fn new(performance: Performance, deadline: Instant, readiness: Readiness) -> Self {
        let stage = Stage { act: Act::Playing(Box::new(performance)), reader: None };
        let stage = Arc::new(Mutex::new(stage));
        let held = Arc::clone(&stage);
        let timer = tokio::spawn(async move {
            let error = tokio::select! {
                () = tokio::time::sleep_until(deadline) => too_late(),
                () = readiness.cut_off() => leaving(),
            };
            let reader = lock(&held).give_up(error);
            reader.map(Waker::wake)
        });
        Self { stage, timer: timer.abort_handle() }
    }

    /// Waits for the first audio, so that a failure before it comes instead of a stream.
    ///
    /// # Errors
    /// Whatever kept the first audio from coming.
    pub async fn begin(self) -> Result<Self, Failure> {
        poll_fn(|cx| {
            lock(&self.stage).poll(cx, |act, cx| match act {
                Act::Playing(performance) => performance.poll_begin(cx),
                Act::Ended(failure) => Poll::Ready(failure.take().map_or(Ok(()), Err)),
            })
        })
        .await?;
        Ok(self)
    }

    /// Ends the call with `error`; what was handed out of it is not heard by anybody.
    pub fn discard(self, error: Error) -> Failure {
        let mut stage = lock(&self.stage);
        let failure = match &mut stage.act {
            Act::Playing(performance) => performance.give_up(error),
            Act::Ended(failure) => failure.take(),
        };
        failure.unwrap_or_else(|| Failure::at_the_door(too_late())).unheard()
    }
}

impl Drop for Leashed {
    fn drop(&mut self) {
        self.timer.abort();
        lock(&self.stage).act = Act::Ended(None);
    }
}

impl Stream for Leashed {
    type Item = Result<Event, Failure>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        lock(&self.stage).poll(cx, |act, cx| match act {
            Act::Playing(performance) => Pin::new(&mut **performance).poll_next(cx),
            Act::Ended(failure) => Poll::Ready(failure.take().map(Err)),
        })
    }
}

impl Stage {
    fn poll<T>(&mut self, cx: &mut Context<'_>, inside: impl FnOnce(&mut Act, &mut Context<'_>) -> Poll<T>) -> Poll<T> {
        let polled = inside(&mut self.act, cx);
        if polled.is_pending() && !self.reader.as_ref().is_some_and(|reader| reader.will_wake(cx.waker())) {
            self.reader = Some(cx.waker().clone());
        }
        polled
    }

    /// Ends what is still playing. Whoever waits is to be woken outside of the lock.
    fn give_up(&mut self, error: Error) -> Option<Waker> {
        if let Act::Playing(performance) = &mut self.act {
            let failure = performance.give_up(error);
            self.act = Act::Ended(failure);
        }
        self.reader.take()
    }
}

fn leaving() -> Error {
    Error::new(Kind::Draining, "The server is shutting down and could not wait for the call to end. Try again.")
}

fn lock(stage: &Mutex<Stage>) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}
