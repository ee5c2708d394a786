//! The headers of every answer, as recorded from the service.

use std::time::Duration;

use axum::body::Body;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Response;
use http::StatusCode;

use super::limits::Standing;
use super::limits::Standings;
use super::limits::go_duration;
use super::refusal::ORGANIZATION;
use super::refusal::Refusal;

/// What the headers of one answer depend on.
pub(crate) struct Letterhead {
    pub(crate) request_id: String,
    /// From the request's arrival to its headers.
    pub(crate) processing: Duration,
    /// Rate limits of the model, and whether the model has one on tokens; none if the model is not known.
    pub(crate) standings: Option<(Standings, bool)>,
    /// Azure tells the reset as whole seconds.
    pub(crate) azure: bool,
}

impl Letterhead {
    /// An answer with a body that is still to come.
    pub(crate) fn success(&self, content_type: &str, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        self.edge(response.headers_mut());
        self.service(response.headers_mut());
        put(response.headers_mut(), "content-type", content_type);
        if content_type.starts_with("text/event-stream") {
            put(response.headers_mut(), "cache-control", "no-store");
        }
        response
    }

    /// An error answer, whole.
    pub(crate) fn refusal(&self, refusal: Refusal) -> Response<Body> {
        let mut response = Response::new(Body::from(refusal.body));
        *response.status_mut() = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        self.edge(headers);
        if refusal.anonymous {
            put(headers, "vary", "Origin");
        } else {
            self.service(headers);
        }
        put(headers, "content-type", refusal.content_type);
        if let Some(wait) = refusal.retry_after {
            let milliseconds = wait.as_millis();
            put(headers, "retry-after", &milliseconds.div_ceil(1000).max(1).to_string());
            put(headers, "retry-after-ms", &milliseconds.to_string());
        }
        if let Some(answer) = refusal.should_retry {
            put(headers, "x-should-retry", if answer { "true" } else { "false" });
        }
        response
    }

    /// Headers of the edge in front of the service, which every answer has.
    fn edge(&self, headers: &mut HeaderMap) {
        put(headers, "x-request-id", &self.request_id);
        put(headers, "access-control-expose-headers", "X-Request-ID");
        put(headers, "strict-transport-security", "max-age=31536000; includeSubDomains; preload");
        put(headers, "x-content-type-options", "nosniff");
        put(headers, "server", "cloudflare");
        put(headers, "cf-cache-status", "DYNAMIC");
        put(headers, "cf-ray", &format!("{}-SEA", self.request_id.get(4..20).unwrap_or("0")));
        put(headers, "alt-svc", "h3=\":443\"");
    }

    /// Headers of the service itself, which tell about the account.
    fn service(&self, headers: &mut HeaderMap) {
        put(headers, "openai-organization", ORGANIZATION);
        put(headers, "openai-project", "proj_standin");
        put(headers, "openai-version", "2020-10-01");
        put(headers, "openai-processing-ms", &self.processing.as_millis().to_string());
        put(headers, "x-openai-proxy-wasm", "v0.1");
        if let Some((standings, has_tokens)) = &self.standings {
            self.standing(headers, "requests", &standings.requests);
            if *has_tokens {
                self.standing(headers, "tokens", &standings.tokens);
            }
        }
    }

    fn standing(&self, headers: &mut HeaderMap, resource: &str, standing: &Standing) {
        let reset = if self.azure {
            standing.reset.as_millis().div_ceil(1000).to_string()
        } else {
            go_duration(standing.reset)
        };
        put(headers, &format!("x-ratelimit-limit-{resource}"), &standing.limit.to_string());
        put(headers, &format!("x-ratelimit-remaining-{resource}"), &standing.remaining.to_string());
        put(headers, &format!("x-ratelimit-reset-{resource}"), &reset);
    }
}

/// Sets a header; what cannot stand in a header (a scripted content type, say) is left out.
pub(crate) fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}
