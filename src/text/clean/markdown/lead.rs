//! How a line begins: read until it is known whether there is a mark.

/// The `#` of the lowest heading.
const MAX_HASHES: usize = 6;

/// The marks of a fence or a rule at least.
const MIN_MARKS: usize = 3;

/// The digits of an item's number at most.
const MAX_DIGITS: usize = 9;

/// How far a tab moves, about.
const TAB: usize = 4;

/// What stands around a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// How many columns of blanks a mark may have in front of it.
    pub(super) max_indent: usize,
    /// Whether a paragraph stands right above.
    pub(super) is_below_text: bool,
    /// Whether this is what stands behind an item's mark.
    pub(super) is_item: bool,
}

/// What a line may begin with, as far as it was read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lead {
    /// Blanks, as wide as this.
    Indent(usize),
    /// A number, which may turn out to be an item's.
    Number { digits: usize, is_closed: bool },
    /// Marks of a heading.
    Hashes(usize),
    /// The mark of a quotation.
    Angle,
    /// Marks of items or of a rule.
    Marks(Marks),
    /// A line below a heading.
    Underline { is_over: bool },
    /// Marks of a fence.
    Ticks { mark: char, count: usize },
    /// What follows a fence on its line.
    Info { mark: char, count: usize },
    /// A box in front of a task, of which so much was read.
    Box(usize),
}

/// What a line begins with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verdict {
    /// Not known yet; the code point belongs to it, which now is this.
    Open(Lead),
    /// No mark.
    Text,
    /// Nothing but blanks.
    Blank,
    /// An item with a number, which stays.
    Numbered,
    /// A heading.
    Heading,
    /// A quotation, which may begin with another mark.
    Quote,
    /// At least one item, which may begin with another mark.
    Items,
    /// A box in front of a task.
    Task,
    /// Nothing but a rule, or the underline of a heading.
    Rule,
    /// The line that opens a fence of that many marks.
    Fence { mark: char, count: usize },
    /// A row of a table, perhaps.
    Row,
}

impl Lead {
    /// What `c` tells, which belongs to the lead only if that stays open. A line end always tells.
    pub(super) fn step(self, c: char, place: Place) -> Verdict {
        match self {
            Self::Indent(columns) => Self::indent(columns + width(c), c, place),
            Self::Number { digits, is_closed } => Self::number(digits, is_closed, c),
            Self::Hashes(count) => match c {
                '#' if count < MAX_HASHES => Self::Hashes(count + 1).open(),
                c if c == '\n' || is_blank(c) => Verdict::Heading,
                _ => Verdict::Text,
            },
            Self::Angle if matches!(c, '>' | '\n') || is_blank(c) => Verdict::Quote,
            Self::Angle => Verdict::Text,
            Self::Marks(marks) => marks.step(c, place),
            Self::Underline { is_over } => match c {
                '=' if !is_over => self.open(),
                '\n' => Verdict::Rule,
                c if is_blank(c) => Self::Underline { is_over: true }.open(),
                _ => Verdict::Text,
            },
            Self::Ticks { mark, count } => match c {
                c if c == mark => Self::Ticks { mark, count: count + 1 }.open(),
                _ if count < MIN_MARKS => Verdict::Text,
                '\n' => Verdict::Fence { mark, count },
                _ => Self::Info { mark, count }.open(),
            },
            Self::Info { mark, count } => match c {
                '\n' => Verdict::Fence { mark, count },
                '`' if mark == '`' => Verdict::Text,
                _ => self.open(),
            },
            Self::Box(read) => match (read, c) {
                (1, ' ' | 'x' | 'X') | (2, ']') => Self::Box(read + 1).open(),
                (3, c) if is_blank(c) => Verdict::Task,
                _ => Verdict::Text,
            },
        }
    }

    fn indent(columns: usize, c: char, place: Place) -> Verdict {
        match c {
            '\n' => Verdict::Blank,
            _ if columns > place.max_indent => Verdict::Text,
            '|' => Verdict::Row,
            '#' => Self::Hashes(1).open(),
            '>' => Self::Angle.open(),
            '-' | '*' | '+' | '_' => Self::Marks(Marks::new(c)).open(),
            '=' if place.is_below_text => Self::Underline { is_over: false }.open(),
            '`' | '~' => Self::Ticks { mark: c, count: 1 }.open(),
            '[' if place.is_item => Self::Box(1).open(),
            '0'..='9' => Self::Number { digits: 1, is_closed: false }.open(),
            c if is_blank(c) => Self::Indent(columns).open(),
            _ => Verdict::Text,
        }
    }

    fn number(digits: usize, is_closed: bool, c: char) -> Verdict {
        match c {
            '0'..='9' if !is_closed && digits < MAX_DIGITS => Self::Number { digits: digits + 1, is_closed }.open(),
            '.' | ')' if !is_closed => Self::Number { digits, is_closed: true }.open(),
            c if is_closed && is_blank(c) => Verdict::Numbered,
            _ => Verdict::Text,
        }
    }

    fn open(self) -> Verdict {
        Verdict::Open(self)
    }
}

/// The same mark again and again, perhaps with blanks between.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks {
    mark: char,
    count: usize,
    /// Whether a blank followed the first one.
    is_item: bool,
    /// Whether a blank came so far.
    is_spaced: bool,
    /// Whether no mark came behind a blank.
    is_solid: bool,
}

impl Marks {
    fn new(mark: char) -> Self {
        Self { mark, count: 1, is_item: false, is_spaced: false, is_solid: true }
    }

    fn step(mut self, c: char, place: Place) -> Verdict {
        if c == self.mark {
            self.is_solid &= !self.is_spaced;
            self.count += 1;
            return Lead::Marks(self).open();
        }
        if is_blank(c) {
            self.is_item |= self.count == 1 && self.mark != '_';
            self.is_spaced = true;
            return Lead::Marks(self).open();
        }
        let is_alone = c == '\n' && self.count == 1 && self.mark != '_';
        match c {
            '\n' if self.is_rule(place) => Verdict::Rule,
            _ if self.is_item || is_alone => Verdict::Items,
            _ => Verdict::Text,
        }
    }

    /// Whether a line of only these marks is a rule or an underline.
    fn is_rule(&self, place: Place) -> bool {
        let is_underline = self.mark == '-' && self.is_solid && place.is_below_text;
        is_underline || (self.mark != '+' && self.count >= MIN_MARKS)
    }
}

/// The columns that a blank takes; anything else takes none.
pub(super) fn width(c: char) -> usize {
    match c {
        '\t' => TAB,
        '\r' => 0,
        c => usize::from(is_blank(c)),
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}
