//! The faults that a request can be answered with, and how they are written.

use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use super::realtime::reword::Reword;

/// One deviation from a healthy answer. In JSON: `{"kind": "stall_after", "bytes": 4096, "ms": 2000}`.
///
/// Byte counts of `stall_after` and `cut_after` are of the body as it is on the wire (WAV header and SSE
/// framing included); those of the other kinds are of the encoded audio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// No fault: holds a place in the queue for a healthy answer.
    None,
    /// An error status; `code` picks the real body where there is one, the other fields replace its parts.
    Status {
        status: u16,
        code: Option<String>,
        #[serde(rename = "type")]
        kind: Option<String>,
        message: Option<String>,
        retry_after_ms: Option<u64>,
    },
    /// 429: too many requests per minute.
    Rpm { retry_after_ms: u64 },
    /// 429: too many tokens per minute.
    Tpm { retry_after_ms: u64 },
    /// 429 `slow_down`: the ramp limit.
    SlowDown,
    /// 429 that no retry can mend; the default is `credit_balance_exhausted`.
    Quota { code: Option<String> },
    /// 403: the caller's country is not served.
    Region,
    /// 403: the project may not use the model.
    Project,
    /// 404 `model_not_found`, as inferred for a model after its shutdown.
    Retired,
    /// 503 `server_is_overloaded`.
    Overloaded,
    /// 503 as it was before codes were given.
    OldOverloaded,
    /// A page of an edge proxy (502, 520, …) instead of JSON.
    Html { status: u16 },
    /// An error that says `x-should-retry: false`, against what its status suggests.
    ShouldRetryFalse { status: u16 },
    /// Nothing is answered at all.
    HangBeforeHeaders,
    /// The headers, and then nothing.
    HeadersThenSilence,
    /// The body pauses once.
    StallAfter { bytes: usize, ms: u64 },
    /// The connection ends without the body's end; with `reset` by a TCP reset.
    CutAfter {
        bytes: usize,
        #[serde(default)]
        reset: bool,
    },
    /// The clip ends early and cleanly; usage still tells the whole. Half of it unless `bytes` is given.
    TruncatedClean { bytes: Option<usize> },
    /// The last byte is missing.
    OddLength,
    /// 200 with no body.
    EmptyBody,
    /// The right bytes under another content type.
    WrongContentType { value: String },
    /// The events end without `speech.audio.done`; with `marker` there still is a `[DONE]`.
    SseWithoutDone {
        #[serde(default)]
        marker: bool,
    },
    /// The events end without `data: [DONE]`.
    SseWithoutDoneMarker,
    /// An error object in the midst of the events, which then end.
    SseErrorAfter {
        bytes: usize,
        #[serde(default)]
        shape: ErrorShape,
    },
    /// Other boundaries between the writes than the blocks of the encoder.
    Writes { pattern: WritePattern },
    /// The manners of another server with the same endpoint.
    Dialect { name: Dialect },
    /// A realtime response says something else than it was asked to.
    RealtimeReword { mode: Reword },
    /// A realtime response says a preamble of its own first, as an item with phase `commentary`.
    RealtimeCommentary,
    /// A realtime response is completed with a transcript and without audio.
    RealtimeSilent,
    /// A realtime response has all of its audio, with every sample zero.
    RealtimeQuiet,
    /// A realtime response is text although audio was asked for.
    RealtimeTextOnly,
    /// A realtime response ends as `incomplete` after so much audio; the usual reason is `max_output_tokens`.
    RealtimeIncomplete {
        #[serde(default = "max_output_tokens")]
        reason: String,
        #[serde(default)]
        after_ms: u64,
    },
    /// A realtime response ends as `failed`: before any output, or after so much audio. Its code is `server_error`
    /// unless another one is given.
    RealtimeFailed { code: Option<String>, message: Option<String>, after_ms: Option<u64> },
    /// An `error` event takes the place of `response.created`, and nothing follows.
    RealtimeErrorOnly {
        code: Option<String>,
        #[serde(default)]
        null_event_id: bool,
    },
    /// The connection of a realtime response ends after so much audio, without a close frame.
    RealtimeDrop {
        #[serde(default)]
        after_ms: u64,
        #[serde(default)]
        reset: bool,
    },
    /// The server closes the socket of a realtime response after so much audio.
    RealtimeClose {
        #[serde(default = "internal_error")]
        code: u16,
        #[serde(default)]
        after_ms: u64,
    },
    /// A realtime response goes silent for ever after so much audio; it can still be cancelled.
    RealtimeStall {
        #[serde(default)]
        after_ms: u64,
    },
    /// From a realtime response on, the server reads nothing that its client sends, and so answers no ping.
    RealtimeDeaf,
    /// Audio still comes between a cancel and its `response.done`.
    RealtimeLateDeltas,
    /// `response.created` comes late, so that a cancel can come before it.
    RealtimeLateCreated { ms: u64 },
    /// A realtime response brings an event of an unknown type and 1 MiB, unknown fields, and `status_details` as text.
    RealtimeUnknownEvents,
    /// The upgrade to a WebSocket is refused.
    RealtimeUpgrade { status: u16, code: Option<String>, retry_after_ms: Option<u64> },
    /// The upgrade succeeds, but an `error` event and a close take the place of `session.created`.
    RealtimeErrorAfterUpgrade { code: String },
    /// The upgrade succeeds, and the server closes the socket at once.
    RealtimeCloseAfterUpgrade {
        #[serde(default = "internal_error")]
        code: u16,
    },
    /// `session.created` comes late.
    RealtimeSlowCreated { ms: u64 },
}

/// Who takes an entry out of the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taker {
    /// A request to a speech path.
    Speech,
    /// A realtime `response.create`.
    Response,
    /// An upgrade to a realtime socket.
    Upgrade,
}

impl Fault {
    /// Whom the fault can befall; none if it is for anybody.
    pub(crate) fn taker(&self) -> Option<Taker> {
        match self {
            Self::None => None,
            Self::RealtimeUpgrade { .. }
            | Self::RealtimeErrorAfterUpgrade { .. }
            | Self::RealtimeCloseAfterUpgrade { .. }
            | Self::RealtimeSlowCreated { .. } => Some(Taker::Upgrade),
            Self::RealtimeReword { .. }
            | Self::RealtimeCommentary
            | Self::RealtimeSilent
            | Self::RealtimeQuiet
            | Self::RealtimeTextOnly
            | Self::RealtimeIncomplete { .. }
            | Self::RealtimeFailed { .. }
            | Self::RealtimeErrorOnly { .. }
            | Self::RealtimeDrop { .. }
            | Self::RealtimeClose { .. }
            | Self::RealtimeStall { .. }
            | Self::RealtimeDeaf
            | Self::RealtimeLateDeltas
            | Self::RealtimeLateCreated { .. }
            | Self::RealtimeUnknownEvents => Some(Taker::Response),
            _ => Some(Taker::Speech),
        }
    }
}

/// The one whom all of `faults` befall; none if they are for anybody.
pub(crate) fn taker(faults: &[Fault]) -> Option<Taker> {
    faults.iter().find_map(Fault::taker)
}

fn max_output_tokens() -> String {
    "max_output_tokens".to_owned()
}

/// The close code 1011 of RFC 6455.
fn internal_error() -> u16 {
    1011
}

/// The error object of a failing event stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErrorShape {
    /// `{"error": {…}}`, which OpenAI's client libraries raise.
    #[default]
    Error,
    /// `{"type": "speech.audio.error", "error": {…}}`, as vLLM-Omni has it.
    SpeechAudioError,
    /// `{"type": "error", "error": "…"}`, as openai-edge-tts has it.
    Text,
}

/// Where the body is cut into writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WritePattern {
    /// One byte at a time.
    OneByte,
    /// Lengths that are odd, so that samples and events are split.
    Odd,
    /// The whole body at once, when its last byte is due.
    Coalesced,
}

/// Servers that differ from OpenAI's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Dialect {
    /// LF line ends, `delta` for `audio`, and a `response_format` in every event.
    #[serde(rename = "vllm_delta_lf")]
    VllmDeltaLf,
    /// No `data: [DONE]`.
    #[serde(rename = "no_done")]
    NoDone,
    /// A WAV with a LIST chunk whatever was asked for, never events.
    #[serde(rename = "wav_always")]
    WavAlways,
    /// Unstreamed PCM of 22,050 Hz that only `X-Sample-Rate` tells of.
    #[serde(rename = "pcm_22050_header")]
    Pcm22050Header,
    /// Refuses with `FastAPI`'s 422 and `detail`.
    #[serde(rename = "fastapi_422")]
    Fastapi422,
    /// `prompt_tokens` and `completion_tokens` in the usage.
    #[serde(rename = "usage_prompt_tokens")]
    UsagePromptTokens,
    /// Two whole WAV files one after the other, as one body.
    #[serde(rename = "double_riff")]
    DoubleRiff,
}

/// The faults of one request: several can go together (a dialect and a cut, say).
pub(crate) type Faults = Vec<Fault>;

/// Reads a script: a list with one entry per request, each a fault, a list of faults, or null.
pub(crate) fn parse_script(script: Value) -> Result<Vec<Faults>, String> {
    match script {
        Value::Array(entries) => entries.into_iter().map(parse_entry).collect(),
        other => Err(format!("faults: expected a list with one entry per request, found {other}")),
    }
}

/// Reads the faults of one request from text: JSON, or the bare name of a kind without parameters.
pub(crate) fn parse_text(text: &str) -> Result<Faults, String> {
    let text = text.trim();
    if text.starts_with(['{', '[']) {
        let value = serde_json::from_str(text).map_err(|error| format!("fault: {error}"))?;
        parse_entry(value)
    } else {
        parse_entry(serde_json::json!({ "kind": text }))
    }
}

fn parse_entry(entry: Value) -> Result<Faults, String> {
    let faults = match entry {
        Value::Null => Ok(Vec::new()),
        Value::Array(_) => serde_json::from_value(entry),
        other => serde_json::from_value(other).map(|fault| vec![fault]),
    };
    let faults = faults.map_err(|error| format!("fault: {error}"))?;
    let first = taker(&faults);
    if faults.iter().filter_map(Fault::taker).any(|taker| Some(taker) != first) {
        return Err("fault: those of one entry have to befall the same thing: a speech request, a realtime response \
                    or a realtime upgrade"
            .into());
    }
    Ok(faults)
}
