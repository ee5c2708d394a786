//! Tells a poll that has a reason from one that has none.
//!
//! tonic polls a stream again behind every message, to see whether there is another one, and HTTP/2 does the same behind
//! every frame that it took and every frame that it has written. With audio every few milliseconds that is three polls in
//! vain for each chunk, each of them through the whole pipeline. Whatever makes the pipeline go on wakes it first; so it
//! need not be asked before.
//!
//! The time from such a reason to the poll that follows is what the caller's flow control costs: HTTP/2 does not poll
//! while the caller's window is full.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;
use std::time::Duration;

use futures_util::stream::Stream;
use futures_util::task::AtomicWaker;
use tokio::time::Instant;

use crate::telemetry::Observer;

/// A stream that is polled only after it was woken, or while it has more.
pub(super) struct Bell<S> {
    stream: S,
    wire: Arc<Wire>,
    /// What those inside ring; always the same one, so that they need not register it anew.
    waker: Waker,
    observer: Arc<Observer>,
    /// The longest time that a ring was not answered.
    longest: Duration,
}

struct Wire {
    /// When it rang, in nanoseconds since `hung`; zero while nobody has rung.
    rung: AtomicU64,
    hung: Instant,
    outside: AtomicWaker,
}

impl<S> Bell<S> {
    /// A bell that has rung: the first poll has its reason. `observer` is told how long rings are left unanswered.
    pub(super) fn new(stream: S, observer: Arc<Observer>) -> Self {
        let wire = Arc::new(Wire { rung: AtomicU64::new(1), hung: Instant::now(), outside: AtomicWaker::new() });
        Self { stream, waker: Waker::from(Arc::clone(&wire)), wire, observer, longest: Duration::ZERO }
    }

    fn note(&mut self, rung: u64) {
        let unanswered = self.wire.hung.elapsed().saturating_sub(Duration::from_nanos(rung));
        if unanswered > self.longest {
            self.longest = unanswered;
            self.observer.blocked(unanswered);
        }
    }
}

impl<S: Stream + Unpin> Stream for Bell<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = &mut *self;
        // In this order: whoever rings after the look finds the waker to call.
        this.wire.outside.register(cx.waker());
        let rung = this.wire.rung.swap(0, Ordering::AcqRel);
        if rung == 0 {
            return Poll::Pending;
        }
        this.note(rung);
        let polled = Pin::new(&mut this.stream).poll_next(&mut Context::from_waker(&this.waker));
        if matches!(polled, Poll::Ready(Some(_))) {
            this.wire.ring();
        }
        polled
    }
}

/// A caller who stops reading and then leaves has held the call up until then.
impl<S> Drop for Bell<S> {
    fn drop(&mut self) {
        let rung = self.wire.rung.load(Ordering::Acquire);
        if rung > 0 {
            self.note(rung);
        }
    }
}

impl Wire {
    /// The first ring counts until it is answered.
    fn ring(&self) {
        if self.rung.load(Ordering::Relaxed) == 0 {
            let now = u64::try_from(self.hung.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1);
            let _ = self.rung.compare_exchange(0, now, Ordering::AcqRel, Ordering::Relaxed);
        }
    }
}

impl Wake for Wire {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
        self.outside.wake();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::task::Context;
    use std::task::Poll;
    use std::task::Waker;
    use std::time::Duration;

    use futures_util::StreamExt;
    use futures_util::stream;
    use tokio::sync::mpsc;

    use super::Bell;
    use crate::telemetry::Observer;

    fn observer() -> Arc<Observer> {
        Arc::new(Observer::detached())
    }

    #[test]
    fn polls_once_for_each_reason() {
        let (sender, mut receiver) = mpsc::channel(4);
        let mut asked = 0;
        let mut bell = Bell::new(
            stream::poll_fn(|cx| {
                asked += 1;
                receiver.poll_recv(cx).map(|letter| letter.map(|letter| (letter, asked)))
            }),
            observer(),
        );
        let mut poll = || bell.poll_next_unpin(&mut Context::from_waker(Waker::noop()));
        for _ in 0..3 {
            assert_eq!(poll(), Poll::Pending);
        }
        assert!(sender.try_send('a').is_ok() && sender.try_send('b').is_ok());
        assert_eq!(poll(), Poll::Ready(Some(('a', 2))));
        assert_eq!(poll(), Poll::Ready(Some(('b', 3))));
        for _ in 0..3 {
            assert_eq!(poll(), Poll::Pending);
        }
        assert!(sender.try_send('c').is_ok());
        assert_eq!(poll(), Poll::Ready(Some(('c', 5))));
        drop(sender);
        assert_eq!(poll(), Poll::Ready(None));
    }

    #[tokio::test]
    async fn whoever_rings_while_it_is_polled_is_heard() {
        let mut turns = 0;
        let mut bell = Bell::new(
            stream::poll_fn(|cx| {
                turns += 1;
                cx.waker().wake_by_ref();
                if turns < 3 { Poll::Pending } else { Poll::Ready(Some(turns)) }
            }),
            observer(),
        );
        assert_eq!(bell.next().await, Some(3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_ring_that_is_not_answered_is_time_that_the_caller_took() {
        let (sender, mut receiver) = mpsc::channel(4);
        let observer = observer();
        let mut bell = Bell::new(stream::poll_fn(|cx| receiver.poll_recv(cx)), Arc::clone(&observer));
        assert!(futures_util::poll!(bell.next()).is_pending());
        tokio::time::sleep(Duration::from_mins(1)).await;
        sender.send('a').await.unwrap();
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(bell.next().await, Some('a'));
        assert_eq!(observer.longest_block(), Duration::from_secs(3), "the silence before was not the caller's");
        tokio::time::sleep(Duration::from_secs(5)).await;
        drop(bell);
        assert_eq!(observer.longest_block(), Duration::from_secs(5));
    }
}
