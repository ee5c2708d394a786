//! Every error the endpoint is known to answer with: status, type, code and text as they were seen.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use super::pydantic::Complaints;

/// The organization that messages name.
pub(crate) const ORGANIZATION: &str = "org-standin";

/// An answer that is not audio.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// Told as `retry-after` (whole seconds, rounded up) and `retry-after-ms`.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) should_retry: Option<bool>,
    /// Whether the answer came before the service knew who asks: it then has no `openai-*` headers.
    pub(crate) anonymous: bool,
}

/// The four keys in the order in which the service writes them.
#[derive(Serialize)]
struct ErrorBody<'a> {
    message: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    param: Option<&'a str>,
    code: Option<&'a str>,
}

/// The parts of an error object, `type` and all.
pub(crate) fn error_object(message: &str, kind: &str, code: Option<&str>) -> String {
    let error = ErrorBody { message, kind, param: None, code };
    serde_json::to_string(&error).unwrap_or_default()
}

/// The text of a rate limit; `unit` is `("requests", "RPM")` or `("tokens", "TPM")`.
pub(crate) fn rate_limit_message(
    unit: (&str, &str),
    model: &str,
    limit: u64,
    requested: u64,
    wait: Duration,
) -> String {
    format!(
        "Rate limit reached for {model} in organization {ORGANIZATION} on {} per min ({}): Limit {limit}, \
         Used {limit}, Requested {requested}. Please try again in {}. Visit \
         https://platform.openai.com/settings/organization/limits to learn more.",
        unit.0,
        unit.1,
        super::limits::go_duration(wait)
    )
}

impl Refusal {
    /// An error in OpenAI's shape.
    pub(crate) fn new(status: u16, kind: &str, code: Option<&str>, message: &str) -> Self {
        Self {
            status,
            content_type: "application/json",
            body: format!("{{\"error\":{}}}", error_object(message, kind, code)),
            retry_after: None,
            should_retry: None,
            anonymous: false,
        }
    }

    fn bad_request(code: Option<&str>, message: &str) -> Self {
        Self::new(400, "invalid_request_error", code, message)
    }

    /// Says when another attempt may succeed.
    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Says whether another attempt makes sense, against what the status suggests.
    pub(crate) fn should_retry(mut self, answer: bool) -> Self {
        self.should_retry = Some(answer);
        self
    }

    fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    pub(crate) fn unreadable_json() -> Self {
        Self::bad_request(
            None,
            "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was \
             sent was not valid JSON.",
        )
    }

    pub(crate) fn invalid(complaints: &Complaints) -> Self {
        Self::bad_request(None, &complaints.message())
    }

    pub(crate) fn too_many_tokens(tokens: usize, limit: usize) -> Self {
        let message = format!(
            "Input of {tokens} tokens is over the maximum input limit of {limit} tokens. Please shorten your input."
        );
        Self::bad_request(Some("invalid_value"), &message)
    }

    pub(crate) fn body_too_large(limit: usize) -> Self {
        let message = format!("Request body is over the limit of {limit} bytes.");
        Self::new(413, "invalid_request_error", None, &message)
    }

    pub(crate) fn body_too_slow() -> Self {
        Self::new(408, "invalid_request_error", None, "The request body did not arrive in time.")
    }

    pub(crate) fn no_key() -> Self {
        let message = "You didn't provide an API key. You need to provide your API key in an Authorization header \
                       using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";
        Self::new(401, "invalid_request_error", None, message).anonymous()
    }

    /// `masked` is the key with its middle hidden.
    pub(crate) fn wrong_key(masked: &str) -> Self {
        let message = format!(
            "Incorrect API key provided: {masked}. You can find your API key at \
             https://platform.openai.com/account/api-keys."
        );
        Self::new(401, "invalid_request_error", Some("invalid_api_key"), &message).anonymous()
    }

    pub(crate) fn azure_key() -> Self {
        let message = "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a \
                       valid key for an active subscription and use a correct regional API endpoint for your resource.";
        Self::json(401, &json!({ "error": { "code": "401", "message": message } })).anonymous()
    }

    pub(crate) fn azure_not_found() -> Self {
        Self::json(404, &json!({ "error": { "code": "404", "message": "Resource not found" } }))
    }

    pub(crate) fn azure_no_deployment() -> Self {
        let message = "The API deployment for this resource does not exist. If you created the deployment within the \
                       last 5 minutes, please wait a moment and try again.";
        Self::json(404, &json!({ "error": { "code": "DeploymentNotFound", "message": message } }))
    }

    /// What Azure answers to an upgrade for a deployment of another kind of model; its spelling is Azure's.
    pub(crate) fn azure_no_realtime(deployment: &str) -> Self {
        let message = format!("The realtime operation does not work with the specified model, {deployment}.");
        Self::json(400, &json!({ "error": { "code": "OpperationNotSupported", "message": message } }))
    }

    /// An upgrade that names no model.
    pub(crate) fn no_model_named() -> Self {
        Self::bad_request(Some("missing_model"), "You must provide a model parameter.")
    }

    /// An upgrade that asks for the interface before general availability, which is gone.
    pub(crate) fn beta_is_gone() -> Self {
        let message = "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.";
        Self::bad_request(Some("beta_api_shape_disabled"), message)
    }

    pub(crate) fn region() -> Self {
        let message = "Country, region, or territory not supported";
        Self::new(403, "request_forbidden", Some("unsupported_country_region_territory"), message)
    }

    pub(crate) fn project(model: &str) -> Self {
        let message = format!("Project `proj_standin` does not have access to model `{model}`");
        Self::new(403, "invalid_request_error", Some("model_not_found"), &message)
    }

    pub(crate) fn no_such_model(model: &str) -> Self {
        let message = format!("The model `{model}` does not exist or you do not have access to it.");
        Self::new(404, "invalid_request_error", Some("model_not_found"), &message)
    }

    pub(crate) fn invalid_url(method: &str, path: &str) -> Self {
        Self::new(404, "invalid_request_error", None, &format!("Invalid URL ({method} {path})"))
    }

    /// Too much of `unit`: `("requests", "RPM")` or `("tokens", "TPM")`, which is also the error's type.
    pub(crate) fn rate_limit(unit: (&str, &str), model: &str, limit: u64, requested: u64, wait: Duration) -> Self {
        let message = rate_limit_message(unit, model, limit, requested, wait);
        Self::new(429, unit.0, Some("rate_limit_exceeded"), &message).retry_after(wait)
    }

    pub(crate) fn slow_down() -> Self {
        let message = "Your request rate increased too quickly. Reduce your request rate and increase it gradually.";
        Self::new(429, "rate_limit_error", Some("slow_down"), message)
    }

    /// Nothing left to spend: the one 429 that another attempt cannot mend.
    pub(crate) fn quota(code: &str) -> Self {
        let message = match code {
            "credit_balance_exhausted" => {
                "Your organization has no prepaid credits remaining. Add credits to continue using the API."
            }
            "organization_spend_limit_exceeded" => "Your organization has reached its spend limit.",
            "project_spend_limit_exceeded" => "Your project has reached its spend limit.",
            "organization_usage_limit_exceeded" => "Your organization has reached its usage limit.",
            _ => "You exceeded your current quota, please check your plan and billing details.",
        };
        Self::new(429, "insufficient_quota", Some(code), message)
    }

    pub(crate) fn server_error(status: u16) -> Self {
        let message = "The server had an error while processing your request. Sorry about that!";
        Self::new(status, "server_error", None, message)
    }

    pub(crate) fn overloaded() -> Self {
        let message = "The requested model is temporarily overloaded. Please try again later.";
        Self::new(503, "service_unavailable_error", Some("server_is_overloaded"), message)
    }

    pub(crate) fn old_overloaded() -> Self {
        let message = "The server is currently overloaded with other requests. Sorry about that! You can retry your \
                       request, or contact us through our help center if the error persists.";
        Self::new(503, "server_error", None, message)
    }

    /// The page of an edge proxy, which knows nothing of JSON.
    pub(crate) fn html(status: u16) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html><head><title>api.openai.com | {status}</title></head>\n<body><h1>Error {status}\
             </h1><p>The web server reported an error.</p><hr>cloudflare</body></html>\n"
        );
        Self { content_type: "text/html; charset=UTF-8", body: page, ..Self::server_error(status).anonymous() }
    }

    /// `FastAPI`'s own validation error, as servers without OpenAI's wrapper answer.
    pub(crate) fn fastapi(complaints: &Complaints) -> Self {
        Self::json(422, &json!({ "detail": complaints.detail() })).anonymous()
    }

    /// The stand-in cannot do what it was told: a mistake of its operator, not a scripted fault.
    pub(crate) fn of_the_stand_in(status: u16, message: &str) -> Self {
        Self::new(status, "stand_in_error", None, message)
    }

    fn json(status: u16, body: &Value) -> Self {
        Self { body: body.to_string(), ..Self::server_error(status) }
    }
}
