//! Sessions that are open, so that a reading need not wait for a handshake.
//!
//! A session keeps its model, voice and speed for its whole life, because the server does not change them once it has spoken.
//! For each of those that was asked for of late some sessions stand by beside those in use, as far as there is room; a session
//! that grows old is replaced before it is let go. Sessions that wait for nobody are opened patiently: an endpoint that does not
//! let us in, or that throws us out again, is asked less and less often. A call that needs one asks at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use reqwest::Client;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::engine::upstream::Origin;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::telemetry::Metrics;

use super::address::Address;
use super::config::Config;
use super::handshake;
use super::key::Key;
use super::session::Place;
use super::session::Session;
use super::shelf::Shelf;

/// How often sessions are looked after when nothing happens.
const LOOK: Duration = Duration::from_secs(1);

/// The sessions at one endpoint with one key.
pub(super) struct Pool {
    client: Client,
    address: Address,
    config: Config,
    metrics: Metrics,
    state: Mutex<State>,
    /// There may be something to do for whoever tends the pool.
    changed: Notify,
    /// A session has been opened, or could not be.
    settled: Notify,
}

#[derive(Default)]
struct State {
    sessions: HashMap<Key, Shelf>,
    /// Sessions that are being opened.
    opening: usize,
}

/// A session is being opened, or has come to nothing.
struct Opening<'a>(&'a Pool);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.opening = state.opening.saturating_sub(1);
        drop(state);
        self.0.settled.notify_waiters();
    }
}

/// What a call for a session has found.
enum Found<'a> {
    Place(Place),
    Room(Opening<'a>),
}

impl Pool {
    /// No session yet.
    pub(super) fn new(client: Client, address: Address, config: Config, metrics: Metrics) -> Self {
        let (state, changed, settled) = (Mutex::default(), Notify::new(), Notify::new());
        Self { client, address, config, metrics, state, changed, settled }
    }

    /// A place on a session of `key`; one is opened if none has room. Says whether one had to be.
    ///
    /// # Errors
    /// If none can be opened, or there are too many.
    pub(super) async fn place(&self, key: &Key) -> Result<(Place, bool)> {
        let opening = tokio::time::timeout(self.config.connect_timeout, self.place_or_room(key)).await;
        let opening = match opening.unwrap_or_else(|_| Err(crowded()))? {
            Found::Place(place) => {
                self.changed.notify_one();
                return Ok((place, false));
            }
            Found::Room(opening) => opening,
        };
        let session = self.open(key).await?;
        // Before anybody else can see it.
        let place = session.take_place(self.config.readings_per_session).ok_or_else(|| self.lost())?;
        self.put(key, session, opening);
        self.changed.notify_one();
        Ok((place, true))
    }

    /// A place, or room for a session. Where there is neither, sessions that are just being opened are waited for: one of them
    /// may be meant for this, or can be let go of.
    async fn place_or_room(&self, key: &Key) -> Result<Found<'_>> {
        loop {
            let mut settled = std::pin::pin!(self.settled.notified());
            settled.as_mut().enable();
            if let Some(place) = self.take(key) {
                return Ok(Found::Place(place));
            }
            if let Some(opening) = self.begin_opening() {
                return Ok(Found::Room(opening));
            }
            if self.lock().opening == 0 {
                return Err(crowded());
            }
            settled.await;
        }
    }

    /// Sessions of `key` may be needed soon, and are made ready as if one had been.
    pub(super) fn expect(&self, key: &Key) {
        let is_new = {
            let mut state = self.lock();
            let is_new = !state.sessions.contains_key(key);
            state.sessions.entry(key.clone()).or_default().wanted = Instant::now();
            is_new
        };
        if is_new {
            self.changed.notify_one();
        }
    }

    /// Looks after the sessions for ever: what is gone is forgotten, what is old replaced, what is missing opened.
    pub(super) async fn tend(&self) {
        let mut refills = FuturesUnordered::new();
        loop {
            let missing = self.tidy(Instant::now());
            refills.extend(missing.into_iter().map(|(key, opening)| self.replenish(key, opening)));
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = self.changed.notified() => {}
                Some(()) = refills.next() => {}
            }
        }
    }

    /// Sessions that are open, the ones in use included.
    pub(super) fn open_sessions(&self) -> usize {
        self.lock().sessions.values().flat_map(|shelf| &shelf.sessions).filter(|session| !session.is_over()).count()
    }

    /// Opens one of the sessions that are missing.
    async fn replenish(&self, key: Key, opening: Opening<'_>) {
        let opened = self.open(&key).await.map(|session| self.put(&key, session, opening));
        let mut state = self.lock();
        let Some(row) = state.sessions.get_mut(&key) else { return };
        row.refills = row.refills.saturating_sub(1);
        if let Err(error) = opened {
            row.fail(Instant::now(), error.is_transient());
            drop(state);
            tracing::debug!(voice = key.voice, detail = error.report(), "a session was not opened ahead");
        }
    }

    /// A place on an open session: the one with the fewest readings.
    fn take(&self, key: &Key) -> Option<Place> {
        let mut state = self.lock();
        let row = state.sessions.entry(key.clone()).or_default();
        row.wanted = Instant::now();
        // Readings end while this sorts.
        row.sessions.sort_by_cached_key(|session| session.busy());
        row.sessions.iter().find_map(|session| session.take_place(self.config.readings_per_session))
    }

    /// Makes room for a session that a call needs, by letting go of one that nobody uses if need be.
    fn begin_opening(&self) -> Option<Opening<'_>> {
        let mut state = self.lock();
        let is_full = |state: &State| state.room(self.config.max_sessions) == 0;
        if is_full(&state) {
            state.forget_over(Instant::now());
        }
        if is_full(&state) && !state.let_go_of_one() {
            return None;
        }
        state.opening += 1;
        Some(Opening(self))
    }

    async fn open(&self, key: &Key) -> Result<Arc<Session>> {
        let url = self.address.session(&key.model);
        let opened = handshake::open(&self.client, url, &self.config, key).await;
        let reason = opened.as_ref().err().map(|error| error.kind().reason());
        self.metrics.session_opened(&self.config.provider, reason);
        Ok(Session::begin(opened?, &self.config))
    }

    /// Has `session` be found by those who look for one.
    fn put(&self, key: &Key, session: Arc<Session>, opening: Opening<'_>) {
        self.lock().sessions.entry(key.clone()).or_default().sessions.push(session);
        drop(opening);
    }

    /// Lets go of what is over, old or unused; the keys for which a session is to be opened, each with room for it.
    fn tidy(&self, now: Instant) -> Vec<(Key, Opening<'_>)> {
        let mut state = self.lock();
        state.forget_over(now);
        let Config { idle_timeout, standby_sessions, max_sessions, .. } = self.config;
        let is_wanted = |shelf: &Shelf| now.saturating_duration_since(shelf.wanted) < idle_timeout;
        let standby = |shelf: &Shelf| if is_wanted(shelf) { standby_sessions } else { 0 };
        let is_crowded = state.room(max_sessions) == 0;
        for shelf in state.sessions.values_mut() {
            shelf.tidy(now, standby(shelf), idle_timeout, is_crowded);
        }
        state.sessions.retain(|_, shelf| !shelf.sessions.is_empty() || shelf.refills > 0 || is_wanted(shelf));
        let mut room = state.room(max_sessions);
        let mut missing = Vec::new();
        for (key, shelf) in &mut state.sessions {
            let count = shelf.missing(now, standby(shelf)).min(room);
            shelf.refills += count;
            room -= count;
            missing.extend(std::iter::repeat_n(key, count).cloned());
        }
        state.opening += missing.len();
        drop(state);
        missing.into_iter().map(|key| (key, Opening(self))).collect()
    }

    fn lost(&self) -> Error {
        Origin::new(&self.config.provider).failed(Kind::UpstreamUnavailable, "the session was over at once")
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// There is no room for another session. That says nothing about the endpoint, and another one may have room.
fn crowded() -> Error {
    let message = "All sessions with the speech engine are in use. Try again shortly.";
    Error::new(Kind::Overloaded, message).with_retry(true).with_detail("every session is in use (max_sessions)")
}

impl State {
    /// How many sessions can be opened, where there may be `most`.
    fn room(&self, most: usize) -> usize {
        let open: usize = self.sessions.values().map(|shelf| shelf.sessions.len()).sum();
        most.saturating_sub(open + self.opening)
    }

    fn forget_over(&mut self, now: Instant) {
        self.sessions.values_mut().for_each(|shelf| shelf.forget_over(now));
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
