//! Ends a call at its deadline even if nobody polls it any more.
//!
//! A caller who stops reading stops the polling too, and would hold the upstream connection and the place at the door for
//! as long as it keeps its own connection open. So each call has one timer task, which takes the performance away at the
//! deadline, wakes whoever waits for it, and dies with the call.

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

use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::performance::Performance;

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
    /// Takes `performance` away at `deadline`.
    #[expect(
        clippy::disallowed_methods,
        reason = "a timer that outlives polling has to be a task; it ends with the call"
    )]
    pub fn new(performance: Performance, deadline: Instant) -> Self {
        let stage = Stage { act: Act::Playing(Box::new(performance)), reader: None };
        let stage = Arc::new(Mutex::new(stage));
        let held = Arc::clone(&stage);
        let timer = tokio::spawn(async move {
            tokio::time::sleep_until(deadline).await;
            let reader = lock(&held).give_up();
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
    fn give_up(&mut self) -> Option<Waker> {
        if let Act::Playing(performance) = &mut self.act {
            let failure = performance.give_up();
            self.act = Act::Ended(Some(failure));
        }
        self.reader.take()
    }
}

fn lock(stage: &Mutex<Stage>) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}
