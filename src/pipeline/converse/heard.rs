//! Which text a listener has heard.
//!
//! The samples of a segment are counted, so between two segments the place is exact. Inside of one it is a matter of how
//! long its words take to say.

use std::ops::Range;
use std::time::Duration;

use crate::pipeline::converse::said::Split;
use crate::pipeline::event::TimingSource;
use crate::pipeline::timing;
use crate::speech::Alignment;
use crate::speech::Segment;

/// A segment, and when it is heard, from the first sample of its utterance.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) segment: Segment,
    pub(super) heard: Range<Duration>,
}

/// Divides `written`, the text of an utterance, where a listener was who had heard `offset` of it. `places` are its segments
/// in order; `is_whole` says that there are no more.
pub(super) fn split(written: &str, places: &[Place], offset: Duration, is_whole: bool) -> Split {
    let (chars, source) = heard_chars(places, offset);
    let is_all = is_whole && places.last().is_none_or(|last| offset >= last.heard.end);
    let byte = written.char_indices().nth(chars).filter(|_| !is_all).map_or(written.len(), |(byte, _)| byte);
    let (spoken, remaining) = written.split_at(byte);
    Split { spoken: spoken.to_owned(), remaining: remaining.to_owned(), source }
}

/// How many code points of the utterance have been heard.
fn heard_chars(places: &[Place], offset: Duration) -> (usize, TimingSource) {
    let passed = places.iter().take_while(|place| place.heard.end <= offset).count();
    let before = passed.checked_sub(1).and_then(|last| places.get(last)).map_or(0, end_char);
    match places.get(passed).filter(|place| place.heard.start < offset) {
        Some(place) => (heard_words(place, offset).unwrap_or(before), TimingSource::Estimated),
        None => (before, TimingSource::Segment),
    }
}

/// Where the last word of `place` ends of which more than half has been heard.
fn heard_words(place: &Place, offset: Duration) -> Option<usize> {
    let words = timing::timing(&place.segment, place.heard.clone(), Alignment::Word).spans;
    let is_heard = |heard: &Range<Duration>| (heard.start + heard.end) / 2 <= offset;
    let last = words.iter().take_while(|word| is_heard(&word.heard)).last()?;
    Some(last.start_char + last.text.chars().count())
}

fn end_char(place: &Place) -> usize {
    place.segment.start_char + place.segment.chars
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Place;
    use super::split;
    use crate::engine::fake::segment;
    use crate::pipeline::event::TimingSource;

    const WRITTEN: &str = "One two three. Four five six. And more";

    fn places() -> [Place; 2] {
        let place = |text: &str, start_char, from, to| {
            let segment = crate::speech::Segment { start_char, ..segment(text, 0) };
            Place { segment, heard: Duration::from_millis(from)..Duration::from_millis(to) }
        };
        [place("One two three.", 0, 100, 1_200), place("Four five six.", 15, 1_500, 2_600)]
    }

    #[test]
    fn the_text_is_divided_between_words_and_between_segments() {
        use TimingSource::Estimated;
        use TimingSource::Segment;
        for (millis, spoken, source) in [
            (0, "", Segment),
            (100, "", Segment),
            (180, "", Estimated),
            (260, "One", Estimated),
            (600, "One two", Estimated),
            (1_150, "One two three.", Estimated),
            (1_200, "One two three.", Segment),
            (1_400, "One two three.", Segment),
            (1_900, "One two three. Four", Estimated),
            (2_600, "One two three. Four five six.", Segment),
            (9_000, "One two three. Four five six.", Segment),
        ] {
            let split = split(WRITTEN, &places(), Duration::from_millis(millis), false);
            assert_eq!((split.spoken.as_str(), split.source), (spoken, source), "after {millis} ms");
            assert_eq!(split.spoken + &split.remaining, WRITTEN);
        }
    }

    #[test]
    fn an_utterance_that_was_heard_to_its_end_was_heard_whole() {
        let split = split("Four five six. …", &places()[..1], Duration::from_secs(9), true);
        assert_eq!((split.spoken.as_str(), split.remaining.as_str()), ("Four five six. …", ""));
    }
}
