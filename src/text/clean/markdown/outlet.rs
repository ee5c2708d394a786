//! Where cleaned text leaves, which knows how it ends so far.

use crate::speech::tracks::Span;
use crate::text::clean::glyph::Glyph;

/// How many line ends make a blank line.
const BLANK_LINE: usize = 2;

/// What leaves the stage.
pub(super) struct Outlet {
    ready: Vec<Glyph>,
    last: char,
    /// The line ends behind the last thing that is no white space; as if many before the first one.
    line_ends: usize,
}

impl Default for Outlet {
    fn default() -> Self {
        Self { ready: Vec::new(), last: '\n', line_ends: usize::MAX }
    }
}

impl Outlet {
    pub(super) fn put(&mut self, glyph: Glyph) {
        self.last = glyph.char;
        self.line_ends = match glyph.char {
            '\n' => self.line_ends.saturating_add(1),
            c if c.is_whitespace() => self.line_ends,
            _ => 0,
        };
        self.ready.push(glyph);
    }

    /// Makes a blank line, which stands for `source`, unless there is one or nothing was said yet.
    pub(super) fn put_blank_line(&mut self, source: Span) {
        for _ in self.line_ends..BLANK_LINE {
            self.put(Glyph::standing_for('\n', source));
        }
    }

    /// Whether one more line end would be more than a blank line.
    pub(super) fn has_blank_line(&self) -> bool {
        self.line_ends >= BLANK_LINE
    }

    /// The last code point.
    pub(super) fn last(&self) -> char {
        self.last
    }

    /// Moves what is ready.
    pub(super) fn drain_into(&mut self, out: &mut Vec<Glyph>) {
        out.append(&mut self.ready);
    }
}
