//! The HTTP client of a speech API.

use reqwest::Client;
use reqwest::redirect;
use reqwest::retry;

use crate::engine::upstream::USER_AGENT;
use crate::engine::upstream::default_headers;
use crate::error::Error;
use crate::error::Result;
use crate::secret::Secret;

use super::config::Config;

/// Builds the client.
///
/// It has no total timeout: a long text may be spoken for minutes, and the limits that make sense (first audio, silence,
/// the caller's deadline) belong to the call. It repeats nothing, because repetition is decided where it is accounted for.
/// It follows no redirect, because that could carry the key elsewhere. Proxies are those of the usual environment variables.
///
/// # Errors
/// [`crate::error::Kind::InvalidField`] if a header value cannot be sent, [`crate::error::Kind::Internal`] if TLS cannot be
/// set up.
pub(super) fn build(config: &Config, key: Option<&Secret>) -> Result<Client> {
    let (organization, project) = (config.organization.as_deref(), config.project.as_deref());
    let headers = default_headers(config.auth, key, organization, project)?;
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .default_headers(headers)
        .connect_timeout(config.connect_timeout)
        .tcp_nodelay(true)
        .pool_max_idle_per_host(config.max_idle_connections)
        .pool_idle_timeout(config.idle_connection_timeout)
        .retry(retry::never())
        .redirect(redirect::Policy::none());
    let builder = if config.http2 { builder } else { builder.http1_only() };
    builder.build().map_err(|cause| Error::internal("the HTTP client could not be set up").with_source(cause))
}
