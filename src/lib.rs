//! Rhapsode: streaming text-to-speech over gRPC.
//!
//! # Layout
//! Modules in dependency order; imports point down only, and `tests/architecture.rs` holds that.
//!
//! * [`engine`]: anything that turns a segment of text into audio.
//! * [`speech`]: the vocabulary. [`error`], [`fault`], [`secret`], [`proto`]: what everybody
//!   shares.

pub mod admission;
pub mod audio;
pub mod engine;
pub mod error;
pub mod fault;
pub mod proto;
pub mod resilience;
pub mod secret;
pub mod speech;
