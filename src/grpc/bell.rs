//! Tells a poll that has a reason from one that has none.
//!
//! tonic polls a stream again behind every message, to see whether there is another one, and HTTP/2 does the same behind
//! every frame that it took and every frame that it has written. With audio every few milliseconds that is three polls in
//! vain for each chunk, each of them through the whole pipeline. Whatever makes the pipeline go on wakes it first; so it
//! need not be asked before.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;

use futures_util::stream::Stream;
use futures_util::task::AtomicWaker;

/// A stream that is polled only after it was woken, or while it has more.
pub(super) struct Bell<S> {
    stream: S,
    wire: Arc<Wire>,
    /// What those inside ring; always the same one, so that they need not register it anew.
    waker: Waker,
}

struct Wire {
    rung: AtomicBool,
    outside: AtomicWaker,
}

impl<S> Bell<S> {
    /// A bell that has rung: the first poll has its reason.
    pub(super) fn new(stream: S) -> Self {
        let wire = Arc::new(Wire { rung: AtomicBool::new(true), outside: AtomicWaker::new() });
        Self { stream, waker: Waker::from(Arc::clone(&wire)), wire }
    }
}

impl<S: Stream + Unpin> Stream for Bell<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let this = &mut *self;
        // In this order: whoever rings after the look finds the waker to call.
        this.wire.outside.register(cx.waker());
        if !this.wire.rung.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        let polled = Pin::new(&mut this.stream).poll_next(&mut Context::from_waker(&this.waker));
        if polled.is_ready() {
            this.wire.rung.store(true, Ordering::Release);
        }
        polled
    }
}

impl Wake for Wire {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.outside.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::task::Context;
    use std::task::Poll;
    use std::task::Waker;

    use futures_util::StreamExt;
    use futures_util::stream;
    use tokio::sync::mpsc;

    use super::Bell;

    #[test]
    fn polls_once_for_each_reason() {
        let (sender, mut receiver) = mpsc::channel(4);
        let mut asked = 0;
        let mut bell = Bell::new(stream::poll_fn(|cx| {
            asked += 1;
            receiver.poll_recv(cx).map(|letter| letter.map(|letter| (letter, asked)))
        }));
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
        let mut bell = Bell::new(stream::poll_fn(|cx| {
            turns += 1;
            cx.waker().wake_by_ref();
            if turns < 3 { Poll::Pending } else { Poll::Ready(Some(turns)) }
        }));
        assert_eq!(bell.next().await, Some(3));
    }
}
