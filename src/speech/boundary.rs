//! What stands in the text where one segment ends and the next begins.

/// How a piece of text ends, which is what the length of the pause behind it depends on. Ordered from short to long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Boundary {
    /// Between two words, or in the midst of one: the text was cut because it had to be.
    #[default]
    Word,
    /// The end of a clause: a comma, a semicolon, a colon, a dash.
    Clause,
    /// The end of a sentence.
    Sentence,
    /// The end of a paragraph: an empty line.
    Paragraph,
}
