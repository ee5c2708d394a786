//! The listener's clock: how much of what was sent is still to be heard.
//!
//! Nobody tells the server what has been played. But whoever plays audio as it comes, and stops when there is none, has heard
//! all of it at a time that can be told from when it was sent.

use std::time::Duration;

use tokio::time::Instant;

/// Somebody who plays what comes without a pause.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Listener {
    dry_at: Option<Instant>,
}

impl Listener {
    /// So much audio leaves now.
    pub(super) fn receive(&mut self, playing: Duration) {
        self.dry_at = Some(self.dry_at() + playing);
    }

    /// When all is heard that was sent; now, if it is.
    pub(super) fn dry_at(&self) -> Instant {
        let now = Instant::now();
        self.dry_at.map_or(now, |dry_at| dry_at.max(now))
    }

    /// When the last of what was sent is, or was, heard; none if nothing was sent.
    pub(super) fn last_heard(&self) -> Option<Instant> {
        self.dry_at
    }

    /// What was not heard yet has been thrown away.
    pub(super) fn drop_all(&mut self) {
        self.dry_at = None;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;
    use tokio::time::sleep;

    use super::Listener;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn what_was_sent_is_heard_in_its_time_and_silence_does_not_count() {
        let (mut listener, begun) = (Listener::default(), Instant::now());
        listener.receive(2 * SECOND);
        listener.receive(3 * SECOND);
        assert_eq!(listener.dry_at() - begun, 5 * SECOND);
        sleep(4 * SECOND).await;
        assert_eq!(listener.dry_at() - begun, 5 * SECOND);
        sleep(6 * SECOND).await;
        listener.receive(SECOND);
        assert_eq!(listener.dry_at() - begun, 11 * SECOND);
        listener.drop_all();
        assert_eq!(listener.dry_at() - begun, 10 * SECOND);
    }
}
