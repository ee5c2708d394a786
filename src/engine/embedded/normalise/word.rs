//! A text's words as they are written, and a view of them from one word on.

/// A word with the marks around it taken off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    /// Quotes, brackets and emphasis before it.
    pub(super) opening: &'a str,
    /// The word itself; empty if there is nothing but marks.
    pub(super) core: &'a str,
    /// Quotes, brackets, emphasis and punctuation after it.
    pub(super) closing: &'a str,
}

impl Word<'_> {
    /// Whether a period stands directly after the word.
    pub(super) fn is_dotted(&self) -> bool {
        self.closing.starts_with('.')
    }

    pub(super) fn starts_with_digit(&self) -> bool {
        self.core.starts_with(|c: char| c.is_ascii_digit())
    }

    pub(super) fn is_capitalised(&self) -> bool {
        self.core.starts_with(|c: char| c.is_ascii_uppercase())
    }
}

/// Cuts at white space, and after a sign before an amount, and takes the marks around each word off.
pub(super) fn split(text: &str) -> Vec<Word<'_>> {
    text.split_whitespace().flat_map(signed).map(word).collect()
}

/// "~5 km" is "~ 5 km".
fn signed(raw: &str) -> impl Iterator<Item = &str> {
    let sign =
        raw.chars().next().filter(|c| matches!(c, '~' | '≈' | '<' | '>' | '±' | '≤' | '≥')).map_or(0, char::len_utf8);
    let (sign, rest) = raw.split_at(sign);
    let amount = rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '€' | '£' | '-' | '.'));
    let parts = if amount && !sign.is_empty() { [sign, rest] } else { ["", raw] };
    parts.into_iter().filter(|part| !part.is_empty())
}

fn word(raw: &str) -> Word<'_> {
    // Symbols such as "!=" are not punctuation.
    if !raw.contains(|c: char| c.is_alphanumeric()) && raw.contains(|c| !is_opening(c) && !is_closing(c)) {
        return Word { opening: "", core: raw, closing: "" };
    }
    let body = raw.trim_start_matches(is_opening);
    let (opening, _) = raw.split_at(raw.len() - body.len());
    let core = body.trim_end_matches(is_closing);
    let (core, closing) = body.split_at(core.len());
    Word { opening, core, closing }
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '(' | '[' | '{' | '*' | '_' | ',' | ';' | '!' | '?')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | ')' | ']' | '}' | '*' | '_' | '.' | ',' | ';' | ':' | '!' | '?')
}

/// How something is spoken.
#[derive(Debug)]
pub(super) struct Reading {
    /// The words to say; empty for a pause.
    pub(super) spoken: String,
    /// How many written words it stands for.
    pub(super) words: usize,
    /// Whether the period after the last of them belongs to it ("Dr.", "p.m.").
    pub(super) owns_period: bool,
}

impl Reading {
    pub(super) fn new(spoken: impl Into<String>, words: usize) -> Self {
        Self { spoken: spoken.into(), words, owns_period: false }
    }

    pub(super) fn owning_period(self) -> Self {
        self.owning_period_if(true)
    }

    pub(super) fn owning_period_if(mut self, owns: bool) -> Self {
        self.owns_period = owns;
        self
    }

    /// What of the marks after the last word still has to be spoken as a pause. The period
    /// of an abbreviation that ends the text ends the sentence, too.
    pub(super) fn ending<'a>(&self, closing: &'a str, is_last: bool) -> &'a str {
        if self.owns_period && !is_last { closing.strip_prefix('.').unwrap_or(closing) } else { closing }
    }
}

/// The words from one on, with what stands before.
pub(super) struct View<'a> {
    words: &'a [Word<'a>],
    at: usize,
}

impl<'a> View<'a> {
    pub(super) fn new(words: &'a [Word<'a>], at: usize) -> Self {
        Self { words, at }
    }

    /// The word that is to be read.
    pub(super) fn word(&self) -> Word<'a> {
        self.words[self.at]
    }

    /// The word that is to be read, without its marks.
    pub(super) fn core(&self) -> &'a str {
        self.word().core
    }

    /// The `distance`-th word after it.
    pub(super) fn ahead(&self, distance: usize) -> Option<Word<'a>> {
        self.words.get(self.at + distance).copied()
    }

    /// The `distance`-th word after it if no mark parts it from the words before.
    pub(super) fn joined(&self, distance: usize) -> Option<&'a str> {
        let parted = (0..distance).any(|step| self.ahead(step).is_none_or(|word| !word.closing.is_empty()));
        self.ahead(distance).filter(|word| !parted && word.opening.is_empty()).map(|word| word.core)
    }

    /// The word before it.
    pub(super) fn before(&self) -> Option<Word<'a>> {
        self.behind(1)
    }

    /// The `distance`-th word before it.
    pub(super) fn behind(&self, distance: usize) -> Option<Word<'a>> {
        self.at.checked_sub(distance).map(|at| self.words[at])
    }

    /// Whether the word before it is a name or the like: capitalised though it does not start the text.
    pub(super) fn follows_name(&self) -> bool {
        self.at > 1 && self.before().is_some_and(|word| word.is_capitalised() && word.closing.is_empty())
    }
}
