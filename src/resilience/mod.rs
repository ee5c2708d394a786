//! Wrappers that make an engine dependable. Each is an [`Engine`](crate::engine::Engine) around another one, or around several;
//! those that change nothing but how it speaks are a [`Wrapper`](crate::engine::Wrapper).
//!
//! Per segment, outside in: [`Credentials`] → [`Failover`] over the models of a route, and for each of them [`Attendance`] →
//! [`Retry`] → [`Hedge`] → [`Balance`] → [`Breaker`] → [`Completeness`] → [`Patience`] → the engine. From the breaker on inwards
//! everything is of one endpoint. The limits of [`Patience`] are per attempt and so sit inside; the limit for a whole call belongs to
//! the pipeline.

mod attendance;
mod balance;
mod breaker;
mod clock;
mod completeness;
mod credentials;
mod failover;
mod hasten;
mod hedge;
mod patience;
mod retry;
mod telling;
mod transcode;

pub use attendance::Attendance;
pub use balance::Balance;
pub use balance::Member;
pub use breaker::Breaker;
pub use breaker::BreakerPolicy;
pub use breaker::Health;
pub use breaker::Standing;
pub use breaker::State;
pub use completeness::Completeness;
pub use credentials::Credentials;
pub use failover::Failover;
pub use failover::Understudy;
pub use hedge::Hedge;
pub use hedge::HedgePolicy;
pub use patience::Patience;
pub use patience::Timeouts;
pub use retry::Retry;
pub use retry::RetryPolicy;
