//! The segments that have ended, until the caller has all of their audio.
//!
//! When an engine has spoken a segment, some of its audio is still held back: by a filter, for a chunk of a fixed length, for
//! the pace of its playing, by a reader who has stopped. So where a caller may go on after a failure, and when the timing
//! of a segment is due, depends on what has left and not on what was spoken.

use std::collections::VecDeque;
use std::time::Duration;

use crate::pipeline::event::Sent;
use crate::pipeline::event::Timing;

/// Ended segments in order.
#[derive(Default)]
pub(super) struct Trail(VecDeque<Ended>);

/// A segment whose audio has been made, save for what filters hold back.
struct Ended {
    /// Where its text begins, in code points of the utterance.
    start_char: usize,
    /// When its speech ends, where that is known.
    end: Option<Duration>,
    /// Chunks that had been made then.
    chunks: u64,
    timing: Option<Timing>,
}

impl Trail {
    /// A segment has ended; `made` says what is ready to leave, and `timing` is to be told behind its audio.
    pub(super) fn end(&mut self, start_char: usize, end: Option<Duration>, made: &Sent, timing: Option<Timing>) {
        self.0.push_back(Ended { start_char, end, chunks: made.chunks, timing });
    }

    /// The timing that is due once `made` is ready to leave; all of it if nothing more will be made.
    pub(super) fn due(&mut self, made: &Sent, is_all: bool) -> impl Iterator<Item = Timing> {
        let made = *made;
        self.0
            .iter_mut()
            .take_while(move |ended| is_all || ended.is_within(&made))
            .filter_map(|ended| ended.timing.take())
    }

    /// Forgets the segments all of which `sent` holds, and about which all was told.
    pub(super) fn pass(&mut self, sent: &Sent) {
        while self.0.front().is_some_and(|ended| ended.timing.is_none() && ended.is_within(sent)) {
            self.0.pop_front();
        }
    }

    /// Where the text of the first segment begins that the caller does not have whole; none if all that ended has left.
    pub(super) fn resume_char(&self) -> Option<usize> {
        self.0.front().map(|ended| ended.start_char)
    }
}

impl Ended {
    fn is_within(&self, audio: &Sent) -> bool {
        let reaches = |end: Duration| audio.duration.is_none_or(|duration| duration >= end);
        audio.chunks >= self.chunks && self.end.is_none_or(reaches)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Trail;
    use crate::pipeline::event::Sent;
    use crate::pipeline::event::Timing;
    use crate::pipeline::event::TimingSource;

    fn audio(chunks: u64, seconds: u64) -> Sent {
        Sent { chunks, duration: Some(Duration::from_secs(seconds)), ..Sent::default() }
    }

    #[test]
    fn a_segment_counts_as_heard_only_when_all_of_it_has_left() {
        let mut trail = Trail::default();
        trail.end(0, Some(Duration::from_secs(5)), &audio(10, 4), None);
        trail.end(70, Some(Duration::from_secs(9)), &audio(20, 8), None);
        for (sent, resume) in
            [((9, 4), Some(0)), ((10, 4), Some(0)), ((11, 5), Some(70)), ((30, 8), Some(70)), ((31, 9), None)]
        {
            trail.pass(&audio(sent.0, sent.1));
            assert_eq!(trail.resume_char(), resume, "{sent:?}");
        }
    }

    #[test]
    fn timing_is_due_behind_its_audio_and_at_the_end_in_any_case() {
        let mut trail = Trail::default();
        for (start, end) in [(0, 5), (70, 9), (90, 12)] {
            let timing = Timing { source: TimingSource::Segment, spans: Vec::new() };
            trail.end(start, Some(Duration::from_secs(end)), &audio(1, 4), Some(timing));
        }
        assert_eq!(trail.due(&audio(1, 4), false).count(), 0);
        assert_eq!(trail.due(&audio(2, 9), false).count(), 2);
        assert_eq!(trail.due(&audio(2, 9), true).count(), 1);
        assert_eq!(trail.due(&audio(2, 9), true).count(), 0);
    }

    #[test]
    fn timing_that_was_not_told_is_not_forgotten() {
        let mut trail = Trail::default();
        let timing = Timing { source: TimingSource::Segment, spans: Vec::new() };
        trail.end(0, Some(Duration::from_secs(5)), &audio(1, 5), Some(timing));
        trail.pass(&audio(1, 5));
        assert_eq!(trail.due(&audio(1, 5), false).count(), 1);
    }
}
