//! What the operator sees: logs, traces and metrics, under names that are written once.
//!
//! Nothing here is process-global. [`Telemetry`] is a value; `main` installs its subscriber, and a test uses it on its own
//! thread. Metrics are handed down as [`Metrics`]; whoever measures a call, a synthesis or an HTTP attempt holds a value
//! ([`Observer`], [`Synthesis`], [`Attempt`]) that records when it ends or is dropped. Text, audio and keys never come
//! near these types.

mod attempt;
mod call;
mod config;
mod exchange;
mod init;
mod log;
mod metrics;
pub mod names;
mod observer;
mod otlp;
pub mod propagation;
mod scrape;
mod sessions;
pub mod spans;
mod status;
mod synthesis;

pub use attempt::Attempt;
pub use call::CallFacts;
pub use call::Cost;
pub use call::Failure;
pub use call::Route;
pub use config::Config;
pub use config::LogFormat;
pub use exchange::Exchange;
pub use init::Builder;
pub use init::Environment;
pub use init::Telemetry;
pub use init::init;
pub use metrics::Metrics;
pub use observer::Observer;
pub use otlp::faults;
pub use scrape::PROMETHEUS_TEXT;
pub use scrape::Scraper;
pub use status::RpcStatus;
pub use synthesis::Synthesis;
