//! OpenAI's Realtime API as far as a reader of texts needs it: text in, audio out, over one WebSocket.
//!
//! The order of the modules is that of a response: `upgrade`, `session` (which owns the `wire`), `settings` and
//! `conversation` (checked by `schema`), `commission`, `order`, `reword`, `rendition` (with `telephone`), `score`,
//! `reading` (with `usage`), `dialect` (with `flat`).
//!
//! Events and their order: <https://developers.openai.com/api/docs/guides/realtime-conversations>.

pub(crate) mod commission;
pub(crate) mod complaint;
pub(crate) mod conversation;
pub(crate) mod delays;
pub(crate) mod dialect;
pub(crate) mod flat;
pub(crate) mod names;
pub(crate) mod order;
pub(crate) mod reading;
pub(crate) mod rendition;
pub(crate) mod reword;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod telephone;
pub(crate) mod upgrade;
pub(crate) mod usage;
pub(crate) mod wire;

// What the modules of this folder use of the rest of the stand-in, which is mounted at two places.
use super::answers;
use super::audio;
use super::auth;
use super::connection;
use super::contract;
use super::faults;
use super::log;
use super::options;
use super::random;
use super::refusal;
use super::scripted;
use super::world;
