//! Every name that leaves the process in a span, a metric or a log line, each written once.
//!
//! Stable names are those of the [OpenTelemetry conventions 1.45][semconv]. The `gen_ai.*` names are still in development
//! in [their own repository][genai], which has no operation for speech yet: `text_to_speech` is the one [proposed][tts].
//! What no convention names is under `rhapsode.*`.
//!
//! [semconv]: https://opentelemetry.io/docs/specs/semconv/
//! [genai]: https://github.com/open-telemetry/semantic-conventions-genai
//! [tts]: https://github.com/open-telemetry/semantic-conventions-genai/pull/390

/// The target of the log line that ends each call, to filter by.
pub const CALL_LOG: &str = "rhapsode::call";
/// The instrumentation scope of all spans and metrics.
pub const SCOPE: &str = "rhapsode";

// https://opentelemetry.io/docs/specs/semconv/resource/#service

/// Name of the service, `rhapsode` unless the operator says otherwise.
pub const SERVICE_NAME: &str = "service.name";
/// Version of the service.
pub const SERVICE_VERSION: &str = "service.version";
/// One process among several, so that their exported metrics stay apart.
pub const SERVICE_INSTANCE_ID: &str = "service.instance.id";

/// The name of a span, read by the bridge from `tracing`.
pub const OTEL_NAME: &str = "otel.name";
/// The kind of a span, read by the bridge from `tracing`.
pub const OTEL_KIND: &str = "otel.kind";

// https://opentelemetry.io/docs/specs/semconv/rpc/

/// Which RPC system; always `grpc`.
pub const RPC_SYSTEM_NAME: &str = "rpc.system.name";
/// `package.Service/Method`, or [`OTHER`] for a method that the service does not have.
pub const RPC_METHOD: &str = "rpc.method";
/// What was asked for when [`RPC_METHOD`] is [`OTHER`]; on spans only, because callers choose it.
pub const RPC_METHOD_ORIGINAL: &str = "rpc.method_original";
/// Name of the gRPC status code, such as `OK`.
pub const RPC_STATUS_CODE: &str = "rpc.status_code";
/// Histogram, seconds: from the request to the last byte, the trailers or the hang-up.
pub const RPC_SERVER_CALL_DURATION: &str = "rpc.server.call.duration";
/// Stands for every value outside a known set.
pub const OTHER: &str = "_OTHER";

// https://opentelemetry.io/docs/specs/semconv/general/attributes/

/// Why something failed: a gRPC status code, an HTTP status, or a reason of ours.
pub const ERROR_TYPE: &str = "error.type";
/// Address of the peer of the connection.
pub const NETWORK_PEER_ADDRESS: &str = "network.peer.address";
/// Port of the peer of the connection.
pub const NETWORK_PEER_PORT: &str = "network.peer.port";
/// HTTP version of an answer, such as `2`.
pub const NETWORK_PROTOCOL_VERSION: &str = "network.protocol.version";
/// Host of the upstream.
pub const SERVER_ADDRESS: &str = "server.address";
/// Port of the upstream.
pub const SERVER_PORT: &str = "server.port";
/// Address of the request, without credentials and query.
pub const URL_FULL: &str = "url.full";

// https://opentelemetry.io/docs/specs/semconv/http/

/// HTTP method.
pub const HTTP_REQUEST_METHOD: &str = "http.request.method";
/// How often the request had been sent before; 0 is left out.
pub const HTTP_REQUEST_RESEND_COUNT: &str = "http.request.resend_count";
/// HTTP status of the answer.
pub const HTTP_RESPONSE_STATUS_CODE: &str = "http.response.status_code";
/// Histogram, seconds: one HTTP request, to the end of its answer's body.
pub const HTTP_CLIENT_REQUEST_DURATION: &str = "http.client.request.duration";

// https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-spans.md

/// What the model is asked to do.
pub const GEN_AI_OPERATION_NAME: &str = "gen_ai.operation.name";
/// The value of [`GEN_AI_OPERATION_NAME`], and the first word of the span's name.
pub const TEXT_TO_SPEECH: &str = "text_to_speech";
/// Who runs the model, such as `openai`.
pub const GEN_AI_PROVIDER_NAME: &str = "gen_ai.provider.name";
/// Model that speaks, by the engine's name for it.
pub const GEN_AI_REQUEST_MODEL: &str = "gen_ai.request.model";
/// Whether the answer is streamed; always true.
pub const GEN_AI_REQUEST_STREAM: &str = "gen_ai.request.stream";
/// What comes out; always `speech`.
pub const GEN_AI_OUTPUT_TYPE: &str = "gen_ai.output.type";
/// Seconds from the start of the synthesis to its first audio.
pub const GEN_AI_TIME_TO_FIRST_CHUNK: &str = "gen_ai.response.time_to_first_chunk";
/// Text tokens billed, as the upstream reported them.
pub const GEN_AI_INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
/// Audio tokens billed, as the upstream reported them.
pub const GEN_AI_OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";
/// `input` or `output`; of ours `cached_input`, which are among `input`, `output_text` beside the audio of `output`, and
/// `reasoning`, which are among `output_text`.
pub const GEN_AI_TOKEN_TYPE: &str = "gen_ai.token.type";
/// Histogram, seconds: one synthesis, retries included, to its last audio.
pub const GEN_AI_OPERATION_DURATION: &str = "gen_ai.client.operation.duration";
/// Histogram, seconds: one synthesis to its first audio.
pub const GEN_AI_OPERATION_TIME_TO_FIRST_CHUNK: &str = "gen_ai.client.operation.time_to_first_chunk";
/// Histogram, tokens: what one synthesis used, as the upstream reported it.
pub const GEN_AI_TOKEN_USAGE: &str = "gen_ai.client.token.usage";

// Our own: what a call is about.

/// Server-minted id of a call, as in the `x-request-id` header.
pub const REQUEST_ID: &str = "rhapsode.request_id";
/// The caller's own id of a call.
pub const CORRELATION_ID: &str = "rhapsode.correlation_id";
/// Engine that speaks, by the name the operator gave it.
pub const ENGINE: &str = "rhapsode.engine";
/// Public name of the model that speaks.
pub const MODEL: &str = "rhapsode.model";
/// Voice that speaks; on spans only.
pub const VOICE: &str = "rhapsode.voice";
/// Encoding of the delivered audio, such as `pcm_s16le`.
pub const ENCODING: &str = "rhapsode.encoding";
/// Number of a segment within its call, from 0; on spans only.
pub const SEGMENT_INDEX: &str = "rhapsode.segment.index";
/// Length of a segment in code points; on spans only.
pub const SEGMENT_CHARACTERS: &str = "rhapsode.segment.characters";
/// Reason of our own error, one of `error::Kind`.
pub const REASON: &str = "rhapsode.error.reason";
/// Id that the upstream gave its answer.
pub const UPSTREAM_REQUEST_ID: &str = "rhapsode.upstream.request_id";
/// The state that a breaker changes to: `closed`, `open` or `probing`.
pub const BREAKER_ENTERED: &str = "rhapsode.breaker.entered";
/// The upstream's own error code.
pub const UPSTREAM_CODE: &str = "rhapsode.upstream.code";
/// Requests sent upstream, retries included.
pub const UPSTREAM_CALLS: &str = "rhapsode.upstream.calls";
/// ISO 4217 code of the currency of [`COST`].
pub const COST_CURRENCY: &str = "rhapsode.cost.currency";

// Our own: quantities. Each is a metric; most are an attribute of the call's span and log line too.

/// Up-down counter: calls in progress, each with one stream. Health checks and reflection are not counted.
pub const ACTIVE_STREAMS: &str = "rhapsode.active_streams";
/// Histogram, seconds: from the request to the first audio handed to the transport.
pub const TIME_TO_FIRST_AUDIO: &str = "rhapsode.time_to_first_audio";
/// Histogram, seconds: waiting for a free slot of this process.
pub const ADMISSION_WAIT: &str = "rhapsode.admission.wait";
/// Histogram, seconds: longest time for which the caller's flow control held one call up.
pub const BACKPRESSURE: &str = "rhapsode.backpressure";
/// Counter, bytes of delivered audio.
pub const AUDIO_SIZE: &str = "rhapsode.audio.size";
/// Counter, seconds of delivered audio, where bytes map to time.
pub const AUDIO_DURATION: &str = "rhapsode.audio.duration";
/// Counter, code points received from callers.
pub const INPUT_CHARACTERS: &str = "rhapsode.input.characters";
/// Counter, code points handed to engines that answered.
pub const SYNTHESIZED_CHARACTERS: &str = "rhapsode.synthesized.characters";
/// Counter, upstream requests that were sent again.
pub const RETRIES: &str = "rhapsode.upstream.retries";
/// Counter, first segments that were asked for a second time because their audio was late.
pub const HEDGES: &str = "rhapsode.upstream.hedges";
/// Counter: segments that one model of a route could not speak and that were passed on to another, by both and the reason.
pub const FAILOVERS: &str = "rhapsode.failovers";
/// The model that could not speak, by the engine's name for it.
pub const FAILOVER_FROM: &str = "rhapsode.failover.from";
/// The model that was asked instead, by the engine's name for it.
pub const FAILOVER_TO: &str = "rhapsode.failover.to";
/// Gauge, whether calls reach an engine: 0 all (closed), 1 none (open), 2 a few (probing).
pub const BREAKER_STATE: &str = "rhapsode.breaker.state";
/// Counter, changes of [`BREAKER_STATE`], by the state entered.
pub const BREAKER_TRANSITIONS: &str = "rhapsode.breaker.transitions";
/// Counter, money by the operator's price list, in whole units of the currency.
pub const COST: &str = "rhapsode.cost";
/// Counter, calls that failed, by our own reason.
pub const ERRORS: &str = "rhapsode.errors";
/// Counter, calls that the caller gave up.
pub const CANCELLATIONS: &str = "rhapsode.cancellations";
/// Counter, failed upstream attempts, by our own reason; those that a retry mended are counted too.
pub const UPSTREAM_ERRORS: &str = "rhapsode.upstream.errors";
/// Counter: words of texts that were compared with what an upstream said it was reading.
pub const VERBATIM_WORDS: &str = "rhapsode.verbatim.words";
/// Counter: texts that an upstream read in other words, by model and [`VERBATIM_OUTCOME`].
pub const VERBATIM_DEVIATIONS: &str = "rhapsode.verbatim.deviations";
/// What became of a reading in other words: `prevented` if nobody heard any of it, else `heard`.
pub const VERBATIM_OUTCOME: &str = "rhapsode.verbatim.outcome";
/// Histogram, seconds: from the first audible audio of a reading until its first words agreed with the text.
pub const VERBATIM_HOLD: &str = "rhapsode.verbatim.hold";
/// Gauge: days until a model is shut down, negative behind that.
pub const MODEL_DAYS_LEFT: &str = "rhapsode.model.days_left";
/// Gauge: sessions that are open at an upstream, whether they read or stand by.
pub const REALTIME_SESSIONS: &str = "rhapsode.realtime.sessions";
/// Counter: sessions that were opened at an upstream, or with a reason could not be.
pub const REALTIME_OPENINGS: &str = "rhapsode.realtime.openings";
/// Whether an upstream call waited for a handshake.
pub const SESSION_IS_NEW: &str = "rhapsode.session.is_new";
