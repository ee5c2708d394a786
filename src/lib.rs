//! Rhapsode: streaming text-to-speech over gRPC.
//!
//! # Layout
//! Modules in dependency order; imports point down only, and `tests/architecture.rs` holds that.
//!
//! * [`grpc`]: the only place that knows tonic and prost.
//! * [`pipeline`]: the whole use case, readable in one sitting.
//! * [`resilience`], [`admission`]: wrappers around an engine, and the door.
//! * [`engine`]: anything that turns a segment of text into audio, and the catalogue of who speaks.
//! * [`drain`]: going away in good order.
//! * [`text`], [`audio`]: pure functions over text and samples.
//! * [`speech`]: the vocabulary. [`error`], [`fault`], [`secret`], [`proto`]: what everybody shares.

pub mod admission;
pub mod audio;
pub mod drain;
pub mod engine;
pub mod error;
pub mod fault;
pub mod grpc;
pub mod pipeline;
pub mod proto;
pub mod resilience;
pub mod secret;
pub mod speech;
pub mod text;
