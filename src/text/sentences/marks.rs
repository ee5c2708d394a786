//! Which characters end a sentence, and which open and close what is quoted or put in brackets.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use icu_properties::props::SentenceBreak;

/// Whether `c` may end a sentence: the classes `STerm` and `ATerm` of
/// [UAX #29](https://www.unicode.org/reports/tr29/#Sentence_Boundaries), and the ellipsis, which is in neither.
pub(crate) fn is_terminator(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, '.' | '!' | '?');
    }
    let class = CodePointMapData::<SentenceBreak>::new().get(c);
    class == SentenceBreak::STerm || class == SentenceBreak::ATerm || c == '…'
}

/// Whether `c` is a full stop that numbers, abbreviations and addresses hold too.
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{2024}' | '\u{fe52}' | '\u{ff0e}')
}

/// Whether `c`, standing right behind a terminator, belongs to the sentence: a quote, a bracket, a Markdown emphasis.
pub(crate) fn is_closer(c: char) -> bool {
    match c {
        '"' | '\'' | '*' | '_' | '`' | '~' | '“' | '‘' => true,
        c if c.is_ascii() => matches!(c, ')' | ']' | '}'),
        c => matches!(category(c), GeneralCategory::ClosePunctuation | GeneralCategory::FinalPunctuation),
    }
}

/// Whether `c` may stand between a space and the first letter of a sentence.
pub(super) fn is_lead(c: char) -> bool {
    match c {
        '"' | '\'' | '*' | '_' | '`' | '~' | '#' | '-' | '–' | '—' | '¿' | '¡' | '•' | '⁃' | '·' | '‣' | '◦' => {
            true
        }
        c if c.is_ascii() => matches!(c, '(' | '[' | '{'),
        c => matches!(
            category(c),
            GeneralCategory::OpenPunctuation | GeneralCategory::InitialPunctuation | GeneralCategory::FinalPunctuation
        ),
    }
}

/// Whether `c` is written without spaces between words: Han, kana and their punctuation.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether `c` is hiragana: behind a closing quote it carries the sentence on (「…」と言った).
pub(super) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

/// How many paragraph-making line ends `c` stands for: one for a line end, two for a page or paragraph end.
pub(crate) fn line_ends(c: char) -> usize {
    match c {
        '\n' | '\u{b}' | '\u{85}' | '\u{2028}' => 1,
        '\u{c}' | '\u{2029}' => 2,
        _ => 0,
    }
}

/// The characters that close what `open` opened; empty if `open` opens nothing that is followed here.
///
/// Single quotes are left out because they are apostrophes as well.
pub(super) fn closers_of(open: char) -> &'static [char] {
    match open {
        '"' => &['"'],
        '“' => &['”'],
        '„' => &['“', '”'],
        '«' => &['»'],
        '»' => &['«'],
        '(' => &[')'],
        '[' => &[']'],
        '（' => &['）', ')'],
        '「' => &['」'],
        '『' => &['』'],
        '【' => &['】'],
        '《' => &['》'],
        _ => &[],
    }
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}
