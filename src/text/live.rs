//! What can be spoken of a text that is still being written.
//!
//! A sentence is taken only when nothing that may follow could prove that it goes on: so where it is cut does not depend on
//! how the text happened to arrive. The text itself lives elsewhere; what is taken is cut off its front.

use std::collections::VecDeque;
use std::ops::Range;

use crate::speech::Boundary;

use super::closing::closing;
use super::cut;
use super::segment::Limits;
use super::segment::Segments;
use super::segment::weight;
use super::sentences::Rules;
use super::sentences::is_terminator;
use super::sentences::line_ends;
use super::speakable::is_speakable;

/// How much of a text its language is guessed from, in bytes.
const SAMPLE_BYTES: usize = 2048;

/// How far a text has been read.
pub struct Live {
    limits: Limits,
    language: Language,
    /// Where the whole sentences end that stand at the front of what is left, in bytes.
    ends: VecDeque<usize>,
    /// Bytes at the front of what is left that are to be spoken as they stand.
    flushed: usize,
    /// Behind the whole sentences stands a mark that may end another one.
    has_mark: bool,
    is_whole: bool,
}

/// What may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// One sentence, or the few that reach the least length.
    Sentence,
    /// All sentences that are whole, as far as they fit.
    Sentences,
    /// The same, or else the first clause of a sentence of which so many letters or more are written.
    Clause(usize),
    /// Only what is to be spoken as it stands.
    Flushed,
}

/// What was taken off the front of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Bytes that are used up.
    pub used: usize,
    /// Those of them that are spoken, and what stands behind them; none if none can be.
    pub spoken: Option<(Range<usize>, Boundary)>,
}

impl Live {
    /// Pieces within `limits`. `language` is a BCP-47 tag; without it the language is guessed, better with each word.
    pub fn new(language: Option<String>, limits: Limits) -> Self {
        let language = Language::new(language);
        Self { limits, language, ends: VecDeque::new(), flushed: 0, has_mark: false, is_whole: false }
    }

    /// Reads `text`, all that is left, to which everything from byte `new` on was added.
    pub fn read(&mut self, text: &str, new: usize) {
        let added = &text[new..];
        self.language.read(added);
        self.has_mark |= added.contains(is_mark);
        while self.has_mark {
            let Some(sentence) = self.language.rules().certain_sentence(text, self.certain()) else { return };
            self.ends.push_back(sentence.end);
            self.has_mark = text[sentence.end..].contains(is_mark);
        }
    }

    /// Whatever `text` holds now is to be spoken, be it a whole sentence or not.
    pub fn flush(&mut self, text: &str) {
        self.flushed = text.len();
    }

    /// Nothing will be added.
    pub fn end(&mut self) {
        self.is_whole = true;
    }

    /// Takes the next piece off the front of `text`, all that is left, if there is a `unit`. The caller cuts it off.
    pub fn take(&mut self, text: &str, unit: Unit) -> Option<Taken> {
        let ready = self.ready(text, unit)?;
        let ready = match unit {
            Unit::Sentence | Unit::Clause(_) => self.first(&text[..ready]),
            Unit::Sentences | Unit::Flushed => ready,
        };
        let limits = Limits { target_chars: self.limits.max_chars, ..self.limits.clone() };
        let mut pieces = Segments::following(text[..ready].into(), self.language.rules(), limits);
        let spoken = pieces.next_range();
        let used = spoken.as_ref().map_or(ready, |spoken| spoken.end);
        self.ends = self.ends.iter().filter(|end| **end > used).map(|end| end - used).collect();
        self.flushed = self.flushed.saturating_sub(used);
        Some(Taken { used, spoken: spoken.map(|range| (range.clone(), closing(text, range.end))) })
    }

    /// Bytes at the front of `text` of which a `unit` may be taken.
    fn ready(&self, text: &str, unit: Unit) -> Option<usize> {
        let ordered = if self.is_whole { text.len() } else { self.flushed };
        let whole = ordered.max(if unit == Unit::Flushed { 0 } else { self.certain() });
        if ordered > 0 || (whole > 0 && self.is_enough(&text[..whole])) {
            return Some(whole).filter(|whole| *whole > 0);
        }
        let clause = match unit {
            Unit::Clause(least) if weight(text) >= least => self.clause(text),
            _ => None,
        };
        let is_too_long = || unit != Unit::Flushed && text.chars().count() > self.limits.max_chars;
        clause.or_else(|| is_too_long().then_some(text.len()))
    }

    /// The end of the first sentences of `text` that are enough; of all of it if none are. What cannot be spoken goes with
    /// what follows it, for that may be said before it is known what follows.
    fn first(&self, text: &str) -> usize {
        let enough = |end: &usize| self.is_enough(&text[..*end]);
        let certain = self.ends.iter().copied().take_while(|end| *end <= text.len());
        let rules = self.language.rules();
        // A clause may end in front of sentences that are known already, but are too short by themselves.
        let last = certain.clone().last().unwrap_or_default();
        let rest = std::iter::successors(Some(last), |end| Some(rules.sentence(text, *end)?.end)).skip(1);
        certain.chain(rest).find(enough).unwrap_or(text.len())
    }

    /// Bytes at the front of what is left that are whole sentences.
    fn certain(&self) -> usize {
        self.ends.back().copied().unwrap_or_default()
    }

    fn clause(&self, text: &str) -> Option<usize> {
        let min = self.limits.min_chars.max(1);
        cut::first_clause(text, 0..text.len(), self.language.rules(), min).filter(|end| is_speakable(&text[..*end]))
    }

    /// What cannot be spoken waits for company.
    fn is_enough(&self, text: &str) -> bool {
        text.trim_start().chars().count() >= self.limits.min_chars && is_speakable(text)
    }
}

/// A character behind which a sentence may end.
fn is_mark(c: char) -> bool {
    is_terminator(c) || line_ends(c) > 0
}

/// What the text is written in, as far as it has been read.
struct Language {
    tag: Option<String>,
    sample: String,
    /// Length of the sample when it was last looked at.
    looked: usize,
    rules: Rules,
}

impl Language {
    fn new(tag: Option<String>) -> Self {
        Self { rules: Rules::of("", tag.as_deref()), tag, sample: String::new(), looked: 0 }
    }

    /// The more is known, the less often a few words more can change it: so it is guessed anew whenever there is twice as
    /// much to go by.
    fn read(&mut self, added: &str) {
        if self.tag.is_some() || self.sample.len() >= SAMPLE_BYTES {
            return;
        }
        self.sample.push_str(added);
        if self.sample.len() >= self.looked * 2 {
            self.looked = self.sample.len();
            self.rules = Rules::of(&self.sample, None);
        }
    }

    fn rules(&self) -> Rules {
        self.rules
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use proptest::prelude::*;

    use super::Limits;
    use super::Live;
    use super::Taken;
    use super::Unit;

    fn limits(min_chars: usize, max_chars: usize) -> Limits {
        Limits { max_chars, min_chars, ..Limits::default() }
    }

    /// A writer and a reader of one text.
    struct Desk {
        live: Live,
        left: String,
    }

    impl Desk {
        fn new(language: &str, limits: Limits) -> Self {
            Self { live: Live::new(Some(language.to_owned()), limits), left: String::new() }
        }

        fn write(&mut self, delta: &str) {
            let new = self.left.len();
            self.left.push_str(delta);
            self.live.read(&self.left, new);
        }

        fn take(&mut self, unit: Unit) -> Option<String> {
            loop {
                let Taken { used, spoken } = self.live.take(&self.left, unit)?;
                let spoken = spoken.map(|(range, _)| self.left[range].to_owned());
                self.left.drain(..used);
                if spoken.is_some() {
                    return spoken;
                }
            }
        }

        /// What can be taken of `deltas` as soon as each of them is written, and at the end.
        fn read(mut self, deltas: &[&str], unit: Unit) -> Vec<String> {
            let mut taken = Vec::new();
            for delta in deltas {
                self.write(delta);
                taken.extend(std::iter::from_fn(|| self.take(unit)));
            }
            self.live.end();
            taken.extend(std::iter::from_fn(|| self.take(unit)));
            taken
        }
    }

    #[test]
    fn a_clause_may_end_in_front_of_a_sentence_that_is_too_short() {
        let mut desk = Desk::new("en", limits(26, 300));
        desk.write(&format!("{}It was, so. Yes. And then", " ".repeat(20)));
        assert_eq!(desk.take(Unit::Clause(1)).as_deref(), Some("It was,"));
    }

    #[test]
    fn a_sentence_is_taken_once_the_next_one_begins() {
        let mut desk = Desk::new("en", limits(1, 300));
        for (delta, sentence) in [
            ("It costs", None),
            (" 98.", None),
            ("6 dollars", None),
            (".", None),
            (" ", None),
            ("Yes", Some("It costs 98.6 dollars.")),
            (", said Dr.", None),
            (" Smith!", None),
            ("\n\n", Some("Yes, said Dr. Smith!")),
            ("今天很好。", None),
            ("明", Some("今天很好。")),
        ] {
            desk.write(delta);
            assert_eq!(desk.take(Unit::Sentence).as_deref(), sentence, "{delta:?}");
        }
    }

    #[test]
    fn short_sentences_wait_for_company_unless_it_is_the_end() {
        let deltas = ["Hi! Oh. ", "How are you today? Well", ". Fine."];
        assert_eq!(
            Desk::new("en", limits(20, 300)).read(&deltas, Unit::Sentence),
            ["Hi! Oh. How are you today?", "Well. Fine."]
        );
        let one_by_one = ["Hi!", "Oh.", "How are you today?", "Well.", "Fine."];
        assert_eq!(Desk::new("en", limits(1, 300)).read(&deltas, Unit::Sentence), one_by_one);
    }

    #[test]
    fn all_whole_sentences_go_together_as_far_as_they_fit() {
        let mut desk = Desk::new("en", limits(1, 40));
        desk.write("One is here. Two is here. Three is here. Four is here. Five");
        assert_eq!(desk.take(Unit::Sentences).unwrap(), "One is here. Two is here. Three is here.");
        assert_eq!(desk.take(Unit::Sentences).unwrap(), "Four is here.");
        assert_eq!(desk.take(Unit::Sentences), None);
    }

    #[test]
    fn a_clause_is_taken_of_a_sentence_that_is_long_in_coming() {
        let mut desk = Desk::new("en", limits(20, 300));
        desk.write("When the long winter was over, and the ");
        assert_eq!(desk.take(Unit::Clause(60)), None);
        desk.write("snow had gone from all of the hills");
        assert_eq!(desk.take(Unit::Sentence), None);
        assert_eq!(desk.take(Unit::Clause(60)).unwrap(), "When the long winter was over,");
    }

    #[test]
    fn what_has_no_end_is_cut_where_it_has_to_be() {
        let words = "word ".repeat(30);
        let taken = Desk::new("en", limits(1, 64)).read(&[&words], Unit::Sentence);
        assert!(taken.iter().all(|piece| piece.len() <= 64), "{taken:?}");
        assert_eq!(taken.join(" "), words.trim_end());
    }

    #[test]
    fn flushed_text_is_taken_as_it_stands() {
        let mut desk = Desk::new("en", limits(20, 300));
        desk.write("One moment");
        assert_eq!(desk.take(Unit::Sentences), None);
        desk.live.flush(&desk.left);
        desk.write(" please. ");
        assert_eq!(desk.take(Unit::Flushed).unwrap(), "One moment");
        assert_eq!(desk.take(Unit::Flushed), None);
        assert_eq!(desk.left, " please. ");
    }

    #[test]
    fn what_cannot_be_spoken_is_used_up() {
        let mut desk = Desk::new("en", limits(1, 100));
        desk.write(&"… ".repeat(200));
        assert_eq!(desk.take(Unit::Sentences), None);
        assert!(desk.left.chars().count() <= 100, "{}", desk.left.len());
    }

    fn text() -> impl Strategy<Value = String> {
        let words = [
            "Dr.",
            "Smith",
            "98.",
            "6",
            "e.g.",
            "…",
            "\"No!\"",
            "(well",
            "so)",
            "Yes.",
            "no.",
            "I",
            "U.S.",
            "例。",
            "好！",
            "1.",
            "-",
            "a,",
            "b;",
            "\n",
            "\n\n",
            "👩‍👩‍👧",
            "etc.",
            "http://a.b/c?d",
            "é",
            "What?!",
            "A.",
            "“Go.”",
            "im 19.",
            "*",
        ];
        prop::collection::vec(
            (prop::sample::select(words.to_vec()), prop::sample::select(vec!["", " ", " ", " ", "  "])),
            0..60,
        )
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
    }

    /// `text` cut into deltas at arbitrary code points.
    fn split<'t>(text: &'t str, cuts: &[usize]) -> Vec<&'t str> {
        let places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        let mut ends: Vec<_> =
            cuts.iter().filter(|_| !places.is_empty()).map(|cut| places[cut % places.len()]).collect();
        ends.extend([0, text.len()]);
        ends.sort_unstable();
        ends.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
    }

    proptest! {
        #[test]
        fn sentences_are_the_same_however_the_text_arrives(
            text in text(), cuts in prop::collection::vec(any::<usize>(), 0..40), language in prop::sample::select(vec!["en", "de", "und"]),
        ) {
            let whole = Desk::new(language, limits(1, 4000)).read(&[&text], Unit::Sentence);
            let split = Desk::new(language, limits(1, 4000)).read(&split(&text, &cuts), Unit::Sentence);
            prop_assert_eq!(&whole, &split);
        }

        #[test]
        fn every_word_is_spoken_once_and_in_order(
            text in text(), cuts in prop::collection::vec(any::<usize>(), 0..40), min in 1..30_usize, max in 30..80_usize,
            units in prop::collection::vec(prop::sample::select(vec![Unit::Sentence, Unit::Sentences, Unit::Clause(40)]), 1..8),
        ) {
            let mut desk = Desk::new("en", limits(min, max));
            let mut taken = Vec::new();
            for (turn, delta) in split(&text, &cuts).into_iter().enumerate() {
                desk.write(delta);
                if turn % 7 == 6 {
                    desk.live.flush(&desk.left);
                }
                taken.extend(desk.take(units[turn % units.len()]));
            }
            desk.live.end();
            taken.extend(std::iter::from_fn(|| desk.take(Unit::Sentences)));
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            prop_assert_eq!(letters(&taken.concat()), letters(&text));
            prop_assert!(taken.iter().all(|piece| piece.chars().count() <= max), "{:?}", taken);
        }
    }
}
