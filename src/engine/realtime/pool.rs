//! Sessions that are open, so that a reading need not wait for a handshake.
//!
//! A session keeps its model, voice and speed for its whole life, because the server does not change them once it has spoken.
//! For each of those that was asked for of late some sessions stand by beside those in use; a session that grows old is replaced
//! before it is let go.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Client;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::engine::upstream::Origin;
use crate::error::Kind;
use crate::error::Result;

use super::address::Address;
use super::config::Config;
use super::handshake;
use super::session::Place;
use super::session::Session;

/// How often sessions are looked after when nothing happens.
const LOOK: Duration = Duration::from_secs(1);

/// What a session keeps for its whole life.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The server's name of the model.
    pub(super) model: String,
    /// The server's name of the voice.
    pub(super) voice: String,
    /// The speaking rate, in thousandths.
    millispeed: u32,
}

impl Key {
    pub(super) fn new(model: &str, voice: &str, speed: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 250 and 4000")]
        let millispeed = (speed.clamp(0.25, 4.0) * 1000.0).round() as u32;
        Self { model: model.to_owned(), voice: voice.to_owned(), millispeed }
    }

    /// The speaking rate.
    pub(super) fn speed(&self) -> f64 {
        f64::from(self.millispeed) / 1000.0
    }
}

/// The sessions at one endpoint with one key.
pub(super) struct Pool {
    client: Client,
    address: Address,
    config: Config,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    sessions: HashMap<Key, Shelf>,
    /// Sessions that are being opened.
    opening: usize,
}

/// The sessions of one key.
struct Shelf {
    sessions: Vec<Arc<Session>>,
    /// When it was asked for last.
    wanted: Instant,
    /// When opening one failed last.
    failed: Option<Instant>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { sessions: Vec::new(), wanted: Instant::now(), failed: None }
    }
}

/// A session is being opened, or has come to nothing.
struct Opening<'a>(&'a Pool);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.opening = state.opening.saturating_sub(1);
    }
}

impl Pool {
    /// No session yet.
    pub(super) fn new(client: Client, address: Address, config: Config) -> Self {
        Self { client, address, config, state: Mutex::default(), changed: Notify::new() }
    }

    /// A place on a session of `key`; one is opened if none has room. Says whether one had to be.
    ///
    /// # Errors
    /// If none can be opened, or there are too many.
    pub(super) async fn place(&self, key: &Key) -> Result<(Place, bool)> {
        if let Some(place) = self.take(key) {
            self.changed.notify_one();
            return Ok((place, false));
        }
        let opening = self.begin_opening()?;
        let session = self.open(key, opening).await?;
        let place = session.take_place(self.config.readings_per_session).ok_or_else(|| self.lost())?;
        self.changed.notify_one();
        Ok((place, true))
    }

    /// Opens the first session of `key`, so that the first reading need not wait for it.
    pub(super) async fn prepare(&self, key: &Key) -> Result<()> {
        self.lock().sessions.entry(key.clone()).or_default();
        let opening = self.begin_opening()?;
        self.open(key, opening).await.map(drop)
    }

    /// Looks after the sessions for ever: what is gone is forgotten, what is old replaced, what is missing opened.
    pub(super) async fn tend(&self) {
        loop {
            let missing = self.tidy(Instant::now());
            join_all(missing.iter().map(|key| self.replenish(key))).await;
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = self.changed.notified() => {}
            }
        }
    }

    /// Sessions that are open, the ones in use included.
    pub(super) fn open_sessions(&self) -> usize {
        self.lock().sessions.values().flat_map(|shelf| &shelf.sessions).filter(|session| !session.is_over()).count()
    }

    async fn replenish(&self, key: &Key) {
        let Ok(opening) = self.begin_opening() else { return };
        if let Err(error) = self.open(key, opening).await {
            let mut state = self.lock();
            if let Some(shelf) = state.sessions.get_mut(key) {
                shelf.failed = Some(Instant::now());
            }
            drop(state);
            tracing::debug!(voice = key.voice, detail = error.report(), "a session was not opened ahead");
        }
    }

    /// A place on an open session: the one with the fewest readings.
    fn take(&self, key: &Key) -> Option<Place> {
        let mut state = self.lock();
        let row = state.sessions.entry(key.clone()).or_default();
        row.wanted = Instant::now();
        row.sessions.sort_by_key(|session| session.busy());
        row.sessions.iter().find_map(|session| session.take_place(self.config.readings_per_session))
    }

    /// Makes room for one session more, by letting go of one that nobody uses if need be.
    fn begin_opening(&self) -> Result<Opening<'_>> {
        let mut state = self.lock();
        let is_full = |state: &State| {
            let open: usize = state.sessions.values().map(|shelf| shelf.sessions.len()).sum();
            open + state.opening >= self.config.max_sessions
        };
        if is_full(&state) {
            state.forget_over();
        }
        if is_full(&state) && !state.let_go_of_one() {
            let error = Origin::new(&self.config.provider)
                .failed(Kind::UpstreamUnavailable, "every session is in use (max_sessions)");
            return Err(error);
        }
        state.opening += 1;
        Ok(Opening(self))
    }

    async fn open(&self, key: &Key, opening: Opening<'_>) -> Result<Arc<Session>> {
        let url = self.address.session(&key.model);
        let socket = handshake::open(&self.client, url, &self.config, key).await?;
        let session = Session::begin(socket, &self.config);
        let mut state = self.lock();
        let row = state.sessions.entry(key.clone()).or_default();
        row.failed = None;
        row.sessions.push(Arc::clone(&session));
        drop(state);
        drop(opening);
        Ok(session)
    }

    /// Lets go of what is over, old or unused; the keys for which a session is to be opened.
    fn tidy(&self, now: Instant) -> Vec<Key> {
        let mut state = self.lock();
        state.forget_over();
        let (idle_timeout, standby) = (self.config.idle_timeout, self.config.standby_sessions);
        let mut missing = Vec::new();
        for (key, shelf) in &mut state.sessions {
            let is_wanted = now.saturating_duration_since(shelf.wanted) < idle_timeout;
            let wanted = if is_wanted { standby } else { 0 };
            let is_old = |session: &&Arc<Session>| session.old_at <= now;
            let (old, young): (Vec<_>, Vec<_>) =
                shelf.sessions.iter().filter(|session| session.is_usable()).partition(is_old);
            let free = young.iter().filter(|session| session.busy() == 0).count();
            // An old one stays until the one that takes its place is there.
            if free >= wanted {
                for session in &old {
                    session.retire();
                }
            }
            let is_unused = |session: &&&Arc<Session>| {
                session.idle_since().is_some_and(|since| now.saturating_duration_since(since) >= idle_timeout)
            };
            for session in young.iter().filter(is_unused).take(free.saturating_sub(wanted)) {
                session.retire();
            }
            let has_failed = shelf.failed.is_some_and(|failed| now.saturating_duration_since(failed) < LOOK * 5);
            if !has_failed {
                missing.extend(std::iter::repeat_n(key.clone(), wanted.saturating_sub(free)));
            }
        }
        state.forget_over();
        state.sessions.retain(|_, shelf| {
            !shelf.sessions.is_empty() || now.saturating_duration_since(shelf.wanted) < idle_timeout
        });
        missing
    }

    fn lost(&self) -> crate::error::Error {
        Origin::new(&self.config.provider).failed(Kind::UpstreamUnavailable, "the session was over at once")
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget_over(&mut self) {
        for shelf in self.sessions.values_mut() {
            shelf.sessions.retain(|session| !session.is_over());
        }
    }

    /// Lets go of the session that has not been used for the longest time. False if all are in use.
    fn let_go_of_one(&mut self) -> bool {
        let idle = self.sessions.iter().flat_map(|(key, shelf)| {
            shelf.sessions.iter().enumerate().filter_map(move |(at, session)| Some((session.idle_since()?, key, at)))
        });
        let Some((key, at)) = idle.min_by_key(|(since, ..)| *since).map(|(_, key, at)| (key.clone(), at)) else {
            return false;
        };
        self.sessions.get_mut(&key).map(|shelf| shelf.sessions.remove(at)).is_some()
    }
}
