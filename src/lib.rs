//! Rhapsode: streaming text-to-speech over gRPC.
//!
//! # Layout
//! Modules in dependency order; imports point down only, and `tests/architecture.rs` holds that.
//!
//! * [`cli`]: the command line.
//! * [`app`]: the composition root: configuration in, running service out.
//! * [`config`]: every module's settings, composed and checked.
//! * [`client`]: a plain gRPC client.
//! * [`grpc`]: the only place that knows tonic and prost.
//! * [`http`]: metrics and probes.
//! * [`pipeline`]: the whole use case, readable in one sitting.
//! * [`resilience`]: wrappers around an engine: retry, breaker, failover and the like.
//! * [`admission`]: who may speak now.
//! * [`engine`]: anything that turns a segment of text into audio, and the catalogue of who speaks.
//! * [`telemetry`]: logs, traces and metrics.
//! * [`drain`]: readiness, and going away in good order.
//! * [`text`]: where a text is cut.
//! * [`audio`]: arithmetic on samples and bytes.
//! * [`speech`]: the vocabulary.
//! * [`error`]: the one error.
//! * [`fault`]: what is wrong with a configuration.
//! * [`secret`]: keys that cannot be printed.
//! * [`proto`]: the generated contract.

pub mod admission;
pub mod app;
pub mod audio;
pub mod cli;
pub mod client;
pub mod config;
pub mod drain;
pub mod engine;
pub mod error;
pub mod fault;
pub mod grpc;
pub mod http;
pub mod pipeline;
pub mod proto;
pub mod resilience;
pub mod secret;
pub mod speech;
pub mod telemetry;
pub mod text;
