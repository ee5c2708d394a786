//! Open brackets: what follows one waits until it is known whether the bracket begins a link.

use std::collections::VecDeque;

use super::outlet::Outlet;
use crate::text::clean::glyph::Glyph;

/// A bracket that may begin a link.
struct Opener {
    /// Its number among all that was ever held.
    at: usize,
    /// How many code points it takes: two for an image.
    length: usize,
    /// What stands in front of it.
    before: char,
}

/// Text behind brackets that are open.
#[derive(Default)]
pub(super) struct Brackets {
    /// None where a mark stood.
    held: VecDeque<Option<Glyph>>,
    /// The number of the first one held.
    first: usize,
    /// From the outermost to the innermost. Nothing is held if there is none.
    openers: VecDeque<Opener>,
}

impl Brackets {
    pub(super) fn put(&mut self, glyph: Glyph, out: &mut Outlet) {
        if self.openers.is_empty() {
            out.put(glyph);
        } else {
            self.held.push_back(Some(glyph));
        }
    }

    /// Holds what begins with `marks`: a bracket, perhaps with the exclamation mark of an image.
    pub(super) fn open(&mut self, marks: &[Glyph], before: char) {
        self.openers.push_back(Opener { at: self.first + self.held.len(), length: marks.len(), before });
        self.held.extend(marks.iter().copied().map(Some));
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> usize {
        self.openers.len()
    }

    /// What stands in front of the innermost open bracket.
    pub(super) fn before(&self) -> Option<char> {
        self.openers.back().map(|opener| opener.before)
    }

    /// The innermost bracket begins a link: it goes, what is behind it stays.
    pub(super) fn link(&mut self, out: &mut Outlet) {
        if let Some(opener) = self.openers.pop_back() {
            let marks = self.held.iter_mut().skip(opener.at - self.first).take(opener.length);
            marks.for_each(|mark| *mark = None);
        }
        self.release(out);
    }

    /// The innermost bracket is a bracket.
    pub(super) fn keep(&mut self, out: &mut Outlet) {
        self.openers.pop_back();
        self.release(out);
    }

    /// The outermost bracket is a bracket, because it has been open for too long.
    pub(super) fn give_up(&mut self, out: &mut Outlet) {
        self.openers.pop_front();
        self.release(out);
    }

    /// All brackets are brackets.
    pub(super) fn settle(&mut self, out: &mut Outlet) {
        self.openers.clear();
        self.release(out);
    }

    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Lets go of what stands in front of the first open bracket.
    fn release(&mut self, out: &mut Outlet) {
        let until = self.openers.front().map_or(self.held.len(), |opener| opener.at - self.first);
        self.first += until;
        self.held.drain(..until).flatten().for_each(|glyph| out.put(glyph));
    }
}
