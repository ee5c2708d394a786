//! The one error of the service: what went wrong, for whom, and whether trying again can help.
//!
//! `kind` decides the gRPC code, the metric label, the log level and whether to retry, each in one exhaustive match.
//! `message` is for the caller and says what to do; `detail` and `source` are for the operator's log. Neither ever holds
//! the caller's text or a key.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, by meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A request field is missing, malformed or out of range.
    InvalidField,
    /// A stream whose first message is not its configuration.
    ConfigRequired,
    /// A stream that is configured twice.
    ConfigRepeated,
    /// The model is not in the catalogue.
    ModelUnknown,
    /// The voice is not one of the model's.
    VoiceUnknown,
    /// The text is longer than the service accepts.
    TextTooLong,
    /// The model cannot honour an option and the caller asked for strictness.
    OptionUnsupported,
    /// The finished clip does not fit a unary answer.
    ClipTooLarge,
    /// Every slot of this process is taken, or every session that it may have with an engine.
    Overloaded,
    /// The process is shutting down.
    Draining,
    /// The upstream could not be reached or failed before any audio.
    UpstreamUnavailable,
    /// One of our own timers for the upstream fired.
    UpstreamTimeout,
    /// The upstream asks us to slow down.
    UpstreamRateLimited,
    /// The upstream account has no quota or credit left.
    UpstreamQuotaExhausted,
    /// The upstream refuses our own key.
    UpstreamCredentials,
    /// The upstream does not know the model or the voice.
    UpstreamModelNotFound,
    /// The upstream refused a request that we believed to be right.
    UpstreamRejected,
    /// The upstream's content policy refused the text.
    ContentRejected,
    /// The upstream answered 2xx without a byte of audio.
    UpstreamEmptyAudio,
    /// The upstream was about to say something else than the text.
    UpstreamDeviated,
    /// The upstream broke off after its audio had begun.
    UpstreamTruncated,
    /// The caller's deadline, or the service's limit for a whole call, has passed.
    DeadlineExceeded,
    /// A fault of our own.
    Internal,
}

impl Kind {
    /// The machine-readable reason of `google.rpc.ErrorInfo`, also the value of the `error.type` label.
    pub fn reason(self) -> &'static str {
        match self {
            Self::InvalidField => "INVALID_FIELD",
            Self::ConfigRequired => "CONFIG_REQUIRED",
            Self::ConfigRepeated => "CONFIG_REPEATED",
            Self::ModelUnknown => "MODEL_UNKNOWN",
            Self::VoiceUnknown => "VOICE_UNKNOWN",
            Self::TextTooLong => "TEXT_TOO_LONG",
            Self::OptionUnsupported => "OPTION_UNSUPPORTED",
            Self::ClipTooLarge => "CLIP_TOO_LARGE",
            Self::Overloaded => "OVERLOADED",
            Self::Draining => "DRAINING",
            Self::UpstreamUnavailable => "UPSTREAM_UNAVAILABLE",
            Self::UpstreamTimeout => "UPSTREAM_TIMEOUT",
            Self::UpstreamRateLimited => "UPSTREAM_RATE_LIMITED",
            Self::UpstreamQuotaExhausted => "UPSTREAM_QUOTA_EXHAUSTED",
            Self::UpstreamCredentials => "UPSTREAM_CREDENTIALS",
            Self::UpstreamModelNotFound => "UPSTREAM_MODEL_NOT_FOUND",
            Self::UpstreamRejected => "UPSTREAM_REJECTED",
            Self::ContentRejected => "CONTENT_REJECTED",
            Self::UpstreamEmptyAudio => "UPSTREAM_EMPTY_AUDIO",
            Self::UpstreamDeviated => "UPSTREAM_DEVIATED",
            Self::UpstreamTruncated => "UPSTREAM_TRUNCATED",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::Internal => "INTERNAL",
        }
    }

    /// Whether the same request may succeed if it is sent again before any audio was heard.
    pub fn is_transient(self) -> bool {
        match self {
            Self::UpstreamUnavailable
            | Self::UpstreamTimeout
            | Self::UpstreamRateLimited
            | Self::UpstreamEmptyAudio
            | Self::UpstreamDeviated => true,
            Self::InvalidField
            | Self::ConfigRequired
            | Self::ConfigRepeated
            | Self::ModelUnknown
            | Self::VoiceUnknown
            | Self::TextTooLong
            | Self::OptionUnsupported
            | Self::ClipTooLarge
            | Self::Overloaded
            | Self::Draining
            | Self::UpstreamQuotaExhausted
            | Self::UpstreamCredentials
            | Self::UpstreamModelNotFound
            | Self::UpstreamRejected
            | Self::ContentRejected
            | Self::UpstreamTruncated
            | Self::DeadlineExceeded
            | Self::Internal => false,
        }
    }
}

/// What the upstream said. Never holds credentials or the caller's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpstreamFault {
    /// Who answered, such as `openai`.
    pub provider: String,
    /// HTTP status, `None` if no answer was received.
    pub http_status: Option<u16>,
    /// The upstream's own code, such as `rate_limit_exceeded`.
    pub code: Option<String>,
    /// The upstream's request id, for support tickets.
    pub request_id: Option<String>,
    /// It refused because the text is too long for one call.
    pub text_too_long: bool,
}

/// Something that went wrong.
///
/// Boxed inside, so that a `Result` stays one word wide on the path of every audio frame.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    facts: Vec<(&'static str, String)>,
    retry: Option<bool>,
    /// Audio was heard before it.
    heard: bool,
    retry_after: Option<Duration>,
    upstream: Option<UpstreamFault>,
    detail: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind` with a message for the caller.
    pub fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            field: None,
            facts: Vec::new(),
            retry: None,
            heard: false,
            retry_after: None,
            upstream: None,
            detail: None,
            source: None,
        }))
    }

    /// A request field that cannot be accepted, named as in the schema (`config.speed`).
    pub fn invalid(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::InvalidField, message).with_field(field)
    }

    /// A fault of our own; the caller sees only that, the log sees `detail`.
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::new(Kind::Internal, "The service failed to process the request. Please report the request id.")
            .with_detail(detail)
    }

    /// Names the request field concerned.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// The same fault of a request in which the configuration is found at `place` instead of `config`.
    #[must_use]
    pub fn with_config_at(mut self, place: &str) -> Self {
        let field = self.0.field.as_deref().and_then(|field| field.strip_prefix("config.").map(str::to_owned));
        if let Some(rest) = field.filter(|rest| !rest.starts_with("synthesis.") && !rest.starts_with("idle_timeout")) {
            self.0.field = Some(format!("{place}.{rest}").into());
        }
        self
    }

    /// Adds one entry to the metadata of `google.rpc.ErrorInfo`.
    #[must_use]
    pub fn with_fact(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.facts.push((key, value.into()));
        self
    }

    /// Overrides what the kind says about trying again, as `x-should-retry` does.
    #[must_use]
    pub fn with_retry(mut self, retry: bool) -> Self {
        self.0.retry = Some(retry);
        self
    }

    /// How long to wait before trying again.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// What the upstream answered.
    #[must_use]
    pub fn with_upstream(mut self, fault: UpstreamFault) -> Self {
        self.0.upstream = Some(fault);
        self
    }

    /// A sentence for the operator's log.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// The error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same fault once audio has been heard: nothing may repeat it blindly any more.
    #[must_use]
    pub fn after_audio(mut self) -> Self {
        self.0.heard = true;
        self
    }

    /// The same fault where the audio that had come was thrown away, so that nobody has heard any.
    #[must_use]
    pub fn unheard(mut self) -> Self {
        self.0.heard = false;
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> Kind {
        if self.is_truncation() { Kind::UpstreamTruncated } else { self.0.kind }
    }

    /// What went wrong, whether or not audio had been heard by then.
    pub fn original_kind(&self) -> Kind {
        self.0.kind
    }

    /// Whether this would have been worth another try, had nothing been heard.
    fn is_truncation(&self) -> bool {
        self.0.heard
            && matches!(
                self.0.kind,
                Kind::UpstreamUnavailable
                    | Kind::UpstreamTimeout
                    | Kind::UpstreamRateLimited
                    | Kind::UpstreamEmptyAudio
                    | Kind::UpstreamDeviated
                    | Kind::Overloaded
                    | Kind::Draining
            )
    }

    /// For the caller.
    pub fn message(&self) -> &str {
        if self.is_truncation() {
            "The audio broke off before all of the text was spoken. Go on from resume_char."
        } else {
            &self.0.message
        }
    }

    /// The request field concerned.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Metadata for `google.rpc.ErrorInfo`.
    pub fn facts(&self) -> &[(&'static str, String)] {
        &self.0.facts
    }

    /// How long the upstream, or we, ask the caller to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after.filter(|_| !self.is_truncation())
    }

    /// What the upstream answered.
    pub fn upstream(&self) -> Option<&UpstreamFault> {
        self.0.upstream.as_ref()
    }

    /// Whether the request may be sent again, as long as no audio was heard.
    pub fn is_transient(&self) -> bool {
        !self.0.heard && self.0.retry.unwrap_or_else(|| self.0.kind.is_transient())
    }

    /// The whole story for the log: detail and sources, without the caller's text.
    pub fn report(&self) -> String {
        let mut report = self.0.detail.clone().unwrap_or_else(|| self.0.message.to_string());
        let mut source = self.source();
        while let Some(cause) = source {
            report.push_str(": ");
            report.push_str(&cause.to_string());
            source = cause.source();
        }
        report
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind.reason(), self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind.reason(), self.report())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
