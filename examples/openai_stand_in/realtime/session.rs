//! One socket from its first event to its end: what the client says, what is due, and the time that is left.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Message;
use axum::extract::ws::WebSocket;
use futures_util::future::select_all;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tokio::time::Instant;
use tokio::time::sleep;
use tokio::time::sleep_until;

use super::complaint::Complaint;
use super::connection::Line;
use super::connection::Presence;
use super::conversation::Conversation;
use super::delays::Delays;
use super::dialect::Dialect;
use super::faults::Fault;
use super::faults::Faults;
use super::log::End;
use super::log::SeenHeaders;
use super::names::Names;
use super::names::unix_seconds;
use super::reading::Reading;
use super::score::Act;
use super::settings::Circumstances;
use super::settings::Settings;
use super::wire::Exit;
use super::wire::Wire;
use super::world::World;

/// Longest id that a client may give an event, in code points.
const EVENT_ID_LIMIT: usize = 512;
/// The reason of a close after an unanswered ping.
const NO_PONG: &str = "keepalive ping timeout";
/// Events that a reader of texts may send.
const EVENTS: [&str; 5] =
    ["session.update", "response.create", "response.cancel", "conversation.item.create", "conversation.item.delete"];

/// What was known when the socket was opened.
pub(crate) struct Visit {
    pub(crate) path: String,
    /// Number of the connection.
    pub(crate) connection: usize,
    pub(crate) headers: SeenHeaders,
    pub(crate) model: String,
    /// Faults of the upgrade itself.
    pub(crate) faults: Faults,
    /// Faults of every response, from the header.
    pub(crate) own: Option<Faults>,
}

/// A session. Its responses are in progress together, each at its own pace.
pub(crate) struct Session {
    pub(crate) world: Arc<World>,
    pub(crate) visit: Visit,
    pub(crate) presence: Presence,
    pub(crate) wire: Wire,
    pub(crate) settings: Settings,
    pub(crate) conversation: Conversation,
    pub(crate) conversation_id: String,
    pub(crate) running: VecDeque<Reading>,
    /// Instructions of the response before, which a cache would know.
    pub(crate) cached: Option<String>,
    /// Whether audio was sent, which settles the voice.
    pub(crate) spoken: bool,
    dialect: Dialect,
    done: u64,
    greeted: bool,
    expires: Instant,
    next_ping: Instant,
    answered: bool,
}

/// What happens next.
enum Turn {
    Heard(Result<Message, Exit>),
    Due(usize),
    Ping,
    Expired,
}

impl Session {
    pub(crate) fn open(world: Arc<World>, socket: WebSocket, line: Line, visit: Visit) -> Self {
        let options = &world.options;
        let dialect = options.realtime_dialect;
        let presence = world.sessions.enter();
        let mut names = Names::new(options.seed, presence.number, dialect == Dialect::Xai);
        let expires_at = unix_seconds() + options.realtime_expiry_ms / 1000;
        let settings = Settings::new(&names.make("sess"), &visit.model, expires_at, dialect);
        let now = Instant::now();
        Self {
            conversation: Conversation::default(),
            conversation_id: names.make("conv"),
            wire: Wire::new(socket, line, dialect, names),
            settings,
            running: VecDeque::new(),
            cached: None,
            spoken: false,
            dialect,
            done: 0,
            greeted: false,
            expires: now + Duration::from_millis(options.realtime_expiry_ms),
            next_ping: now + Duration::from_millis(options.realtime_ping_ms),
            answered: true,
            world,
            visit,
            presence,
        }
    }

    /// Serves until either side leaves.
    pub(crate) async fn run(mut self) {
        let Err(exit) = self.serve().await;
        let how = match exit {
            Exit::Gone => End::ClientClosed,
            Exit::Close { code, .. } => End::Closed { code },
            Exit::Cut { reset } => End::Cut { reset },
        };
        self.running.drain(..).for_each(|reading| reading.lose(how));
        self.wire.end(exit).await;
    }

    async fn serve(&mut self) -> Result<std::convert::Infallible, Exit> {
        self.greet().await?;
        loop {
            match self.turn().await {
                Turn::Heard(message) => self.hear(message?).await?,
                Turn::Due(index) => self.advance(index).await?,
                Turn::Ping => self.ping().await?,
                Turn::Expired => return Err(self.expire().await?),
            }
        }
    }

    async fn turn(&mut self) -> Turn {
        let serial = self.world.options.realtime_serial;
        tokio::select! {
            biased;
            () = sleep_until(self.expires) => Turn::Expired,
            () = sleep_until(self.next_ping) => Turn::Ping,
            message = self.wire.hear() => Turn::Heard(message),
            index = next_due(&mut self.running, serial) => Turn::Due(index),
        }
    }

    /// The first event, or what a fault puts in its place.
    async fn greet(&mut self) -> Result<(), Exit> {
        let faults = std::mem::take(&mut self.visit.faults);
        for fault in &faults {
            match fault {
                Fault::RealtimeSlowCreated { ms } => sleep(Duration::from_millis(*ms)).await,
                Fault::RealtimeErrorAfterUpgrade { code } => {
                    let complaint = Complaint::new(code, "The stand-in was told to refuse this session.");
                    self.wire.tell(complaint.event(None)).await?;
                    return Err(Exit::Close { code: 3000, reason: format!("invalid_request_error.{code}") });
                }
                Fault::RealtimeCloseAfterUpgrade { code } => {
                    return Err(Exit::Close { code: *code, reason: String::new() });
                }
                _ => {}
            }
        }
        let session = self.settings.view().clone();
        self.wire.tell(json!({ "type": "session.created", "session": session })).await
    }

    async fn hear(&mut self, message: Message) -> Result<(), Exit> {
        let text = match message {
            Message::Text(text) => text,
            Message::Pong(_) => {
                self.answered = true;
                return Ok(());
            }
            // The answers to both are sent by the protocol's own layer.
            Message::Ping(_) | Message::Close(_) => return Ok(()),
            Message::Binary(_) => {
                let complaint = Complaint::new("invalid_event", "Events are JSON in text frames.");
                return self.wire.tell(complaint.event(None)).await;
            }
        };
        let Ok(Value::Object(event)) = serde_json::from_str(&text) else {
            let complaint = Complaint::new("invalid_event", "The event is not a JSON object.");
            return self.wire.tell(complaint.event(None)).await;
        };
        if let Err(complaint) = self.obey(&event).await? {
            let event_id = event.get("event_id").and_then(Value::as_str);
            self.wire.tell(complaint.event(event_id)).await?;
        }
        Ok(())
    }

    async fn obey(&mut self, event: &Map<String, Value>) -> Result<Result<(), Complaint>, Exit> {
        if let Err(complaint) = check_event_id(event.get("event_id")) {
            return Ok(Err(complaint));
        }
        let Some(kind) = event.get("type") else {
            return Ok(Err(Complaint::new("invalid_event", "The 'type' field is missing.")));
        };
        match kind.as_str().unwrap_or_default() {
            "session.update" => self.update(event).await,
            "response.create" => self.create(event).await,
            "response.cancel" => Ok(self.cancel(event)),
            "conversation.item.create" => self.add(event).await,
            "conversation.item.delete" => self.delete(event).await,
            name if name.starts_with("input_audio_buffer.") => {
                Ok(Err(Complaint::new("stand_in_error", "The stand-in does not listen.").about("type")))
            }
            _ => Ok(Err(Complaint::not_one_of("type", kind, &EVENTS))),
        }
    }

    async fn update(&mut self, event: &Map<String, Value>) -> Result<Result<(), Complaint>, Exit> {
        let now = Circumstances { spoken: self.spoken, busy: !self.running.is_empty() };
        if let Err(complaint) = self.settings.update(event, now) {
            return Ok(Err(complaint));
        }
        sleep(Delays::of(&self.world.options).update).await;
        let session = self.settings.view().clone();
        self.wire.tell(json!({ "type": "session.updated", "session": session })).await?;
        if self.dialect == Dialect::Xai && !std::mem::replace(&mut self.greeted, true) {
            let conversation = json!({ "id": self.conversation_id, "object": "realtime.conversation" });
            self.wire.tell(json!({ "type": "conversation.created", "conversation": conversation })).await?;
            self.wire.tell(json!({ "type": "ping" })).await?;
        }
        Ok(Ok(()))
    }

    async fn add(&mut self, event: &Map<String, Value>) -> Result<Result<(), Complaint>, Exit> {
        let (previous, item) = match self.conversation.create(event, &mut self.wire.names) {
            Ok(created) => created,
            Err(complaint) => return Ok(Err(complaint)),
        };
        for kind in ["conversation.item.added", "conversation.item.done"] {
            self.wire.tell(json!({ "type": kind, "previous_item_id": previous, "item": item })).await?;
        }
        Ok(Ok(()))
    }

    async fn delete(&mut self, event: &Map<String, Value>) -> Result<Result<(), Complaint>, Exit> {
        let Some(id) = event.get("item_id").and_then(Value::as_str) else {
            return Ok(Err(Complaint::missing("item_id")));
        };
        if let Err(complaint) = self.conversation.delete(id) {
            return Ok(Err(complaint));
        }
        self.wire.tell(json!({ "type": "conversation.item.deleted", "item_id": id })).await?;
        Ok(Ok(()))
    }

    /// Cancels the response that is named, or else the one in the session's own conversation.
    fn cancel(&mut self, event: &Map<String, Value>) -> Result<(), Complaint> {
        let named = event.get("response_id").and_then(Value::as_str);
        let is_meant = |reading: &Reading| named.map_or(reading.order.in_conversation, |id| reading.id == id);
        let meant = self.running.iter_mut().find(|reading| reading.is_active() && is_meant(reading));
        let message = "Cancellation failed: no active response found";
        meant.map(Reading::cancel).ok_or_else(|| Complaint::new("response_cancel_not_active", message))
    }

    /// Lets the response at `index` do what is due, and the others come first after it.
    async fn advance(&mut self, index: usize) -> Result<(), Exit> {
        let Some(mut reading) = self.running.remove(index) else { return Ok(()) };
        let Some(act) = reading.next() else { return Ok(()) };
        let events = reading.perform(&act, &mut self.wire.names);
        self.spoken |= matches!(act, Act::Sound(_));
        for event in events {
            self.wire.tell(event).await?;
        }
        match act {
            Act::Cut { reset } => return Err(Exit::Cut { reset }),
            Act::Close { code } => return Err(Exit::Close { code, reason: String::new() }),
            Act::Done(_) => return self.finish(&reading).await,
            _ if self.world.options.realtime_serial => self.running.push_front(reading),
            _ => self.running.push_back(reading),
        }
        Ok(())
    }

    /// Keeps what was said in the conversation, and tells the limits after every second response.
    async fn finish(&mut self, reading: &Reading) -> Result<(), Exit> {
        if reading.order.in_conversation {
            for item in reading.items() {
                self.conversation.append(item);
            }
        }
        self.done += 1;
        if self.done % 2 == 1 {
            return Ok(());
        }
        let tokens = self.world.limits.look_at(self.settings.model()).tokens;
        let limits = json!([{
            "name": "tokens", "limit": tokens.limit, "remaining": tokens.remaining,
            "reset_seconds": tokens.reset.as_secs_f64(),
        }]);
        self.wire.tell(json!({ "type": "rate_limits.updated", "rate_limits": limits })).await
    }

    /// Pings, unless the last ping was not answered: then the client is given up.
    async fn ping(&mut self) -> Result<(), Exit> {
        if !std::mem::replace(&mut self.answered, false) {
            return Err(Exit::Close { code: 1011, reason: NO_PONG.to_owned() });
        }
        self.next_ping = Instant::now() + Duration::from_millis(self.world.options.realtime_ping_ms);
        if self.dialect == Dialect::Xai {
            self.wire.tell(json!({ "type": "ping" })).await?;
        }
        self.wire.ping().await
    }

    async fn expire(&mut self) -> Result<Exit, Exit> {
        let minutes = self.world.options.realtime_expiry_ms / 60_000;
        let reason = format!("Your session hit the maximum duration of {minutes} minutes.");
        self.wire.tell(Complaint::new("session_expired", reason.clone()).event(None)).await?;
        Ok(Exit::Close { code: 1001, reason })
    }
}

/// Waits for the first response that has something due; for ever if none is in progress.
async fn next_due(running: &mut VecDeque<Reading>, serial: bool) -> usize {
    if running.is_empty() {
        return pending().await;
    }
    let at_once = if serial { 1 } else { running.len() };
    select_all(running.iter_mut().take(at_once).map(|reading| Box::pin(reading.ready()))).await.1
}

fn check_event_id(id: Option<&Value>) -> Result<(), Complaint> {
    match id {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(id)) => match id.chars().count() {
            length if length > EVENT_ID_LIMIT => Err(Complaint::too_long("event_id", EVENT_ID_LIMIT, length)),
            _ => Ok(()),
        },
        Some(other) => Err(Complaint::wrong_type("event_id", "a string", other)),
    }
}
