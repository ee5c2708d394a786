//! When the text is heard: each segment exactly, each word as well as its length tells.

use std::ops::Range;
use std::time::Duration;

use crate::pipeline::event::TimedText;
use crate::pipeline::event::Timing;
use crate::pipeline::event::TimingSource;
use crate::speech::Alignment;
use crate::speech::Segment;
use crate::text;
use crate::text::Word;

/// The timing of `segment`, whose speech lies at `heard`, counted from the first sample of the call.
pub(super) fn timing(segment: &Segment, heard: Range<Duration>, alignment: Alignment) -> Timing {
    match alignment {
        Alignment::Segment => {
            let (start_char, text) = segment.quote(0..segment.text.chars().count());
            Timing { source: source(alignment), spans: vec![TimedText { text: text.to_owned(), start_char, heard }] }
        }
        Alignment::Word => Timing { source: source(alignment), spans: words(segment, &heard) },
    }
}

/// How sure times are.
pub(super) fn source(alignment: Alignment) -> TimingSource {
    match alignment {
        Alignment::Segment => TimingSource::Segment,
        Alignment::Word => TimingSource::Estimated,
    }
}

/// The words of `segment`, each with the share of the time that its letters and the pauses around it suggest.
fn words(segment: &Segment, heard: &Range<Duration>) -> Vec<TimedText> {
    let words = text::words(&segment.text);
    let pause_behind = |index: usize, word: &Word<'_>| if index + 1 < words.len() { word.pause } else { 0 };
    let whole: usize = words.iter().enumerate().map(|(index, word)| word.weight + pause_behind(index, word)).sum();
    let at = |weight: usize| heard.start + share(heard.end.saturating_sub(heard.start), weight, whole);
    let mut passed = 0;
    let mut spans: Vec<TimedText> = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let heard = at(passed)..at(passed + word.weight);
        passed += word.weight + pause_behind(index, word);
        let (start_char, text) = segment.quote(word.start..word.start + word.text.chars().count());
        match spans.last_mut().filter(|last| last.start_char == start_char) {
            // Several words are said for one that was written.
            Some(last) => last.heard.end = heard.end,
            None => spans.push(TimedText { text: text.to_owned(), start_char, heard }),
        }
    }
    spans
}

/// `part` of `whole` of `duration`.
fn share(duration: Duration, part: usize, whole: usize) -> Duration {
    let nanos = duration.as_nanos() * part as u128 / (whole as u128).max(1);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::timing;
    use crate::engine::fake::segment;
    use crate::speech::Alignment;
    use crate::speech::Processing;
    use crate::speech::Pronunciation;
    use crate::speech::Segment;
    use crate::speech::Written;
    use crate::text::Cleaner;
    use crate::text::Script;

    const HEARD: std::ops::Range<Duration> = Duration::from_secs(10)..Duration::from_secs(14);

    #[test]
    fn a_segment_is_where_its_speech_lies() {
        let timing = timing(&segment("Oh no, go.", 3), HEARD, Alignment::Segment);
        assert_eq!(timing.spans.len(), 1);
        assert_eq!((timing.spans[0].text.as_str(), timing.spans[0].start_char), ("Oh no, go.", 300));
        assert_eq!(timing.spans[0].heard, HEARD);
    }

    #[test]
    fn words_share_its_time_by_their_length_and_leave_pauses() {
        // Weights 2, 3, a pause of 3, and 3: eleven shares of four seconds.
        let timing = timing(&segment("Oh no, go.", 3), HEARD, Alignment::Word);
        let since = |time: Duration| time.as_millis() - HEARD.start.as_millis();
        let spans: Vec<_> = timing
            .spans
            .iter()
            .map(|span| (span.text.as_str(), span.start_char, since(span.heard.start), since(span.heard.end)))
            .collect();
        assert_eq!(spans, [("Oh", 300, 0, 727), ("no,", 303, 727, 1818), ("go.", 307, 2909, 4000)]);
    }

    #[test]
    fn the_callers_own_words_are_told_whatever_is_said_for_them() {
        let mut script = Script::new();
        let pronunciations = vec![Pronunciation {
            phrase: "SQL".to_owned(),
            replacement: "sequel now".to_owned(),
            ..Pronunciation::default()
        }];
        let mut cleaner = Cleaner::new(&Processing { strip_markdown: true, pronunciations, ..Processing::default() });
        cleaner.push("a **big** SQL b", &mut script);
        cleaner.settle(&mut script);
        assert_eq!(script.text(), "a big sequel now b");
        let tracks = script.tracks(0..script.text().len());
        let written = Written { text: "a **big** SQL b".into(), tracks };
        let plain = segment(script.text(), 0);
        let spoken = Segment { chars: 15, written: Some(written.into()), ..plain };
        let spans = timing(&spoken, HEARD, Alignment::Word).spans;
        let told: Vec<_> = spans.iter().map(|span| (span.text.as_str(), span.start_char)).collect();
        assert_eq!(told, [("a", 0), ("big", 4), ("SQL", 10), ("b", 14)]);
        assert!(spans.windows(2).all(|pair| pair[0].heard.end <= pair[1].heard.start));
        let whole = timing(&spoken, HEARD, Alignment::Segment).spans;
        assert_eq!((whole[0].text.as_str(), whole[0].start_char), ("a **big** SQL b", 0));
    }
}
