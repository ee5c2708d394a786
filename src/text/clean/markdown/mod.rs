//! Markdown: marks go, content stays.
//!
//! A line is read in two steps. How it begins says what it is ([`lead`]): that may wait for a whole fence line or the
//! first row of a table, but for a plain word it is known at its first letter. What stands behind goes on as it comes
//! through [`inline`], which drops the marks within it.

mod blocks;
mod brackets;
mod fence;
mod inline;
mod lead;
mod outlet;
mod table;
mod tail;

use self::fence::Close;
use self::fence::Fence;
use self::inline::Inline;
use self::lead::Lead;
use self::outlet::Outlet;
use self::table::Delimiter;
use self::table::Row;
use super::Stage;
use super::glyph::Glyph;
use crate::speech::tracks::Span;

/// How many code points of lines may wait.
const MAX_LINES: usize = 1_000;

/// How many code points may wait in all.
pub(super) const MAX_HELD: usize = MAX_LINES + inline::MAX_LINK;

/// How far into a line the stage is.
#[derive(Clone, Copy, Debug)]
enum State {
    /// At its beginning.
    Lead(Lead),
    /// Behind a mark, where blanks go too.
    Gap,
    /// Within text.
    Text,
    /// Within what is the first row of a table if the next line is a delimiter row.
    Row { is_barred: bool },
    /// Within what may be a delimiter row.
    Delimiter(Delimiter),
    /// Within a row of a table.
    Cells,
    /// Within what goes up to the end of the line.
    Rest,
    /// At the beginning of a line within a fence.
    Close(Close),
    /// Within a line within a fence.
    Code,
}

/// What is known of a line.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    /// How many quotations it stands in.
    quotes: usize,
    is_heading: bool,
    is_item: bool,
    /// Whether a backslash stands in front.
    is_escaped: bool,
}

/// Takes Markdown out of a text.
pub(super) struct Markdown {
    state: State,
    /// What is held back of lines. Within text, blanks: what follows them may take them away.
    held: Vec<Glyph>,
    line: Line,
    row: Row,
    fence: Option<Fence>,
    is_in_list: bool,
    is_in_table: bool,
    /// Whether a line of a paragraph stands right above.
    is_below_text: bool,
    /// What the blank line stands for that is due in front of the next text.
    owed: Option<Span>,
    inline: Inline,
    outlet: Outlet,
    /// What is to be read again, the next one last.
    again: Vec<Glyph>,
}

impl Markdown {
    pub(super) fn new() -> Self {
        Self {
            state: State::Lead(Lead::Indent(0)),
            held: Vec::new(),
            line: Line::default(),
            row: Row::default(),
            fence: None,
            is_in_list: false,
            is_in_table: false,
            is_below_text: false,
            owed: None,
            inline: Inline::default(),
            outlet: Outlet::default(),
            again: Vec::new(),
        }
    }

    fn read(&mut self) {
        while let Some(glyph) = self.again.pop() {
            self.step(glyph);
        }
    }

    fn step(&mut self, glyph: Glyph) {
        match self.state {
            State::Lead(lead) => self.lead(lead, glyph),
            State::Gap => self.gap(glyph),
            State::Text => self.text(glyph),
            State::Row { is_barred } => self.first_row(is_barred, glyph),
            State::Delimiter(delimiter) => self.delimiter(delimiter, glyph),
            State::Cells => self.cell(glyph),
            State::Rest if glyph.char == '\n' => self.end_mark_line(glyph),
            State::Rest => {}
            State::Close(close) => self.fence_lead(close, glyph),
            State::Code => self.code(glyph),
        }
    }
}

impl Stage for Markdown {
    fn push(&mut self, glyph: Glyph, out: &mut Vec<Glyph>) {
        self.again.push(glyph);
        self.read();
        self.outlet.drain_into(out);
    }

    fn settle(&mut self, out: &mut Vec<Glyph>) {
        while !self.held.is_empty() {
            match self.state {
                State::Lead(lead) => self.settle_lead(lead),
                State::Row { .. } | State::Delimiter(_) => self.settle_table(),
                State::Close(close) => self.settle_fence(close),
                State::Text if self.line.is_heading => self.settle_heading(),
                State::Gap | State::Text | State::Cells | State::Rest | State::Code => self.flush(),
            }
            self.read();
        }
        self.inline.settle(&mut self.outlet);
        self.outlet.drain_into(out);
    }

    fn held(&self) -> usize {
        self.held.len() + self.inline.held()
    }
}

#[cfg(test)]
mod tests;
