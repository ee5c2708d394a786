//! What the integration tests share: the stand-in for the upstream, and plain eyes to look at it with.

pub(crate) mod raw_http;
#[expect(dead_code, reason = "some parts are for the program that wraps the same stand-in")]
#[path = "../../../examples/openai_stand_in/lib.rs"]
pub(crate) mod stand_in;
pub(crate) mod tones;
