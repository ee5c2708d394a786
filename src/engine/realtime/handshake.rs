//! Opens a session: connection, upgrade, and the setup without which the model would converse.
//!
//! The upgrade goes through the HTTP client, so that proxies, certificates, keys and refusals are those of every other
//! upstream; the WebSocket (RFC 6455) begins behind it.

use std::time::Duration;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::SinkExt;
use futures_util::StreamExt;
use http::HeaderMap;
use http::StatusCode;
use http::header::CONNECTION;
use http::header::DATE;
use http::header::SEC_WEBSOCKET_ACCEPT;
use http::header::SEC_WEBSOCKET_KEY;
use http::header::SEC_WEBSOCKET_VERSION;
use http::header::UPGRADE;
use reqwest::Client;
use reqwest::Upgraded;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use url::Url;

use crate::engine::upstream::Origin;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;

use super::command;
use super::config::Config;
use super::event::Event;
use super::key::Key;

/// A session that is set up.
pub(super) struct Opened {
    /// Where it is spoken with.
    pub(super) socket: Socket,
    /// How long the server will keep it, if it says so.
    pub(super) life: Option<Duration>,
}

/// A connection on which messages go both ways.
pub(super) type Socket = WebSocketStream<Upgraded>;

/// How much of a refusal is read, in bytes.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// Opens a session for `key` and sets it up.
///
/// # Errors
/// Whatever kept the session from being there, as other upstreams' refusals are told.
pub(super) async fn open(client: &Client, url: Url, config: &Config, key: &Key) -> Result<Opened> {
    let origin = Origin::new(&config.provider);
    let opening = async {
        let (mut socket, date) = connect(client, url, config).await?;
        let end = set_up(&mut socket, config, key).await?;
        Ok(Opened { socket, life: end.and_then(|end| life(end, date)) })
    };
    tokio::time::timeout(config.connect_timeout, opening)
        .await
        .unwrap_or_else(|_| Err(origin.failed(Kind::UpstreamTimeout, "the session was not there in time")))
}

/// From now to `end`, in seconds since 1970, by the server's clock if `date` tells it and by ours if not. None if that is no time
/// or longer than a day, which says that the clocks differ; by our clock also if it is shorter than a minute.
fn life(end: u64, date: Option<SystemTime>) -> Option<Duration> {
    let end = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(end))?;
    let life = end.duration_since(date.unwrap_or_else(SystemTime::now)).ok()?;
    let least = if date.is_some() { Duration::ZERO } else { Duration::from_mins(1) };
    Some(life).filter(|life| *life > least && *life <= Duration::from_hours(24))
}

/// A socket, and the time of day where it leads to, if that is told.
async fn connect(client: &Client, url: Url, config: &Config) -> Result<(Socket, Option<SystemTime>)> {
    let mut origin = Origin::new(&config.provider);
    let nonce = STANDARD.encode(rand::random::<[u8; 16]>());
    let request = client
        .get(url)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &nonce);
    let mut answer = request.send().await.map_err(|cause| origin.disconnected(cause))?;
    origin.answered(answer.status(), answer.headers());
    let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        let headers = std::mem::take(answer.headers_mut());
        return Err(ours(&origin, refusal(&origin, &headers, answer).await));
    }
    // Whoever cannot derive this has not understood that this is to be a WebSocket (RFC 6455, section 4.1).
    if answer.headers().get(SEC_WEBSOCKET_ACCEPT).is_none_or(|key| *key != derive_accept_key(nonce.as_bytes())) {
        return Err(origin.unusable("the upstream switched to something else than the WebSocket that was asked for"));
    }
    let upgraded = answer.upgrade().await.map_err(|cause| origin.disconnected(cause))?;
    let limits = WebSocketConfig::default()
        .max_message_size(Some(config.max_message_bytes))
        .max_frame_size(Some(config.max_message_bytes));
    Ok((WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(limits)).await, date))
}

async fn refusal(origin: &Origin, headers: &HeaderMap, mut answer: reqwest::Response) -> Error {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        body.extend_from_slice(&chunk[..chunk.len().min(MAX_REFUSAL_BYTES - body.len())]);
        if body.len() == MAX_REFUSAL_BYTES {
            break;
        }
    }
    origin.refused(headers, &body)
}

/// A refusal of what nobody but the operator decides, which no caller can mend, and which says nothing about other endpoints.
fn ours(origin: &Origin, error: Error) -> Error {
    if error.kind() != Kind::UpstreamRejected {
        return error;
    }
    let refused = origin.failed(Kind::UpstreamUnavailable, "the upstream refused the session").with_retry(false);
    refused.with_upstream(error.upstream().cloned().unwrap_or_default()).with_source(error)
}

/// Waits for the session, and until it is one that reads. When the server will end it, if it says so.
async fn set_up(socket: &mut Socket, config: &Config, key: &Key) -> Result<Option<u64>> {
    let origin = Origin::new(&config.provider);
    let mut end = None;
    loop {
        match next(socket, &origin).await? {
            Event::SessionCreated(expires_at) => {
                end = expires_at;
                let update = Message::text(command::session_update(config, key));
                socket.send(update).await.map_err(|cause| broken(&origin, cause))?;
            }
            Event::SessionUpdated => return Ok(end),
            // A key that is refused may be refused only now. Voice and speed are the caller's, all else is not.
            Event::Error { error, .. } => {
                let param = error.get("param").and_then(serde_json::Value::as_str).unwrap_or_default();
                let is_callers = param.ends_with("voice") || param.ends_with("speed");
                let error = origin.reported(&error);
                return Err(if is_callers { error } else { ours(&origin, error) });
            }
            _ => {}
        }
    }
}

async fn next(socket: &mut Socket, origin: &Origin) -> Result<Event> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(Event::read(&text)),
            Some(Ok(Message::Close(_))) | None => {
                return Err(origin.failed(Kind::UpstreamUnavailable, "the upstream closed the session at once"));
            }
            Some(Ok(_)) => {}
            Some(Err(cause)) => return Err(broken(origin, cause)),
        }
    }
}

/// A socket that does not work any more.
fn broken(origin: &Origin, cause: tokio_tungstenite::tungstenite::Error) -> Error {
    origin.failed(Kind::UpstreamUnavailable, "the session broke").with_source(cause)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::time::Duration;
    use std::time::SystemTime;

    use super::life;

    #[test]
    fn a_life_is_believed_if_it_can_be_one() {
        let date = Some(SystemTime::UNIX_EPOCH + Duration::from_hours(500_000));
        assert_eq!(life(1_800_003_600, date), Some(Duration::from_hours(1)));
        assert_eq!(life(1_800_000_020, date), Some(Duration::from_secs(20)));
        for end in [0, 1_799_999_999, 1_800_000_000, 1_800_100_000, u64::MAX] {
            assert_eq!(life(end, date), None, "{end}");
        }
        let ours = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        assert!(life(ours + 3600, None).is_some());
        assert_eq!(life(ours + 20, None), None, "our clock may be wrong by that much");
    }
}
