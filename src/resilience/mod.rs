//! Wrappers that make an engine dependable. Each is an [`Engine`](crate::engine::Engine) around another one.
//!
//! Per segment, outside in: [`Retry`] → [`Credentials`] → [`Completeness`] → [`Patience`] → the engine. The limits of
//! [`Patience`] are per attempt and so sit inside; the limit for a whole call belongs to the pipeline.

mod clock;
mod completeness;
mod credentials;
mod patience;
mod retry;

pub use completeness::Completeness;
pub use credentials::Credentials;
pub use patience::Patience;
pub use patience::Timeouts;
pub use retry::Retry;
pub use retry::RetryPolicy;
