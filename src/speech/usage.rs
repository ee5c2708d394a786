//! Metered quantities.

/// Tokens of one synthesis: text in, audio out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Text tokens billed, instructions included.
    pub input: u64,
    /// Those of `input` that are billed as cached.
    pub cached_input: u64,
    /// Audio tokens billed.
    pub output: u64,
    /// Text tokens that were made beside the audio: its transcript, and what a model thought before it spoke.
    pub output_text: u64,
    /// Those of `output_text` that nobody hears or reads.
    pub reasoning: u64,
}

impl Tokens {
    /// Counts `other` in.
    pub fn add(&mut self, other: Self) {
        self.input += other.input;
        self.cached_input += other.cached_input;
        self.output += other.output;
        self.output_text += other.output_text;
        self.reasoning += other.reasoning;
    }
}
