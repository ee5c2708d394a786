//! What happened: one record per speech request and per realtime response, from its arrival to the way it ended.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use http::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

use super::auth;
use super::faults::Faults;

/// Records kept; older ones go first.
const RECORD_LIMIT: usize = 10_000;
/// Writes kept per record, because bytes can be written one at a time.
const WRITE_LIMIT: usize = 4096;

/// A request to a speech path, or a realtime response. Times are milliseconds since the stand-in started.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Record {
    /// Position in the order of arrival, from 0.
    pub(crate) index: u64,
    pub(crate) kind: Kind,
    pub(crate) request_id: String,
    /// Number of the connection, from 1: equal numbers mean that a connection was used again.
    pub(crate) connection: usize,
    pub(crate) protocol: String,
    /// Path with its query.
    pub(crate) path: String,
    pub(crate) headers: SeenHeaders,
    pub(crate) faults: Faults,
    pub(crate) request: Asked,
    pub(crate) received_ms: f64,
    /// When the status and headers were handed to the connection.
    pub(crate) headers_ms: Option<f64>,
    pub(crate) status: Option<u16>,
    /// Bytes of the body, or of a realtime response's audio, that were handed to the connection.
    pub(crate) bytes: usize,
    /// The first writes of the body or audio, at most 4096 of them.
    pub(crate) writes: Vec<Written>,
    /// What only a realtime response has.
    pub(crate) realtime: Option<Realtime>,
    pub(crate) end: Option<Ended>,
}

/// What the body asked for, as far as it could be read.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Asked {
    pub(crate) model: Option<String>,
    pub(crate) voice: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) stream_format: Option<String>,
    pub(crate) speed: Option<f64>,
    pub(crate) instructions: Option<String>,
    /// The text, at most its first 8192 code points.
    pub(crate) text: String,
    /// Length of the text in code points.
    pub(crate) chars: usize,
    /// Length of the text in `o200k_base` tokens, unless it is too long to be accepted anyway.
    pub(crate) tokens: Option<usize>,
}

/// Request headers that a test may ask about; secrets are hidden.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct SeenHeaders {
    /// The scheme with its secret hidden: `Bearer ***`.
    pub(crate) authorization: Option<String>,
    pub(crate) api_key: bool,
    pub(crate) traceparent: Option<String>,
    pub(crate) tracestate: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) accept: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) organization: Option<String>,
    pub(crate) project: Option<String>,
    pub(crate) client_request_id: Option<String>,
    pub(crate) retry_count: Option<String>,
}

impl SeenHeaders {
    /// Takes from a request what may be known of it.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            authorization: auth::masked_authorization(headers),
            api_key: auth::has_api_key(headers),
            traceparent: header("traceparent"),
            tracestate: header("tracestate"),
            content_type: header("content-type"),
            accept: header("accept"),
            user_agent: header("user-agent"),
            organization: header("openai-organization"),
            project: header("openai-project"),
            client_request_id: header("x-client-request-id"),
            retry_count: header("x-stainless-retry-count"),
        }
    }
}

/// What a realtime response is besides a request.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Realtime {
    /// Number of the realtime socket, from 1.
    pub(crate) session: usize,
    pub(crate) response_id: Option<String>,
    /// The client's own id of its `response.create`.
    pub(crate) event_id: Option<String>,
    /// Whether it was written to the socket's own conversation.
    pub(crate) in_conversation: bool,
    /// The text that was read, which a fault may have reworded; its first 8192 code points.
    pub(crate) spoken: String,
    /// The texts of its input as they came, each as `role: text` with its first 8192 code points.
    pub(crate) input: Vec<String>,
    pub(crate) tools: Value,
    pub(crate) tool_choice: Value,
    pub(crate) metadata: Value,
    pub(crate) first_audio_ms: Option<f64>,
    /// Code of the error that refused or failed it.
    pub(crate) error_code: Option<String>,
}

/// What a record is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A request to a speech path.
    #[default]
    Speech,
    /// A realtime response.
    Realtime,
}

/// One write of a body.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Written {
    pub(crate) ms: f64,
    pub(crate) bytes: usize,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum End {
    /// The whole body was handed to the connection.
    Completed,
    /// The client went away first.
    ClientClosed,
    /// A fault ended the connection.
    Cut { reset: bool },
    /// A realtime response was cancelled by its client.
    Cancelled,
    /// A realtime response came to an end too early.
    Incomplete,
    /// A realtime response failed.
    Failed,
    /// An error took the place of a realtime response.
    Refused,
    /// The server closed the socket of a realtime response.
    Closed { code: u16 },
}

/// How, when and after how many body bytes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Ended {
    #[serde(flatten)]
    pub(crate) how: End,
    pub(crate) ms: f64,
    pub(crate) at_byte: usize,
}

/// Requests seen since the start or the last reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) ended: u64,
    pub(crate) in_flight: u64,
    pub(crate) max_in_flight: u64,
}

/// The records of one stand-in; a clone is another handle on the same log.
#[derive(Clone)]
pub(crate) struct Log(Arc<Shared>);

struct Shared {
    start: Instant,
    pages: Mutex<Pages>,
    tally: watch::Sender<Tally>,
}

#[derive(Default)]
struct Pages {
    /// Counts resets, so that a request from before one does not disturb the tally after it.
    era: u64,
    arrived: u64,
    records: VecDeque<Arc<Mutex<Record>>>,
}

impl Log {
    /// An empty log whose clock starts now.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared { start: Instant::now(), pages: Mutex::default(), tally: watch::Sender::default() }))
    }

    /// Opens the record of a request that has just arrived.
    pub(crate) fn open(&self, mut record: Record) -> Entry {
        record.received_ms = self.now_ms();
        let mut pages = lock(&self.0.pages);
        record.index = pages.arrived;
        pages.arrived += 1;
        if pages.records.len() == RECORD_LIMIT {
            pages.records.pop_front();
        }
        let record = Arc::new(Mutex::new(record));
        pages.records.push_back(record.clone());
        self.0.tally.send_modify(|tally| {
            tally.requests += 1;
            tally.in_flight += 1;
            tally.max_in_flight = tally.max_in_flight.max(tally.in_flight);
        });
        Entry { log: self.clone(), era: pages.era, record, ended: false }
    }

    /// Copies of the records, in order of arrival.
    pub(crate) fn records(&self) -> Vec<Record> {
        lock(&self.0.pages).records.iter().map(|record| lock(record).clone()).collect()
    }

    /// The counts at this moment.
    pub(crate) fn tally(&self) -> Tally {
        *self.0.tally.borrow()
    }

    /// Waits until `count` requests have ended, at most for `patience`, and returns the records.
    pub(crate) async fn ended(&self, count: u64, patience: Duration) -> Vec<Record> {
        let mut tally = self.0.tally.subscribe();
        let enough = tally.wait_for(|tally| tally.ended >= count);
        // Whether in time or not, the caller sees what there is.
        let _ = tokio::time::timeout(patience, enough).await;
        self.records()
    }

    /// Forgets every record; requests in flight are no longer counted.
    pub(crate) fn reset(&self) {
        let mut pages = lock(&self.0.pages);
        pages.era += 1;
        pages.arrived = 0;
        pages.records.clear();
        self.0.tally.send_replace(Tally::default());
    }

    fn now_ms(&self) -> f64 {
        let elapsed = self.0.start.elapsed().as_secs_f64() * 1000.0;
        (elapsed * 1000.0).round() / 1000.0
    }
}

/// The record of a request in flight; dropped before its end, it tells that the client left.
pub(crate) struct Entry {
    log: Log,
    era: u64,
    record: Arc<Mutex<Record>>,
    ended: bool,
}

impl Entry {
    /// Fills in what is known by now.
    pub(crate) fn note(&self, write: impl FnOnce(&mut Record)) {
        write(&mut lock(&self.record));
    }

    /// Position of the request in the order of arrival.
    pub(crate) fn index(&self) -> u64 {
        lock(&self.record).index
    }

    /// Notes that the headers are handed over.
    pub(crate) fn answered(&self, status: u16) {
        let now = self.log.now_ms();
        self.note(|record| {
            record.status = Some(status);
            record.headers_ms = Some(now);
        });
    }

    /// Notes a write of the body.
    pub(crate) fn wrote(&self, bytes: usize) {
        let ms = self.log.now_ms();
        self.note(|record| {
            record.bytes += bytes;
            if record.writes.len() < WRITE_LIMIT {
                record.writes.push(Written { ms, bytes });
            }
        });
    }

    /// Notes the end; only the first one counts.
    pub(crate) fn end(&mut self, how: End) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let ms = self.log.now_ms();
        self.note(|record| record.end = Some(Ended { how, ms, at_byte: record.bytes }));
        if lock(&self.log.0.pages).era == self.era {
            self.log.0.tally.send_modify(|tally| {
                tally.ended += 1;
                tally.in_flight = tally.in_flight.saturating_sub(1);
            });
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.end(End::ClientClosed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
