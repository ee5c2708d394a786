//! One thing that is wrong with a configuration: the key, and what to do about it.

use std::fmt;

/// A setting that cannot be used. Faults are collected, so that an operator sees all of them at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key as it stands in the configuration file, such as `models."tts-1".default_voice`.
    pub key: String,
    /// What is wrong, as a sentence that names a way out.
    pub problem: String,
}

impl Fault {
    /// A fault of the setting at `key`.
    pub fn new(key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into() }
    }

    /// The same fault seen from the table that holds this one.
    #[must_use]
    pub fn under(self, table: &str) -> Self {
        Self { key: format!("{table}.{}", self.key), problem: self.problem }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

/// Writes `name` as one part of a dotted TOML key, in quotes where TOML asks for them.
pub fn key_part(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_bare { name.to_owned() } else { format!("\"{}\"", name.escape_default()) }
}

#[cfg(test)]
mod tests {
    use super::Fault;
    use super::key_part;

    #[test]
    fn a_fault_reads_as_key_and_sentence() {
        let fault = Fault::new("timeout", "must not be zero").under("engines.openai");
        assert_eq!(fault.to_string(), "engines.openai.timeout: must not be zero");
    }

    #[test]
    fn only_names_that_toml_cannot_leave_bare_are_quoted() {
        assert_eq!(key_part("gpt-4o-mini-tts"), "gpt-4o-mini-tts");
        assert_eq!(key_part("qwen3.tts"), "\"qwen3.tts\"");
        assert_eq!(key_part(""), "\"\"");
    }
}
