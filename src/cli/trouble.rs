//! Why a command ends without success, and with which exit code.

use std::process::ExitCode;

use crate::client::Code;
use crate::client::Failure;
use crate::config::Finding;
use crate::error::Error;
use crate::error::Kind;

use super::output;

/// `EX_USAGE` of sysexits.h.
const USAGE: u8 = 64;
/// `EX_UNAVAILABLE` of sysexits.h.
const UNAVAILABLE: u8 = 69;

/// A command that failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) code: u8,
    pub(super) messages: Vec<String>,
}

impl Trouble {
    /// What the user wrote cannot be done.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { code: USAGE, messages: vec![message.into()] }
    }

    /// Everything else.
    pub(super) fn other(message: impl Into<String>) -> Self {
        Self { code: 1, messages: vec![message.into()] }
    }

    /// The same trouble, with one more line about it.
    pub(super) fn and(mut self, message: impl Into<String>) -> Self {
        self.messages.push(message.into());
        self
    }

    /// The same trouble, with a way out if it is that no server answers.
    pub(super) fn and_if_absent(self, message: impl Into<String>) -> Self {
        if self.code == UNAVAILABLE { self.and(message) } else { self }
    }

    pub(super) fn report(&self) -> ExitCode {
        for message in &self.messages {
            output::note(&format!("rhapsode: {message}"));
        }
        ExitCode::from(self.code)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        let code = match failure.code {
            Code::InvalidArgument => USAGE,
            Code::Unavailable => UNAVAILABLE,
            _ => 1,
        };
        Self { code, messages: vec![failure.to_string()] }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error.field() {
            Some(field) if error.kind() == Kind::InvalidField => Self::usage(format!("{field}: {}", error.report())),
            _ => Self::other(error.report()),
        }
    }
}

impl From<Vec<Finding>> for Trouble {
    fn from(findings: Vec<Finding>) -> Self {
        Self { code: USAGE, messages: findings.iter().map(ToString::to_string).collect() }
    }
}
