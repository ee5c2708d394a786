//! What every request to an upstream carries.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::header::AUTHORIZATION;

use crate::error::Error;
use crate::error::Result;
use crate::secret::Secret;

use super::access::Auth;
use super::access::can_send;

/// Who we are.
pub(in crate::engine) const USER_AGENT: &str = concat!("rhapsode/", env!("CARGO_PKG_VERSION"));

/// The key, sent as `auth` says, and whom to bill.
///
/// # Errors
/// [`crate::error::Kind::InvalidField`] if a value cannot be sent.
pub(in crate::engine) fn default_headers(
    auth: Auth,
    key: Option<&Secret>,
    organization: Option<&str>,
    project: Option<&str>,
) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        let (name, value) = match auth {
            Auth::Bearer => (AUTHORIZATION, format!("Bearer {}", key.expose())),
            Auth::ApiKey => (HeaderName::from_static("api-key"), key.expose().to_owned()),
        };
        let mut value = sendable("api_key", &value)?;
        // Keeps it out of every debug print, and out of HTTP/2's compression tables.
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    let accounts = [("openai-organization", "organization", organization), ("openai-project", "project", project)];
    for (name, option, value) in accounts {
        if let Some(value) = value {
            headers.insert(HeaderName::from_static(name), sendable(option, value)?);
        }
    }
    Ok(headers)
}

fn sendable(option: &'static str, value: &str) -> Result<HeaderValue> {
    let refused = || Error::invalid(option, "This holds a character that cannot be sent in an HTTP header.");
    if can_send(value) { HeaderValue::from_str(value).map_err(|_| refused()) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Auth;
    use super::Secret;
    use super::default_headers;

    #[test]
    fn the_key_goes_where_the_api_wants_it_and_nowhere_else() {
        let key = Secret::new("sk-1");
        let bearer = default_headers(Auth::Bearer, Some(&key), None, None).unwrap();
        assert_eq!(bearer["authorization"], "Bearer sk-1");
        assert!(!format!("{bearer:?}").contains("sk-1"));
        let azure = default_headers(Auth::ApiKey, Some(&key), Some("org-1"), None).unwrap();
        assert_eq!(
            (&azure["api-key"], &azure["openai-organization"]),
            (&"sk-1".parse().unwrap(), &"org-1".parse().unwrap())
        );
        assert!(default_headers(Auth::Bearer, None, None, None).unwrap().is_empty());
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_named_but_not_shown() {
        for key in ["sk-\u{1}2", "sk-é"] {
            let error = default_headers(Auth::Bearer, Some(&Secret::new(key)), None, None).err().unwrap();
            assert_eq!(error.field(), Some("api_key"));
            assert!(!format!("{error:?}").contains("sk-"));
        }
    }
}
