//! The command line: `serve`, `say`, `voices`, `models`, `config`.

mod config;
mod list;
mod output;
mod say;
mod serve;
mod service;
mod settings;
mod table;
mod trouble;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

use crate::config::Environment;

use trouble::Trouble;

/// Streaming text-to-speech over gRPC.
#[derive(Debug, Parser)]
#[command(name = "rhapsode", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service.
    Serve(serve::Serve),
    /// Have a text spoken, into a file or a pipe.
    Say(say::Say),
    /// List the voices of a server.
    Voices(list::Voices),
    /// List the models of a server.
    Models(list::Models),
    /// Check, print or explain the configuration.
    Config(config::Config),
}

/// Does what `args` ask for. Exit codes: 0 for success, 64 for a mistake in the arguments, the configuration or the
/// request (`EX_USAGE` of sysexits.h), 69 for a server that is not available (`EX_UNAVAILABLE`), 1 for everything else.
pub fn run(args: impl IntoIterator<Item = OsString>, env: Environment) -> ExitCode {
    let result = match Cli::try_parse_from(args) {
        Ok(cli) => cli.command.run(env),
        Err(error) => return output::clap_message(&error),
    };
    result.map_or_else(|trouble| trouble.report(), |()| ExitCode::SUCCESS)
}

impl Command {
    fn run(self, env: Environment) -> Result<(), Trouble> {
        match self {
            Self::Serve(serve) => block_on(serve.run(env)),
            Self::Say(say) => block_on(say.run(env)),
            Self::Voices(voices) => block_on(voices.run(env)),
            Self::Models(models) => block_on(models.run(env)),
            Self::Config(config) => config.run(env),
        }
    }
}

fn block_on(command: impl Future<Output = Result<(), Trouble>>) -> Result<(), Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Trouble::other(format!("cannot start the runtime: {error}")))?;
    runtime.block_on(command)
}

#[cfg(test)]
mod tests;
