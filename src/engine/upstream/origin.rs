//! Everything that can go wrong with an upstream, turned into the service's error in one place.

use std::time::SystemTime;

use http::HeaderMap;
use http::StatusCode;
use serde_json::Value;

use crate::error::Error;
use crate::error::Kind;
use crate::error::UpstreamFault;

use super::retry_after::retry_after;
use super::said::Said;
use super::said::is_identifier;

/// Longest request id kept, in bytes.
const MAX_REQUEST_ID_BYTES: usize = 128;

/// Who answered, and under which name: what every error about an attempt carries.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Origin {
    provider: String,
    status: Option<StatusCode>,
    request_id: Option<String>,
}

impl Origin {
    /// An upstream that has not answered yet.
    pub(in crate::engine) fn new(provider: &str) -> Self {
        Self { provider: provider.to_owned(), ..Self::default() }
    }

    /// The head of its answer is here.
    pub(in crate::engine) fn answered(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.status = Some(status);
        self.request_id = ["x-request-id", "apim-request-id", "x-ms-request-id"]
            .into_iter()
            .filter_map(|name| headers.get(name)?.to_str().ok())
            .find(|id| is_identifier(id, MAX_REQUEST_ID_BYTES))
            .map(str::to_owned);
    }

    /// The upstream's name of its answer.
    pub(in crate::engine) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// An answer that is no audio: an error status, or a success that holds JSON or HTML.
    pub(in crate::engine) fn refused(&self, headers: &HeaderMap, body: &[u8]) -> Error {
        let said = Said::read(body);
        let status = self.status.unwrap_or_default();
        let kind = said.kind().unwrap_or_else(|| kind_of_status(status, body));
        let mut error = self.error(kind, &said, &format!("the upstream answered {}", status.as_u16()));
        if status.is_redirection() {
            // Following it would show the key to another host, and the next attempt would be redirected too.
            error = error.with_retry(false);
        }
        if let Some(wait) = retry_after(headers, SystemTime::now()).filter(|_| kind.is_transient()) {
            error = error.with_retry_after(wait);
        }
        match headers.get("x-should-retry").map(http::HeaderValue::as_bytes) {
            Some(b"true") => error.with_retry(true),
            Some(b"false") => error.with_retry(false),
            _ => error,
        }
    }

    /// A failure that the upstream reports where audio was to come, or on a connection that carries more than one answer.
    pub(in crate::engine) fn reported(&self, failure: &Value) -> Error {
        let said = Said::of(failure);
        let kind = said.kind().unwrap_or_else(|| kind_in_stream(&said));
        self.error(kind, &said, "the upstream reported a failure in its stream")
    }

    /// An answer that is not what was asked for, for the reason `what`.
    pub(in crate::engine) fn unusable(&self, what: &str) -> Error {
        self.error(Kind::UpstreamUnavailable, &Said::default(), what)
    }

    /// A failure of `kind`, for the reason `what`.
    pub(in crate::engine) fn failed(&self, kind: Kind, what: &str) -> Error {
        self.error(kind, &Said::default(), what)
    }

    /// The upstream named its answer, otherwise than in a header.
    pub(in crate::engine) fn named(&mut self, id: &str) {
        self.request_id = Some(id.to_owned()).filter(|id| is_identifier(id, MAX_REQUEST_ID_BYTES));
    }

    /// A success without audio.
    pub(in crate::engine) fn silent(&self) -> Error {
        self.error(Kind::UpstreamEmptyAudio, &Said::default(), "the upstream answered without audio")
    }

    /// A connection that could not be made or broke. The URL is taken out of the cause: it is not the log's to judge.
    pub(in crate::engine) fn disconnected(&self, cause: reqwest::Error) -> Error {
        let (kind, what) = if cause.is_builder() {
            (Kind::Internal, "the request could not be built")
        } else if cause.is_timeout() {
            (Kind::UpstreamTimeout, "the upstream was not reached in time")
        } else if cause.is_connect() {
            (Kind::UpstreamUnavailable, "the upstream could not be reached")
        } else if self.status.is_some() {
            (Kind::UpstreamUnavailable, "the upstream broke off its answer")
        } else {
            (Kind::UpstreamUnavailable, "the upstream closed the connection without an answer")
        };
        self.error(kind, &Said::default(), what).with_source(cause.without_url())
    }

    fn error(&self, kind: Kind, said: &Said, what: &str) -> Error {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
        let detail =
            format!("{what} (code {}, type {}, param {})", name(&said.code), name(&said.class), name(&said.param));
        let fault = UpstreamFault {
            provider: self.provider.clone(),
            http_status: self.status.map(|status| status.as_u16()),
            code: said.code.clone().or_else(|| said.class.clone()),
            request_id: self.request_id.clone(),
            text_too_long: said.text_too_long || self.status == Some(StatusCode::PAYLOAD_TOO_LARGE),
        };
        let error = Error::new(kind, message(kind)).with_detail(detail).with_upstream(fault);
        match said.param.as_deref().and_then(field_of).filter(|_| kind == Kind::UpstreamRejected) {
            Some(field) => error.with_field(field),
            None => error,
        }
    }
}

/// Our name of a field of `CreateSpeechRequest`.
fn field_of(param: &str) -> Option<&'static str> {
    Some(match param {
        "input" => "text",
        "model" => "config.model",
        "voice" => "config.voice",
        "instructions" => "config.instructions",
        "speed" => "config.speed",
        "response_format" => "config.audio_format.encoding",
        _ => return None,
    })
}

/// What a failure in the stream means that no code explains: the request was wrong, or the server was.
fn kind_in_stream(said: &Said) -> Kind {
    let is_refusal = said.text_too_long || said.class.as_deref() == Some("invalid_request_error");
    if is_refusal { Kind::UpstreamRejected } else { Kind::UpstreamUnavailable }
}

fn kind_of_status(status: StatusCode, body: &[u8]) -> Kind {
    match status.as_u16() {
        401 | 403 => Kind::UpstreamCredentials,
        402 => Kind::UpstreamQuotaExhausted,
        404 | 410 => Kind::UpstreamModelNotFound,
        408 | 409 | 425 => Kind::UpstreamUnavailable,
        429 => Kind::UpstreamRateLimited,
        // A proxy on the way answers a bad gateway's request with a page; the API itself answers with JSON.
        400 if body.trim_ascii_start().starts_with(b"<") => Kind::UpstreamUnavailable,
        400..=499 => Kind::UpstreamRejected,
        _ => Kind::UpstreamUnavailable,
    }
}

/// What the caller is told, and what to do about it.
fn message(kind: Kind) -> &'static str {
    match kind {
        Kind::UpstreamTimeout => "The speech engine did not answer in time. Try again.",
        Kind::UpstreamRateLimited => "The speech engine is asked too often. Try again later.",
        Kind::UpstreamQuotaExhausted => "The service's account at the speech engine has no quota left.",
        Kind::UpstreamCredentials => "The speech engine refuses the service's credentials.",
        Kind::UpstreamModelNotFound => "The speech engine does not know the model or the voice. Choose another.",
        Kind::UpstreamRejected => "The speech engine refused the request. Change the text, the voice or the options.",
        Kind::ContentRejected => "The speech engine's content policy refused the text. Change the text.",
        Kind::UpstreamEmptyAudio => "The speech engine answered without audio. Try again.",
        Kind::Internal => "The service failed to process the request. Please report the request id.",
        Kind::UpstreamDeviated => "The speech engine would have said something else than the text. Try again.",
        _ => "The speech engine is not available. Try again.",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::time::Duration;

    use http::HeaderMap;
    use http::HeaderName;
    use http::StatusCode;
    use serde_json::json;

    use super::Origin;
    use crate::error::Error;
    use crate::error::Kind;

    fn refused(status: u16, headers: &[(&'static str, &str)], body: &str) -> Error {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
        let mut origin = Origin::new("openai");
        origin.answered(StatusCode::from_u16(status).unwrap(), &headers);
        origin.refused(&headers, body.as_bytes())
    }

    fn coded(status: u16, class: &str, code: &str) -> Kind {
        let body = json!({"error": {"message": "m", "type": class, "param": null, "code": code}});
        refused(status, &[], &body.to_string()).kind()
    }

    #[test]
    fn the_code_decides_before_the_status() {
        for (status, class, code, kind) in [
            (429, "requests", "rate_limit_exceeded", Kind::UpstreamRateLimited),
            (429, "tokens", "", Kind::UpstreamRateLimited),
            (429, "rate_limit_error", "slow_down", Kind::UpstreamRateLimited),
            (503, "rate_limit_error", "slow_down", Kind::UpstreamRateLimited),
            (429, "insufficient_quota", "insufficient_quota", Kind::UpstreamQuotaExhausted),
            (429, "insufficient_quota", "credit_balance_exhausted", Kind::UpstreamQuotaExhausted),
            (429, "x", "organization_spend_limit_exceeded", Kind::UpstreamQuotaExhausted),
            (429, "x", "project_spend_limit_exceeded", Kind::UpstreamQuotaExhausted),
            (429, "x", "organization_usage_limit_exceeded", Kind::UpstreamQuotaExhausted),
            (403, "invalid_request_error", "model_not_found", Kind::UpstreamModelNotFound),
            (404, "invalid_request_error", "model_not_found", Kind::UpstreamModelNotFound),
            (404, "x", "DeploymentNotFound", Kind::UpstreamModelNotFound),
            (401, "invalid_request_error", "invalid_api_key", Kind::UpstreamCredentials),
            (400, "invalid_request_error", "invalid_value", Kind::UpstreamRejected),
            (400, "invalid_request_error", "content_policy_violation", Kind::ContentRejected),
            (400, "x", "content_filter", Kind::ContentRejected),
            (503, "service_unavailable_error", "server_is_overloaded", Kind::UpstreamUnavailable),
        ] {
            assert_eq!(coded(status, class, code), kind, "{status} {class} {code}");
        }
    }

    #[test]
    fn without_a_code_the_status_decides() {
        for (status, kind) in [
            (200, Kind::UpstreamUnavailable),
            (302, Kind::UpstreamUnavailable),
            (400, Kind::UpstreamRejected),
            (401, Kind::UpstreamCredentials),
            (402, Kind::UpstreamQuotaExhausted),
            (403, Kind::UpstreamCredentials),
            (404, Kind::UpstreamModelNotFound),
            (408, Kind::UpstreamUnavailable),
            (409, Kind::UpstreamUnavailable),
            (413, Kind::UpstreamRejected),
            (422, Kind::UpstreamRejected),
            (429, Kind::UpstreamRateLimited),
            (500, Kind::UpstreamUnavailable),
            (520, Kind::UpstreamUnavailable),
        ] {
            assert_eq!(refused(status, &[], r#"{"detail":"x"}"#).kind(), kind, "{status}");
        }
        assert_eq!(refused(400, &[], "\n<html>").kind(), Kind::UpstreamUnavailable);
        assert!(!refused(302, &[], "").is_transient());
    }

    #[test]
    fn a_refused_field_is_named_as_in_our_schema() {
        let field = |body: &str| refused(422, &[], body).field().map(str::to_owned);
        let fastapi = r#"{"detail":[{"type":"greater_than_equal","loc":["body","speed"],"msg":"m","input":0.5}]}"#;
        assert_eq!(field(fastapi).as_deref(), Some("config.speed"));
        assert_eq!(field(r#"{"error":{"param":"input","type":"invalid_request_error"}}"#).as_deref(), Some("text"));
        assert_eq!(field(r#"{"error":{"param":"seed","type":"invalid_request_error"}}"#), None);
        let quota = r#"{"error":{"param":"input","code":"insufficient_quota"}}"#;
        assert_eq!(field(quota), None, "nothing in the request is to be changed");
    }

    #[test]
    fn headers_say_when_and_whether_to_come_back() {
        let waited = refused(429, &[("retry-after-ms", "120"), ("retry-after", "1")], "{}");
        assert_eq!(waited.retry_after(), Some(Duration::from_millis(120)));
        assert!(!refused(503, &[("x-should-retry", "false")], "{}").is_transient());
        assert!(refused(400, &[("x-should-retry", "true")], "{}").is_transient());
        let quota = r#"{"error":{"code":"insufficient_quota"}}"#;
        assert_eq!(refused(429, &[("retry-after", "1")], quota).retry_after(), None);
    }

    #[test]
    fn the_fault_names_who_said_what() {
        let error = refused(
            429,
            &[("apim-request-id", "a-1"), ("x-request-id", "two words")],
            r#"{"error":{"code":"slow_down"}}"#,
        );
        let fault = error.upstream().unwrap();
        assert_eq!((fault.provider.as_str(), fault.http_status), ("openai", Some(429)));
        assert_eq!((fault.code.as_deref(), fault.request_id.as_deref()), (Some("slow_down"), Some("a-1")));
    }

    #[test]
    fn the_callers_text_never_gets_into_an_error() {
        let text = "My secret is 4711";
        let python = format!("[{{'type': 'string_too_long', 'loc': ('body', 'input'), 'input': '{text}'}}]");
        let mut errors = Vec::new();
        for body in [
            json!({"error": {"message": python, "type": text, "param": text, "code": text}}),
            json!({"error": text}),
            json!({"detail": text}),
            json!({"detail": [{"type": text, "loc": ["body", text], "msg": text, "input": text}]}),
            json!({"code": text, "message": text}),
        ] {
            errors.push(refused(400, &[("x-request-id", text)], &body.to_string()));
            errors.push(Origin::new("openai").reported(&body));
        }
        errors.push(refused(502, &[], &format!("<html>{text}</html>")));
        for error in errors {
            let all = format!("{error} {error:?} {} {:?} {:?}", error.report(), error.facts(), error.upstream());
            assert!(!all.contains("secret") && !all.contains("4711"), "{all}");
        }
    }
}
