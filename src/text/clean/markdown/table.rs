//! Tables: a row is spoken as a list of what its cells say.
//!
//! Only the delimiter row below tells the first row of a table from a sentence with a bar in it, so the first row waits
//! from its first bar on. Rows are separated as items are: nobody hears where a line ends.

use super::MAX_LINES;
use super::Markdown;
use super::State;
use crate::speech::Boundary;
use crate::speech::tracks::Span;
use crate::text::clean::glyph::Glyph;
use crate::text::closing::last_mark;

/// What may be the row below a table's first one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delimiter {
    /// The index among what is held where it begins.
    from: usize,
    /// Whether the first row begins with a bar, not with a cell.
    is_barred: bool,
    has_dash: bool,
    has_bar: bool,
}

impl Delimiter {
    fn is_whole(self) -> bool {
        self.has_dash && self.has_bar
    }

    /// Whether `glyph` may belong to it. In a quotation, its mark stands in front.
    fn admits(self, glyph: Glyph, is_quoted: bool) -> bool {
        let is_quote = glyph.char == '>' && is_quoted && !self.has_dash && !self.has_bar;
        matches!(glyph.char, '|' | '-' | ':') || glyph.is_blank() || is_quote
    }
}

/// How far a row is spoken.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    /// The bar behind the last cell that says anything.
    bar: Option<Span>,
    /// Whether the present cell says anything.
    has_content: bool,
}

impl Markdown {
    pub(super) fn begin_first_row(&mut self) {
        if self.is_in_table {
            self.begin_text();
        } else {
            self.state = State::Row { is_barred: true };
        }
    }

    /// Reads what may be a table's first row, from its first bar on.
    pub(super) fn first_row(&mut self, is_barred: bool, glyph: Glyph) {
        if self.held.len() >= MAX_LINES {
            self.again.push(glyph);
            self.reject_row(self.held.len());
            return;
        }
        self.held.push(glyph);
        if glyph.char == '\n' {
            let from = self.held.len();
            self.state = State::Delimiter(Delimiter { from, is_barred, has_dash: false, has_bar: false });
        }
    }

    /// Reads what may be a delimiter row.
    pub(super) fn delimiter(&mut self, mut delimiter: Delimiter, glyph: Glyph) {
        if glyph.char == '\n' && delimiter.is_whole() {
            self.accept_table(delimiter);
            self.again.push(glyph);
        } else if self.held.len() < MAX_LINES && delimiter.admits(glyph, self.line.quotes > 0) {
            delimiter.has_dash |= glyph.char == '-';
            delimiter.has_bar |= glyph.char == '|';
            self.held.push(glyph);
            self.state = State::Delimiter(delimiter);
        } else {
            self.again.push(glyph);
            self.reject_row(delimiter.from);
        }
    }

    /// Decides whether there is a table as if the text ended here.
    pub(super) fn settle_table(&mut self) {
        match self.state {
            State::Delimiter(delimiter) if delimiter.is_whole() => self.accept_table(delimiter),
            State::Delimiter(delimiter) => self.reject_row(delimiter.from),
            _ => self.reject_row(self.held.len()),
        }
    }

    /// Begins a row of a table with what is held.
    pub(super) fn begin_row(&mut self) {
        self.row = Row::default();
        self.state = State::Cells;
        self.again.extend(self.held.drain(..).rev());
    }

    /// Reads a row of a table.
    pub(super) fn cell(&mut self, glyph: Glyph) {
        let is_escaped = self.line.is_escaped;
        self.line.is_escaped = glyph.char == '\\' && !is_escaped;
        match glyph.char {
            '\n' => self.end_row(glyph),
            '|' if !is_escaped => self.end_cell(glyph),
            _ if !glyph.is_blank() => {
                self.separate();
                self.flush();
                self.inline.push(glyph, &mut self.outlet);
                self.row.has_content = true;
            }
            _ if self.row.has_content => self.hold(glyph),
            _ => {}
        }
    }

    fn end_cell(&mut self, bar: Glyph) {
        self.held.clear();
        self.inline.close(&mut self.outlet);
        if self.row.has_content {
            self.row = Row { bar: Some(bar.source), has_content: false };
        }
    }

    /// Separates a cell from the one in front of it.
    fn separate(&mut self) {
        let Some(bar) = self.row.bar.take() else { return };
        if last_mark(self.outlet.last().encode_utf8(&mut [0; 4])) == Boundary::Word {
            self.outlet.put(Glyph::standing_for(',', bar));
        }
        self.outlet.put(Glyph::standing_for(' ', bar));
    }

    fn end_row(&mut self, end: Glyph) {
        self.held.clear();
        self.inline.close(&mut self.outlet);
        self.outlet.put(end);
        self.owed = Some(end.source);
        self.new_line();
    }

    /// The line was no row, and what was read behind it (from `from` on) begins the next one.
    fn reject_row(&mut self, from: usize) {
        let rest = self.held.split_off(from);
        self.again.extend(rest.into_iter().rev());
        self.pay();
        self.state = State::Text;
        let is_whole = self.held.last().is_some_and(|last| last.char == '\n');
        self.flush();
        if is_whole {
            self.is_below_text = true;
            self.new_line();
        }
    }

    /// The first row is one, and the delimiter row below it goes.
    fn accept_table(&mut self, delimiter: Delimiter) {
        self.held.truncate(delimiter.from);
        let row = std::mem::take(&mut self.held);
        if delimiter.is_barred {
            self.inline.close(&mut self.outlet);
            self.owed = self.owed.or(row.first().map(|glyph| glyph.source));
        }
        self.pay();
        self.row = Row { bar: None, has_content: !delimiter.is_barred };
        for glyph in row {
            self.cell(glyph);
        }
        self.is_below_text = false;
        self.is_in_table = true;
        self.state = State::Rest;
    }
}
