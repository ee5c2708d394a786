//! Figures in one character: raised, lowered, in fractions and in circles.
//!
//! Their plain digits beside other digits would make another number: "10⁶" is not 106, nor
//! "2⅕" twenty one fifths. Each is therefore told apart from what stands before it.

/// Where a character stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Height {
    Line,
    /// An exponent, or the mark of a footnote.
    Raised,
    /// An index.
    Lowered,
    /// A number of its own, such as "⅕" and "①".
    Apart,
}

impl Height {
    /// The height of `c`, which comes before `after`.
    pub(super) fn of(c: char, after: Option<char>) -> Self {
        match c {
            // As in "2ⁿᵈ".
            'ⁿ' if after == Some('ᵈ') => Self::Line,
            '²' | '³' | '¹' | '⁰' | '⁴'..='⁻' | 'ⁿ' | 'ˣ' => Self::Raised,
            '₀'..='₋' => Self::Lowered,
            '¼'..='¾' | '⅐'..='⅞' | '↉' | '①'..='⑳' | '⓪' | '㉑'..='㉟' | '㊱'..='㊿' => Self::Apart,
            _ => Self::Line,
        }
    }

    /// What is written between `text` and `c`, which stands at `self` after a character at `before`
    /// and before `after`.
    pub(super) fn joint(self, before: Self, text: &str, c: char, after: Option<char>) -> &'static str {
        let last = text.chars().next_back();
        let digits = last.is_some_and(char::is_numeric) && c.is_numeric();
        let words = last.is_some_and(char::is_alphanumeric) && c.is_alphanumeric();
        let parted = match (before, self) {
            (Self::Raised, Self::Raised) | (Self::Line, Self::Line) => false,
            (_, Self::Raised) if raises(text, c) && !charges(c, after) => return "^",
            (_, Self::Raised) => true,
            (Self::Lowered, Self::Lowered) => !c.is_numeric(),
            (Self::Apart | Self::Raised, _) | (_, Self::Apart) => words,
            (Self::Lowered, _) => digits,
            (_, Self::Lowered) => digits || !c.is_numeric(),
        };
        if parted { " " } else { "" }
    }
}

/// How `c` is written before `after` where its plain form would say something else: signs off the
/// line, and a dash behind a character at `before`, as in "1½–2" and "2½-year-old".
pub(super) fn plain(c: char, before: Height, after: Option<char>) -> Option<&'static str> {
    let (number, letter) = (after.is_some_and(char::is_numeric), after.is_some_and(char::is_alphabetic));
    match (c, before) {
        ('⁺', _) if charges(c, after) => Some(" plus "),
        ('⁻', _) if charges(c, after) => Some(" minus "),
        ('⁺' | '₊', _) => Some("+"),
        ('⁻' | '₋', _) => Some("-"),
        ('–', Height::Apart | Height::Raised) | ('-', Height::Apart) if number => Some(" to "),
        ('-' | '−', Height::Raised) if number => Some(" - "),
        ('-' | '–', Height::Apart) if letter => Some(" "),
        _ => None,
    }
}

/// Whether the raised `c` tells an ion's charge, where the sign comes last: "Na⁺", "Ca²⁺".
fn charges(c: char, after: Option<char>) -> bool {
    let signed = |c: char| matches!(c, '⁺' | '⁻');
    let raised = |c: char| Height::of(c, None) == Height::Raised;
    if signed(c) { !after.is_some_and(raised) } else { after.is_some_and(signed) }
}

/// Whether the raised `c` makes a power of the end of `text`: of a number, a bracket or a
/// short symbol. After a long word it marks a footnote, unless it is a square or a cube.
fn raises(text: &str, c: char) -> bool {
    const LONGEST_SYMBOL: usize = 3;
    let letters = text.chars().rev().take(LONGEST_SYMBOL + 1).take_while(|c| c.is_alphabetic()).count();
    match text.chars().next_back() {
        Some(last) if last.is_numeric() => true,
        Some(')' | ']') => true,
        _ if letters == 0 => false,
        _ => letters <= LONGEST_SYMBOL || matches!(c, '²' | '³' | '⁻' | '⁺'),
    }
}
