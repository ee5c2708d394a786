//! What the integration tests share: the stand-in for the upstream, and plain eyes to look at it with.

pub(crate) mod raw_http;
#[path = "../../../examples/openai_stand_in/lib.rs"]
pub(crate) mod stand_in;
pub(crate) mod tones;
