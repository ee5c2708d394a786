//! What engines have in common that are reached over a network: keys in headers, lists of models, and what can go wrong.

mod access;
mod body;
mod headers;
mod listing;
mod origin;
mod retry_after;
mod said;

pub use access::Auth;
pub use access::can_send;
pub(in crate::engine) use access::is_of_openai;
pub(in crate::engine) use access::url_problem;
pub(in crate::engine) use access::variable_problem;
pub(in crate::engine) use body::read_up_to;
pub(in crate::engine) use headers::USER_AGENT;
pub(in crate::engine) use headers::default_headers;
pub(in crate::engine) use listing::last_days;
pub(in crate::engine) use origin::Origin;
