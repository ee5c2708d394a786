//! What engines have in common that are reached over a network: keys in headers, and what can go wrong.

mod access;
mod headers;
mod origin;
mod retry_after;
mod said;

pub use access::Auth;
pub use access::can_send;
pub(in crate::engine) use access::is_of_openai;
pub(in crate::engine) use access::url_problem;
pub(in crate::engine) use access::variable_problem;
pub(in crate::engine) use headers::USER_AGENT;
pub(in crate::engine) use headers::default_headers;
pub(in crate::engine) use origin::Origin;
