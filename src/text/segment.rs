//! Packing sentences into pieces: a short one first, so that speech begins soon, then longer ones, so that there are
//! few seams.

use std::ops::Range;
use std::sync::Arc;

use crate::speech::Boundary;
use crate::text::closing::closing;
use crate::text::cut;
use crate::text::sentences::Rules;
use crate::text::sentences::is_unspaced;
use crate::text::speakable::first_speakable;
use crate::text::speakable::is_speakable;
use crate::text::tokens;

/// How long pieces may and should be.
///
/// The hard limits are never exceeded, save by a single code point. The targets are weights: a code point weighs one, an
/// ideograph, kana or hangul syllable three, because that is about how many Latin letters are spoken in the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most code points of one piece.
    pub max_chars: usize,
    /// The most `o200k_base` tokens of one piece.
    pub max_tokens: Option<usize>,
    /// What the first piece should weigh. A first sentence of more than twice that is divided at the end of a clause, unless
    /// later pieces have the same target.
    pub first_chars: usize,
    /// What later pieces should weigh. A longer sentence is a piece by itself.
    ///
    /// A target of `max_chars` or more is none: as much goes into a piece as the hard limits admit, whatever it weighs.
    pub target_chars: usize,
    /// A piece of fewer code points takes the next sentence too, whatever the target.
    pub min_chars: usize,
}

impl Limits {
    /// Whether `text` has no more than the permitted tokens.
    pub(super) fn admit_tokens(&self, text: &str) -> bool {
        self.max_tokens.is_none_or(|max| self.bound_tokens(text, text.len()) <= max)
    }

    /// A bound of the tokens of `text`: `guess`, or the exact count where the guess is too much.
    ///
    /// No token is shorter than a byte, so that a short text needs no counting.
    fn bound_tokens(&self, text: &str, guess: usize) -> usize {
        if self.max_tokens.is_some_and(|max| guess > max) { tokens::count(text) } else { guess }
    }
}

/// The limits of OpenAI's speech endpoint: 4096 characters by its
/// [reference](https://platform.openai.com/docs/api-reference/audio/createSpeech), and 2000 tokens of
/// [`gpt-4o-mini-tts`](https://platform.openai.com/docs/models/gpt-4o-mini-tts).
///
/// At some fifteen letters a second the first piece is heard for up to eight seconds, in which the second is made ready;
/// the later ones are heard for up to forty.
impl Default for Limits {
    fn default() -> Self {
        Self { max_chars: 4096, max_tokens: Some(2000), first_chars: 120, target_chars: 600, min_chars: 0 }
    }
}

/// A part of a text to be spoken in one go. It neither begins nor ends with white space.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// What to speak, exactly as it stands in the text.
    pub text: Arc<str>,
    /// Where it begins, in code points of the text.
    pub start: usize,
    /// Where it ends, in code points of the text.
    pub end: usize,
    /// What stands there in the text.
    pub closing: Boundary,
}

/// Cuts `text` into pieces.
///
/// The pieces are in order and do not overlap; what lies between them is white space, or cannot be spoken and does not
/// fit into a piece beside it. A text with nothing to speak has no pieces. `language` is a BCP-47 tag; without it the
/// language is guessed. A piece is cut only when it is asked for.
pub fn segment(text: impl Into<Arc<str>>, language: Option<&str>, limits: Limits) -> Segments {
    let text = text.into();
    let rules = Rules::of(&text, language);
    Segments::new(text, rules, limits)
}

/// The pieces of a text, made by [`segment`].
pub struct Segments {
    text: Arc<str>,
    rules: Rules,
    limits: Limits,
    /// A sentence, or the rest of one, that was found but not yet used.
    pending: Option<Range<usize>>,
    /// The byte up to which sentences were found.
    at: usize,
    /// The byte of the first letter or digit from where it was last looked for; none if nothing is left to speak.
    letter: Option<usize>,
    /// A byte and the number of code points in front of it.
    counted: (usize, usize),
    is_first: bool,
}

impl Iterator for Segments {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let range = self.next_range()?;
        Some(self.piece(range))
    }
}

impl Segments {
    /// The pieces of `text` by the rules of its language.
    pub(super) fn new(text: Arc<str>, rules: Rules, limits: Limits) -> Self {
        let letter = first_speakable(&text);
        Self { text, rules, limits, pending: None, at: 0, letter, counted: (0, 0), is_first: true }
    }

    /// The same for a text that others came before.
    pub(super) fn following(text: Arc<str>, rules: Rules, limits: Limits) -> Self {
        Self { is_first: false, ..Self::new(text, rules, limits) }
    }

    /// The next piece, as bytes of the text.
    pub(super) fn next_range(&mut self) -> Option<Range<usize>> {
        while self.has_more_to_speak() {
            let range = self.gather()?;
            if is_speakable(&self.text[range.clone()]) {
                self.is_first = false;
                return Some(range);
            }
        }
        None
    }

    /// Whether there is a letter or digit left. It is looked for only once: a text may begin with many brackets.
    fn has_more_to_speak(&mut self) -> bool {
        let from = self.pending.as_ref().map_or(self.at, |pending| pending.start);
        if self.letter.is_some_and(|letter| letter < from) {
            self.letter = first_speakable(&self.text[from..]).map(|offset| from + offset);
        }
        self.letter.is_some()
    }

    /// The next sentences that go together, as bytes of the text.
    fn gather(&mut self) -> Option<Range<usize>> {
        let first = self.sentence()?;
        let head = self.head(first.clone());
        if head < first.end {
            self.pending = self.rest(head, first.end);
            return Some(first.start..head);
        }
        let mut load = Load::of(&self.text, first, &self.limits);
        while let Some(next) = self.sentence() {
            let Some(more) = load.with(&self.text, &next, &self.limits, self.target()) else {
                self.pending = Some(next);
                break;
            };
            load = more;
        }
        Some(self.verified(load.range))
    }

    /// Where the piece that begins with `sentence` must end if not all of the sentence goes into it.
    fn head(&self, sentence: Range<usize>) -> usize {
        let end = cut::within_limits(&self.text, sentence.clone(), self.rules, &self.limits);
        let target = self.target();
        let is_special = self.is_first && self.limits.first_chars != self.limits.target_chars;
        if !is_special || weight(&self.text[sentence.start..end]) <= target.saturating_mul(2) {
            return end;
        }
        let is_piece = |clause: &usize| {
            let head = &self.text[sentence.start..*clause];
            // What cannot be spoken stays with what can.
            is_speakable(head) && is_speakable(&self.text[*clause..end]) && self.limits.admit_tokens(head)
        };
        cut::opening_clause(&self.text, sentence.start..end, self.rules, target).filter(is_piece).unwrap_or(end)
    }

    /// The load's range, or what fits of it: bounds of tokens add up almost always, for merges may differ at the seam.
    fn verified(&mut self, load: Range<usize>) -> Range<usize> {
        let end = cut::within_limits(&self.text, load.clone(), self.rules, &self.limits);
        if end < load.end {
            self.pending = self.rest(end, self.at);
        }
        load.start..end
    }

    fn sentence(&mut self) -> Option<Range<usize>> {
        if let Some(pending) = self.pending.take() {
            return Some(pending);
        }
        let sentence = self.rules.sentence(&self.text, self.at)?;
        self.at = sentence.end;
        Some(sentence)
    }

    fn rest(&self, from: usize, end: usize) -> Option<Range<usize>> {
        let start = end - self.text[from..end].trim_start().len();
        (start < end).then_some(start..end)
    }

    fn target(&self) -> usize {
        let target = if self.is_first { self.limits.first_chars } else { self.limits.target_chars };
        if target < self.limits.max_chars { target } else { usize::MAX }
    }

    fn piece(&mut self, range: Range<usize>) -> Piece {
        let (byte, before) = self.counted;
        let start = before + self.text[byte..range.start].chars().count();
        let text = &self.text[range.clone()];
        let end = start + text.chars().count();
        self.counted = (range.end, end);
        Piece { text: text.into(), start, end, closing: closing(&self.text, range.end) }
    }
}

/// Sentences that are to become one piece, and what they come to.
struct Load {
    range: Range<usize>,
    chars: usize,
    weight: usize,
    /// An upper bound.
    tokens: usize,
    is_speakable: bool,
}

impl Load {
    fn of(text: &str, range: Range<usize>, limits: &Limits) -> Self {
        let content = &text[range.clone()];
        Self {
            chars: content.chars().count(),
            weight: weight(content),
            tokens: limits.bound_tokens(content, content.len()),
            is_speakable: is_speakable(content),
            range,
        }
    }

    /// The load with the sentence `next` added, or nothing if that would be too much.
    fn with(&self, text: &str, next: &Range<usize>, limits: &Limits, target: usize) -> Option<Self> {
        let range = self.range.start..next.end;
        let added = &text[self.range.end..next.end];
        let chars = self.chars + added.chars().count();
        let weight = self.weight + weight(added);
        let is_speakable = is_speakable(added);
        // What cannot be spoken is never sent alone, so it goes with its neighbour whatever the target.
        let is_enough = weight > target && self.chars >= limits.min_chars;
        if chars > limits.max_chars || (is_enough && self.is_speakable && is_speakable) {
            return None;
        }
        let tokens = limits.bound_tokens(&text[range.clone()], self.tokens + added.len());
        let is_admitted = limits.max_tokens.is_none_or(|max| tokens <= max);
        is_admitted.then_some(Self { range, chars, weight, tokens, is_speakable: self.is_speakable || is_speakable })
    }
}

/// How long `text` takes to speak, in Latin letters.
pub fn weight(text: &str) -> usize {
    text.chars().map(weight_of).sum()
}

/// How long `c` takes to speak, in Latin letters.
pub(super) fn weight_of(c: char) -> usize {
    if is_unspaced(c) || matches!(c, '\u{ac00}'..='\u{d7a3}') { 3 } else { 1 }
}
