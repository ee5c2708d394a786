//! Whether this process wants calls: readiness while it runs, and going away in good order at the end.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// How long an upstream that refused our key keeps us out of service before a call is let through to try it again.
const CREDENTIALS_RETRIAL: Duration = Duration::from_secs(30);

/// Whether calls are welcome. Cheap to clone; everybody sees the same answer.
#[derive(Clone, Debug)]
pub struct Readiness {
    state: watch::Sender<State>,
}

#[derive(Clone, Debug, Default)]
struct State {
    is_draining: bool,
    /// Calls that still run are not waited for any longer.
    is_cut_off: bool,
    /// Engines that refused our key, and when to try them again.
    refused: BTreeMap<String, Instant>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self { state: watch::Sender::new(State::default()) }
    }
}

impl Readiness {
    /// From now on new calls are turned away.
    pub fn begin_drain(&self) {
        self.state.send_modify(|state| state.is_draining = true);
    }

    /// Calls that still run have to end now.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.is_cut_off = true);
    }

    /// Waits until calls that still run have to end.
    pub async fn cut_off(&self) {
        // The sender lives in `self`: waiting for it cannot fail.
        let _ = self.state.subscribe().wait_for(|state| state.is_cut_off).await;
    }

    /// Waits until new calls are turned away.
    pub async fn drained(self) {
        // The sender lives in `self`: waiting for it cannot fail.
        let _ = self.state.subscribe().wait_for(|state| state.is_draining).await;
    }

    /// Whether new calls are turned away.
    pub fn is_draining(&self) -> bool {
        self.state.borrow().is_draining
    }

    /// `engine` refused our key: other replicas may have a better one.
    pub fn key_refused(&self, engine: &str) {
        let retrial = Instant::now() + CREDENTIALS_RETRIAL;
        self.state.send_modify(|state| {
            state.refused.insert(engine.to_owned(), retrial);
        });
    }

    /// `engine` took our key.
    pub fn key_accepted(&self, engine: &str) {
        self.state.send_if_modified(|state| !state.refused.is_empty() && state.refused.remove(engine).is_some());
    }

    /// Whether calls are welcome, or in a sentence why not.
    pub fn check(&self) -> Result<(), String> {
        let state = self.state.borrow();
        if state.is_draining {
            return Err("shutting down".to_owned());
        }
        match state.refused.keys().next() {
            Some(engines) => Err(format!("{engines}: the configured key is refused, or this region")),
            None => Ok(()),
        }
    }

    /// Tells `report` the readiness now and after each change, for ever. Refused keys are forgiven when their time has
    /// come, because nobody would ever try them again otherwise.
    pub async fn follow<F: Future<Output = ()>>(&self, mut report: impl FnMut(bool) -> F) {
        let mut changes = self.state.subscribe();
        loop {
            let retrial = changes.borrow_and_update().refused.values().min().copied();
            report(self.check().is_ok()).await;
            let forgiveness = async {
                match retrial {
                    Some(retrial) => tokio::time::sleep_until(retrial).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                news = changes.changed() => if news.is_err() { return },
                () = forgiveness => self.forgive(Instant::now()),
            }
        }
    }

    fn forgive(&self, now: Instant) {
        self.state.send_modify(|state| state.refused.retain(|_, retrial| *retrial > now));
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

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test ends with its tasks")]

    use std::sync::Arc;
    use std::sync::Mutex;
    use std::sync::PoisonError;
    use std::time::Duration;

    use super::Readiness;

    #[tokio::test(start_paused = true)]
    async fn a_refused_key_is_forgiven_after_a_while_and_a_drain_never() {
        let readiness = Readiness::default();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let history = Arc::clone(&seen);
        let follower = readiness.clone();
        tokio::spawn(async move {
            let report = |ready| {
                history.lock().unwrap_or_else(PoisonError::into_inner).push(ready);
                std::future::ready(())
            };
            follower.follow(report).await;
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        readiness.key_refused("openai");
        assert!(readiness.check().is_err());
        tokio::time::sleep(Duration::from_secs(31)).await;
        assert_eq!(readiness.check(), Ok(()));
        readiness.key_refused("openai");
        readiness.key_accepted("openai");
        assert_eq!(readiness.check(), Ok(()));
        readiness.begin_drain();
        tokio::time::sleep(Duration::from_hours(1)).await;
        assert!(readiness.check().is_err());
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert_eq!(seen.first(), Some(&true));
        assert_eq!(seen.last(), Some(&false));
    }
}
