//! The sessions that are alike, and how patiently more of them are opened.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::session::Session;

/// How long nobody tries to open a session ahead after that has failed once, and after it has failed again and again.
const MIN_WAIT: Duration = Duration::from_secs(5);
const MAX_WAIT: Duration = Duration::from_mins(2);

/// The sessions of one key.
pub(super) struct Shelf {
    pub(super) sessions: Vec<Arc<Session>>,
    /// When it was asked for last.
    pub(super) wanted: Instant,
    /// Sessions that are being opened ahead.
    pub(super) refills: usize,
    /// How often none was to be had, or did not last, since one did.
    failures: u32,
    /// When that happened last.
    failed_at: Instant,
    /// None is opened ahead before this.
    again_at: Instant,
}

impl Default for Shelf {
    fn default() -> Self {
        let now = Instant::now();
        Self { sessions: Vec::new(), wanted: now, refills: 0, failures: 0, failed_at: now, again_at: now }
    }
}

impl Shelf {
    /// No session was to be had, or not for long. Shelves that failed together are not tried again together.
    pub(super) fn fail(&mut self, now: Instant, may_pass: bool) {
        self.failures = if may_pass { self.failures.saturating_add(1) } else { u32::MAX };
        let doublings = self.failures.saturating_sub(1).min(16);
        let wait = (MIN_WAIT * 2_u32.pow(doublings)).min(MAX_WAIT);
        self.failed_at = now;
        self.again_at = now + wait.mul_f64(0.5 + 0.5 * rand::random::<f64>());
    }

    /// Forgets the sessions that are over, and learns from them.
    pub(super) fn forget_over(&mut self, now: Instant) {
        if self.sessions.iter().any(|session| session.died_young(now)) {
            self.fail(now, true);
        } else if self.sessions.iter().any(|session| session.born > self.failed_at && session.has_lived(now)) {
            self.failures = 0;
        }
        self.sessions.retain(|session| !session.is_over());
    }

    /// Lets go of what is old or unused; `wanted` are to stand by, and `is_crowded` tells that no session can be opened beside
    /// those that there are.
    pub(super) fn tidy(&mut self, now: Instant, wanted: usize, idle_timeout: Duration, is_crowded: bool) {
        let is_old = |session: &&Arc<Session>| session.old_at <= now;
        let (old, young): (Vec<_>, Vec<_>) =
            self.sessions.iter().filter(|session| session.is_usable()).partition(is_old);
        let free = young.iter().filter(|session| session.busy() == 0).count();
        // An old one stays until the one that takes its place is there, unless its server is about to end it or there is no
        // room for both.
        let must_go = |session: &&&Arc<Session>| {
            free >= wanted || session.ends_at.is_some_and(|end| end <= now) || (is_crowded && session.busy() == 0)
        };
        old.iter().filter(must_go).for_each(|session| session.retire());
        let is_unused = |session: &&&Arc<Session>| {
            session.idle_since().is_some_and(|since| now.saturating_duration_since(since) >= idle_timeout)
        };
        for session in young.iter().filter(is_unused).take(free.saturating_sub(wanted)) {
            session.retire();
        }
        self.forget_over(now);
    }

    /// How many sessions are missing of the `wanted` that are to stand by.
    pub(super) fn missing(&self, now: Instant, wanted: usize) -> usize {
        if self.again_at > now {
            return 0;
        }
        let is_free = |session: &&Arc<Session>| session.is_usable() && session.old_at > now && session.busy() == 0;
        wanted.saturating_sub(self.sessions.iter().filter(is_free).count() + self.refills)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::MAX_WAIT;
    use super::MIN_WAIT;
    use super::Shelf;

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_that_lets_nobody_in_is_asked_less_and_less_often() {
        let mut shelf = Shelf::default();
        let now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..20 {
            shelf.fail(now, true);
            assert_eq!(shelf.missing(now, 1), 0);
            waits.push(shelf.again_at - now);
        }
        assert!(waits[0] >= MIN_WAIT / 2 && waits[0] <= MIN_WAIT, "{waits:?}");
        assert!(waits[19] >= MAX_WAIT / 2 && waits[19] <= MAX_WAIT, "{waits:?}");
        assert_eq!(shelf.missing(now + MAX_WAIT, 1), 1);
        // A refusal that will not pass is not tried again soon.
        let mut refused = Shelf::default();
        refused.fail(now, false);
        assert_eq!(refused.missing(now + MAX_WAIT / 2 - Duration::from_secs(1), 1), 0);
    }
}
