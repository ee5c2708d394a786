//! Where spoken code points come from: runs of them, each with its stretch of the caller's text.

use std::ops::Range;
use std::sync::Arc;

/// A stretch of the caller's text, in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Span {
    /// From where this begins to where `last`, which does not end before it, ends.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }
}

/// Spoken code points that come from one stretch: one by one if it is straight, otherwise each of them from all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first of them, counted as its owner counts.
    pub at: usize,
    /// What they come from.
    pub source: Span,
    /// Whether they are the caller's own.
    pub is_straight: bool,
}

impl Run {
    /// What the spoken code point `at` comes from.
    fn span(&self, at: usize) -> Span {
        let start = self.source.start + at.saturating_sub(self.at);
        if self.is_straight { Span { start, end: start + 1 } } else { self.source }
    }

    /// What of the run lies in `chars`, counted from where those begin.
    fn clipped(&self, chars: &Range<usize>) -> Self {
        let first = self.at.max(chars.start);
        let start = self.span(first).start;
        let end = if self.is_straight { self.source.end.min(start + (chars.end - first)) } else { self.source.end };
        Self { at: first - chars.start, source: Span { start, end }, is_straight: self.is_straight }
    }
}

/// What the spoken code points `chars` come from, `runs` being in order and without gaps.
pub fn source(runs: &[Run], chars: &Range<usize>) -> Range<usize> {
    let start = span(runs, chars.start).start;
    let end = if chars.is_empty() { start } else { span(runs, chars.end - 1).end };
    start..end
}

/// The tracks of the spoken code points `chars`.
pub fn tracks(runs: &[Run], chars: &Range<usize>) -> Tracks {
    let from = first(runs, chars.start);
    let within = runs.iter().skip(from).take_while(|run| run.at < chars.end).map(|run| run.clipped(chars));
    let within: Arc<[Run]> = if chars.is_empty() { Arc::default() } else { within.collect() };
    let start = span(runs, chars.start).start;
    let is_bent = within.len() > 1 || within.iter().any(|run| !run.is_straight);
    Tracks { start, chars: chars.len(), runs: is_bent.then_some(within) }
}

fn span(runs: &[Run], at: usize) -> Span {
    runs.get(first(runs, at)).map_or(Span { start: 0, end: 0 }, |run| run.span(at))
}

/// The index of the run that holds `at`.
fn first(runs: &[Run], at: usize) -> usize {
    runs.partition_point(|run| run.at <= at).saturating_sub(1)
}

/// Where the code points of a piece of spoken text come from.
///
/// Cheap to clone, and no more than two numbers if the piece is the caller's own text. Two tracks are equal exactly if
/// they say the same of every code point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracks {
    start: usize,
    chars: usize,
    /// Counted from the beginning of the piece; none if it is straight.
    runs: Option<Arc<[Run]>>,
}

impl Tracks {
    /// Those of `chars` code points that are the caller's own from code point `start` on.
    pub fn straight(start: usize, chars: usize) -> Self {
        Self { start, chars, runs: None }
    }

    /// Whether the piece is the caller's own text.
    pub fn is_straight(&self) -> bool {
        self.runs.is_none()
    }

    /// The caller's code points that the whole piece stands for.
    pub fn whole(&self) -> Range<usize> {
        self.source(0..self.chars)
    }

    /// The caller's code points that the code points `chars` of the piece stand for.
    pub fn source(&self, chars: Range<usize>) -> Range<usize> {
        let chars = self.within(chars);
        match &self.runs {
            Some(runs) => source(runs, &chars),
            None => self.start + chars.start..self.start + chars.end,
        }
    }

    /// The tracks of the code points `chars` of the piece.
    #[must_use]
    pub fn part(&self, chars: Range<usize>) -> Self {
        let chars = self.within(chars);
        match &self.runs {
            Some(runs) => tracks(runs, &chars),
            None => Self::straight(self.start + chars.start, chars.len()),
        }
    }

    fn within(&self, chars: Range<usize>) -> Range<usize> {
        let start = chars.start.min(self.chars);
        start..chars.end.clamp(start, self.chars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Dr. Who" spoken as "Doctor Who", from code point 10 on.
    fn doctor() -> Tracks {
        let runs = [
            Run { at: 0, source: Span { start: 10, end: 13 }, is_straight: false },
            Run { at: 6, source: Span { start: 13, end: 17 }, is_straight: true },
        ];
        tracks(&runs, &(0..10))
    }

    #[test]
    fn a_replacement_stands_for_all_of_what_it_replaced() {
        let doctor = doctor();
        assert_eq!(doctor.whole(), 10..17);
        assert_eq!(doctor.source(0..6), 10..13);
        assert_eq!(doctor.source(2..3), 10..13);
        assert_eq!(doctor.source(7..10), 14..17);
        assert_eq!(doctor.source(5..8), 10..15);
        assert_eq!(doctor.source(7..7), 14..14);
        assert!(!doctor.is_straight());
    }

    #[test]
    fn a_part_counts_from_its_own_beginning() {
        assert_eq!(doctor().part(7..10), Tracks::straight(14, 3));
        assert_eq!(doctor().part(4..9).part(3..5), Tracks::straight(14, 2));
        assert_eq!(doctor().part(4..9).source(0..1), 10..13);
        assert_eq!(doctor().part(6..6), Tracks::straight(13, 0));
        assert_eq!(Tracks::straight(5, 9).part(2..4), Tracks::straight(7, 2));
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        assert_eq!(doctor().source(8..99), 15..17);
        assert_eq!(doctor().part(99..100), doctor().part(10..10));
        assert_eq!(Tracks::straight(5, 2).source(1..9), 6..7);
    }
}
