//! Fenced code: the fences go, and what stands between stays as it is.

use super::MAX_LINES;
use super::Markdown;
use super::State;
use super::lead::width;
use crate::text::clean::glyph::Glyph;

/// An open fence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fence {
    mark: char,
    /// How many marks close it.
    count: usize,
    /// How many quotations it stands in.
    quotes: usize,
    /// How far what closes it may be indented.
    max_indent: usize,
}

impl Fence {
    /// The beginning of a line within it.
    pub(super) fn line(self) -> Close {
        Close { quotes: self.quotes, columns: 0, count: 0, is_over: false, is_behind_quote: false }
    }
}

/// The beginning of a line within a fence, which may close it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Close {
    /// How many marks of quotations may still come.
    quotes: usize,
    columns: usize,
    count: usize,
    /// Whether no more marks may follow.
    is_over: bool,
    /// Whether a blank would belong to the mark of a quotation.
    is_behind_quote: bool,
}

/// What a code point at the beginning of a line is.
enum Part {
    /// A part of what may close the fence.
    Closing,
    /// A part of a quotation's mark.
    Quote,
    Code,
}

impl Close {
    fn step(&mut self, glyph: Glyph, fence: Fence) -> Part {
        let is_behind_quote = std::mem::take(&mut self.is_behind_quote);
        match glyph.char {
            '>' if self.quotes > 0 && self.count == 0 => {
                self.quotes -= 1;
                self.is_behind_quote = true;
                Part::Quote
            }
            c if c == fence.mark && !self.is_over => {
                self.count += 1;
                Part::Closing
            }
            _ if !glyph.is_blank() => Part::Code,
            _ if is_behind_quote => Part::Quote,
            _ if self.count > 0 => {
                self.is_over = true;
                Part::Closing
            }
            c => {
                self.columns += width(c);
                if self.columns > fence.max_indent { Part::Code } else { Part::Closing }
            }
        }
    }
}

impl Markdown {
    pub(super) fn begin_fence(&mut self, mark: char, count: usize) {
        self.fence = Some(Fence { mark, count, quotes: self.line.quotes, max_indent: self.max_indent() });
    }

    /// Reads the beginning of a line within a fence.
    pub(super) fn fence_lead(&mut self, mut close: Close, glyph: Glyph) {
        let Some(fence) = self.fence else { return };
        if glyph.char == '\n' && close.count >= fence.count {
            self.end_fence();
            self.end_mark_line(glyph);
            return;
        }
        let is_full = self.held.len() >= MAX_LINES;
        match if is_full { Part::Code } else { close.step(glyph, fence) } {
            Part::Closing => {
                self.held.push(glyph);
                self.state = State::Close(close);
            }
            Part::Quote => {
                self.held.clear();
                self.state = State::Close(close);
            }
            Part::Code => {
                self.begin_code();
                self.code(glyph);
            }
        }
    }

    /// Decides the beginning of a line as if it ended here.
    pub(super) fn settle_fence(&mut self, close: Close) {
        if self.fence.is_some_and(|fence| close.count >= fence.count) {
            self.end_fence();
            self.state = State::Gap;
        } else {
            self.begin_code();
        }
    }

    /// Reads code.
    pub(super) fn code(&mut self, glyph: Glyph) {
        self.outlet.put(glyph);
        if glyph.char == '\n' {
            self.new_line();
        }
    }

    fn begin_code(&mut self) {
        self.pay();
        self.flush_verbatim();
        self.state = State::Code;
    }

    fn end_fence(&mut self) {
        self.fence = None;
        self.held.clear();
    }
}
