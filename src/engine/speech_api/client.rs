//! The HTTP client of a speech API: connections, and what every request carries.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use reqwest::Client;
use reqwest::redirect;
use reqwest::retry;

use crate::error::Error;
use crate::error::Result;
use crate::secret::Secret;

use super::config::Auth;
use super::config::Config;

const USER_AGENT: &str = concat!("rhapsode/", env!("CARGO_PKG_VERSION"));

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
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .default_headers(default_headers(config, key)?)
        .connect_timeout(config.connect_timeout)
        .tcp_nodelay(true)
        .pool_max_idle_per_host(config.max_idle_connections)
        .pool_idle_timeout(config.idle_connection_timeout)
        .retry(retry::never())
        .redirect(redirect::Policy::none());
    let builder = if config.http2 { builder } else { builder.http1_only() };
    builder.build().map_err(|cause| Error::internal("the HTTP client could not be set up").with_source(cause))
}

fn default_headers(config: &Config, key: Option<&Secret>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        let (name, value) = match config.auth {
            Auth::Bearer => (AUTHORIZATION, format!("Bearer {}", key.expose())),
            Auth::ApiKey => (HeaderName::from_static("api-key"), key.expose().to_owned()),
        };
        let mut value = sendable("api_key", &value)?;
        // Keeps it out of every debug print, and out of HTTP/2's compression tables.
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    let accounts =
        [("openai-organization", "organization", &config.organization), ("openai-project", "project", &config.project)];
    for (name, option, value) in accounts {
        if let Some(value) = value {
            headers.insert(HeaderName::from_static(name), sendable(option, value)?);
        }
    }
    Ok(headers)
}

fn sendable(option: &'static str, value: &str) -> Result<HeaderValue> {
    let refused = || Error::invalid(option, "This holds a character that cannot be sent in an HTTP header.");
    if Config::can_send(value) { HeaderValue::from_str(value).map_err(|_| refused()) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Auth;
    use super::Config;
    use super::Secret;
    use super::build;
    use super::default_headers;

    #[test]
    fn the_key_goes_where_the_api_wants_it_and_nowhere_else() {
        let key = Secret::new("sk-1");
        let bearer = default_headers(&Config::default(), Some(&key)).unwrap();
        assert_eq!(bearer["authorization"], "Bearer sk-1");
        assert!(!format!("{bearer:?}").contains("sk-1"));
        let azure = Config { auth: Auth::ApiKey, organization: Some("org-1".to_owned()), ..Config::default() };
        let azure = default_headers(&azure, Some(&key)).unwrap();
        assert_eq!(
            (&azure["api-key"], &azure["openai-organization"]),
            (&"sk-1".parse().unwrap(), &"org-1".parse().unwrap())
        );
        assert!(default_headers(&Config::default(), None).unwrap().is_empty());
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_named_but_not_shown() {
        for key in ["sk-\u{1}2", "sk-é"] {
            let error = build(&Config::default(), Some(&Secret::new(key))).err().unwrap();
            assert_eq!(error.field(), Some("api_key"));
            assert!(!format!("{error:?}").contains("sk-"));
        }
    }
}
