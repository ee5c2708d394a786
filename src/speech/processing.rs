//! What is taken out of a text before it is spoken, and what is said instead.

/// The most code points of a phrase that is said in another way than it is written.
pub const MAX_PHRASE: usize = 200;

/// What is taken out of a text, and what is said instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Processing {
    /// Whether the marks of Markdown are taken out.
    pub strip_markdown: bool,
    /// Whether emoji are taken out.
    pub strip_emoji: bool,
    /// What is said in another way than it is written; the first that matches at a place wins.
    pub pronunciations: Vec<Pronunciation>,
}

/// A phrase that is said in another way than it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pronunciation {
    /// What is written, in whole words. A blank in it stands for any white space. One of more than [`MAX_PHRASE`] code
    /// points is never found.
    pub phrase: String,
    /// What is said instead.
    pub replacement: String,
    /// Whether the case of letters must be the same.
    pub case_sensitive: bool,
}
