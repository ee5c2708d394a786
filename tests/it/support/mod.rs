//! What the integration tests share: the stand-in for the upstream, and plain eyes to look at it with.

pub(crate) mod details;
pub(crate) mod lines;
pub(crate) mod raw_http;
pub(crate) mod segment;
pub(crate) mod server;
#[path = "../../../examples/openai_stand_in/lib.rs"]
pub(crate) mod stand_in;
pub(crate) mod talk;
pub(crate) mod times;
pub(crate) mod tones;
