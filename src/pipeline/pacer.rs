//! Keeps audio from running far ahead of its playing.
//!
//! A bridge to a telephone plays what it gets, and what it has not played when the listener interrupts is thrown away. So
//! audio may be asked for near real time: the first chunk at once, the others when no more than the lead would wait to be
//! played. A listener who runs dry goes on when audio comes, and the lead stays what it was meant to be.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;

use crate::pipeline::listener::Listener;

/// Lets audio go when the listener is about to need it.
pub(super) struct Pacer {
    lead: Duration,
    listener: Listener,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Pacer {
    /// Lets at most `lead` of audio, and the chunk on top of it, wait to be played.
    pub(super) fn new(lead: Duration) -> Self {
        Self { lead, listener: Listener::default(), alarm: None }
    }

    /// What had not been heard yet has been thrown away.
    pub(super) fn restart(&mut self) {
        self.listener.drop_all();
    }

    /// Ready once a chunk that plays so long may leave, which it then has to.
    pub(super) fn poll_due(&mut self, playing: Duration, cx: &mut Context<'_>) -> Poll<()> {
        let now = Instant::now();
        let due = self.listener.dry_at().checked_sub(self.lead).unwrap_or(now);
        if now < due {
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(due)));
            if alarm.deadline() != due {
                alarm.as_mut().reset(due);
            }
            ready!(alarm.as_mut().poll(cx));
        }
        self.listener.receive(playing);
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::time::Duration;

    use tokio::time::Instant;
    use tokio::time::sleep;

    use super::Pacer;

    const CHUNK: Duration = Duration::from_millis(20);
    const LEAD: Duration = Duration::from_millis(500);

    #[tokio::test(start_paused = true)]
    async fn the_lead_is_reached_at_once_and_never_passed() {
        let (mut pacer, begun) = (Pacer::new(LEAD), Instant::now());
        for number in 0..3_000 {
            poll_fn(|cx| pacer.poll_due(CHUNK, cx)).await;
            let lead = (CHUNK * (number + 1)).saturating_sub(begun.elapsed());
            assert!(lead <= LEAD + CHUNK, "{lead:?} ahead at chunk {number}");
            if number > 25 {
                assert!(lead + CHUNK >= LEAD, "only {lead:?} ahead at chunk {number}");
            } else {
                assert!(begun.elapsed().is_zero(), "the lead is sent at once");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_drought_the_lead_is_no_longer_than_before() {
        let mut pacer = Pacer::new(LEAD);
        poll_fn(|cx| pacer.poll_due(CHUNK, cx)).await;
        sleep(Duration::from_secs(7)).await;
        let resumed = Instant::now();
        for number in 1..100 {
            poll_fn(|cx| pacer.poll_due(CHUNK, cx)).await;
            let lead = (CHUNK * number).saturating_sub(resumed.elapsed());
            assert!(lead <= LEAD + CHUNK, "{lead:?} ahead at chunk {number}");
        }
    }
}
