//! The one place that writes text to standard output and standard error.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::process::ExitCode;

use super::trouble::Trouble;

/// Writes a command's result to standard output.
pub(super) fn result(text: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Trouble::other(format!("cannot write to standard output: {error}")))
}

/// Writes lines for people to standard error, where a failure to write has nobody left to hear of it.
pub(super) fn note(text: &str) {
    let erase = if is_interactive() { ERASE } else { "" };
    let _ = writeln!(io::stderr().lock(), "{erase}{}", printable(text));
}

/// Replaces the last line on the terminal. Without a terminal nothing is shown.
pub(super) fn progress(line: &str) {
    if is_interactive() {
        let mut err = io::stderr().lock();
        let _ = write!(err, "{ERASE}{}", printable(line)).and_then(|()| err.flush());
    }
}

/// Whether somebody watches standard error.
pub(super) fn is_interactive() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard output is a terminal, which audio would wreck.
pub(super) fn is_result_on_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Shows help, version or a mistake in the arguments.
pub(super) fn clap_message(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS }
}

/// Back to the start of the line, and clear it.
const ERASE: &str = "\r\x1b[K";

/// What a server says must not steer the terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}
