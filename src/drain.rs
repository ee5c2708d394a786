//! Going away in good order: new calls are turned away, running ones finish, and nobody waits for ever.

use tokio::sync::watch;

/// Whether the process is on its way out. Cheap to clone; everybody sees the same answer.
#[derive(Clone, Debug)]
pub struct Drain {
    leaving: watch::Sender<bool>,
}

impl Default for Drain {
    fn default() -> Self {
        Self { leaving: watch::Sender::new(false) }
    }
}

impl Drain {
    /// From now on new calls are turned away.
    pub fn begin(&self) {
        self.leaving.send_replace(true);
    }

    /// Whether new calls are turned away.
    pub fn has_begun(&self) -> bool {
        *self.leaving.borrow()
    }
}

/// Waits for SIGTERM, which Kubernetes sends, or SIGINT, which a terminal sends.
pub async fn signal() {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;

    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without a handler the default action of the signal ends the process, which is what was asked for.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
