//! `rhapsode serve`.

use std::path::PathBuf;

use clap::Args;

use crate::config::Environment;
use crate::config::Flag;
use crate::drain;

use super::service::Service;
use super::settings;
use super::trouble::Trouble;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The configuration file, TOML.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port of gRPC [default: 127.0.0.1:50051].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Address and port of metrics and probes [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    http_listen: Option<String>,
}

impl Serve {
    pub(super) async fn run(self, env: Environment) -> Result<(), Trouble> {
        let loaded = settings::load(self.config.as_ref(), env.clone(), self.flags())?;
        let service = Service::start(loaded.clone(), &env).await?;
        service
            .run(async |app| {
                settings::log_warnings(&loaded);
                tracing::info!(grpc = %app.grpc_address()?, http = %app.http_address()?, "listening");
                Ok(app.run(drain::signal(), drain::signal()).await?)
            })
            .await
    }

    fn flags(&self) -> Vec<Flag> {
        let flag = |name, key, value: &Option<String>| value.clone().map(|value| Flag { name, key, value });
        let listen = flag("--listen", ["server", "listen"], &self.listen);
        let http_listen = flag("--http-listen", ["server", "http_listen"], &self.http_listen);
        listen.into_iter().chain(http_listen).collect()
    }
}
