//! A clock of waiting that runs only while somebody listens.
//!
//! A stream is not polled while its reader sleeps: hyper asks the body for nothing as long as the caller's window is
//! full. A timer set before that has run out when the reader wakes, although the upstream may have answered long ago,
//! with the answer still in a buffer that the first poll merely asks to be emptied. So a limit that is found exceeded is
//! confirmed by a last call: a short wait that was listened to from its beginning to its end. What lies in a buffer
//! arrives within it.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::Sleep;

/// How long a wait is confirmed, and by how much its end may be noticed late to count as listened to.
pub(super) const LAST_CALL: Duration = Duration::from_millis(50);

/// Says when a wait has lasted longer than its limit. Made once and started many times, because making a timer costs
/// more than moving it.
pub(super) struct Clock {
    /// How long a wait may last.
    pub(super) limit: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Stopped,
    Waiting,
    LastCall,
}

impl Clock {
    /// A clock that has not been started.
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, sleep: None, phase: Phase::Stopped }
    }

    /// The wait is over; the next poll begins another.
    pub(super) fn stop(&mut self) {
        self.phase = Phase::Stopped;
    }

    /// Ready when the wait has lasted too long. To be polled whenever there is nothing else to do.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.phase == Phase::Stopped {
            self.set(Phase::Waiting, self.limit);
        }
        while let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
            if self.phase == Phase::LastCall && sleep.deadline().elapsed() <= LAST_CALL {
                break;
            }
            self.set(Phase::LastCall, LAST_CALL);
        }
        Poll::Ready(())
    }

    fn set(&mut self, phase: Phase, wait: Duration) {
        self.phase = phase;
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().reset(Instant::now() + wait),
            None => self.sleep = Some(Box::pin(tokio::time::sleep(wait))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;
    use std::time::Duration;

    use tokio::time::Instant;

    use super::Clock;
    use super::LAST_CALL;

    const LIMIT: Duration = Duration::from_secs(1);
    const LONG: Duration = Duration::from_secs(30);

    async fn listen_once(clock: &mut Clock) -> bool {
        poll_fn(|cx| Poll::Ready(clock.poll(cx).is_ready())).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_is_listened_to_ends_at_the_limit_and_a_last_call() {
        let begun = Instant::now();
        let mut clock = Clock::new(LIMIT);
        poll_fn(|cx| clock.poll(cx)).await;
        let (took, limit) = (begun.elapsed(), LIMIT + LAST_CALL);
        assert!(took >= limit && took <= limit + Duration::from_millis(2), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_nobody_listened_to_proves_nothing() {
        let mut clock = Clock::new(LIMIT);
        for _ in 0..4 {
            assert!(!listen_once(&mut clock).await);
            tokio::time::sleep(LONG).await;
        }
        let listening = Instant::now();
        poll_fn(|cx| clock.poll(cx)).await;
        assert!(listening.elapsed() >= LAST_CALL);
    }

    #[tokio::test(start_paused = true)]
    async fn every_wait_has_the_whole_limit() {
        let mut clock = Clock::new(LIMIT);
        for _ in 0..4 {
            assert!(!listen_once(&mut clock).await);
            tokio::time::sleep(LIMIT * 99 / 100).await;
            assert!(!listen_once(&mut clock).await);
            clock.stop();
        }
    }
}
