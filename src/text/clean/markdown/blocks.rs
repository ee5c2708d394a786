//! What becomes of a line once it is known how it begins.
//!
//! Sentences are found after this stage, when the marks of headings and items are gone. So each of them gets a blank
//! line in front, and a heading one behind, which says to the splitter, and to a listener, what the marks said to a
//! reader.

use super::Line;
use super::MAX_LINES;
use super::Markdown;
use super::State;
use super::lead::Lead;
use super::lead::Place;
use super::lead::Verdict;
use super::lead::width;
use crate::speech::tracks::Span;
use crate::text::clean::glyph::Glyph;

/// How far marks may be indented where there is no list.
const MAX_INDENT: usize = 3;

/// How far they may be in one, where items are within items.
const MAX_LIST_INDENT: usize = 60;

/// A line that is indented less ends a list if it is no item.
const MIN_LIST_INDENT: usize = 2;

impl Markdown {
    /// Reads the beginning of a line.
    pub(super) fn lead(&mut self, lead: Lead, glyph: Glyph) {
        let is_full = self.held.len() >= MAX_LINES;
        match if is_full { Verdict::Text } else { lead.step(glyph.char, self.place()) } {
            Verdict::Open(lead) => {
                self.state = State::Lead(lead);
                self.held.push(glyph);
            }
            Verdict::Blank if self.line.is_item => {
                self.held.clear();
                self.end_mark_line(glyph);
            }
            Verdict::Blank => {
                self.end_paragraph();
                self.drop_quote_blank();
                self.flush_verbatim();
                self.outlet.put(glyph);
                self.new_line();
            }
            verdict => {
                self.again.push(glyph);
                self.begin(verdict);
            }
        }
    }

    /// Decides how the line begins as if it ended here.
    pub(super) fn settle_lead(&mut self, lead: Lead) {
        match lead.step('\n', self.place()) {
            Verdict::Blank => {
                self.pay();
                self.flush();
            }
            verdict => self.begin(verdict),
        }
    }

    /// Reads what stands between a mark and its text.
    pub(super) fn gap(&mut self, glyph: Glyph) {
        if glyph.char == '\n' {
            self.end_mark_line(glyph);
        } else if !glyph.is_blank() {
            self.again.push(glyph);
            self.begin_text();
        }
    }

    /// Reads text.
    pub(super) fn text(&mut self, glyph: Glyph) {
        let is_escaped = self.line.is_escaped;
        self.line.is_escaped = glyph.char == '\\' && !is_escaped;
        match glyph.char {
            '\n' => self.end_text(glyph),
            '|' if !is_escaped && !self.line.is_heading => {
                self.state = State::Row { is_barred: false };
                self.hold(glyph);
            }
            c if glyph.is_blank() || (c == '#' && self.line.is_heading && !self.held.is_empty()) => self.hold(glyph),
            _ => {
                self.flush();
                self.inline.push(glyph, &mut self.outlet);
            }
        }
    }

    /// A heading may be closed by the marks that opened it.
    pub(super) fn settle_heading(&mut self) {
        let is_closed = self.held.iter().any(|glyph| glyph.char == '#');
        if is_closed { self.held.clear() } else { self.flush() }
    }

    /// Ends a line of which nothing is left. Its line end is kept up to a blank line.
    pub(super) fn end_mark_line(&mut self, end: Glyph) {
        if !self.outlet.has_blank_line() {
            self.outlet.put(end);
        }
        self.new_line();
    }

    /// Ends what goes on over line ends: no mark opens here and closes there.
    pub(super) fn end_paragraph(&mut self) {
        self.inline.close(&mut self.outlet);
        self.is_below_text = false;
        self.is_in_table = false;
    }

    /// Makes the blank line that is due.
    pub(super) fn pay(&mut self) {
        if let Some(source) = self.owed.take() {
            self.outlet.put_blank_line(source);
        }
    }

    /// Holds `glyph` back until it is known what follows.
    pub(super) fn hold(&mut self, glyph: Glyph) {
        if self.held.len() >= MAX_LINES {
            self.flush();
        }
        self.held.push(glyph);
    }

    /// Lets go of what is held, as text.
    pub(super) fn flush(&mut self) {
        self.held.drain(..).for_each(|glyph| self.inline.push(glyph, &mut self.outlet));
    }

    /// Lets go of what is held, with no mark in it.
    pub(super) fn flush_verbatim(&mut self) {
        self.held.drain(..).for_each(|glyph| self.outlet.put(glyph));
    }

    pub(super) fn new_line(&mut self) {
        self.line = Line::default();
        self.state = self.fence.map_or(State::Lead(Lead::Indent(0)), |fence| State::Close(fence.line()));
    }

    pub(super) fn max_indent(&self) -> usize {
        let is_in_list = self.is_in_list || self.line.is_item;
        let indent = if is_in_list { MAX_LIST_INDENT } else { MAX_INDENT };
        // The blank behind the mark of a quotation belongs to it.
        indent + usize::from(self.line.quotes > 0)
    }

    /// Begins text with what is held.
    pub(super) fn begin_text(&mut self) {
        let columns: usize = self.held.iter().take_while(|glyph| glyph.is_blank()).map(|glyph| width(glyph.char)).sum();
        self.is_in_list &= self.line.is_item || columns >= MIN_LIST_INDENT;
        self.drop_quote_blank();
        self.pay();
        if self.is_in_table {
            self.begin_row();
        } else {
            self.state = State::Text;
            self.flush();
        }
    }

    fn drop_quote_blank(&mut self) {
        if self.line.quotes > 0 && self.held.first().is_some_and(Glyph::is_blank) {
            self.held.remove(0);
        }
    }

    fn place(&self) -> Place {
        let (is_below_text, is_item) = (self.is_below_text, self.line.is_item);
        Place { max_indent: self.max_indent(), is_below_text, is_item }
    }

    fn begin(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Open(_) | Verdict::Blank | Verdict::Text => self.begin_text(),
            Verdict::Numbered => {
                self.inline.close(&mut self.outlet);
                self.is_in_list = true;
                self.line.is_item = true;
                self.begin_text();
            }
            Verdict::Row => self.begin_first_row(),
            Verdict::Quote => {
                self.held.clear();
                self.line.quotes += 1;
                self.state = State::Lead(Lead::Indent(0));
            }
            Verdict::Items => self.begin_items(),
            Verdict::Task => self.drop_mark(State::Gap),
            Verdict::Heading => {
                self.end_paragraph();
                self.is_in_list &= self.line.is_item;
                self.line.is_heading = true;
                self.owed = self.held_span();
                self.drop_mark(State::Gap);
            }
            Verdict::Rule => {
                self.end_paragraph();
                self.is_in_list &= self.line.is_item;
                self.owed = self.held_span();
                self.drop_mark(State::Gap);
            }
            Verdict::Fence { mark, count } => {
                self.end_paragraph();
                self.begin_fence(mark, count);
                self.drop_mark(State::Rest);
            }
        }
    }

    /// "- - " begins two; what stands behind may be a mark again.
    fn begin_items(&mut self) {
        self.end_paragraph();
        self.is_in_list = true;
        self.line.is_item = true;
        let (mut marks, mut next) = (0, self.leading_blanks(0));
        while self.held.get(next + 1).is_some_and(Glyph::is_blank) {
            next = self.leading_blanks(next + 1);
            marks = next;
        }
        // A mark may be all there is on its line.
        let marks = if marks == 0 { self.held.len() } else { marks };
        self.again.extend(self.held.drain(marks..).rev());
        self.owed = self.held_span();
        self.drop_mark(State::Lead(Lead::Indent(0)));
    }

    /// The index of the first code point held, from `from` on, that is no blank.
    fn leading_blanks(&self, from: usize) -> usize {
        from + self.held.iter().skip(from).take_while(|glyph| glyph.is_blank()).count()
    }

    fn drop_mark(&mut self, state: State) {
        self.held.clear();
        self.state = state;
    }

    fn held_span(&self) -> Option<Span> {
        let (first, last) = (self.held.first()?, self.held.last()?);
        Some(first.source.to(last.source))
    }

    fn end_text(&mut self, end: Glyph) {
        if self.line.is_heading {
            self.held.clear();
        }
        self.flush();
        self.inline.push(end, &mut self.outlet);
        if self.line.is_heading {
            self.inline.close(&mut self.outlet);
            self.owed = Some(end.source);
        }
        self.is_below_text = !self.line.is_heading;
        self.new_line();
    }
}
