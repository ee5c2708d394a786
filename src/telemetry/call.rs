//! What is known about one call when it has ended, and how that reads in a span.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::Value;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::error::Error;
use crate::error::Kind;
use crate::error::UpstreamFault;
use crate::speech::Encoding;
use crate::speech::Tokens;

use super::names;

/// Everything known about one call. Holds neither text nor audio nor keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallFacts {
    /// `package.Service/Method`.
    pub method: Arc<str>,
    /// Server-minted id.
    pub request_id: Option<String>,
    /// The caller's own id.
    pub correlation_id: Option<String>,
    /// Who speaks, once that is decided.
    pub route: Option<Route>,
    /// Code points received.
    pub input_characters: u64,
    /// Code points handed to engines that answered.
    pub synthesized_characters: u64,
    /// Bytes of audio delivered.
    pub audio_bytes: u64,
    /// Playing time delivered, zero where bytes do not map to time.
    pub audio_duration: Duration,
    /// From the start of the call, or from its first text where that comes later, to the first audio handed to the transport.
    pub first_audio: Option<Duration>,
    /// Waiting for a free slot, if the call came that far.
    pub admission_wait: Option<Duration>,
    /// Longest time for which the caller's flow control held the call up.
    pub backpressure: Duration,
    /// Requests sent upstream, retries included.
    pub upstream_calls: u32,
    /// Requests that were sent again.
    pub retries: u32,
    /// First segments that were asked for twice.
    pub hedges: u32,
    /// Tokens, estimates included; `None` if there is no count at all.
    pub tokens: Option<Tokens>,
    /// Money.
    pub cost: Option<Cost>,
    /// What went wrong.
    pub failure: Option<Failure>,
}

/// Who speaks, as decided by the catalogue: a bounded set of values, fit for metric labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Public name of the model, never one that a caller made up.
    pub model: Arc<str>,
    /// Voice; on spans only.
    pub voice: Arc<str>,
    /// The operator's name of the engine.
    pub engine: Arc<str>,
    /// What the caller receives.
    pub encoding: Encoding,
}

impl Route {
    /// The labels of every metric about the call.
    pub(super) fn labels(&self) -> [KeyValue; 3] {
        [
            KeyValue::new(names::MODEL, Arc::clone(&self.model)),
            KeyValue::new(names::ENGINE, Arc::clone(&self.engine)),
            KeyValue::new(names::ENCODING, self.encoding.name()),
        ]
    }
}

/// Money by the operator's price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// ISO 4217, such as `USD`.
    pub currency: Arc<str>,
    /// Billionths of the currency unit.
    pub nanos: i64,
}

impl Cost {
    /// The amount in whole units, exact to about 15 digits.
    #[expect(clippy::cast_precision_loss, reason = "an f64 is what a metric holds; amounts are far below 2^53 nanos")]
    pub fn amount(&self) -> f64 {
        self.nanos as f64 / 1e9
    }
}

/// What went wrong, without the error itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its meaning.
    pub kind: Kind,
    /// For the operator: detail and sources.
    pub report: String,
    /// The request field concerned.
    pub field: Option<String>,
    /// What the upstream answered.
    pub upstream: Option<UpstreamFault>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            report: error.report(),
            field: error.field().map(str::to_owned),
            upstream: error.upstream().cloned(),
        }
    }
}

impl CallFacts {
    /// Writes the facts into the call's span.
    pub(super) fn describe(&self, span: &Span) {
        let set = |name: &'static str, value: Option<Value>| {
            if let Some(value) = value {
                span.set_attribute(name, value);
            }
        };
        set(names::CORRELATION_ID, self.correlation_id.clone().map(Value::from));
        if let Some(route) = &self.route {
            set(names::MODEL, Some(Arc::clone(&route.model).into()));
            set(names::VOICE, Some(Arc::clone(&route.voice).into()));
            set(names::ENGINE, Some(Arc::clone(&route.engine).into()));
            set(names::ENCODING, Some(route.encoding.name().into()));
        }
        set(names::INPUT_CHARACTERS, positive(self.input_characters));
        set(names::SYNTHESIZED_CHARACTERS, positive(self.synthesized_characters));
        set(names::AUDIO_SIZE, positive(self.audio_bytes));
        set(names::AUDIO_DURATION, seconds(self.audio_duration));
        set(names::TIME_TO_FIRST_AUDIO, self.first_audio.map(|after| after.as_secs_f64().into()));
        set(names::ADMISSION_WAIT, self.admission_wait.map(|wait| wait.as_secs_f64().into()));
        set(names::BACKPRESSURE, seconds(self.backpressure));
        set(names::UPSTREAM_CALLS, positive(u64::from(self.upstream_calls)));
        set(names::RETRIES, positive(u64::from(self.retries)));
        set(names::HEDGES, positive(u64::from(self.hedges)));
        if let Some(cost) = &self.cost {
            set(names::COST, Some(cost.amount().into()));
            set(names::COST_CURRENCY, Some(Arc::clone(&cost.currency).into()));
        }
        set(names::REASON, self.failure.as_ref().map(|failure| failure.kind.reason().into()));
    }
}

fn positive(count: u64) -> Option<Value> {
    i64::try_from(count).ok().filter(|count| *count > 0).map(Value::from)
}

fn seconds(duration: Duration) -> Option<Value> {
    (!duration.is_zero()).then(|| duration.as_secs_f64().into())
}
