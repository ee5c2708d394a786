//! Opens a session: connection, upgrade, and the setup without which the model would converse.
//!
//! The upgrade goes through the HTTP client, so that proxies, certificates, keys and refusals are those of every other
//! upstream; the WebSocket (RFC 6455) begins behind it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::SinkExt;
use futures_util::StreamExt;
use http::HeaderMap;
use http::StatusCode;
use http::header::CONNECTION;
use http::header::SEC_WEBSOCKET_KEY;
use http::header::SEC_WEBSOCKET_VERSION;
use http::header::UPGRADE;
use reqwest::Client;
use reqwest::Upgraded;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
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
use super::pool::Key;

/// A connection on which messages go both ways.
pub(super) type Socket = WebSocketStream<Upgraded>;

/// How much of a refusal is read, in bytes.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// Opens a session for `key` and sets it up.
///
/// # Errors
/// Whatever kept the session from being there, as other upstreams' refusals are told.
pub(super) async fn open(client: &Client, url: Url, config: &Config, key: &Key) -> Result<Socket> {
    let origin = Origin::new(&config.provider);
    let opening = async {
        let mut socket = connect(client, url, config).await?;
        set_up(&mut socket, config, key).await?;
        Ok(socket)
    };
    tokio::time::timeout(config.connect_timeout, opening)
        .await
        .unwrap_or_else(|_| Err(origin.failed(Kind::UpstreamTimeout, "the session was not there in time")))
}

async fn connect(client: &Client, url: Url, config: &Config) -> Result<Socket> {
    let mut origin = Origin::new(&config.provider);
    let nonce = STANDARD.encode(rand::random::<[u8; 16]>());
    let request = client
        .get(url)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, nonce);
    let mut answer = request.send().await.map_err(|cause| origin.disconnected(cause))?;
    origin.answered(answer.status(), answer.headers());
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        let headers = std::mem::take(answer.headers_mut());
        return Err(refusal(&origin, &headers, answer).await);
    }
    let upgraded = answer.upgrade().await.map_err(|cause| origin.disconnected(cause))?;
    let limits = WebSocketConfig::default()
        .max_message_size(Some(config.max_message_bytes))
        .max_frame_size(Some(config.max_message_bytes));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(limits)).await)
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

/// Waits for the session, and until it is one that reads.
async fn set_up(socket: &mut Socket, config: &Config, key: &Key) -> Result<()> {
    let origin = Origin::new(&config.provider);
    loop {
        match next(socket, &origin).await? {
            Event::SessionCreated(_) => {
                let update = Message::text(command::session_update(config, key));
                socket.send(update).await.map_err(|cause| broken(&origin, cause))?;
            }
            Event::SessionUpdated => return Ok(()),
            // A key that is refused may be refused only now.
            Event::Error { error, .. } => return Err(origin.reported(&error)),
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
