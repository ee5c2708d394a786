//! The metrics of the service: which instruments there are, and what each ending thing adds to them.
//!
//! Labels come from bounded sets only: methods of the schema, models and engines of the catalogue, encodings, status codes
//! and reasons. Voices, ids and whatever else callers choose stay out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;
use opentelemetry::metrics::Gauge;
use opentelemetry::metrics::Histogram;
use opentelemetry::metrics::Meter;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::metrics::NoopMeterProvider;
use opentelemetry::metrics::UpDownCounter;

use crate::speech::Tokens;

use super::call::CallFacts;
use super::names;
use super::sessions::Sessions;
use super::status::RpcStatus;

/// Bounds of the RPC and HTTP duration histograms, in seconds, as the conventions ask for.
const CALL_SECONDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Bounds of the `gen_ai.*` duration histograms, in seconds, as their conventions ask for.
const OPERATION_SECONDS: [f64; 14] =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/// Bounds of `gen_ai.client.token.usage`, powers of four, as its conventions ask for.
const TOKENS: [f64; 14] = [
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1_024.0,
    4_096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];

/// Bounds of our own waiting times, in seconds: fine where a listener notices.
const WAIT_SECONDS: [f64; 15] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0];

/// A handle on every metric of the service. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Instruments>);

struct Instruments {
    rpc_duration: Histogram<f64>,
    http_duration: Histogram<f64>,
    operation_duration: Histogram<f64>,
    first_chunk: Histogram<f64>,
    token_usage: Histogram<u64>,
    active_streams: UpDownCounter<i64>,
    first_audio: Histogram<f64>,
    admission_wait: Histogram<f64>,
    backpressure: Histogram<f64>,
    audio_size: Counter<u64>,
    audio_duration: Counter<f64>,
    input_characters: Counter<u64>,
    synthesized_characters: Counter<u64>,
    retries: Counter<u64>,
    hedges: Counter<u64>,
    failovers: Counter<u64>,
    cost: Counter<f64>,
    errors: Counter<u64>,
    cancellations: Counter<u64>,
    upstream_errors: Counter<u64>,
    breaker_state: Gauge<u64>,
    breaker_transitions: Counter<u64>,
    verbatim_words: Counter<u64>,
    verbatim_deviations: Counter<u64>,
    verbatim_hold: Histogram<f64>,
    model_days_left: Gauge<i64>,
    sessions: Sessions,
    openings: Counter<u64>,
}

impl Metrics {
    /// The metrics, made by `meter`.
    pub fn new(meter: &Meter) -> Self {
        Self(Arc::new(Instruments::new(meter)))
    }

    /// Metrics that measure nothing.
    pub fn disabled() -> Self {
        Self::new(&NoopMeterProvider::new().meter(names::SCOPE))
    }

    /// An RPC ended, be it ours, a health check or reflection.
    pub fn rpc_ended(&self, method: &Arc<str>, status: RpcStatus, took: Duration) {
        let mut labels = vec![
            KeyValue::new(names::RPC_SYSTEM_NAME, "grpc"),
            KeyValue::new(names::RPC_METHOD, Arc::clone(method)),
            KeyValue::new(names::RPC_STATUS_CODE, status.name()),
        ];
        if status.is_server_fault() {
            labels.push(KeyValue::new(names::ERROR_TYPE, status.name()));
        }
        self.0.rpc_duration.record(took.as_secs_f64(), &labels);
    }

    pub(super) fn call_began(&self, method: &Arc<str>) {
        self.0.active_streams.add(1, &[KeyValue::new(names::RPC_METHOD, Arc::clone(method))]);
    }

    pub(super) fn call_ended(&self, facts: &CallFacts, status: RpcStatus) {
        let instruments = &*self.0;
        instruments.active_streams.add(-1, &[KeyValue::new(names::RPC_METHOD, Arc::clone(&facts.method))]);
        let labels = facts.route.as_ref().map(super::call::Route::labels);
        let labels = labels.as_ref().map_or(&[][..], |labels| &labels[..]);
        instruments.spent(facts, labels);
        instruments.waited(facts, labels);
        if let Some(failure) = &facts.failure {
            let reason = KeyValue::new(names::ERROR_TYPE, failure.kind.reason());
            instruments.errors.add(1, &[labels, &[reason]].concat());
        }
        if status == RpcStatus::CANCELLED {
            instruments.cancellations.add(1, labels);
        }
    }

    pub(super) fn first_chunk(&self, after: Duration, labels: &[KeyValue]) {
        self.0.first_chunk.record(after.as_secs_f64(), labels);
    }

    pub(super) fn tokens_used(&self, tokens: Tokens, labels: &[KeyValue]) {
        let further = [
            (tokens.cached_input, "cached_input"),
            (tokens.output_text, "output_text"),
            (tokens.reasoning, "reasoning"),
        ];
        // Most upstreams know none of these; that is no reason for a series of zeros.
        let further = further.into_iter().filter(|(count, _)| *count > 0);
        for (count, kind) in [(tokens.input, "input"), (tokens.output, "output")].into_iter().chain(further) {
            self.0.token_usage.record(count, &[labels, &[KeyValue::new(names::GEN_AI_TOKEN_TYPE, kind)]].concat());
        }
    }

    pub(super) fn synthesis_ended(&self, took: Duration, labels: &[KeyValue], error: Option<&'static str>) {
        let error = error.map(|error| KeyValue::new(names::ERROR_TYPE, error));
        self.0.operation_duration.record(took.as_secs_f64(), &[labels, error.as_slice()].concat());
    }

    pub(super) fn attempt_ended(&self, took: Duration, labels: &[KeyValue]) {
        self.0.http_duration.record(took.as_secs_f64(), labels);
    }

    /// A text was compared with what `model` said: so many words agreed, and then one did not, or the reading was over.
    pub fn compared(&self, model: &str, words: u64) {
        self.0.verbatim_words.add(words, &[KeyValue::new(names::GEN_AI_REQUEST_MODEL, model.to_owned())]);
    }

    /// `model` read a text in other words, and somebody heard it, or nobody did.
    pub fn deviated(&self, model: &str, is_heard: bool) {
        let labels = [
            KeyValue::new(names::GEN_AI_REQUEST_MODEL, model.to_owned()),
            KeyValue::new(names::VERBATIM_OUTCOME, if is_heard { "heard" } else { "prevented" }),
        ];
        self.0.verbatim_deviations.add(1, &labels);
    }

    /// `engine`, which `provider` runs, has as many sessions as `open` says whenever it is asked.
    pub fn sessions(&self, engine: &str, provider: &str, open: impl Fn() -> usize + Send + Sync + 'static) {
        let labels = vec![
            KeyValue::new(names::ENGINE, engine.to_owned()),
            KeyValue::new(names::GEN_AI_PROVIDER_NAME, provider.to_owned()),
        ];
        self.0.sessions.watch(labels, open);
    }

    /// A session with `provider` was opened, or could not be for this `reason`.
    pub fn session_opened(&self, provider: &str, reason: Option<&'static str>) {
        let provider = KeyValue::new(names::GEN_AI_PROVIDER_NAME, provider.to_owned());
        let reason = reason.map(|reason| KeyValue::new(names::ERROR_TYPE, reason));
        self.0.openings.add(1, &[&[provider], reason.as_slice()].concat());
    }

    /// Audio waited so long for its first words to agree with the text.
    pub fn held_back(&self, waited: Duration) {
        self.0.verbatim_hold.record(waited.as_secs_f64(), &[]);
    }

    /// A model of the catalogue will be gone in so many days.
    pub fn retires_in(&self, model: &str, days: i64) {
        self.0.model_days_left.record(days, &[KeyValue::new(names::GEN_AI_REQUEST_MODEL, model.to_owned())]);
    }

    pub(super) fn upstream_failed(&self, provider: &Arc<str>, reason: &'static str) {
        let labels = [
            KeyValue::new(names::GEN_AI_PROVIDER_NAME, Arc::clone(provider)),
            KeyValue::new(names::ERROR_TYPE, reason),
        ];
        self.0.upstream_errors.add(1, &labels);
    }

    /// A segment that the model `from` could not speak for this `reason` was passed on to the model `to`.
    pub fn failed_over(&self, from: &str, to: &str, reason: &'static str) {
        let labels = [
            KeyValue::new(names::FAILOVER_FROM, from.to_owned()),
            KeyValue::new(names::FAILOVER_TO, to.to_owned()),
            KeyValue::new(names::ERROR_TYPE, reason),
        ];
        self.0.failovers.add(1, &labels);
    }

    /// The breaker of `engine` is in the state of this number: see [`names::BREAKER_STATE`].
    pub fn breaker_is(&self, engine: &Arc<str>, state: u64) {
        self.0.breaker_state.record(state, &[KeyValue::new(names::ENGINE, Arc::clone(engine))]);
    }

    /// The breaker of `engine` has changed to the state of this name.
    pub fn breaker_moved(&self, engine: &Arc<str>, entered: &'static str) {
        let labels = [KeyValue::new(names::ENGINE, Arc::clone(engine)), KeyValue::new(names::BREAKER_ENTERED, entered)];
        self.0.breaker_transitions.add(1, &labels);
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Instruments {
    fn new(meter: &Meter) -> Self {
        let seconds = |name: &'static str, bounds: &[f64], what: &'static str| {
            meter.f64_histogram(name).with_unit("s").with_boundaries(bounds.to_vec()).with_description(what).build()
        };
        let count = |name: &'static str, unit: &'static str, what: &'static str| {
            meter.u64_counter(name).with_unit(unit).with_description(what).build()
        };
        let sum = |name: &'static str, unit: &'static str, what: &'static str| {
            meter.f64_counter(name).with_unit(unit).with_description(what).build()
        };
        Self {
            rpc_duration: seconds(names::RPC_SERVER_CALL_DURATION, &CALL_SECONDS, "Duration of inbound RPCs."),
            http_duration: seconds(
                names::HTTP_CLIENT_REQUEST_DURATION,
                &CALL_SECONDS,
                "Duration of upstream requests.",
            ),
            operation_duration: seconds(names::GEN_AI_OPERATION_DURATION, &OPERATION_SECONDS, "Duration of syntheses."),
            first_chunk: seconds(
                names::GEN_AI_OPERATION_TIME_TO_FIRST_CHUNK,
                &OPERATION_SECONDS,
                "Time from a synthesis' start to its first audio.",
            ),
            token_usage: meter
                .u64_histogram(names::GEN_AI_TOKEN_USAGE)
                .with_unit("{token}")
                .with_boundaries(TOKENS.to_vec())
                .with_description("Tokens that upstreams reported, per synthesis.")
                .build(),
            active_streams: meter
                .i64_up_down_counter(names::ACTIVE_STREAMS)
                .with_unit("{stream}")
                .with_description("Calls in progress.")
                .build(),
            first_audio: seconds(names::TIME_TO_FIRST_AUDIO, &WAIT_SECONDS, "Time from a call's start to first audio."),
            admission_wait: seconds(names::ADMISSION_WAIT, &WAIT_SECONDS, "Time that calls waited for a free slot."),
            backpressure: seconds(names::BACKPRESSURE, &WAIT_SECONDS, "Longest time a reader held its call up."),
            audio_size: count(names::AUDIO_SIZE, "By", "Audio delivered, in bytes."),
            audio_duration: sum(names::AUDIO_DURATION, "s", "Audio delivered, in seconds of playing time."),
            input_characters: count(names::INPUT_CHARACTERS, "{character}", "Code points received."),
            synthesized_characters: count(
                names::SYNTHESIZED_CHARACTERS,
                "{character}",
                "Code points spoken by engines.",
            ),
            retries: count(names::RETRIES, "{retry}", "Upstream requests that were sent again."),
            hedges: count(names::HEDGES, "{hedge}", "First segments that were asked for twice, being late."),
            failovers: count(names::FAILOVERS, "{segment}", "Segments that were passed on to another model."),
            cost: sum(names::COST, "{currency}", "Cost by the operator's price list."),
            errors: count(names::ERRORS, "{call}", "Calls that failed, by reason."),
            cancellations: count(names::CANCELLATIONS, "{call}", "Calls that the caller gave up."),
            upstream_errors: count(names::UPSTREAM_ERRORS, "{attempt}", "Upstream attempts that failed, by reason."),
            breaker_state: meter
                .u64_gauge(names::BREAKER_STATE)
                .with_description("Whether calls reach an engine: 0 all, 1 none, 2 a few that try it.")
                .build(),
            breaker_transitions: count(names::BREAKER_TRANSITIONS, "{transition}", "Breakers that changed state."),
            verbatim_words: count(names::VERBATIM_WORDS, "{word}", "Words compared with what an upstream said."),
            verbatim_deviations: count(names::VERBATIM_DEVIATIONS, "{text}", "Texts that were read in other words."),
            verbatim_hold: seconds(
                names::VERBATIM_HOLD,
                &WAIT_SECONDS,
                "Time that audio waited for its first words to agree.",
            ),
            model_days_left: meter
                .i64_gauge(names::MODEL_DAYS_LEFT)
                .with_unit("d")
                .with_description("Days until a model is shut down by its maker.")
                .build(),
            sessions: Sessions::new(meter),
            openings: count(names::REALTIME_OPENINGS, "{session}", "Sessions that were opened, or could not be."),
        }
    }

    /// What the call used. A counter that a call has no part in gets no series from it.
    fn spent(&self, facts: &CallFacts, labels: &[KeyValue]) {
        let counts = [
            (&self.input_characters, facts.input_characters),
            (&self.synthesized_characters, facts.synthesized_characters),
            (&self.audio_size, facts.audio_bytes),
            (&self.retries, u64::from(facts.retries)),
            (&self.hedges, u64::from(facts.hedges)),
        ];
        for (counter, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            counter.add(count, labels);
        }
        if !facts.audio_duration.is_zero() {
            self.audio_duration.add(facts.audio_duration.as_secs_f64(), labels);
        }
        if let Some(cost) = facts.cost.as_ref().filter(|cost| cost.nanos > 0) {
            let currency = KeyValue::new(names::COST_CURRENCY, Arc::clone(&cost.currency));
            self.cost.add(cost.amount(), &[labels, &[currency]].concat());
        }
    }

    /// Where the call's time went. Backpressure counts once there was audio to hold up.
    fn waited(&self, facts: &CallFacts, labels: &[KeyValue]) {
        if let Some(wait) = facts.admission_wait {
            self.admission_wait.record(wait.as_secs_f64(), labels);
        }
        if let Some(after) = facts.first_audio {
            self.first_audio.record(after.as_secs_f64(), labels);
            self.backpressure.record(facts.backpressure.as_secs_f64(), labels);
        }
    }
}
