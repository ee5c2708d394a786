//! What may stand behind a link's text, or between angle brackets: read to its end before anything of it goes.
//!
//! The grammar is that of [CommonMark](https://spec.commonmark.org/0.31.2/#links), save that no line ends are in it:
//! what looks like a target in prose usually has blanks in it, and is said.

/// How deep brackets may nest in a target, which bounds how often one text is read again.
const MAX_DEPTH: usize = 8;

/// The letters of a scheme at most.
const MAX_SCHEME: usize = 32;

/// What was read of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tail {
    /// `(target "title")`
    Target(Target),
    /// `[ref]`
    Reference,
    /// A whole `[ref]`, which is a text itself if a target follows.
    Referred,
    /// `<https://…>`, how far its scheme is.
    Address(Scheme),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// Behind the bracket.
    Open,
    /// In `<…>`.
    Angled { is_escaped: bool },
    /// In a bare target.
    Bare { depth: usize, is_escaped: bool },
    /// Behind the target; a title may come only after a blank.
    Behind { is_spaced: bool },
    /// In a title.
    Title { close: char, is_escaped: bool },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Scheme {
    Letters(usize),
    Slashes(usize),
    Past,
}

/// What one more code point says.
pub(super) enum Step {
    /// It belongs to the tail, which goes on.
    More(Tail),
    /// It ends the tail.
    Last,
    /// The tail ended in front of it.
    Over,
    /// It is none.
    None,
}

impl Tail {
    /// What `opening`, which follows a link's text, begins.
    pub(super) fn behind_text(opening: char) -> Option<Self> {
        match opening {
            '(' => Some(Self::Target(Target::Open)),
            '[' => Some(Self::Reference),
            _ => None,
        }
    }

    /// An address in angle brackets.
    pub(super) fn address() -> Self {
        Self::Address(Scheme::Letters(0))
    }

    /// Whether the tail is whole if nothing follows.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Referred)
    }

    pub(super) fn step(self, c: char) -> Step {
        if c == '\n' && !self.is_whole() {
            return Step::None;
        }
        match self {
            Self::Target(target) => target.step(c),
            Self::Reference if c == ']' => Step::More(Self::Referred),
            Self::Reference if c == '[' => Step::None,
            Self::Reference => Step::More(self),
            Self::Referred if c == '(' => Step::None,
            Self::Referred => Step::Over,
            Self::Address(scheme) => scheme.step(c),
        }
    }
}

impl Target {
    fn step(self, c: char) -> Step {
        match self {
            Self::Open => Self::open(c),
            Self::Angled { is_escaped: false } if c == '>' => Self::Behind { is_spaced: false }.more(),
            Self::Angled { is_escaped: false } if c == '<' => Step::None,
            Self::Angled { is_escaped } => Self::Angled { is_escaped: escapes(c, is_escaped) }.more(),
            Self::Bare { depth, is_escaped } => Self::bare(c, depth, is_escaped),
            Self::Behind { is_spaced } => Self::behind(c, is_spaced),
            Self::Title { close, is_escaped: false } if c == close => Self::Behind { is_spaced: false }.more(),
            Self::Title { close: ')', is_escaped: false } if c == '(' => Step::None,
            Self::Title { close, is_escaped } => Self::Title { close, is_escaped: escapes(c, is_escaped) }.more(),
        }
    }

    fn open(c: char) -> Step {
        match c {
            '<' => Self::Angled { is_escaped: false }.more(),
            c if c.is_whitespace() => Self::Open.more(),
            c => Self::bare(c, 0, false),
        }
    }

    fn bare(c: char, depth: usize, is_escaped: bool) -> Step {
        match c {
            c if c.is_whitespace() => Self::Behind { is_spaced: true }.when(depth == 0),
            '(' if !is_escaped => Self::Bare { depth: depth + 1, is_escaped: false }.when(depth < MAX_DEPTH),
            ')' if !is_escaped && depth == 0 => Step::Last,
            ')' if !is_escaped => Self::Bare { depth: depth - 1, is_escaped: false }.more(),
            c => Self::Bare { depth, is_escaped: escapes(c, is_escaped) }.when(!c.is_control()),
        }
    }

    fn behind(c: char, is_spaced: bool) -> Step {
        match c {
            ')' => Step::Last,
            c if c.is_whitespace() => Self::Behind { is_spaced: true }.more(),
            '"' | '\'' => Self::Title { close: c, is_escaped: false }.when(is_spaced),
            '(' => Self::Title { close: ')', is_escaped: false }.when(is_spaced),
            _ => Step::None,
        }
    }

    fn more(self) -> Step {
        Step::More(Tail::Target(self))
    }

    fn when(self, holds: bool) -> Step {
        if holds { self.more() } else { Step::None }
    }
}

impl Scheme {
    /// A scheme without slashes is more often a piece of code (`Vec<std::string>`) than an address.
    fn step(self, c: char) -> Step {
        let next = match (self, c) {
            (Self::Letters(letters), c) if letters < MAX_SCHEME && is_of_scheme(c, letters) => {
                Self::Letters(letters + 1)
            }
            (Self::Letters(2..), ':') => Self::Slashes(0),
            (Self::Slashes(0), '/') => Self::Slashes(1),
            (Self::Slashes(1), '/') => Self::Past,
            (Self::Past, '>') => return Step::Last,
            (Self::Past, c) if c != '<' && !c.is_whitespace() => Self::Past,
            _ => return Step::None,
        };
        Step::More(Tail::Address(next))
    }
}

fn is_of_scheme(c: char, letters: usize) -> bool {
    c.is_ascii_alphabetic() || (letters > 0 && (c.is_ascii_digit() || matches!(c, '+' | '.' | '-')))
}

fn escapes(c: char, is_escaped: bool) -> bool {
    c == '\\' && !is_escaped
}
