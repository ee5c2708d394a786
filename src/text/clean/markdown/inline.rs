//! Marks within a line: emphasis, code spans, escapes, links, images and addresses.
//!
//! Marks are not paired. Whether a run of them is one is seen from what stands on both sides of it, so that nothing
//! waits for an end that may be a page away; only what stands behind an open bracket does.

use std::mem;

use super::brackets::Brackets;
use super::outlet::Outlet;
use super::tail::Step;
use super::tail::Tail;
use crate::text::clean::glyph::Glyph;
use crate::text::sentences::is_unspaced;

/// How many code points may wait for the end of a link.
pub(super) const MAX_LINK: usize = 1_000;

/// How many marks in a row may mean anything.
const MAX_RUN: usize = 32;

/// What waits for the next code point.
#[derive(Default)]
enum Pending {
    #[default]
    Nothing,
    /// Marks of one kind.
    Run(Vec<Glyph>),
    /// Such a mark as there were too many of already.
    Flood(char),
    /// A backslash.
    Escape(Glyph),
    /// An exclamation mark.
    Exclamation(Glyph),
    /// The bracket that closes what may be a link's text.
    Closed(Glyph),
    /// What may be the rest of a link whose text `closed` closes, or an address.
    Tail { closed: Option<Glyph>, read: Vec<Glyph>, tail: Tail },
}

/// The marks of a paragraph.
pub(super) struct Inline {
    /// The code point in front, as it stands in the caller's text.
    before: char,
    pending: Pending,
    /// How many marks close the code span, within which nothing else is one.
    code: Option<usize>,
    brackets: Brackets,
    /// What is to be read again, the next one last.
    again: Vec<Glyph>,
}

impl Default for Inline {
    fn default() -> Self {
        let (pending, brackets) = (Pending::default(), Brackets::default());
        Self { before: '\n', pending, code: None, brackets, again: Vec::new() }
    }
}

impl Inline {
    pub(super) fn push(&mut self, glyph: Glyph, out: &mut Outlet) {
        self.again.push(glyph);
        self.read(out);
    }

    /// Decides what is pending as if a blank followed.
    pub(super) fn settle(&mut self, out: &mut Outlet) {
        loop {
            match mem::take(&mut self.pending) {
                Pending::Nothing => break,
                flood @ Pending::Flood(_) => {
                    self.pending = flood;
                    break;
                }
                Pending::Run(run) => self.decide(&run, ' ', out),
                Pending::Escape(mark) | Pending::Exclamation(mark) => self.put(mark, out),
                Pending::Closed(bracket) => self.keep_bracket(bracket, out),
                Pending::Tail { tail, .. } if tail.is_whole() => self.link(out),
                Pending::Tail { closed, read, .. } => self.reject(closed, read, out),
            }
            self.read(out);
        }
        self.brackets.settle(out);
    }

    /// Ends the paragraph: no link, no code span goes on behind it.
    pub(super) fn close(&mut self, out: &mut Outlet) {
        self.settle(out);
        self.pending = Pending::Nothing;
        self.code = None;
        self.before = '\n';
    }

    pub(super) fn held(&self) -> usize {
        let pending = match &self.pending {
            Pending::Nothing | Pending::Flood(_) => 0,
            Pending::Run(run) => run.len(),
            Pending::Escape(_) | Pending::Exclamation(_) | Pending::Closed(_) => 1,
            Pending::Tail { closed, read, .. } => read.len() + usize::from(closed.is_some()),
        };
        pending + self.brackets.held()
    }

    fn read(&mut self, out: &mut Outlet) {
        while let Some(glyph) = self.again.pop() {
            self.step(glyph, out);
            while self.held() > MAX_LINK {
                self.give_up(out);
            }
        }
    }

    fn step(&mut self, glyph: Glyph, out: &mut Outlet) {
        match mem::take(&mut self.pending) {
            Pending::Run(run) => self.run(run, glyph, out),
            Pending::Flood(mark) if glyph.char == mark => {
                self.put(glyph, out);
                self.pending = Pending::Flood(mark);
            }
            Pending::Nothing | Pending::Flood(_) => self.begin(glyph, out),
            // The mark stays, and is none.
            Pending::Escape(_) if glyph.char.is_ascii_punctuation() => self.put(glyph, out),
            Pending::Exclamation(mark) if glyph.char == '[' => self.open(&[mark, glyph]),
            Pending::Escape(mark) | Pending::Exclamation(mark) => {
                self.put(mark, out);
                self.begin(glyph, out);
            }
            Pending::Closed(bracket) => self.closed(bracket, glyph, out),
            Pending::Tail { closed, mut read, tail } => match tail.step(glyph.char) {
                Step::More(tail) => {
                    read.push(glyph);
                    self.pending = Pending::Tail { closed, read, tail };
                }
                Step::Last => self.accept(closed, read, glyph, out),
                Step::Over => {
                    self.link(out);
                    self.again.push(glyph);
                }
                Step::None => {
                    self.again.push(glyph);
                    self.reject(closed, read, out);
                }
            },
        }
    }

    /// Reads `glyph` with nothing pending.
    fn begin(&mut self, glyph: Glyph, out: &mut Outlet) {
        match glyph.char {
            '`' => self.pending = Pending::Run(vec![glyph]),
            _ if self.code.is_some() => self.put(glyph, out),
            '*' | '_' | '~' => self.pending = Pending::Run(vec![glyph]),
            '\\' => self.pending = Pending::Escape(glyph),
            '!' => self.pending = Pending::Exclamation(glyph),
            '[' => self.open(&[glyph]),
            ']' if self.brackets.depth() > 0 => self.pending = Pending::Closed(glyph),
            '<' => self.pending = Pending::Tail { closed: None, read: vec![glyph], tail: Tail::address() },
            _ => self.put(glyph, out),
        }
    }

    fn put(&mut self, glyph: Glyph, out: &mut Outlet) {
        self.before = glyph.char;
        self.brackets.put(glyph, out);
    }

    fn open(&mut self, marks: &[Glyph]) {
        self.brackets.open(marks, self.before);
        self.before = '[';
    }

    fn run(&mut self, mut run: Vec<Glyph>, glyph: Glyph, out: &mut Outlet) {
        let is_more = run.last().is_some_and(|mark| mark.char == glyph.char);
        if is_more && run.len() < MAX_RUN {
            run.push(glyph);
            self.pending = Pending::Run(run);
        } else if is_more {
            run.into_iter().chain([glyph]).for_each(|mark| self.put(mark, out));
            self.pending = Pending::Flood(glyph.char);
        } else {
            self.decide(&run, glyph.char, out);
            self.begin(glyph, out);
        }
    }

    /// Drops `run` if it is a mark.
    fn decide(&mut self, run: &[Glyph], next: char, out: &mut Outlet) {
        let Some(mark) = run.first().map(|mark| mark.char) else { return };
        let is_mark = match (mark, self.code) {
            ('`', Some(open)) => open == run.len(),
            _ => is_mark(mark, run.len(), self.before, next),
        };
        if !is_mark {
            for mark in run {
                self.put(*mark, out);
            }
        } else if mark == '`' {
            self.code = if self.code.is_some() { None } else { Some(run.len()) };
        }
        self.before = mark;
    }

    /// Reads what stands right behind what may be a link's text.
    fn closed(&mut self, bracket: Glyph, glyph: Glyph, out: &mut Outlet) {
        // "rows[i][j]" is no link.
        let is_index = glyph.char == '[' && self.brackets.before().is_some_and(is_of_word);
        if let Some(tail) = Tail::behind_text(glyph.char).filter(|_| !is_index) {
            self.pending = Pending::Tail { closed: Some(bracket), read: vec![glyph], tail };
        } else {
            self.again.push(glyph);
            self.keep_bracket(bracket, out);
        }
    }

    fn keep_bracket(&mut self, bracket: Glyph, out: &mut Outlet) {
        self.brackets.keep(out);
        self.put(bracket, out);
    }

    /// `last` ends a link or an address.
    fn accept(&mut self, closed: Option<Glyph>, read: Vec<Glyph>, last: Glyph, out: &mut Outlet) {
        if closed.is_some() {
            self.link(out);
        } else {
            read.into_iter().skip(1).for_each(|glyph| self.put(glyph, out));
            self.before = last.char;
        }
    }

    fn link(&mut self, out: &mut Outlet) {
        self.brackets.link(out);
        self.before = ')';
    }

    /// What was read is no link and no address, but may have other marks in it.
    fn reject(&mut self, closed: Option<Glyph>, read: Vec<Glyph>, out: &mut Outlet) {
        let mut read = read.into_iter();
        match closed {
            Some(bracket) => self.keep_bracket(bracket, out),
            None => read.next().into_iter().for_each(|mark| self.put(mark, out)),
        }
        self.again.extend(read.rev());
    }

    /// Lets go of what has waited longest.
    fn give_up(&mut self, out: &mut Outlet) {
        let own = usize::from(matches!(&self.pending, Pending::Tail { closed: Some(_), .. } | Pending::Closed(_)));
        if self.brackets.depth() > own {
            self.brackets.give_up(out);
            return;
        }
        match mem::take(&mut self.pending) {
            Pending::Closed(bracket) => self.keep_bracket(bracket, out),
            Pending::Tail { closed, read, .. } => self.reject(closed, read, out),
            pending => self.pending = pending,
        }
    }
}

/// Whether `count` marks between `before` and `next` open or close something.
fn is_mark(mark: char, count: usize, before: char, next: char) -> bool {
    let is_free = before.is_whitespace() && next.is_whitespace();
    // A keycap: its digit or mark is part of an emoji.
    let is_key = matches!(next, '\u{fe0f}' | '\u{20e3}');
    !is_free
        && match mark {
            '~' => count == 2,
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '*' => !is_key && !is_operator(count, before, next),
            _ => true,
        }
}

/// "2*3", "a*b", "2**10". Between scripts without spaces a mark stands for emphasis.
fn is_operator(count: usize, before: char, next: char) -> bool {
    let is_power = before.is_numeric() && next.is_numeric();
    is_power || (count == 1 && is_of_word(before) && is_of_word(next))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}
