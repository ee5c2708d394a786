//! The one log line of a call, and the way log lines look.

use std::io::IsTerminal;

use tracing::Level;
use tracing::Span;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::FilterExt;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::Filter;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;

use super::call::CallFacts;
use super::config::Config;
use super::config::LogFormat;
use super::names;
use super::propagation;
use super::status::RpcStatus;

/// What the targets of OpenTelemetry's libraries begin with.
const EXPORTING: &str = "opentelemetry";

/// The layer that writes log lines to `writer`.
pub(super) fn layer(config: &Config, writer: BoxMakeWriter) -> Result<Box<dyn Layer<Registry> + Send + Sync>> {
    let filter = filter(config)?;
    let terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(terminal);
    Ok(match config.log_format {
        LogFormat::Auto if terminal => lines.compact().with_filter(filter).boxed(),
        LogFormat::Compact => lines.compact().with_filter(filter).boxed(),
        LogFormat::Pretty => lines.pretty().with_filter(filter).boxed(),
        LogFormat::Auto | LogFormat::Json => {
            lines.with_ansi(false).json().flatten_event(true).with_current_span(false).with_filter(filter).boxed()
        }
    })
}

/// What the operator asked for. The libraries that export telemetry tell of every step at `info`: of them warnings are
/// enough, unless the operator names them.
fn filter(config: &Config) -> Result<impl Filter<Registry> + use<>> {
    let asked = config.filter().map_err(|fault| Error::invalid(format!("telemetry.{}", fault.key), fault.problem))?;
    let is_named = config.log_filter.contains(EXPORTING);
    let quiet = filter_fn(move |metadata| {
        is_named || *metadata.level() <= Level::WARN || !metadata.target().starts_with(EXPORTING)
    });
    // Without a hint of its own it would void the other's, and with it the quick way past what nobody wants.
    Ok(asked.and(quiet.with_max_level_hint(LevelFilter::TRACE)))
}

/// Writes one line: the level of an event is part of its call site, so there is one call site per level.
macro_rules! line {
    ($level:expr, $facts:expr, $status:expr, $seconds:expr, $span:expr) => {{
        let route = $facts.route.as_ref();
        let failure = $facts.failure.as_ref();
        let upstream = failure.and_then(|failure| failure.upstream.as_ref());
        tracing::event!(
            target: names::CALL_LOG,
            parent: None,
            $level,
            { names::RPC_METHOD } = &*$facts.method,
            { names::RPC_STATUS_CODE } = $status.name(),
            { names::RPC_SERVER_CALL_DURATION } = $seconds,
            trace_id = propagation::trace_id($span),
            { names::REQUEST_ID } = $facts.request_id,
            { names::CORRELATION_ID } = $facts.correlation_id,
            { names::MODEL } = route.map(|route| &*route.model),
            { names::VOICE } = route.map(|route| &*route.voice),
            { names::ENGINE } = route.map(|route| &*route.engine),
            { names::ENCODING } = route.map(|route| route.encoding.name()),
            { names::INPUT_CHARACTERS } = some($facts.input_characters),
            { names::AUDIO_SIZE } = some($facts.audio_bytes),
            { names::AUDIO_DURATION } = some($facts.audio_duration.as_secs_f64()),
            { names::TIME_TO_FIRST_AUDIO } = $facts.first_audio.map(|after| after.as_secs_f64()),
            { names::BACKPRESSURE } = some($facts.backpressure.as_secs_f64()),
            { names::UPSTREAM_CALLS } = some($facts.upstream_calls),
            { names::RETRIES } = some($facts.retries),
            { names::HEDGES } = some($facts.hedges),
            { names::COST } = $facts.cost.as_ref().map(super::call::Cost::amount),
            { names::COST_CURRENCY } = $facts.cost.as_ref().map(|cost| &*cost.currency),
            { names::REASON } = failure.map(|failure| failure.kind.reason()),
            field = failure.and_then(|failure| failure.field.as_deref()),
            detail = failure.map(|failure| failure.report.as_str()),
            { names::GEN_AI_PROVIDER_NAME } = upstream.map(|upstream| upstream.provider.as_str()),
            { names::HTTP_RESPONSE_STATUS_CODE } = upstream.and_then(|upstream| upstream.http_status),
            { names::UPSTREAM_CODE } = upstream.and_then(|upstream| upstream.code.as_deref()),
            { names::UPSTREAM_REQUEST_ID } = upstream.and_then(|upstream| upstream.request_id.as_deref()),
            "call ended"
        )
    }};
}

/// Writes the one line of a call, at the level that its end deserves.
pub(super) fn write(facts: &CallFacts, status: RpcStatus, seconds: f64, span: &Span) {
    match level(facts, status) {
        Level::ERROR => line!(Level::ERROR, facts, status, seconds, span),
        Level::WARN => line!(Level::WARN, facts, status, seconds, span),
        _ => line!(Level::INFO, facts, status, seconds, span),
    }
}

/// A quantity, if there is any of it: a call that has no part in audio says nothing about audio.
fn some<N: Default + PartialEq>(quantity: N) -> Option<N> {
    (quantity != N::default()).then_some(quantity)
}

/// Faults of our own are errors, those of upstreams and shortages are warnings, those of callers are nobody's business.
fn level(facts: &CallFacts, status: RpcStatus) -> Level {
    match &facts.failure {
        Some(failure) => level_of(failure.kind),
        None if [RpcStatus::UNKNOWN, RpcStatus::INTERNAL, RpcStatus::DATA_LOSS].contains(&status) => Level::ERROR,
        None => Level::INFO,
    }
}

fn level_of(kind: Kind) -> Level {
    match kind {
        Kind::Internal => Level::ERROR,
        Kind::Overloaded
        | Kind::UpstreamUnavailable
        | Kind::UpstreamTimeout
        | Kind::UpstreamRateLimited
        | Kind::UpstreamQuotaExhausted
        | Kind::UpstreamCredentials
        | Kind::UpstreamModelNotFound
        | Kind::UpstreamRejected
        | Kind::UpstreamEmptyAudio
        | Kind::UpstreamDeviated
        | Kind::UpstreamTruncated => Level::WARN,
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::ClipTooLarge
        | Kind::Draining
        | Kind::ContentRejected
        | Kind::DeadlineExceeded => Level::INFO,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs;
    use std::fs::File;
    use std::sync::Arc;

    use tracing_subscriber::fmt::writer::BoxMakeWriter;
    use tracing_subscriber::layer::SubscriberExt;

    use super::Config;
    use super::LogFormat;
    use super::layer;

    fn lines(filter: &str, write: impl FnOnce()) -> usize {
        let file = tempfile::NamedTempFile::new().unwrap();
        let writer = BoxMakeWriter::new(Arc::new(File::create(file.path()).unwrap()));
        let config = Config { log_filter: filter.to_owned(), log_format: LogFormat::Json };
        let subscriber = tracing_subscriber::registry().with(layer(&config, writer).unwrap());
        tracing::subscriber::with_default(subscriber, write);
        fs::read_to_string(file.path()).unwrap().lines().count()
    }

    #[test]
    fn the_exporting_libraries_only_warn_unless_they_are_named() {
        let both = || {
            tracing::info!(target: "opentelemetry_sdk", "a step");
            tracing::warn!(target: "opentelemetry-otlp", "spans were lost");
        };
        for (filter, expected) in [("info", 1), ("debug", 1), ("off", 0), ("error", 0), ("warn,opentelemetry=info", 2)]
        {
            assert_eq!(lines(filter, both), expected, "{filter}");
        }
        assert_eq!(lines("info", || tracing::info!(target: "rhapsode::call", "a call")), 1);
    }
}
