//! A code point on its way through the stages, with what it stands for.

use crate::speech::tracks::Span;

/// A code point that may come to be spoken.
///
/// Each one that a stage takes out simply does not go on. One that a stage puts in stands for what it took out, so that
/// what follows stays mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// What is spoken.
    pub(super) char: char,
    /// What it stands for.
    pub(super) source: Span,
    /// Whether it is the caller's own code point, which stands for itself.
    pub(super) is_own: bool,
}

impl Glyph {
    /// The caller's code point at `at`.
    pub(super) fn own(char: char, at: usize) -> Self {
        Self { char, source: Span { start: at, end: at + 1 }, is_own: true }
    }

    /// One that was put in for `source`.
    pub(super) fn standing_for(char: char, source: Span) -> Self {
        Self { char, source, is_own: false }
    }

    /// Whether it is white space within a line. A carriage return is, because the line end behind it is what counts.
    pub(super) fn is_blank(&self) -> bool {
        self.char.is_whitespace() && !matches!(self.char, '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    }
}
