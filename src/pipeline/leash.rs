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
use crate::pipeline::event::Failure;
use crate::pipeline::performance::too_late;

/// What can be put on a leash: a stream of events that owns everything its call holds.
pub trait Act: Send + 'static {
    /// What it tells.
    type Event;

    /// The next event, or why there will be none.
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Self::Event, Failure>>>;

    /// The end of a call whose time is over, or whose server leaves; none if all has been told.
    fn give_up(&mut self, error: Error) -> Option<Failure>;
}

/// An act that ends on time.
pub struct Leashed<A> {
    stage: Arc<Mutex<Stage<A>>>,
    timer: AbortHandle,
}

struct Stage<A> {
    state: State<A>,
    /// Who waits for what comes next.
    reader: Option<Waker>,
}

enum State<A> {
    Playing(Box<A>),
    Ended(Option<Failure>),
}

impl<A: Act> Leashed<A> {
    /// Takes `act` away at `deadline`, or when `readiness` says that the server leaves.
    #[expect(
        clippy::disallowed_methods,
        reason = "a timer that outlives polling has to be a task; it ends with the call"
    )]
    pub fn new(act: A, deadline: Instant, readiness: Readiness) -> Self {
        let stage = Stage { state: State::Playing(Box::new(act)), reader: None };
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

    /// Waits until `begun` is ready, so that a failure before it comes instead of a stream.
    ///
    /// # Errors
    /// Whatever kept the act from beginning.
    pub(super) async fn begin(
        self,
        begun: impl Fn(&mut A, &mut Context<'_>) -> Poll<Result<(), Failure>>,
    ) -> Result<Self, Failure> {
        poll_fn(|cx| {
            lock(&self.stage).poll(cx, |state, cx| match state {
                State::Playing(act) => begun(act, cx),
                State::Ended(failure) => Poll::Ready(failure.take().map_or(Ok(()), Err)),
            })
        })
        .await?;
        Ok(self)
    }

    /// Ends the call with `error`; what was handed out of it is not heard by anybody.
    pub fn discard(self, error: Error) -> Failure {
        let mut stage = lock(&self.stage);
        let failure = match &mut stage.state {
            State::Playing(act) => act.give_up(error),
            State::Ended(failure) => failure.take(),
        };
        failure.unwrap_or_else(|| Failure::at_the_door(too_late())).unheard()
    }
}

impl<A> Drop for Leashed<A> {
    fn drop(&mut self) {
        self.timer.abort();
        lock(&self.stage).state = State::Ended(None);
    }
}

impl<A: Act> Stream for Leashed<A> {
    type Item = Result<A::Event, Failure>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        lock(&self.stage).poll(cx, |state, cx| match state {
            State::Playing(act) => act.poll_event(cx),
            State::Ended(failure) => Poll::Ready(failure.take().map(Err)),
        })
    }
}

impl<A: Act> Stage<A> {
    fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        inside: impl FnOnce(&mut State<A>, &mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let polled = inside(&mut self.state, cx);
        if polled.is_pending() && !self.reader.as_ref().is_some_and(|reader| reader.will_wake(cx.waker())) {
            self.reader = Some(cx.waker().clone());
        }
        polled
    }

    /// Ends what is still playing. Whoever waits is to be woken outside of the lock.
    fn give_up(&mut self, error: Error) -> Option<Waker> {
        if let State::Playing(act) = &mut self.state {
            let failure = act.give_up(error);
            self.state = State::Ended(failure);
        }
        self.reader.take()
    }
}

fn leaving() -> Error {
    Error::new(Kind::Draining, "The server is shutting down and could not wait for the call to end. Try again.")
}

fn lock<A>(stage: &Mutex<Stage<A>>) -> MutexGuard<'_, Stage<A>> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}
