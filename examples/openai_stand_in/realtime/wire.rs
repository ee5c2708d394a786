//! The socket of a session: events out, messages in, and the ways in which it can end.

use std::future::pending;
use std::time::Duration;

use axum::extract::ws::CloseFrame;
use axum::extract::ws::Message;
use axum::extract::ws::WebSocket;
use serde_json::Value;
use serde_json::json;
use tokio::time::timeout;

use super::connection::Line;
use super::dialect::Dialect;
use super::names::Names;

/// How long a client may leave an event unread before it is given up.
const SEND_PATIENCE: Duration = Duration::from_mins(1);
/// How long a client has to answer a close frame.
const CLOSE_PATIENCE: Duration = Duration::from_secs(1);

/// Why a session is over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Exit {
    /// The client left.
    Gone,
    /// The server says farewell.
    Close { code: u16, reason: String },
    /// The server leaves without a word.
    Cut { reset: bool },
}

/// One open socket.
pub(crate) struct Wire {
    pub(crate) names: Names,
    /// Whether nothing that the client says is read any more.
    pub(crate) deaf: bool,
    socket: WebSocket,
    line: Line,
    dialect: Dialect,
}

impl Wire {
    pub(crate) fn new(socket: WebSocket, line: Line, dialect: Dialect, names: Names) -> Self {
        Self { names, deaf: false, socket, line, dialect }
    }

    /// Sends an event under an id of its own.
    pub(crate) async fn tell(&mut self, mut event: Value) -> Result<(), Exit> {
        event["event_id"] = json!(self.names.make("event"));
        match self.dialect.translate(event) {
            Some(event) => self.send(Message::Text(event.to_string().into())).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn ping(&mut self) -> Result<(), Exit> {
        self.send(Message::Ping(Vec::new().into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Exit> {
        match timeout(SEND_PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Exit::Gone),
        }
    }

    /// The client's next message. Cancelling the wait loses nothing.
    pub(crate) async fn hear(&mut self) -> Result<Message, Exit> {
        if self.deaf {
            return pending().await;
        }
        match self.socket.recv().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(_)) | None => Err(Exit::Gone),
        }
    }

    /// Ends the socket as `exit` says.
    pub(crate) async fn end(mut self, exit: Exit) {
        match exit {
            Exit::Gone => {}
            Exit::Cut { reset } => self.line.cut(reset),
            Exit::Close { code, reason } => {
                let frame = CloseFrame { code, reason: reason.into() };
                if self.send(Message::Close(Some(frame))).await.is_ok() {
                    // What is still unread when a socket is dropped would turn its end into a reset.
                    let answered = async { while self.hear().await.is_ok() {} };
                    let _ = timeout(CLOSE_PATIENCE, answered).await;
                }
            }
        }
    }
}
