//! Keeps audio from running far ahead of its playing.
//!
//! A bridge to a telephone plays what it gets, and what it has not played when the listener interrupts is thrown away. So
//! audio may be asked for near real time: the first chunk at once, the others when no more than the lead would wait to be
//! played. A listener who runs dry goes on when audio comes, so the clock is set back with him, and the lead stays what it
//! was meant to be.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;

use crate::pipeline::event::Span;

/// The clock of a listener who plays without a pause.
pub(super) struct Pacer {
    lead: Duration,
    /// When the first sample would have played, for one who never ran dry.
    origin: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Pacer {
    /// Lets at most `lead` of audio, and the chunk on top of it, wait to be played.
    pub(super) fn new(lead: Duration) -> Self {
        Self { lead, origin: None, alarm: None }
    }

    /// Ready once the chunk that plays at `span` may leave, which it then has to.
    pub(super) fn poll_due(&mut self, span: Span, cx: &mut Context<'_>) -> Poll<()> {
        let now = Instant::now();
        let origin = *self.origin.get_or_insert(now);
        let due = origin + span.start.saturating_sub(self.lead);
        if now < due {
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(due)));
            if alarm.deadline() != due {
                alarm.as_mut().reset(due);
            }
            ready!(alarm.as_mut().poll(cx));
        }
        if now > origin + span.start {
            self.origin = Some(now.checked_sub(span.start).unwrap_or(origin));
        }
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
    use crate::pipeline::event::Span;

    const CHUNK: Duration = Duration::from_millis(20);
    const LEAD: Duration = Duration::from_millis(500);

    fn chunk(number: u32) -> Span {
        Span { start: CHUNK * number, duration: CHUNK }
    }

    #[tokio::test(start_paused = true)]
    async fn the_lead_is_reached_at_once_and_never_passed() {
        let (mut pacer, begun) = (Pacer::new(LEAD), Instant::now());
        for number in 0..3_000 {
            poll_fn(|cx| pacer.poll_due(chunk(number), cx)).await;
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
        poll_fn(|cx| pacer.poll_due(chunk(0), cx)).await;
        sleep(Duration::from_secs(7)).await;
        let resumed = Instant::now();
        for number in 1..100 {
            poll_fn(|cx| pacer.poll_due(chunk(number), cx)).await;
            let lead = (CHUNK * number).saturating_sub(resumed.elapsed());
            assert!(lead <= LEAD + CHUNK, "{lead:?} ahead at chunk {number}");
        }
    }
}
