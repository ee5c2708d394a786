//! The caller's text of one utterance, and what is said of it.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use crate::speech::Boundary;
use crate::speech::Delivery;
use crate::speech::Ledger;
use crate::speech::Processing;
use crate::speech::Segment;
use crate::speech::Written;
use crate::speech::tracks::Tracks;
use crate::text::Cleaner;
use crate::text::Script;

/// A text that may still be written, and of which what was spoken is cut off the front.
pub(super) struct Manuscript {
    written: String,
    cleaner: Cleaner,
    script: Script,
    /// A byte of `written`, and the code points in front of it: places are asked for in order.
    found: (usize, usize),
}

/// A stretch of what is said, and where it stands in the caller's text.
pub(super) struct Passage {
    /// What is said.
    pub(super) text: Arc<str>,
    /// Where it begins in the caller's text, in code points.
    pub(super) start_char: usize,
    /// How much of the caller's text it stands for, in code points.
    pub(super) chars: usize,
    /// What the caller wrote, where that is not what is said.
    pub(super) written: Option<Arc<Written>>,
}

/// What all segments of an utterance have in common.
pub(super) struct Part {
    /// How they are said.
    pub(super) delivery: Arc<Delivery>,
    /// Where to book what they cost.
    pub(super) ledger: Arc<Ledger>,
    /// When the whole call ends.
    pub(super) deadline: Instant,
}

impl Passage {
    /// The segment at `index` of its utterance, which closes like that.
    pub(super) fn segment(self, index: usize, closing: Boundary, part: &Part) -> Segment {
        Segment {
            text: self.text,
            index,
            start_char: self.start_char,
            chars: self.chars,
            written: self.written,
            closing,
            is_part: false,
            resend_count: 0,
            has_alternative: false,
            deadline: part.deadline,
            delivery: Arc::clone(&part.delivery),
            ledger: Arc::clone(&part.ledger),
        }
    }
}

impl Manuscript {
    /// An empty one, of which is said what `processing` leaves.
    pub(super) fn new(processing: &Processing) -> Self {
        Self { written: String::new(), cleaner: Cleaner::new(processing), script: Script::new(), found: (0, 0) }
    }

    /// More text. Where in what is left to say the new part of it begins, in bytes.
    pub(super) fn write(&mut self, text: &str) -> usize {
        let new = self.left().len();
        self.written.push_str(text);
        self.cleaner.push(text, &mut self.script);
        new
    }

    /// Nothing more comes for now. Where in what is left to say that makes a difference, in bytes.
    pub(super) fn settle(&mut self) -> usize {
        let new = self.left().len();
        self.cleaner.settle(&mut self.script);
        new
    }

    /// All that was written.
    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// What is left to say.
    pub(super) fn left(&self) -> &str {
        self.script.text()
    }

    /// Whether some of the text waits for what comes behind it.
    pub(super) fn is_undecided(&self) -> bool {
        self.cleaner.held_chars() > 0
    }

    /// Code points that wait, to be said or for what comes behind them.
    pub(super) fn waiting(&self) -> usize {
        self.left().chars().count() + self.cleaner.held_chars()
    }

    /// The bytes `range` of what is left to say.
    pub(super) fn passage(&mut self, range: Range<usize>) -> Passage {
        let tracks = self.script.tracks(range.clone());
        let text: Arc<str> = self.left().get(range).unwrap_or_default().into();
        let whole = tracks.whole();
        let written = (!tracks.is_straight()).then(|| self.quote(tracks));
        Passage { text, start_char: whole.start, chars: whole.len(), written }
    }

    /// Cuts `bytes` off the front of what is left to say.
    pub(super) fn cut(&mut self, bytes: usize) {
        self.script.drain(bytes);
    }

    fn quote(&mut self, tracks: Tracks) -> Arc<Written> {
        let whole = tracks.whole();
        let (start, end) = (self.byte(whole.start), self.byte(whole.end));
        Arc::new(Written { text: self.written.get(start..end).unwrap_or_default().into(), tracks })
    }

    /// The byte of the code point `char` of the caller's text.
    fn byte(&mut self, char: usize) -> usize {
        let (byte, before) = if self.found.1 <= char { self.found } else { (0, 0) };
        let rest = self.written.get(byte..).unwrap_or_default();
        let offset = rest.char_indices().nth(char - before).map_or(rest.len(), |(offset, _)| offset);
        self.found = (byte + offset, char);
        byte + offset
    }
}

#[cfg(test)]
mod tests {
    use super::Manuscript;
    use crate::speech::Processing;

    #[test]
    fn what_is_said_quotes_what_was_written() {
        let mut manuscript = Manuscript::new(&Processing { strip_markdown: true, ..Processing::default() });
        manuscript.write("Ein **großes** Glück. Das *ist* es.");
        manuscript.settle();
        assert_eq!(manuscript.left(), "Ein großes Glück. Das ist es.");
        let first = manuscript.passage(0.."Ein großes Glück.".len());
        assert_eq!((&*first.text, first.start_char, first.chars), ("Ein großes Glück.", 0, 21));
        assert_eq!(first.written.as_deref().map(|written| &*written.text), Some("Ein **großes** Glück."));
        manuscript.cut("Ein großes Glück.".len());
        let second = manuscript.passage(1..manuscript.left().len());
        assert_eq!((&*second.text, second.start_char), ("Das ist es.", 22));
        assert_eq!(second.written.as_deref().map(|written| &*written.text), Some("Das *ist* es."));
    }

    #[test]
    fn a_callers_own_text_needs_no_quotation() {
        let mut manuscript = Manuscript::new(&Processing::default());
        assert_eq!((manuscript.write("Grüße"), manuscript.write(" an alle.")), (0, 7));
        let passage = manuscript.passage(8..16);
        assert_eq!((&*passage.text, passage.start_char, passage.chars), ("an alle.", 6, 8));
        assert!(passage.written.is_none());
    }
}
