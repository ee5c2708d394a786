//! A number in figures: sign, whole part, decimals.

use super::cardinal;

/// A number as it is written, such as `-1,234.50`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    negative: bool,
    plus: bool,
    /// Digits before the point, without commas; empty in ".5".
    whole: String,
    grouped: bool,
    /// Digits after the point.
    decimals: Option<String>,
}

impl Figure {
    /// Reads `text` if all of it is one number. Commas must part groups of three.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, plus) = (text.starts_with('-'), text.starts_with('+'));
        let unsigned = if negative || plus { &text[1..] } else { text };
        let point = unsigned.split_once('.').or_else(|| decimal_comma(unsigned));
        let (whole, decimals) = point.map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        let grouped = whole.contains(',');
        let well_grouped = !grouped || (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let whole: String = whole.chars().filter(|c| *c != ',').collect();
        let complete = decimals.map_or(!whole.is_empty(), |decimals| !decimals.is_empty() && digits(decimals));
        (well_grouped && digits(&whole) && complete).then(|| Self {
            negative,
            plus,
            whole,
            grouped,
            decimals: decimals.map(str::to_owned),
        })
    }

    /// The value if it is a whole number without sign that can be counted with.
    pub(super) fn integer(&self) -> Option<u64> {
        let plain = !self.negative && !self.plus && self.decimals.is_none();
        plain.then(|| self.value()).flatten()
    }

    /// The digits of a whole number without sign or commas.
    pub(super) fn plain_digits(&self) -> Option<&str> {
        let plain = !self.negative && !self.plus && !self.grouped && self.decimals.is_none();
        plain.then_some(self.whole.as_str())
    }

    pub(super) fn decimals(&self) -> Option<&str> {
        self.decimals.as_deref()
    }

    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether what is counted stands in the singular.
    pub(super) fn is_one(&self) -> bool {
        self.whole == "1" && self.decimals.is_none()
    }

    /// The value of the whole part, if it has no more than [`cardinal::MOST_DIGITS`] digits.
    pub(super) fn value(&self) -> Option<u64> {
        (self.whole.len() <= cardinal::MOST_DIGITS).then(|| self.whole.parse().unwrap_or(0))
    }

    /// As an amount: "minus three point five", "one thousand two hundred".
    pub(super) fn amount(&self) -> String {
        let sign = if self.negative {
            "minus "
        } else if self.plus {
            "plus "
        } else {
            ""
        };
        let whole = self.value().map_or_else(|| cardinal::digits(&self.whole), cardinal::cardinal);
        let decimals = self.decimals.as_deref().map(|digits| format!(" point {}", cardinal::digits(digits)));
        format!("{sign}{whole}{}", decimals.unwrap_or_default())
    }

    /// As a number without a unit: also years, and codes with a leading zero or more than
    /// six figures, which are read digit by digit.
    pub(super) fn spoken(&self) -> String {
        match self.plain_digits() {
            Some(code) if code.len() > 6 || code.len() > 1 && code.starts_with('0') => cardinal::digits(code),
            Some(digits) if digits.len() == 4 => cardinal::year(self.value().unwrap_or(0)),
            _ => self.amount(),
        }
    }
}

/// Splits at a comma before one or two last digits: the European custom.
fn decimal_comma(text: &str) -> Option<(&str, &str)> {
    let (whole, rest) = text.split_once(',')?;
    (!whole.is_empty() && matches!(rest.len(), 1 | 2)).then_some((whole, rest))
}

/// One number, or two with a dash between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    One(Figure),
    Range(Figure, Figure),
}

impl Span {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(figure) = Figure::parse(text) {
            return Some(Self::One(figure));
        }
        let dash = text.get(1..)?.find(['-', '–'])? + 1;
        let (from, to) = (text.get(..dash)?, text.get(dash..)?.trim_start_matches(['-', '–']));
        Some(Self::Range(Figure::parse(from)?, Figure::parse(to)?))
    }

    /// Splits the number off the start of `text`: "5-10km" is five to ten, and "km".
    pub(super) fn split(text: &str) -> Option<(Self, &str)> {
        let is_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '–' | '+');
        let end = text.find(|c| !is_figure(c)).unwrap_or(text.len());
        let figures = text.get(..end)?.trim_end_matches(['-', '–', '.', ',', '+']);
        Some((Self::parse(figures)?, text.get(figures.len()..)?))
    }

    pub(super) fn is_one(&self) -> bool {
        matches!(self, Self::One(figure) if figure.is_one())
    }

    /// As an amount of something.
    pub(super) fn amount(&self) -> String {
        self.read(Figure::amount)
    }

    /// As a number for itself.
    pub(super) fn spoken(&self) -> String {
        self.read(Figure::spoken)
    }

    fn read(&self, read: fn(&Figure) -> String) -> String {
        match self {
            Self::One(figure) => read(figure),
            Self::Range(from, to) => format!("{} to {}", read(from), read(to)),
        }
    }
}
