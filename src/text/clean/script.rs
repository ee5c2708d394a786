//! Text as it is spoken, with where each stretch of it stands in the caller's text.

use std::ops::Range;

use super::glyph::Glyph;
use crate::speech::tracks::Run;
use crate::speech::tracks::Span;
use crate::speech::tracks::Tracks;
use crate::speech::tracks::source;
use crate::speech::tracks::tracks;

/// The room that is never given back: less than any allocator would notice.
const SPARE: usize = 256;

/// Text as it is spoken, with where each stretch of it stands in the caller's text.
///
/// What was taken is freed when it is more than what is left, so that taking costs no more than writing did.
#[derive(Clone, Debug, Default)]
pub struct Script {
    written: String,
    /// The bytes of `written` that were taken.
    taken_bytes: usize,
    /// The code points that were taken since the utterance began.
    taken_chars: usize,
    /// The code points that were written since the utterance began.
    chars: usize,
    runs: Vec<Run>,
    /// The runs of which everything was taken. The last run is never among them: positions go on from it.
    taken_runs: usize,
}

impl Script {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The spoken text that has not been taken.
    pub fn text(&self) -> &str {
        self.written.get(self.taken_bytes..).unwrap_or_default()
    }

    /// Takes the first `bytes` bytes off (they were spoken); positions go on counting.
    pub fn drain(&mut self, bytes: usize) {
        let bytes = self.text().floor_char_boundary(bytes);
        self.taken_chars = self.position(bytes);
        self.taken_bytes += bytes;
        self.taken_runs += self.runs().partition_point(|run| run.at <= self.taken_chars).saturating_sub(1);
        self.free();
    }

    /// The caller's code points (from the first one of the utterance) that the spoken bytes `range` of
    /// [`text`](Self::text) stand for: from where the first byte comes from to the end of where the last one comes
    /// from.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        source(self.runs(), &self.positions(range))
    }

    /// The same mapping for a stretch that is taken away as a value of its own, in code points of the stretch.
    pub fn tracks(&self, range: Range<usize>) -> Tracks {
        tracks(self.runs(), &self.positions(range))
    }

    /// Appends one code point.
    pub(super) fn put(&mut self, glyph: Glyph) {
        self.written.push(glyph.char);
        self.track(glyph.source, 1, glyph.is_own);
    }

    /// Appends the caller's own text, `chars` code points from code point `start` on.
    pub(super) fn put_own(&mut self, text: &str, start: usize, chars: usize) {
        self.written.push_str(text);
        self.track(Span { start, end: start + chars }, chars, true);
    }

    fn track(&mut self, source: Span, chars: usize, is_straight: bool) {
        let at = self.chars;
        self.chars += chars;
        match self.runs.last_mut().filter(|last| last.is_straight == is_straight) {
            Some(last) if is_straight && last.source.end == source.start => last.source.end = source.end,
            Some(last) if !is_straight && last.source == source => {}
            _ if chars == 0 => {}
            _ => self.runs.push(Run { at, source, is_straight }),
        }
    }

    fn runs(&self) -> &[Run] {
        self.runs.get(self.taken_runs..).unwrap_or_default()
    }

    /// Bytes of the text as code points of the utterance.
    fn positions(&self, range: Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        start..self.position(range.end).max(start)
    }

    fn position(&self, byte: usize) -> usize {
        let end = self.text().floor_char_boundary(byte);
        self.taken_chars + self.text().get(..end).map_or(0, |text| text.chars().count())
    }

    fn free(&mut self) {
        if self.taken_bytes * 2 >= self.written.len() {
            self.written.drain(..self.taken_bytes);
            self.taken_bytes = 0;
            self.written.shrink_to(self.written.len() * 2 + SPARE);
        }
        if self.taken_runs * 2 >= self.runs.len() {
            self.runs.drain(..self.taken_runs);
            self.taken_runs = 0;
            self.runs.shrink_to(self.runs.len() * 2 + SPARE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every other letter of the caller's is spoken.
    fn gappy(letters: usize) -> Script {
        let mut script = Script::new();
        (0..letters).for_each(|letter| script.put(Glyph::own('é', letter * 2)));
        script
    }

    #[test]
    fn positions_go_on_counting_when_text_was_taken() {
        let mut script = gappy(10);
        script.drain(8);
        assert_eq!(script.text().len(), 12);
        assert_eq!(script.source(0..2), 8..9);
        assert_eq!(script.source(2..6), 10..13);
        assert_eq!(script.tracks(2..6).source(1..2), 12..13);
        script.drain(99);
        assert_eq!((script.text(), script.source(0..0)), ("", 19..19));
        script.put(Glyph::own('b', 30));
        assert_eq!(script.source(0..1), 30..31);
    }

    #[test]
    fn own_text_is_one_run_however_it_comes() {
        let mut script = Script::new();
        script.put_own("", 0, 0);
        script.put_own("añ", 0, 2);
        script.put(Glyph::own('b', 2));
        script.put_own("c", 3, 1);
        assert_eq!(script.tracks(0..5), Tracks::straight(0, 4));
        assert_eq!(script.runs.len(), 1);
        script.put_own("", 4, 0);
        assert_eq!(script.source(5..5), 4..4);
    }

    #[test]
    fn what_was_taken_is_freed() {
        let mut script = Script::new();
        for round in 0..1_000 {
            for letter in 0..100 {
                script.put(Glyph::own('x', (round * 100 + letter) * 2));
            }
            script.drain(99);
            assert!(script.written.capacity() < 4 * SPARE + 4_000 && script.runs.capacity() < 4 * SPARE + 4_000);
        }
        assert_eq!(script.text().len(), 1_000);
        script.drain(999);
        assert!(script.written.capacity() <= SPARE + 2 && script.runs.capacity() <= SPARE + 2);
        assert_eq!(script.source(0..1), 199_998..199_999);
    }
}
