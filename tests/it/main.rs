//! Every integration test, in one binary.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod speak;
mod stand_in;
mod support;
