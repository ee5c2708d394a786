//! The quotation or bracket a scan is inside of: a sentence end in there does not end the sentence around it.

use super::marks::closers_of;

/// How far a closing mark may be from its opening one, in bytes.
///
/// What is quoted in one breath stays in one piece; a longer quotation, or one that is never closed, is cut into its
/// sentences like any other text.
const REACH: usize = 400;

/// The outermost open quotation or bracket, if any. What is nested inside it is not looked at, except for its own kind.
#[derive(Default)]
pub(super) struct Enclosure {
    open: Option<Open>,
}

struct Open {
    mark: char,
    at: usize,
    depth: usize,
}

impl Enclosure {
    /// Whether the scan is inside.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Whether `c` would close it.
    pub(super) fn closes(&self, c: char) -> bool {
        self.open.as_ref().is_some_and(|open| open.depth == 1 && closers_of(open.mark).contains(&c))
    }

    /// Notes that the scan has come to `c` at byte `at`, between `before` and `after`.
    pub(super) fn pass(&mut self, at: usize, before: Option<char>, c: char, after: Option<char>) {
        match &mut self.open {
            Some(open) if closers_of(open.mark).contains(&c) => {
                open.depth -= 1;
                if open.depth == 0 {
                    self.open = None;
                }
            }
            Some(open) if open.mark == c => open.depth += 1,
            None if opens(before, c, after) => self.open = Some(Open { mark: c, at, depth: 1 }),
            _ => {}
        }
    }

    /// Whether no closing mark was found in reach, so that the scan at byte `at` should forget the opening one.
    pub(super) fn is_overdue(&self, at: usize) -> bool {
        self.open.as_ref().is_some_and(|open| at - open.at > REACH)
    }

    /// Forgets the opening mark.
    pub(super) fn forget(&mut self) {
        self.open = None;
    }
}

/// Marks that look the same at both ends, or are turned round in German, open only in front of a word.
fn opens(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is_free = before.is_none_or(|b| !b.is_alphanumeric()) && after.is_some_and(|a| !a.is_whitespace());
    !closers_of(c).is_empty() && (is_free || !matches!(c, '"' | '»'))
}
