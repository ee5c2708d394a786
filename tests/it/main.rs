//! Every integration test, in one binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]
#![expect(clippy::disallowed_methods, reason = "a test ends with its tasks")]

mod alignment;
mod contract;
mod converse;
mod delivery;
mod endpoints;
mod errors;
mod formats;
mod hostile;
mod leaks;
mod leaving;
mod long;
mod privacy;
mod realtime;
mod retirement;
mod speak;
mod speech_api;
mod stand_in;
mod support;
mod telemetry;
mod text_processing;
mod verbatim;
