//! The service inside this process, for `serve` and for `say --local`.

use crate::app::App;
use crate::config::Environment;
use crate::config::Loaded;
use crate::telemetry;
use crate::telemetry::Telemetry;

use super::output;
use super::trouble::Trouble;

/// A service that is bound to its ports, and what observes it.
pub(super) struct Service {
    pub(super) app: App,
    telemetry: Telemetry,
}

impl Service {
    /// Starts logging and binds the ports.
    pub(super) async fn start(loaded: Loaded, env: &Environment) -> Result<Self, Trouble> {
        let telemetry = telemetry::init(&loaded.config.telemetry, &|name| env.get(name).cloned())?;
        telemetry.install()?;
        let app = App::bind(loaded.config, &loaded.secrets, &telemetry).await?;
        Ok(Self { app, telemetry })
    }

    /// Runs the service while `use_it` says, and sends what has been observed afterwards.
    pub(super) async fn run(self, use_it: impl AsyncFnOnce(App) -> Result<(), Trouble>) -> Result<(), Trouble> {
        let used = use_it(self.app).await;
        if let Err(error) = self.telemetry.shutdown().await {
            // What the service was for is done; only what watched it is not.
            output::note(&format!("rhapsode: {}", error.report()));
        }
        used
    }
}
