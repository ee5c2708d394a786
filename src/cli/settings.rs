//! What several commands are told: where the configuration is, and where the server is.

use std::path::PathBuf;

use clap::Args;

use crate::client::Client;
use crate::config::Environment;
use crate::config::File;
use crate::config::Finding;
use crate::config::Flag;
use crate::config::Loaded;
use crate::config::Sources;

use super::trouble::Trouble;

const SERVER_VARIABLE: &str = "RHAPSODE_SERVER";
const SERVER: &str = "http://127.0.0.1:50051";

/// Loads the configuration from all its layers.
pub(super) fn load(file: Option<&PathBuf>, env: Environment, flags: Vec<Flag>) -> Result<Loaded, Trouble> {
    let file = file.map(|path| File::read(path)).transpose().map_err(|finding| vec![finding])?;
    Ok(Sources { file, env, flags }.load()?)
}

/// Writes to the log what speaks otherwise than it may seem, because a key is not there or because it is a rehearsal.
pub(super) fn log_warnings(loaded: &Loaded) {
    for Finding { origin, fault } in loaded.warnings() {
        tracing::warn!(setting = fault.key, place = %origin, "{}", fault.problem);
    }
    for (engine, variable) in loaded.waiting_for_a_key() {
        tracing::info!(engine, variable, "the engine is not used: the variable of its key is not set");
    }
}

/// Which server to ask.
#[derive(Debug, Default, Args)]
pub(super) struct Server {
    #[arg(long, value_name = "URL", help = "The server's URL [default: $RHAPSODE_SERVER, or http://127.0.0.1:50051]")]
    pub(super) server: Option<String>,
}

impl Server {
    /// Connects to it.
    pub(super) async fn connect(&self, env: &Environment) -> Result<Client, Trouble> {
        let url = self.url(env);
        check_scheme(&url)?;
        let connected = Client::connect(&url).await;
        connected.map_err(|failure| Trouble::from(failure).and_if_absent("start a server with `rhapsode serve`"))
    }

    /// The flag, the variable, or the default, whichever comes first.
    pub(super) fn url(&self, env: &Environment) -> String {
        let variable = || env.get(SERVER_VARIABLE).filter(|url| !url.trim().is_empty()).cloned();
        self.server.clone().or_else(variable).unwrap_or_else(|| SERVER.to_owned())
    }
}

/// Without a scheme a host with a port looks like a server that does not answer.
fn check_scheme(url: &str) -> Result<(), Trouble> {
    match url.split_once("://") {
        Some((scheme, _)) if ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => Ok(()),
        Some(_) => Err(Trouble::usage(format!("`{url}` is no server's URL: it must begin with http:// or https://"))),
        None => Err(Trouble::usage(format!("`{url}` is no server's URL: write http://{url}"))),
    }
}
