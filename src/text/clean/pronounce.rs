//! Words that are said in another way than they are written.
//!
//! At each place the rules are tried in their order, and the first that matches wins; so a place is only decided once
//! all rules in front of that one have failed. What is put in is never looked at again.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::mem;

use super::Stage;
use super::glyph::Glyph;
use super::phrase::Phrase;
use super::phrase::Progress;
use super::phrase::key;
use crate::speech::MAX_PHRASE;
use crate::speech::Pronunciation;

/// How many code points may wait, most of them white space within a phrase: more of it matches no phrase.
pub(super) const MAX_HELD: usize = 1_000;

/// How far the rules were tried at the present place.
#[derive(Clone, Copy, Default)]
struct Trial {
    /// Which of the rules that may match there.
    nth: usize,
    /// How many of the code points that wait it has read.
    read: usize,
    progress: Progress,
}

impl Trial {
    /// The next rule, from the beginning.
    fn next(self) -> Self {
        Self { nth: self.nth + 1, ..Self::default() }
    }
}

/// What holds at the present place.
enum Outcome {
    /// It is not known yet.
    Wait(Trial),
    /// No rule matches.
    Keep,
    /// The rule with this number matches so many code points.
    Replace(usize, usize),
}

/// Says phrases as the rules want.
pub(super) struct Pronounce {
    phrases: Vec<Phrase>,
    /// The numbers of the phrases, in order, by what they begin with.
    by_first: HashMap<char, Vec<usize>>,
    /// The last code point of the text that was decided, as it was before.
    before: Option<char>,
    /// From the present place on.
    waiting: VecDeque<Glyph>,
    trial: Trial,
}

impl Pronounce {
    pub(super) fn new(pronunciations: &[Pronunciation]) -> Self {
        let phrases = pronunciations.iter().filter_map(Phrase::new).filter(|phrase| phrase.len() <= MAX_PHRASE);
        let phrases: Vec<Phrase> = phrases.collect();
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (number, first) in phrases.iter().map(Phrase::first).enumerate() {
            if let Some(first) = first {
                by_first.entry(first).or_default().push(number);
            }
        }
        Self { phrases, by_first, before: None, waiting: VecDeque::new(), trial: Trial::default() }
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_idle(&self) -> bool {
        self.phrases.is_empty()
    }

    fn read(&mut self, is_last: bool, out: &mut Vec<Glyph>) {
        while let Some(head) = self.waiting.front().copied() {
            match self.outcome(head, is_last) {
                Outcome::Wait(trial) => {
                    self.trial = trial;
                    return;
                }
                Outcome::Keep => {
                    self.waiting.pop_front();
                    self.before = Some(head.char);
                    out.push(head);
                }
                Outcome::Replace(number, length) => self.replace(number, length, out),
            }
        }
    }

    /// Goes on trying the rules at the present place, where `head` stands.
    fn outcome(&mut self, head: Glyph, is_last: bool) -> Outcome {
        let mut trial = mem::take(&mut self.trial);
        let numbers = key(head.char).and_then(|key| self.by_first.get(&key)).map_or(&[][..], Vec::as_slice);
        let is_full = self.waiting.len() >= MAX_HELD;
        while let Some((number, phrase)) = numbers.get(trial.nth).and_then(|&n| Some((n, self.phrases.get(n)?))) {
            let next = self.waiting.get(trial.read);
            if trial.read == 0 && !phrase.begins_behind(self.before) {
                trial = trial.next();
            } else if phrase.is_whole(trial.progress) {
                match next {
                    Some(next) if !phrase.ends_before(next.char) => trial = trial.next(),
                    None if is_full => trial = trial.next(),
                    None if !is_last && !phrase.ends_anywhere() => return Outcome::Wait(trial),
                    _ => return Outcome::Replace(number, trial.read),
                }
            } else {
                match next.map(|next| phrase.read(trial.progress, next.char)) {
                    Some(Some(progress)) => trial = Trial { read: trial.read + 1, progress, ..trial },
                    None if !is_last && !is_full => return Outcome::Wait(trial),
                    _ => trial = trial.next(),
                }
            }
        }
        Outcome::Keep
    }

    /// Says the phrase with that number for the first `length` code points that wait.
    fn replace(&mut self, number: usize, length: usize, out: &mut Vec<Glyph>) {
        let replaced: Vec<Glyph> = self.waiting.drain(..length).collect();
        let (Some(phrase), Some(first), Some(last)) = (self.phrases.get(number), replaced.first(), replaced.last())
        else {
            return;
        };
        let source = first.source.to(last.source);
        self.before = Some(last.char);
        out.extend(phrase.replacement.chars().map(|c| Glyph::standing_for(c, source)));
    }
}

impl Stage for Pronounce {
    fn push(&mut self, glyph: Glyph, out: &mut Vec<Glyph>) {
        self.waiting.push_back(glyph);
        self.read(false, out);
    }

    fn settle(&mut self, out: &mut Vec<Glyph>) {
        self.read(true, out);
    }

    fn held(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use crate::speech::Processing;
    use crate::speech::Pronunciation;
    use crate::text::clean::tests::cleaned;

    fn rules(rules: &[(&str, &str, bool)]) -> Processing {
        let pronunciation = |&(phrase, replacement, case_sensitive): &(&str, &str, bool)| Pronunciation {
            phrase: phrase.into(),
            replacement: replacement.into(),
            case_sensitive,
        };
        Processing { pronunciations: rules.iter().map(pronunciation).collect(), ..Processing::default() }
    }

    fn said(phrase: &str, text: &str) -> String {
        cleaned(&rules(&[(phrase, "<>", false)]), text)
    }

    #[test]
    fn whole_words_are_replaced() {
        assert_eq!(
            said("SQL", "SQL, sql; MySQL SQLite 2SQL SQL2 SQL_x (SQL)"),
            "<>, <>; MySQL SQLite 2SQL SQL2 <>_x (<>)"
        );
        assert_eq!(said("C++", "C++ is c++, C++11 but not AC++"), "<> is <>, <>11 but not AC++");
        assert_eq!(said(".NET", "ASP.NET, .NET and .NETs"), "ASP<>, <> and .NETs");
        assert_eq!(said("cafe", "cafe\u{301} cafe"), "cafe\u{301} <>");
        assert_eq!(said("St", "St. St, stst"), "<>. <>, stst");
        assert_eq!(said("a", "a a aa a"), "<> <> aa <>");
    }

    #[test]
    fn any_white_space_matches_a_blank() {
        assert_eq!(said("New  York ", "New York, new\n  york NewYork New Yorker"), "<>, <> NewYork New Yorker");
        assert_eq!(said("a b", &format!("a{}b", " ".repeat(990))), "<>");
        let far = format!("a{}b", " ".repeat(1_990));
        assert_eq!(said("a b", &far), far);
    }

    #[test]
    fn case_is_that_of_unicode() {
        assert_eq!(said("ΟΔΟΣ", "οδος ΟΔΟΣ οδοσ"), "<> <> <>");
        assert_eq!(said("straße", "STRAßE Straße"), "<> <>");
        assert_eq!(said("İzmir", "i\u{307}zmir İZMIR izmir"), "<> <> izmir");
        assert_eq!(said("москва", "МОСКВА Москва"), "<> <>");
        assert_eq!(cleaned(&rules(&[("US", "<>", true)]), "US us Us"), "<> us Us");
        assert_eq!(said("i", "İ i"), "İ <>");
    }

    #[test]
    fn scripts_without_spaces_have_no_words_to_be_whole() {
        assert_eq!(said("重庆", "我在重庆市"), "我在<>市");
        assert_eq!(said("GPT", "使用GPT模型和GPTs"), "使用<>模型和GPTs");
        assert_eq!(said("서울", "서울 서울역"), "<> 서울역");
        assert_eq!(said("שלום", "שלום לכם"), "<> לכם");
    }

    #[test]
    fn the_first_rule_wins_and_its_words_are_not_looked_at_again() {
        let short_first = rules(&[("New York", "NY", false), ("New York City", "NYC", false), ("NY", "no", false)]);
        assert_eq!(cleaned(&short_first, "New York City New York"), "NY City NY");
        let long_first = rules(&[("New York City", "NYC", false), ("New York", "NY", false), ("York", "<>", false)]);
        assert_eq!(cleaned(&long_first, "New York City New York New York C York"), "NYC NY NY C <>");
        let exact_first = rules(&[("us", "we", true), ("US", "you ess", false)]);
        assert_eq!(cleaned(&exact_first, "us US Us"), "we you ess you ess");
        let chain = rules(&[("a", "b", false), ("b", "a", false)]);
        assert_eq!(cleaned(&chain, "a b a"), "b a b");
    }

    #[test]
    fn a_rule_may_be_empty() {
        assert_eq!(said("", "a b"), "a b");
        assert_eq!(said(" \n", "a b"), "a b");
        assert_eq!(cleaned(&rules(&[("um", "", false)]), "um, yes"), ", yes");
        let endless = "a".repeat(5_000);
        assert_eq!(said(&endless, &endless), endless);
    }
}
