//! Characters on their way to being compared: what makes no difference to a listener is taken out as they come.
//!
//! Letters, digits and the symbols that are words of their own ("%", "&", "€") go on, in one form; case, punctuation,
//! quotes, mark-up and emoji do not. White space does not either, so that a compound is the same however it is joined.
//! Only between two digits is what stands there kept, because "4.5" is not "45".

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::char::decompose_compatible;
use unicode_normalization::char::is_combining_mark;

/// How many marks on one letter are put in order; a language needs three.
const MAX_MARKS: usize = 8;

/// A minus sign, whichever dash it was written with.
pub(super) const MINUS: char = '\u{2212}';

/// What is left of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// A letter, a mark on one, a digit, or a symbol that is read out.
    Char(char),
    /// What stood between two digits: `.` `,` `:` `/` `-` `'`, or a space for anything else.
    Between(char),
    /// The word that was being written cannot grow any more.
    Break,
}

/// Folds characters one at a time, so that it is the same wherever a text is cut.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    before: Before,
    gap: Gap,
    /// The letter that a mark would stand on, and whether a word begins with it.
    base: Option<(char, bool)>,
    marks: Vec<char>,
}

/// What came last and was not dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Nothing,
    Letter,
    Digit,
    Other,
}

/// What was dropped since.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen or not, in any combination")]
struct Gap {
    chars: usize,
    last: char,
    has_space: bool,
    has_line_end: bool,
    has_mark: bool,
    /// There is a dash, and nothing else but white space.
    is_dash: bool,
    /// The last of it is a dash with white space or an opening bracket in front of it.
    is_minus: bool,
}

impl Folder {
    pub(super) fn new() -> Self {
        Self { before: Before::Nothing, gap: Gap::default(), base: None, marks: Vec::new() }
    }

    /// Takes the next character.
    pub(super) fn push(&mut self, c: char, emit: &mut impl FnMut(Symbol)) {
        match c {
            // As characters of their own these say what their decomposition does not.
            '²' | '³' | '½' | '¼' | '¾' => self.plain(c, emit),
            '´' | '¨' | '¸' | '¯' | '…' | '™' | 'ℹ' | 'Ⓜ' | '㊗' | '㊙' | '\u{1f130}'..='\u{1f189}' => {
                self.skip(c, emit);
            }
            _ => decompose_compatible(c, |part| self.part(part, emit)),
        }
    }

    /// Says what is still held back.
    pub(super) fn finish(&mut self, emit: &mut impl FnMut(Symbol)) {
        self.flush_marks(emit);
    }

    fn part(&mut self, c: char, emit: &mut impl FnMut(Symbol)) {
        if is_ignored(c) {
            return;
        }
        if is_combining_mark(c) {
            return self.mark(c, emit);
        }
        for lower in c.to_lowercase() {
            match lower {
                // A dot that a capital letter leaves behind in lower case.
                '\u{307}' => {}
                'ß' => ["s", "s"].iter().for_each(|_| self.plain('s', emit)),
                'œ' => ['o', 'e'].into_iter().for_each(|c| self.plain(c, emit)),
                'æ' => ['a', 'e'].into_iter().for_each(|c| self.plain(c, emit)),
                'ς' => self.plain('σ', emit),
                _ => self.plain(lower, emit),
            }
        }
    }

    fn plain(&mut self, c: char, emit: &mut impl FnMut(Symbol)) {
        if let Some(digit) = digit(c) {
            return self.digit(digit, emit);
        }
        if c.is_alphanumeric() || matches!(c, '²' | '³') {
            self.flush_marks(emit);
            let is_first = self.before != Before::Letter || self.gap.chars > 0;
            self.base = Some((c, is_first));
            return self.keep(c, Before::Letter, emit);
        }
        if is_spoken(c) && !self.is_decoration(c) {
            self.flush_marks(emit);
            if is_money(c) && self.gap.is_minus {
                emit(Symbol::Char(MINUS));
            }
            return self.keep(c, Before::Other, emit);
        }
        self.skip(c, emit);
    }

    fn digit(&mut self, digit: char, emit: &mut impl FnMut(Symbol)) {
        self.flush_marks(emit);
        if self.gap.is_minus {
            emit(Symbol::Char(MINUS));
        } else if self.gap.last == '#' {
            emit(Symbol::Char('#'));
        } else if self.before == Before::Digit && self.gap.chars > 0 {
            emit(Symbol::Between(self.gap.between()));
        }
        self.keep(digit, Before::Digit, emit);
    }

    fn keep(&mut self, c: char, before: Before, emit: &mut impl FnMut(Symbol)) {
        if before != Before::Letter {
            self.base = None;
        }
        self.before = before;
        self.gap = Gap::default();
        emit(Symbol::Char(c));
    }

    /// Marks of equal standing come in any order; the sorted one is compared.
    fn mark(&mut self, c: char, emit: &mut impl FnMut(Symbol)) {
        let Some((base, is_first)) = self.base.filter(|_| self.gap.chars == 0) else { return };
        // The dots of "ё" are left out in most Russian print, and the accent of a French capital in much of French.
        let is_optional = (base == 'е' && c == '\u{308}')
            || (is_first && base.is_ascii_alphabetic() && matches!(c, '\u{300}'..='\u{302}'))
            || (base == 'i' && c == '\u{307}');
        if is_optional {
            return;
        }
        if self.marks.len() >= MAX_MARKS {
            self.flush_marks(emit);
        }
        self.marks.push(c);
    }

    fn flush_marks(&mut self, emit: &mut impl FnMut(Symbol)) {
        self.marks.sort_by_key(|&mark| canonical_combining_class(mark));
        self.marks.drain(..).for_each(|mark| emit(Symbol::Char(mark)));
    }

    fn skip(&mut self, c: char, emit: &mut impl FnMut(Symbol)) {
        self.flush_marks(emit);
        let follows_unspaced = self.base.is_some_and(|(base, _)| is_unspaced(base));
        let is_free = self.gap.chars == 0 && (self.before == Before::Nothing || follows_unspaced);
        self.gap.is_minus = is_dash(c) && (is_free || self.gap.has_space_last() || matches!(self.gap.last, '(' | '['));
        let is_still_dash = self.gap.is_dash || !self.gap.has_mark;
        self.gap.is_dash =
            if c.is_whitespace() { self.gap.is_dash } else { is_still_dash && (is_dash(c) || c == '—') };
        self.gap.has_mark |= !c.is_whitespace();
        self.gap.chars += 1;
        self.gap.last = c;
        self.gap.has_space |= c.is_whitespace();
        self.gap.has_line_end |= c == '\n';
        // What may stand inside a word or a number does not end it.
        let is_inner = is_apostrophe(c) || is_dash(c) || matches!(c, '.' | ',' | ':' | '/' | '\u{2044}');
        if !is_inner {
            emit(Symbol::Break);
        }
    }

    /// A bullet or an underline rather than a word.
    fn is_decoration(&self, c: char) -> bool {
        let is_line_start = self.before == Before::Nothing || self.gap.has_line_end;
        matches!(c, '+' | '=') && is_line_start
    }
}

impl Gap {
    fn has_space_last(&self) -> bool {
        self.chars > 0 && self.last.is_whitespace()
    }

    fn between(&self) -> char {
        match self.last {
            _ if self.is_dash => '-',
            c if (self.chars > 1 || self.has_space) && c == ':' => ':',
            '.' | ',' | ':' | '/' => self.last,
            '\u{2044}' => '/',
            c if is_dash(c) => '-',
            c if is_apostrophe(c) => '\'',
            _ => ' ',
        }
    }
}

/// The whole of a word or phrase in the form that is compared.
pub(super) fn fold(text: &str) -> String {
    // Nearly all entries of the tables are made of these, and they are folded again for each text.
    if text.chars().all(|c| is_plain(c) || c == ' ') {
        return text.chars().filter(|&c| c != ' ').flat_map(char::to_lowercase).collect();
    }
    let mut result = String::with_capacity(text.len());
    let mut folder = Folder::new();
    let mut emit = |symbol| match symbol {
        Symbol::Char(c) | Symbol::Between(c) => result.push(c),
        Symbol::Break => {}
    };
    text.chars().for_each(|c| folder.push(c, &mut emit));
    folder.finish(&mut emit);
    result
}

/// A letter that has nothing to be taken off but its capital form.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'а'..='и' | 'к'..='я' | '\u{4e00}'..='\u{9fff}')
}

/// The same for an entry of a table, where a "+" that stands alone is no bullet.
pub(super) fn fold_entry(text: &str) -> String {
    let folded = fold(text);
    if folded.is_empty() { text.to_owned() } else { folded }
}

/// Whether a reader says a name for it.
fn is_spoken(c: char) -> bool {
    is_money(c)
        || matches!(c, '%' | '‰' | '&' | '@' | '+' | '=' | '°' | '§' | '×' | '÷' | '±' | '½' | '¼' | '¾' | MINUS)
}

/// Whether it is the sign of a currency.
pub(super) fn is_money(c: char) -> bool {
    matches!(c, '$' | '£' | '¥' | '¢' | '\u{20a0}'..='\u{20cf}')
}

/// Hyphens and dashes that may be a minus or join two numbers.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2013}')
}

/// The marks that are written for an apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '′')
}

/// Scripts that are written without spaces, whose characters are words to us.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// What neither shows nor sounds: joiners, selectors, direction marks, and the vowel points that most texts leave out.
fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{20d0}'..='\u{20f0}'
        | '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}' | '\u{591}'..='\u{5c7}' | '\u{e0000}'..='\u{e0fff}')
}

/// The digit zero of each script that has its own and that a text may well be written with.
const ZEROS: [char; 12] = ['0', '٠', '۰', '०', '০', '੦', '૦', '௦', '౦', '೦', '๐', '໐'];

fn digit(c: char) -> Option<char> {
    ZEROS.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero)).filter(|&value| value < 10)?;
        char::from_digit(value, 10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_alike_folds_alike() {
        for (one, other) in [
            ("It’s “fine” – REALLY!", "its fine really"),
            ("e-mail", "Email"),
            ("cafe\u{301}", "CAFÉ"),
            ("ﬁve ｆｕｌｌ １２％", "five full 12%"),
            ("**bold** and `code` 😀 👩‍👩‍👧", "bold and code"),
            ("Straße", "STRASSE"),
            ("École", "Ecole"),
            ("Ёлка", "елка"),
            ("U.S.A.", "U S A"),
            ("a\u{323}\u{302}", "a\u{302}\u{323}"),
            ("١٢", "12"),
            ("+ one\n+ two", "one two"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
    }

    #[test]
    fn what_does_not_stays_apart() {
        for (one, other) in [
            ("4.5", "45"),
            ("1 23", "12 3"),
            ("-5", "5"),
            ("año", "ano"),
            ("5%", "5"),
            ("ou", "oů"),
            ("3:30", "3.30"),
            ("й", "и"),
            ("¥5", "$5"),
        ] {
            assert_ne!(fold(one), fold(other), "{one}");
        }
    }
}
