//! Tells a poll that has a reason from one that has none.
//!
//! HTTP/2 polls a body again after every frame that it has written, and once more behind every frame that it took, to see
//! whether there is another one. With audio every few milliseconds that is three polls in vain for each chunk, each of
//! them through the whole pipeline. Whatever makes the pipeline go on wakes it first; so it need not be asked before.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;

use futures_util::task::AtomicWaker;

/// Polls what is inside only after it was woken, or while it has more.
pub(super) struct Bell {
    wire: Arc<Wire>,
    /// What those inside ring; always the same one, so that they need not register it anew.
    waker: Waker,
}

struct Wire {
    rung: AtomicBool,
    outside: AtomicWaker,
}

impl Bell {
    /// A bell that has rung: the first poll has its reason.
    pub(super) fn new() -> Self {
        let wire = Arc::new(Wire { rung: AtomicBool::new(true), outside: AtomicWaker::new() });
        Self { waker: Waker::from(Arc::clone(&wire)), wire }
    }

    /// Polls with `inside`, or is pending because nothing has happened since that was pending.
    pub(super) fn poll<T>(&self, cx: &Context<'_>, inside: impl FnOnce(&mut Context<'_>) -> Poll<T>) -> Poll<T> {
        // In this order: whoever rings after the look finds the waker to call.
        self.wire.outside.register(cx.waker());
        if !self.wire.rung.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        let polled = inside(&mut Context::from_waker(&self.waker));
        if polled.is_ready() {
            self.wire.rung.store(true, Ordering::Release);
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
    use std::future::poll_fn;
    use std::task::Context;
    use std::task::Poll;
    use std::task::Waker;

    use tokio::sync::mpsc;

    use super::Bell;

    #[test]
    fn polls_once_for_each_reason() {
        let (sender, mut receiver) = mpsc::channel(4);
        let bell = Bell::new();
        let mut asked = 0;
        let mut poll = || {
            let polled = bell.poll(&Context::from_waker(Waker::noop()), |cx| {
                asked += 1;
                receiver.poll_recv(cx)
            });
            (polled, asked)
        };
        assert_eq!(poll(), (Poll::Pending, 1));
        assert_eq!(poll(), (Poll::Pending, 1));
        assert!(sender.try_send('a').is_ok() && sender.try_send('b').is_ok());
        assert_eq!(poll(), (Poll::Ready(Some('a')), 2));
        assert_eq!(poll(), (Poll::Ready(Some('b')), 3));
        assert_eq!(poll(), (Poll::Pending, 4));
        assert_eq!(poll(), (Poll::Pending, 4));
        drop(sender);
        assert_eq!(poll(), (Poll::Ready(None), 5));
    }

    #[tokio::test]
    async fn whoever_rings_while_it_is_polled_is_heard() {
        let bell = Bell::new();
        let mut turns = 0;
        let heard = poll_fn(|cx| {
            bell.poll(cx, |inside| {
                turns += 1;
                inside.waker().wake_by_ref();
                if turns < 3 { Poll::Pending } else { Poll::Ready(turns) }
            })
        });
        assert_eq!(heard.await, 3);
    }
}
