//! How long the voice rests between two segments.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::fault::Fault;
use crate::speech::Boundary;

use super::samples_of;

/// Longest pause that can be set. What the silence between two segments may occupy in memory follows from it.
const LONGEST: Duration = Duration::from_secs(2);

/// Pauses between segments, each from the last audible sample to the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Pauses {
    /// Between two words, where a text had to be cut.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub word: Duration,
    /// After a clause: a comma, a semicolon, a colon, a dash.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub clause: Duration,
    /// After a sentence.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub sentence: Duration,
    /// After a paragraph.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub paragraph: Duration,
}

/// What a practised reader does at a lively pace. Between words there is no pause in fluent speech; 30 ms is about the
/// closure of a plosive, which nobody hears as one. A comma takes a short pause (below 200 ms), a full stop one of about
/// twice that, and a paragraph twice as much again, so that each can be told from the one below it.
impl Default for Pauses {
    fn default() -> Self {
        Self {
            word: Duration::from_millis(30),
            clause: Duration::from_millis(180),
            sentence: Duration::from_millis(350),
            paragraph: Duration::from_millis(700),
        }
    }
}

impl Pauses {
    /// Everything that is wrong with them.
    pub fn validate(&self) -> Vec<Fault> {
        let pauses =
            [("word", self.word), ("clause", self.clause), ("sentence", self.sentence), ("paragraph", self.paragraph)];
        pauses
            .into_iter()
            .filter(|&(_, pause)| pause > LONGEST)
            .map(|(field, _)| Fault::new(field, "must be at most 2s"))
            .collect()
    }

    /// The pause behind a segment that ends with `boundary`, in samples; never more than the longest that can be set.
    pub(super) fn samples(&self, boundary: Boundary) -> usize {
        let pause = match boundary {
            Boundary::Word => self.word,
            Boundary::Clause => self.clause,
            Boundary::Sentence => self.sentence,
            Boundary::Paragraph => self.paragraph,
        };
        samples_of(pause.min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::time::Duration;

    use crate::speech::Boundary;

    use super::Pauses;

    #[test]
    fn the_usual_pauses_are_valid_and_grow_with_the_boundary() {
        let pauses = Pauses::default();
        assert!(pauses.validate().is_empty());
        let boundaries = [Boundary::Word, Boundary::Clause, Boundary::Sentence, Boundary::Paragraph];
        let samples = boundaries.map(|boundary| pauses.samples(boundary));
        assert_eq!(samples, [720, 4_320, 8_400, 16_800]);
    }

    #[test]
    fn a_pause_beyond_two_seconds_is_a_fault_and_is_not_made() {
        let pauses = Pauses { clause: Duration::from_secs(u64::MAX), ..Pauses::default() };
        assert_eq!(pauses.validate().iter().map(|fault| fault.key.as_str()).collect::<Vec<_>>(), ["clause"]);
        assert_eq!(pauses.samples(Boundary::Clause), 48_000);
    }

    #[test]
    fn they_are_read_as_durations_and_nothing_else() {
        let pauses: Pauses = toml::from_str("sentence = '0.5s'").unwrap();
        assert_eq!(pauses, Pauses { sentence: Duration::from_millis(500), ..Pauses::default() });
        assert!(toml::from_str::<Pauses>("comma = '1s'").is_err());
    }
}
