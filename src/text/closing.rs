//! How a piece of text closes, which says how long a reader would pause behind it.

use crate::speech::Boundary;

use super::sentences::is_closer;
use super::sentences::is_terminator;
use super::sentences::line_ends;

/// What stands in `text` at byte `end`, where a piece ends: its last marks, and the white space behind it.
pub(super) fn closing(text: &str, end: usize) -> Boundary {
    let gap = &text[end..][..text[end..].len() - text[end..].trim_start().len()];
    let lines: usize = gap.chars().map(line_ends).sum();
    match (lines, last_mark(&text[..end])) {
        (2.., _) => Boundary::Paragraph,
        // A heading or an item of a list often has no mark of its own.
        (1, Boundary::Word) => Boundary::Sentence,
        (_, mark) => mark,
    }
}

/// What the last mark of `piece` says, behind which quotes and brackets may close.
pub(super) fn last_mark(piece: &str) -> Boundary {
    match piece.trim_end().trim_end_matches(is_closer).chars().next_back() {
        Some(mark) if is_terminator(mark) => Boundary::Sentence,
        Some(',' | ';' | ':' | '–' | '—' | '、' | '，' | '；' | '：' | '،' | '؛') => Boundary::Clause,
        _ => Boundary::Word,
    }
}

#[cfg(test)]
mod tests {
    use super::closing;
    use crate::speech::Boundary;

    #[test]
    fn the_last_mark_and_the_space_behind_it_decide() {
        for (piece, rest, expected) in [
            ("It rained.", " Then it stopped.", Boundary::Sentence),
            ("“It rained!”", " Then it stopped.", Boundary::Sentence),
            ("(It rained?)", "", Boundary::Sentence),
            ("下雨了。", "然后停了。", Boundary::Sentence),
            ("It rained,", " then it stopped.", Boundary::Clause),
            ("下雨了，", "然后停了。", Boundary::Clause),
            ("It rained", " all day.", Boundary::Word),
            ("It rai", "ned all day.", Boundary::Word),
            ("Weather", "\nIt rained.", Boundary::Sentence),
            ("It rained.", "\nThen it stopped.", Boundary::Sentence),
            ("It rained.", "\r\n\r\nThen it stopped.", Boundary::Paragraph),
            ("It rained.", " \n \n Then it stopped.", Boundary::Paragraph),
            ("It rained.", "\u{2029}Then it stopped.", Boundary::Paragraph),
        ] {
            assert_eq!(closing(&format!("{piece}{rest}"), piece.len()), expected, "{piece:?} {rest:?}");
        }
    }
}
