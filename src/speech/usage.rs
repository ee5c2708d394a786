//! Metered quantities.

/// Tokens of one synthesis: text in, audio out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Text tokens billed, instructions included.
    pub input: u64,
    /// Audio tokens billed.
    pub output: u64,
}
