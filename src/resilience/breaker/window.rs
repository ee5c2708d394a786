//! How many of the last calls failed: counts in ten slots of time, the oldest of which is given up for each new one.

use std::time::Duration;

use tokio::time::Instant;

/// Slots that a window is divided into.
const SLOTS: u32 = 10;

/// Calls and faults of the last while.
pub(super) struct Window {
    origin: Instant,
    width: Duration,
    /// Number of the slot that is counted into, from the origin on.
    current: u128,
    slots: [Tally; SLOTS as usize],
}

/// Calls, and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Calls that began to speak or failed to.
    pub(super) calls: u32,
    /// Calls that failed, before their first audio or behind it.
    pub(super) faults: u32,
}

impl Window {
    /// An empty window that begins `now` and looks back over `length`.
    pub(super) fn new(length: Duration, now: Instant) -> Self {
        let width = (length / SLOTS).max(Duration::from_millis(1));
        Self { origin: now, width, current: 0, slots: Default::default() }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.slots = Default::default();
    }

    /// Adds `news` at `now`.
    pub(super) fn add(&mut self, news: Tally, now: Instant) {
        self.advance(now);
        if let Some(slot) = self.slots.get_mut(place(self.current)) {
            slot.calls = slot.calls.saturating_add(news.calls);
            slot.faults = slot.faults.saturating_add(news.faults);
        }
    }

    /// What is known of the last while, at `now`.
    pub(super) fn tally(&mut self, now: Instant) -> Tally {
        self.advance(now);
        self.slots.iter().fold(Tally::default(), |sum, slot| Tally {
            calls: sum.calls.saturating_add(slot.calls),
            faults: sum.faults.saturating_add(slot.faults),
        })
    }

    fn advance(&mut self, now: Instant) {
        let number = now.saturating_duration_since(self.origin).as_nanos() / self.width.as_nanos();
        for passed in (self.current + 1..=number).rev().take(SLOTS as usize) {
            if let Some(slot) = self.slots.get_mut(place(passed)) {
                *slot = Tally::default();
            }
        }
        self.current = self.current.max(number);
    }
}

/// Where the slot of this number is kept.
fn place(number: u128) -> usize {
    usize::try_from(number % u128::from(SLOTS)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::Tally;
    use super::Window;

    const CALL: Tally = Tally { calls: 1, faults: 0 };
    const FAULT: Tally = Tally { calls: 1, faults: 1 };

    #[test]
    fn what_is_older_than_the_window_does_not_count() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut window = Window::new(Duration::from_secs(30), start);
        window.add(FAULT, at(0));
        window.add(CALL, at(2));
        window.add(FAULT, at(29));
        assert_eq!(window.tally(at(29)), Tally { calls: 3, faults: 2 });
        assert_eq!(window.tally(at(30)), Tally { calls: 1, faults: 1 });
        assert_eq!(window.tally(at(56)), Tally { calls: 1, faults: 1 });
        assert_eq!(window.tally(at(57)), Tally::default());
    }

    #[test]
    fn a_long_silence_leaves_nothing_behind() {
        let start = Instant::now();
        let mut window = Window::new(Duration::from_secs(30), start);
        for second in 0..30 {
            window.add(FAULT, start + Duration::from_secs(second));
        }
        let later = start + Duration::from_hours(1000);
        assert_eq!(window.tally(later), Tally::default());
        window.add(CALL, later);
        window.add(CALL, start);
        assert_eq!(window.tally(later), Tally { calls: 2, faults: 0 });
    }
}
