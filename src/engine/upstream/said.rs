//! What an upstream says about a failure, reduced to identifiers.
//!
//! The sentences of upstreams are never kept: a validation message quotes the field it refuses, which is the caller's text.

use serde_json::Value;

use crate::error::Kind;

/// How upstreams say that a text is longer than they take, as codes and inside sentences.
///
/// OpenAI says "over the maximum input limit of 2000 tokens" and quotes pydantic's `string_too_long` for 4096 characters.
const TOO_LONG: [&str; 6] = [
    "string_too_long",
    "string_above_max_length",
    "text_too_long",
    "context_length_exceeded",
    "input limit",
    "too long",
];

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
    /// The text is too long for one call, by a code or by the sentence, which is looked at and not kept.
    pub(super) text_too_long: bool,
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
            Some(name) => {
                let fields = Self::fields(value);
                let text_too_long = fields.text_too_long || is_too_long(name);
                Self { code: identifier(name), text_too_long, ..fields }
            }
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
        let text_too_long =
            ["code", "type", "message", "msg"].iter().filter_map(|name| object.get(name)).any(is_too_long);
        Self { code: field("code"), class: field("type"), param: field("param"), text_too_long }
    }

    fn of_validation(fault: &Value) -> Self {
        let location = fault.get("loc").and_then(Value::as_array).and_then(|path| path.last());
        Self { param: location.and_then(identifier), ..Self::fields(fault) }
    }
}

/// Whether a code or a sentence says that a text is too long. A sentence may quote the caller and so be wrong about it;
/// what follows is no more than one more attempt.
fn is_too_long(said: &Value) -> bool {
    let said = said.as_str().unwrap_or_default().to_ascii_lowercase();
    TOO_LONG.iter().any(|words| said.contains(words))
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
        | "inference_rate_limit_exceeded"
        | "ratelimitreached" => Kind::UpstreamRateLimited,
        "content_policy_violation" | "content_filter" | "moderation_blocked" | "responsibleaipolicyviolation" => {
            Kind::ContentRejected
        }
        "model_not_found" | "voice_not_found" | "not_found_error" | "deploymentnotfound"
        // Azure, of a deployment that does not do what it is asked for.
        | "operationnotsupported" | "opperationnotsupported" => Kind::UpstreamModelNotFound,
        "invalid_api_key"
        | "authentication_error"
        | "permission_error"
        | "account_deactivated"
        | "unsupported_country_region_territory" => Kind::UpstreamCredentials,
        "server_is_overloaded"
        | "server_error"
        | "service_unavailable_error"
        | "overloaded_error"
        | "engine_overloaded"
        | "session_expired"
        | "conversation_already_has_active_response" => Kind::UpstreamUnavailable,
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
    fn a_text_that_is_too_long_is_told_in_many_ways() {
        for body in [
            r#"{"error":{"code":"invalid_value","message":"Input of 2132 tokens is over the maximum input limit of 2000 tokens. Please shorten your input."}}"#,
            r#"{"error":{"message":"[{'type': 'string_too_long', 'loc': ('body', 'input')}]"}}"#,
            r#"{"detail":[{"type":"string_too_long","loc":["body","input"],"msg":"m"}]}"#,
            r#"{"detail":"Input text is too long"}"#,
            r#"{"error":{"code":"text_too_long"}}"#,
        ] {
            assert!(Said::read(body.as_bytes()).text_too_long, "{body}");
        }
        assert!(!Said::read(br#"{"error":{"message":"Unknown voice","code":"invalid_value"}}"#).text_too_long);
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
