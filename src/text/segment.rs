//! Packing sentences into pieces: a short one first, so that speech begins soon, then longer ones, so that there are
//! few seams.

use std::ops::Range;
use std::sync::Arc;

use crate::text::cut;
use crate::text::sentences::Rules;
use crate::text::sentences::is_unspaced;
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
    /// What the first piece should weigh. A first sentence of more than twice that is divided at the end of a clause.
    pub first_chars: usize,
    /// What later pieces should weigh. A longer sentence is a piece by itself.
    pub target_chars: usize,
}

impl Limits {
    /// Whether `text` has no more than the permitted tokens.
    pub(super) fn admit_tokens(&self, text: &str) -> bool {
        // No token is shorter than a byte.
        self.max_tokens.is_none_or(|max| text.len() <= max || tokens::count(text) <= max)
    }
}

/// The limits of OpenAI's speech endpoint: 4096 characters by its
/// [reference](https://platform.openai.com/docs/api-reference/audio/createSpeech), and 2000 tokens of
/// [`gpt-4o-mini-tts`](https://platform.openai.com/docs/models/gpt-4o-mini-tts).
impl Default for Limits {
    fn default() -> Self {
        Self { max_chars: 4096, max_tokens: Some(2000), first_chars: 120, target_chars: 600 }
    }
}

/// A part of a text to be spoken in one go. It neither begins nor ends with white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What to speak, exactly as it stands in the text.
    pub text: Arc<str>,
    /// Where it begins, in code points of the text.
    pub start: usize,
    /// Where it ends, in code points of the text.
    pub end: usize,
}

/// Cuts `text` into pieces.
///
/// The pieces are in order and do not overlap; what lies between them is white space, or cannot be spoken and does not
/// fit into a piece beside it. A text with nothing to speak has no pieces. `language` is a BCP-47 tag; without it the
/// language is guessed. A piece is cut only when it is asked for.
pub fn segment(text: impl Into<Arc<str>>, language: Option<&str>, limits: Limits) -> Segments {
    let text = text.into();
    let rules = Rules::of(&text, language);
    Segments { text, rules, limits, pending: None, at: 0, counted: (0, 0), is_first: true }
}

/// The pieces of a text, made by [`segment`].
#[derive(Debug)]
pub struct Segments {
    text: Arc<str>,
    rules: Rules,
    limits: Limits,
    /// A sentence, or the rest of one, that was found but not yet used.
    pending: Option<Range<usize>>,
    /// The byte up to which sentences were found.
    at: usize,
    /// A byte and the number of code points in front of it.
    counted: (usize, usize),
    is_first: bool,
}

impl Iterator for Segments {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let range = self.gather()?;
            if is_speakable(&self.text[range.clone()]) {
                self.is_first = false;
                return Some(self.piece(range));
            }
        }
    }
}

impl Segments {
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
            match load.with(&self.text, &next, &self.limits, self.target()) {
                Some(more) => load = more,
                None => {
                    self.pending = Some(next);
                    break;
                }
            }
        }
        Some(self.verified(load))
    }

    /// Where the piece that begins with `sentence` must end if not all of the sentence goes into it.
    fn head(&self, sentence: Range<usize>) -> usize {
        let end = cut::within_limits(&self.text, sentence.clone(), self.rules, &self.limits);
        let target = self.limits.first_chars;
        if self.is_first && weight(&self.text[sentence.start..end]) > 2 * target {
            let clause = cut::opening_clause(&self.text, sentence.start..end, self.rules, target);
            return clause
                .filter(|&clause| self.limits.admit_tokens(&self.text[sentence.start..clause]))
                .unwrap_or(end);
        }
        end
    }

    /// The load's range, or what fits of it: the sum of the sentences' tokens can be less than what they have together.
    fn verified(&mut self, load: Load) -> Range<usize> {
        let end = cut::within_limits(&self.text, load.range.clone(), self.rules, &self.limits);
        if end < load.range.end {
            self.pending = self.rest(end, self.at);
        }
        load.range.start..end
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
        if self.is_first { self.limits.first_chars } else { self.limits.target_chars }
    }

    fn piece(&mut self, range: Range<usize>) -> Piece {
        let (byte, before) = self.counted;
        let start = before + self.text[byte..range.start].chars().count();
        let text = &self.text[range.clone()];
        let end = start + text.chars().count();
        self.counted = (range.end, end);
        Piece { text: text.into(), start, end }
    }
}

/// Sentences that are to become one piece, and what they come to.
struct Load {
    range: Range<usize>,
    chars: usize,
    weight: usize,
    tokens: usize,
    is_speakable: bool,
}

impl Load {
    fn of(text: &str, range: Range<usize>, limits: &Limits) -> Self {
        let content = &text[range.clone()];
        let tokens = limits.max_tokens.map_or(0, |_| tokens::count(content));
        Self {
            chars: content.chars().count(),
            weight: weight(content),
            tokens,
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
        if chars > limits.max_chars || (weight > target && self.is_speakable && is_speakable) {
            return None;
        }
        let tokens = self.tokens_with(text, added, &range, limits)?;
        Some(Self { range, chars, weight, tokens, is_speakable: self.is_speakable || is_speakable })
    }

    /// The tokens with `added`: the sum of both counts, which is hardly ever off, or the exact count where it decides.
    fn tokens_with(&self, text: &str, added: &str, range: &Range<usize>, limits: &Limits) -> Option<usize> {
        let Some(max) = limits.max_tokens else {
            return Some(0);
        };
        let sum = self.tokens + tokens::count(added);
        let tokens = if sum > max { tokens::count(&text[range.clone()]) } else { sum };
        (tokens <= max).then_some(tokens)
    }
}

/// How long `text` takes to speak, in Latin letters.
pub(super) fn weight(text: &str) -> usize {
    let of_char = |c| if is_unspaced(c) || matches!(c, '\u{ac00}'..='\u{d7a3}') { 3 } else { 1 };
    text.chars().map(of_char).sum()
}
