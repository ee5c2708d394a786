//! A text as the tokens that a reader says one by one.

use super::fold::Folder;
use super::fold::Symbol;
use super::fold::is_apostrophe;
use super::fold::is_dash;
use super::fold::is_unspaced;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters; in a script without spaces one of them.
    Word,
    /// A run of digits.
    Digits,
    /// A symbol that is read out, "%" or "&".
    Sign,
    /// Something between other tokens that may be read out or not: the "/" of "and/or", the "." of "example.com".
    Joint,
}

/// The smallest thing that is compared as a whole.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// In the form that is compared; of a joint, the character.
    pub(super) folded: String,
    /// Where it stands, in code points of the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The how manieth word of the text it belongs to.
    pub(super) word: usize,
    /// What stands in front of it.
    pub(super) gap: Gap,
    /// Whether it begins with a capital letter, and whether it has no small one.
    pub(super) is_capital: bool,
    pub(super) is_upper: bool,
    /// Whether an apostrophe stands within it.
    pub(super) has_apostrophe: bool,
}

/// What stands in front of a token.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen or not, in any combination")]
pub(super) struct Gap {
    /// Nothing but an apostrophe, or nothing at all.
    pub(super) is_tight: bool,
    pub(super) has_space: bool,
    pub(super) has_apostrophe: bool,
    /// A full stop, a question mark or the like, which ends a sentence or an abbreviation.
    pub(super) has_stop: bool,
    /// A comma, a colon or the like.
    pub(super) has_comma: bool,
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(super) fn is_digits(&self) -> bool {
        self.kind == Kind::Digits
    }

    pub(super) fn is(&self, folded: &str) -> bool {
        self.folded == folded
    }

    pub(super) fn is_joint(&self, c: char) -> bool {
        self.kind == Kind::Joint && self.folded.starts_with(c)
    }
}

/// The tokens of `chars` in order, and how many words they make.
pub(super) fn tokens(chars: &[char]) -> (Vec<Token>, usize) {
    let mut reader = Reader { chars, tokens: Vec::new(), words: 0, gap_start: 0, within: None };
    let mut folder = Folder::new();
    let mut symbols = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        folder.push(c, &mut |symbol| symbols.push(symbol));
        symbols.drain(..).for_each(|symbol| reader.read(symbol, at));
    }
    folder.finish(&mut |symbol| symbols.push(symbol));
    symbols.drain(..).for_each(|symbol| reader.read(symbol, chars.len()));
    reader.last_key();
    (reader.tokens, reader.words)
}

struct Reader<'c> {
    chars: &'c [char],
    tokens: Vec<Token>,
    words: usize,
    /// Behind the last character that went into a token.
    gap_start: usize,
    /// What stands between two digits although nothing is written between their characters.
    within: Option<char>,
}

impl Reader<'_> {
    fn read(&mut self, symbol: Symbol, at: usize) {
        let c = match symbol {
            Symbol::Char(c) => c,
            Symbol::Between(c) => {
                // One character may stand for several, such as "⅓" for three.
                let is_within = self.chars.get(self.gap_start..at).is_none_or(<[char]>::is_empty);
                self.within = Some(c).filter(|_| is_within);
                return;
            }
            Symbol::Break => return,
        };
        let within = self.within.take();
        if let Some(joint) = within.filter(|joint| *joint != ' ') {
            let gap = self.gap(at);
            self.begin(Kind::Joint, joint.to_string(), at, gap);
        }
        let kind = match c {
            '0'..='9' => Kind::Digits,
            '²' | '³' => Kind::Word,
            _ if c.is_alphanumeric() || is_mark(c) => Kind::Word,
            _ => Kind::Sign,
        };
        // A held mark is said when the next letter comes; it stands on the last one.
        let at = if is_mark(c) { self.gap_start.saturating_sub(1) } else { at };
        let gap = self.gap(at);
        if let Some(last) = self.tokens.last_mut()
            && last.kind == kind
            && within.is_none()
            && kind != Kind::Sign
            && gap.is_tight
            && !(gap.has_apostrophe && kind == Kind::Digits)
            && (!is_unspaced(c) || is_mark(c))
            && !last.folded.chars().next().is_some_and(|first| is_unspaced(first) && !is_mark(c))
        {
            last.folded.push(c);
            last.has_apostrophe |= gap.has_apostrophe;
            last.end = last.end.max(at + 1).min(self.chars.len());
            last.is_upper &= is_mark(c) || self.chars.get(at).is_some_and(|c| c.is_uppercase());
        } else {
            self.joints(at);
            self.begin(kind, c.to_string(), at, gap);
        }
        self.gap_start = self.gap_start.max(at + 1);
    }

    fn begin(&mut self, kind: Kind, folded: String, at: usize, gap: Gap) {
        let raw = self.chars.get(at).copied().unwrap_or_default();
        let is_alone = is_unspaced(raw) && kind == Kind::Word;
        let follows_alone = self.tokens.last().is_some_and(|last| last.folded.chars().all(is_unspaced));
        if self.tokens.is_empty() || gap.has_space || is_alone || follows_alone {
            self.words += 1;
        }
        let is_upper = raw.is_uppercase();
        let word = self.words - 1;
        self.tokens.push(Token {
            kind,
            folded,
            start: at,
            end: at + 1,
            word,
            gap,
            is_capital: is_upper,
            is_upper,
            has_apostrophe: false,
        });
    }

    /// Puts a joint in front of the token at `at` if what stands there may be read out.
    fn joints(&mut self, at: usize) {
        let Some(gap) = self.chars.get(self.gap_start..at).filter(|gap| !gap.is_empty()) else { return };
        let start = self.gap_start;
        let follows_digit = self.tokens.last().is_some_and(Token::is_digits);
        let is_digit = self.chars.get(at).is_some_and(|c| c.is_numeric());
        let meaning: Vec<char> = gap.iter().copied().filter(|c| !c.is_whitespace()).collect();
        let is_first = self.tokens.is_empty();
        let has_space = gap.iter().any(|c| c.is_whitespace());
        let found = match meaning[..] {
            // "12. 30" is the end of a sentence; "12 – 30" is a range.
            ['–'] if !is_first && !has_space && (!follows_digit || !is_digit) => Some('–'),
            [c] if is_dash(c) && !is_first && (!has_space || (follows_digit && is_digit)) => Some('-'),
            ['—'] if follows_digit && is_digit => Some('-'),
            [c @ ('.' | ',' | ':')] if !has_space && !is_first && follows_digit && is_digit => Some(c),
            // "9 a.m.–5 p.m."
            [.., c] if (is_dash(c) || c == '—') && is_digit && !is_first && !has_space => Some('–'),
            ['.'] if !has_space && !is_first => Some('.'),
            ['/' | '\u{2044}'] | [':', '/', '/'] if !is_first => Some('/'),
            [c @ ('*' | '<' | '>' | '_')] if !is_first => Some(c),
            [.., c @ ('#' | '~' | '≈' | '№' | '+' | '\\' | '→')] => Some(c),
            _ => key(&meaning).filter(|_| !is_first),
        };
        let Some(joint) = found else { return };
        self.joint(joint, start, at, has_space);
    }

    /// "Press *, then #." ends with a key.
    fn last_key(&mut self) {
        let (start, end) = (self.gap_start, self.chars.len());
        let gap = self.chars.get(start..end).unwrap_or_default();
        let has_space = gap.iter().any(|c| c.is_whitespace());
        if let Some(key) = key(gap).filter(|_| !self.tokens.is_empty()) {
            self.joint(key, start, end, has_space);
        }
    }

    fn joint(&mut self, joint: char, start: usize, at: usize, has_space: bool) {
        let gap = self.gap(at);
        self.begin(Kind::Joint, joint.to_string(), start, gap);
        if let Some(token) = self.tokens.last_mut() {
            token.end = at;
            // It belongs to the word that it is written onto.
            if has_space && !self.chars.get(start).is_some_and(|c| c.is_whitespace()) {
                token.start = start;
            }
        }
    }

    fn gap(&self, at: usize) -> Gap {
        let gap = self.chars.get(self.gap_start..at).unwrap_or_default();
        Gap {
            is_tight: gap.iter().all(|&c| is_apostrophe(c) || is_silent(c)),
            has_space: gap.iter().any(|c| c.is_whitespace()),
            has_apostrophe: gap.iter().any(|&c| is_apostrophe(c)),
            has_stop: gap.iter().any(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')),
            has_comma: gap.iter().any(|c| matches!(c, ',' | ';' | ':' | '，' | '、' | '；' | '：' | '(' | ')')),
        }
    }
}

/// The one key of a telephone in a gap, which is a word that may be read out. More of them are mark-up.
fn key(gap: &[char]) -> Option<char> {
    let mut keys = gap.iter().copied().filter(|c| matches!(c, '#' | '*'));
    keys.next().filter(|_| keys.next().is_none())
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Marks and joiners within a word.
fn is_silent(c: char) -> bool {
    is_mark(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, usize)> {
        let chars: Vec<char> = text.chars().collect();
        tokens(&chars).0.into_iter().map(|token| (token.folded, token.word)).collect()
    }

    fn pairs(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
        expected.iter().map(|&(folded, word)| (folded.to_owned(), word)).collect()
    }

    #[test]
    fn a_token_belongs_to_a_word_of_the_text() {
        assert_eq!(read("“It’s 4.50 $”"), pairs(&[("its", 0), ("4", 1), (".", 1), ("50", 1), ("$", 2)]));
        assert_eq!(
            read("and/or a@b.de"),
            pairs(&[("and", 0), ("/", 0), ("or", 0), ("a", 1), ("@", 1), ("b", 1), (".", 1), ("de", 1)])
        );
        assert_eq!(read("下雨 3天"), pairs(&[("下", 0), ("雨", 1), ("3", 2), ("天", 3)]));
        assert_eq!(read("Cafe\u{301} – ok"), pairs(&[("cafe\u{301}", 0), ("ok", 1)]));
        assert_eq!(read("…"), pairs(&[]));
        assert_eq!(read("Press *, then #."), pairs(&[("press", 0), ("*", 1), ("then", 2), ("#", 3)]));
        assert_eq!(read("a **bold** C#!"), pairs(&[("a", 0), ("bold", 1), ("c", 2), ("#", 2)]));
    }

    #[test]
    fn places_are_code_points_of_the_text() {
        let chars: Vec<char> = "Ü «Grüße», 15 €".chars().collect();
        let places: Vec<_> = tokens(&chars).0.iter().map(|token| (token.start, token.end)).collect();
        assert_eq!(places, [(0, 1), (3, 8), (11, 13), (14, 15)]);
    }
}
