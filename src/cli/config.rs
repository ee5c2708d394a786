//! `rhapsode config`.

use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;

use crate::config::Environment;
use crate::config::page;
use crate::config::reference;

use super::output;
use super::settings;
use super::trouble::Trouble;

/// Arguments of `config`.
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Report every fault of the file and of the environment.
    Check(Source),
    /// Print the settings in force, and where each comes from.
    Print(Source),
    /// Print every setting with its meaning and its default.
    Reference {
        /// The whole page of the documentation.
        #[arg(long)]
        page: bool,
    },
}

#[derive(Debug, Args)]
struct Source {
    /// The configuration file, TOML.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Config {
    pub(super) fn run(self, env: Environment) -> Result<(), Trouble> {
        let load = |source: Source| settings::load(source.config.as_ref(), env, Vec::new());
        match self.command {
            Command::Check(source) => load(source).and_then(|loaded| {
                for warning in loaded.warnings() {
                    output::note(&format!("warning: {warning}"));
                }
                output::result("The configuration is valid.\n")
            }),
            Command::Print(source) => load(source).and_then(|loaded| output::result(&loaded.print())),
            Command::Reference { page: true } => output::result(&page()),
            Command::Reference { page: false } => output::result(&reference()),
        }
    }
}
