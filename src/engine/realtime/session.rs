//! One session: a socket, the task that reads and writes it, and the handle by which readings are asked for.
//!
//! A task, because a socket on which nothing is read has to answer pings too, and because its readings share it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::SinkExt;
use futures_util::StreamExt;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::engine::upstream::Origin;

use super::config::Config;
use super::desk::Desk;
use super::desk::lost;
use super::event::Event;
use super::handshake::Opened;
use super::handshake::Socket;
use super::inbox::Inbox;
use super::inbox::Said;

/// The share of the life that a server grants after which a session is replaced, and after which it takes no more readings.
const OLD_SHARE: f64 = 0.8;
const LAST_SHARE: f64 = 0.95;

/// A session that is lost sooner than this says something about the endpoint.
const YOUTH: Duration = Duration::from_secs(10);

/// How long the server may keep us from writing.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a session is given up on which everything works.
const SPOILT: &str = "the upstream did not say which reading it refused, or did not end one that was given up";

/// A session that is open, or was.
pub(super) struct Session {
    shared: Arc<Shared>,
    task: AbortHandle,
    /// When it is to be replaced.
    pub(super) old_at: Instant,
    /// When it takes no more readings, replaced or not, because the server will soon end it.
    pub(super) ends_at: Option<Instant>,
    /// When it was opened.
    pub(super) born: Instant,
}

struct Shared {
    state: Mutex<State>,
    orders: Notify,
}

struct State {
    orders: VecDeque<Order>,
    next_label: u64,
    /// Readings that take a place: asked for and not over.
    busy: usize,
    /// When the last reading was over.
    used: Instant,
    /// No more readings are taken.
    is_retired: bool,
    /// The socket is gone.
    is_lost: bool,
}

enum Order {
    Read { label: u64, message: String, inbox: Arc<Inbox> },
    Drop(u64),
    Close,
}

/// A reading's place on a session, given back when the server has ended the reading.
pub(super) struct Place {
    session: Arc<Session>,
    pub(super) label: u64,
    is_asked: bool,
}

impl Session {
    /// Begins to serve what was opened.
    pub(super) fn begin(opened: Opened, config: &Config) -> Arc<Self> {
        let Opened { socket, life } = opened;
        let now = Instant::now();
        let state =
            State { orders: VecDeque::new(), next_label: 0, busy: 0, used: now, is_retired: false, is_lost: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), orders: Notify::new() });
        let desk = Desk::new(Origin::new(&config.provider), config.max_reading_bytes);
        let serving = Serving { socket, desk, shared: Arc::clone(&shared), origin: Origin::new(&config.provider) };
        #[expect(
            clippy::disallowed_methods,
            reason = "a session outlives its readings, and answers pings between them"
        )]
        let task = tokio::spawn(serving.run(config.ping_interval)).abort_handle();
        // Sessions that were opened together are not replaced together.
        let age = config.max_session_age.mul_f64(0.9 + 0.2 * rand::random::<f64>());
        let age = life.map_or(age, |life| age.min(life.mul_f64(OLD_SHARE)));
        let ends_at = life.map(|life| now + life.mul_f64(LAST_SHARE));
        Arc::new(Self { shared, task, old_at: now + age, ends_at, born: now })
    }

    /// Whether it was lost so soon that another one may fare no better.
    pub(super) fn died_young(&self, now: Instant) -> bool {
        self.shared.lock().is_lost && !self.has_lived(now)
    }

    /// Whether it has been there for long enough to show that sessions can be had.
    pub(super) fn has_lived(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.born) >= YOUTH
    }

    /// Takes a place for a reading, if fewer than `most` run on it and it takes more.
    pub(super) fn take_place(self: &Arc<Self>, most: usize) -> Option<Place> {
        let mut state = self.shared.lock();
        if state.is_lost || state.is_retired || state.busy >= most {
            return None;
        }
        state.busy += 1;
        state.next_label += 1;
        Some(Place { session: Arc::clone(self), label: state.next_label, is_asked: false })
    }

    /// Readings that are not over.
    pub(super) fn busy(&self) -> usize {
        self.shared.lock().busy
    }

    /// Whether it can take readings, now or later.
    pub(super) fn is_usable(&self) -> bool {
        let state = self.shared.lock();
        !state.is_lost && !state.is_retired
    }

    /// Whether it is of no more use to anybody.
    pub(super) fn is_over(&self) -> bool {
        let state = self.shared.lock();
        state.is_lost || (state.is_retired && state.busy == 0)
    }

    /// Since when nobody has used it; none if somebody does.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let state = self.shared.lock();
        (state.busy == 0).then_some(state.used)
    }

    /// Takes no more readings; those that run come to their end.
    pub(super) fn retire(&self) {
        self.shared.lock().is_retired = true;
        self.shared.orders.notify_one();
    }
}

impl Drop for Session {
    /// The socket is closed with a word, if it can be said; a task that does not hear it is ended.
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        if state.is_lost || state.busy > 0 {
            self.task.abort();
        } else {
            state.orders.push_back(Order::Close);
            drop(state);
            self.shared.orders.notify_one();
        }
    }
}

impl Place {
    /// Asks for the reading. False if the session has been lost in the meantime.
    pub(super) fn ask(&mut self, message: String, inbox: &Arc<Inbox>) -> bool {
        let mut state = self.session.shared.lock();
        if state.is_lost {
            return false;
        }
        state.orders.push_back(Order::Read { label: self.label, message, inbox: Arc::clone(inbox) });
        drop(state);
        self.session.shared.orders.notify_one();
        self.is_asked = true;
        true
    }
}

/// Whoever lets go of a reading does not want to hear the rest of it.
impl Drop for Place {
    fn drop(&mut self) {
        if self.is_asked {
            self.session.shared.order(Order::Drop(self.label));
        } else {
            let mut state = self.session.shared.lock();
            state.busy = state.busy.saturating_sub(1);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self, order: Order) {
        self.lock().orders.push_back(order);
        self.orders.notify_one();
    }
}

/// What the task of a session owns.
struct Serving {
    socket: Socket,
    desk: Desk,
    shared: Arc<Shared>,
    origin: Origin,
}

impl Serving {
    async fn run(mut self, ping_interval: Duration) {
        let why = self.serve(ping_interval).await;
        let mut state = self.shared.lock();
        state.is_lost = true;
        state.busy = 0;
        let waiting: Vec<_> = state.orders.drain(..).collect();
        drop(state);
        for order in waiting {
            if let Order::Read { label, inbox, .. } = order {
                self.desk.expect(label, inbox);
            }
        }
        let origin = &self.origin;
        self.desk.close(&|| lost(origin, why));
        tracing::debug!(why, "a session is over");
    }

    /// Serves until the session is over, and says why it is.
    async fn serve(&mut self, ping_interval: Duration) -> &'static str {
        let mut pings = interval(ping_interval);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pings.reset();
        let mut is_answered = true;
        loop {
            let shared = Arc::clone(&self.shared);
            let served = tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.hear(Event::read(&text)).await,
                    Some(Ok(Message::Pong(_))) => {
                        is_answered = true;
                        Ok(())
                    }
                    Some(Ok(Message::Close(_))) | None => Err("the upstream closed the session"),
                    Some(Ok(_)) => Ok(()),
                    Some(Err(_)) => Err("the session broke"),
                },
                () = shared.orders.notified() => self.obey().await,
                _ = pings.tick() => {
                    if !std::mem::replace(&mut is_answered, false) {
                        return "the upstream answered no ping";
                    }
                    if self.desk.is_spoilt(Instant::now()) && self.give_up() {
                        return SPOILT;
                    }
                    self.send(Message::Ping(Vec::new().into())).await
                }
            };
            if let Err(why) = served {
                return why;
            }
        }
    }

    async fn hear(&mut self, event: Event) -> Result<(), &'static str> {
        let before = self.desk.len();
        let answer = self.desk.hear(event, Instant::now());
        if self.desk.len() < before {
            self.free(before - self.desk.len());
        }
        if let Some(answer) = answer {
            self.send(Message::text(answer)).await?;
        }
        if self.desk.is_spoilt(Instant::now()) && self.give_up() { Err(SPOILT) } else { Ok(()) }
    }

    async fn obey(&mut self) -> Result<(), &'static str> {
        loop {
            let Some(order) = self.shared.lock().orders.pop_front() else { return Ok(()) };
            match order {
                // It was asked for before it was known that this session reads no more.
                Order::Read { inbox, .. } if self.desk.is_spoilt(Instant::now()) => {
                    inbox.say(Said::Failed(lost(&self.origin, SPOILT)), usize::MAX);
                    self.free(1);
                }
                Order::Read { label, message, inbox } => {
                    self.desk.expect(label, inbox);
                    self.send(Message::text(message)).await?;
                }
                Order::Drop(label) => {
                    if let Some(cancel) = self.desk.drop_reading(label, Instant::now()) {
                        self.send(Message::text(cancel)).await?;
                    }
                }
                Order::Close => {
                    // The word is a courtesy; whether it arrives makes no difference.
                    let _ = timeout(WRITE_TIMEOUT, self.socket.close(None)).await;
                    return Err("it was not needed any more");
                }
            }
        }
    }

    /// Takes no more readings. True if nobody listens to those that run, so that it can end now.
    fn give_up(&self) -> bool {
        self.shared.lock().is_retired = true;
        !self.desk.is_heard()
    }

    fn free(&self, places: usize) {
        let mut state = self.shared.lock();
        state.busy = state.busy.saturating_sub(places);
        state.used = Instant::now();
    }

    async fn send(&mut self, message: Message) -> Result<(), &'static str> {
        match timeout(WRITE_TIMEOUT, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err("the session broke"),
            Err(_) => Err("the upstream took nothing more"),
        }
    }
}
