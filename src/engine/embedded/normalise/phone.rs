//! Telephone numbers and other numbers in groups, read digit by digit.

use super::cardinal::digits;
use super::word::Reading;
use super::word::View;

/// A telephone number is written in at most this many words.
const MOST_WORDS: usize = 7;

/// Reads "1-800-555-0199", "(555) 123-4567", "+49 30 123456", "020 7946 0958".
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    (1..=MOST_WORDS).rev().find_map(|words| Some(Reading::new(spoken(&written(view, words)?)?, words)))
}

/// The next `words` words as they are written, if nothing but figures is in them.
fn written(view: &View<'_>, words: usize) -> Option<String> {
    let mut written = String::new();
    for distance in 0..words {
        let word = view.ahead(distance)?;
        let last = distance + 1 == words;
        let figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || b"()+-./".contains(&byte));
        if !figures(word.opening) || !figures(word.core) || !(last || figures(word.closing)) || word.core.is_empty() {
            return None;
        }
        // Within brackets the closing one may be followed by the sentence's own mark.
        let closing = if last { "" } else { word.closing };
        written = [written.as_str(), word.opening, word.core, closing, " "].concat();
    }
    Some(written)
}

fn spoken(written: &str) -> Option<String> {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let total: usize = groups.iter().map(|group| group.len()).sum();
    let plus = written.starts_with('+');
    let shaped = match groups.as_slice() {
        [] => false,
        _ if plus => (7..=15).contains(&total),
        _ if written.starts_with('(') && written.contains(')') => (7..=15).contains(&total) && groups.len() > 1,
        // "100-2000" is a range.
        [first, second] if written.contains('-') => {
            (first.len(), second.len()) == (3, 4) && !(first.ends_with('0') && second.ends_with('0'))
        }
        [_, _] | [_] => false,
        _ if written.contains('-') => hyphenated(written),
        [first, second, third] if written.contains('.') => (first.len(), second.len(), third.len()) == (3, 3, 4),
        groups if spaced(written) && american(groups) => true,
        [first, rest @ ..] => {
            first.starts_with('0')
                && spaced(written)
                && rest.iter().all(|group| group.len() > 1)
                && (9..=12).contains(&total)
        }
    };
    let groups: Vec<String> = groups.into_iter().map(digits).collect();
    shaped.then(|| format!("{}{}", if plus { "plus " } else { "" }, groups.join(", ")))
}

/// Three, three and four digits, perhaps after the country's one. Area codes start with two or more,
/// see the North American Numbering Plan (<https://www.nanpa.com/numbering>).
fn american(groups: &[&str]) -> bool {
    let area = groups.strip_prefix(&["1"]).unwrap_or(groups);
    area.iter().map(|group| group.len()).eq([3, 3, 4]) && !area[0].starts_with(['0', '1'])
}

/// Three and more groups with hyphens between them, in one word.
fn hyphenated(written: &str) -> bool {
    written.trim_end().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn spaced(written: &str) -> bool {
    written.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ')
}
