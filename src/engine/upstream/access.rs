//! How an upstream is reached: its address and the place of its key, looked at before anything is sent.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use url::Url;

/// Domains of those who made the models of the shipped catalogue: their endpoints refuse a request without a key, and the
/// days on which models are shut down are theirs.
const MAKERS: [&str; 2] = ["openai.com", "azure.com"];

/// How the key is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// `Authorization: Bearer …`.
    #[default]
    Bearer,
    /// `api-key: …`, as Azure has it for its own keys.
    ApiKey,
}

/// Whether every server reads `value` in a header as it is meant: it is printable ASCII ([RFC 9110, section 5.5]).
///
/// [RFC 9110, section 5.5]: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
pub fn can_send(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Whether `url` leads to OpenAI itself or to Azure.
pub(in crate::engine) fn is_of_openai(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_in = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    MAKERS.iter().any(|domain| is_in(domain))
}

/// Why `url` cannot be the base of requests, if so.
pub(in crate::engine) fn url_problem(url: &Url) -> Option<&'static str> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        Some("must be an http or https URL with a host")
    } else if !url.username().is_empty() || url.password().is_some() {
        Some("must not hold credentials; use api_key_env or api_key_file")
    } else if url.query().is_some() || url.fragment().is_some() {
        Some("must not have a query or a fragment; the API version belongs into api_version")
    } else {
        None
    }
}

/// Why `name` cannot be that of the variable which holds a key, if so. It may be the key itself, so it is not repeated.
pub(in crate::engine) fn variable_problem(name: &str) -> Option<&'static str> {
    let is_in_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_name = name.bytes().all(is_in_name) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    (!is_name)
        .then_some("must be the name of an environment variable (letters, digits and underscores), not the key itself")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::is_of_openai;

    #[test]
    fn only_the_vendors_own_hosts_are_theirs() {
        for (url, is_theirs) in [
            ("https://api.openai.com/v1", true),
            ("https://eu.api.openai.com/v1", true),
            ("https://speech.openai.azure.com/openai/v1", true),
            ("http://127.0.0.1:8880/v1", false),
            ("http://notopenai.com/v1", false),
            ("http://openai.com.example/v1", false),
        ] {
            assert_eq!(is_of_openai(&url.parse().unwrap()), is_theirs, "{url}");
        }
    }
}
