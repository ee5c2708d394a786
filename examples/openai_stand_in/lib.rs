//! A faithful stand-in for OpenAI's speech endpoint and Realtime API, for tests, benchmarks and work without a key.
//!
//! It answers `POST /v1/audio/speech` (and Azure's two paths) as the real service was seen to: the same checks in the
//! same order, error bodies, headers, bytes of six formats, event stream, usage and, if wanted, timing. It can be told
//! to fail in every way that clients have met, and it keeps a log of what its clients did. See `docs/stand-in.md`.
//!
//! The order of the modules is that of a request: `connection`, `routes`, `speech` (which leads through `auth`,
//! `contract`, `limits`, `scripted`), `audio` and `encode`, `performance` (with `timing`, `sse`, `script`), `playback`.
//! A realtime socket has a folder of its own, `realtime`.
//!
//! ```no_run
//! let stand_in = StandIn::start(Options::default()).await?;
//! let url = stand_in.base_url();                              // http://127.0.0.1:PORT/v1
//! stand_in.script(json!([{"kind": "overloaded"}, null]))?;    // the first request fails, the second does not
//! let records = stand_in.log().ended(2, Duration::from_secs(5)).await;
//! ```

pub(crate) mod answers;
pub(crate) mod audio;
pub(crate) mod auth;
pub(crate) mod built_in;
pub(crate) mod cache;
pub(crate) mod catalogue;
pub(crate) mod connection;
pub(crate) mod contract;
pub(crate) mod control;
pub(crate) mod encode;
pub(crate) mod fault_queue;
pub(crate) mod faults;
pub(crate) mod limits;
pub(crate) mod log;
pub(crate) mod options;
pub(crate) mod performance;
pub(crate) mod playback;
pub(crate) mod pydantic;
pub(crate) mod random;
pub(crate) mod realtime;
pub(crate) mod refusal;
pub(crate) mod routes;
pub(crate) mod script;
pub(crate) mod scripted;
pub(crate) mod server;
pub(crate) mod speech;
pub(crate) mod sse;
pub(crate) mod timing;
pub(crate) mod tone;
pub(crate) mod world;

pub(crate) use options::Options;
pub(crate) use server::StandIn;
