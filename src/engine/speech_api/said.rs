//! What an upstream says about a failure, reduced to identifiers.
//!
//! The sentences of upstreams are never kept: a validation message quotes the field it refuses, which is the caller's text.

use serde_json::Value;

use crate::error::Kind;

/// Longest identifier believed, in bytes.
const MAX_IDENTIFIER_BYTES: usize = 64;

/// The identifiers in an error object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// `code`, such as `rate_limit_exceeded`.
    pub(super) code: Option<String>,
    /// `type`, such as `invalid_request_error`.
    pub(super) class: Option<String>,
    /// `param`, the field concerned.
    pub(super) param: Option<String>,
}

impl Said {
    /// Reads the body of an error: OpenAI's `{"error": {…}}`, `FastAPI`'s `{"detail": …}`, or a bare object.
    pub(super) fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).map(|body| Self::of(&body)).unwrap_or_default()
    }

    /// Reads an error object, or one wrapped in `error` or `detail`.
    pub(super) fn of(value: &Value) -> Self {
        let inner = ["error", "detail"].into_iter().find_map(|name| value.get(name).filter(|inner| !inner.is_null()));
        match inner {
            Some(inner @ Value::Object(_)) => Self::of(inner),
            // FastAPI lists the fields that failed; the first one will do.
            Some(Value::Array(faults)) => faults.first().map(Self::of_validation).unwrap_or_default(),
            // A name, as in {"error": "invalid_model", "message": …}; a sentence is no identifier and falls away.
            Some(name) => Self { code: identifier(name), ..Self::fields(value) },
            None => Self::fields(value),
        }
    }

    /// What the failure means, by `code` first and `type` second, because one status stands for opposite things: a 429 may
    /// pass in 120 ms or never.
    pub(super) fn kind(&self) -> Option<Kind> {
        [&self.code, &self.class].into_iter().flatten().find_map(|name| kind_of(name))
    }

    fn fields(object: &Value) -> Self {
        let field = |name: &str| object.get(name).and_then(identifier);
        Self { code: field("code"), class: field("type"), param: field("param") }
    }

    fn of_validation(fault: &Value) -> Self {
        let location = fault.get("loc").and_then(Value::as_array).and_then(|path| path.last());
        Self { param: location.and_then(identifier), ..Self::fields(fault) }
    }
}

/// A string or number that can be an identifier; a sentence cannot.
fn identifier(value: &Value) -> Option<String> {
    let name = match value {
        Value::String(name) => name.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    is_identifier(&name, MAX_IDENTIFIER_BYTES).then_some(name)
}

/// Whether `name` is short and made of ASCII letters, digits and `_-.:` only.
pub(super) fn is_identifier(name: &str, max_bytes: usize) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte);
    !name.is_empty() && name.len() <= max_bytes && name.bytes().all(fits)
}

/// Codes and types of OpenAI (its error guide), Azure and the common compatible servers.
fn kind_of(name: &str) -> Option<Kind> {
    Some(match name.to_ascii_lowercase().as_str() {
        "insufficient_quota"
        | "credit_balance_exhausted"
        | "organization_spend_limit_exceeded"
        | "project_spend_limit_exceeded"
        | "organization_usage_limit_exceeded"
        | "billing_hard_limit_reached"
        | "billing_not_active" => Kind::UpstreamQuotaExhausted,
        "rate_limit_exceeded"
        | "rate_limit_error"
        | "slow_down"
        | "requests"
        | "tokens"
        | "too_many_requests"
        | "ratelimitreached" => Kind::UpstreamRateLimited,
        "content_policy_violation" | "content_filter" | "moderation_blocked" | "responsibleaipolicyviolation" => {
            Kind::ContentRejected
        }
        "model_not_found" | "voice_not_found" | "not_found_error" | "deploymentnotfound" => Kind::UpstreamModelNotFound,
        "invalid_api_key"
        | "authentication_error"
        | "permission_error"
        | "account_deactivated"
        | "unsupported_country_region_territory" => Kind::UpstreamCredentials,
        "server_is_overloaded"
        | "server_error"
        | "service_unavailable_error"
        | "overloaded_error"
        | "engine_overloaded" => Kind::UpstreamUnavailable,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Said;
    use crate::error::Kind;

    fn said(body: &str) -> (Option<String>, Option<String>, Option<String>) {
        let said = Said::read(body.as_bytes());
        (said.code, said.class, said.param)
    }

    #[test]
    fn bodies_of_all_shapes_give_their_identifiers() {
        let some = |text: &str| Some(text.to_owned());
        for (body, told) in [
            (
                r#"{"error":{"message":"m","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#,
                (some("rate_limit_exceeded"), some("requests"), None),
            ),
            (r#"{"error":{"code":"429","message":"m"}}"#, (some("429"), None, None)),
            (r#"{"error":{"code":429}}"#, (some("429"), None, None)),
            (
                r#"{"detail":[{"type":"enum","loc":["body","voice"],"msg":"m","input":"hello"}]}"#,
                (None, some("enum"), some("voice")),
            ),
            (r#"{"detail":{"error":"invalid_model","type":"t"}}"#, (some("invalid_model"), some("t"), None)),
            (r#"{"detail":"Not Found"}"#, (None, None, None)),
            (r#"{"code":"Throttled"}"#, (some("Throttled"), None, None)),
            (r#"{"error":"a sentence of the server"}"#, (None, None, None)),
            ("<html>", (None, None, None)),
            ("[]", (None, None, None)),
        ] {
            assert_eq!(said(body), told, "{body}");
        }
    }

    #[test]
    fn the_code_outranks_the_type() {
        let kind = |body: &str| Said::read(body.as_bytes()).kind();
        assert_eq!(
            kind(r#"{"error":{"type":"requests","code":"insufficient_quota"}}"#),
            Some(Kind::UpstreamQuotaExhausted)
        );
        assert_eq!(
            kind(r#"{"error":{"type":"insufficient_quota","code":"new_code"}}"#),
            Some(Kind::UpstreamQuotaExhausted)
        );
        assert_eq!(kind(r#"{"error":{"type":"invalid_request_error","code":null}}"#), None);
    }
}
