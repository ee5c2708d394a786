//! Where a setting comes from, so that a fault can say what to edit.

use std::fmt;

use crate::fault::Fault;

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    Shipped,
    /// A configuration file.
    File {
        /// As it was named on the command line.
        name: String,
        /// Counted from 1, if it is known.
        line: Option<usize>,
    },
    /// An environment variable.
    Variable(String),
    /// A flag of the command line, with its dashes.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped => f.write_str("default"),
            Self::File { name, line: Some(line) } => write!(f, "{name}:{line}"),
            Self::File { name, line: None } | Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A fault and where to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where the setting comes from.
    pub origin: Origin,
    /// The setting, empty if a source as a whole cannot be read, and what is wrong with it.
    pub fault: Fault,
}

impl Finding {
    pub(super) fn new(origin: Origin, fault: Fault) -> Self {
        Self { origin, fault }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.fault.key.is_empty() {
            return write!(f, "{}: {}", self.origin, self.fault.problem);
        }
        write!(f, "{}: {}", self.origin, self.fault)
    }
}
