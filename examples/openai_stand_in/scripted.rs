//! Faults that replace the answer by an error.

use std::time::Duration;

use super::contract::complaints_about_speed;
use super::faults::Dialect;
use super::faults::Fault;
use super::refusal::Refusal;

/// The error that the first such fault asks for; `model` and `body` are named in its text.
pub(crate) fn refusal(faults: &[Fault], model: &str, body: &[u8]) -> Option<Refusal> {
    faults.iter().find_map(|fault| of(fault, model, body))
}

fn of(fault: &Fault, model: &str, body: &[u8]) -> Option<Refusal> {
    let refusal = match fault {
        Fault::Status { status, code, kind, message, retry_after_ms } => {
            let mut refusal = status_refusal(*status, code.as_deref(), kind.as_deref(), message.as_deref(), model);
            refusal.retry_after = retry_after_ms.map(Duration::from_millis).or(refusal.retry_after);
            refusal
        }
        Fault::Rpm { retry_after_ms } => rate_limit(("requests", "RPM"), model, (500, 1), *retry_after_ms),
        Fault::Tpm { retry_after_ms } => rate_limit(("tokens", "TPM"), model, (30_000, 1200), *retry_after_ms),
        Fault::SlowDown => Refusal::slow_down(),
        Fault::Quota { code } => Refusal::quota(code.as_deref().unwrap_or("credit_balance_exhausted")),
        Fault::Region => Refusal::region(),
        Fault::Project => Refusal::project(model),
        Fault::Retired => Refusal::no_such_model(model),
        Fault::Overloaded => Refusal::overloaded(),
        Fault::OldOverloaded => Refusal::old_overloaded(),
        Fault::Html { status } => Refusal::html(*status),
        Fault::ShouldRetryFalse { status } => Refusal::server_error(*status).should_retry(false),
        Fault::Dialect { name: Dialect::Fastapi422 } => Refusal::fastapi(&complaints_about_speed(body)),
        _ => return None,
    };
    Some(refusal)
}

fn rate_limit(unit: (&str, &str), model: &str, (limit, requested): (u64, u64), wait_ms: u64) -> Refusal {
    Refusal::rate_limit(unit, model, limit, requested, Duration::from_millis(wait_ms))
}

/// The real body of a code where there is one, and otherwise one made of the parts that were given.
pub(crate) fn status_refusal(
    status: u16,
    code: Option<&str>,
    kind: Option<&str>,
    message: Option<&str>,
    model: &str,
) -> Refusal {
    if let (Some(known), None, None) = (code.and_then(|code| known(code, model)), kind, message) {
        return Refusal { status, ..known };
    }
    let kind = kind.unwrap_or(if status >= 500 { "server_error" } else { "invalid_request_error" });
    let told = format!("The stand-in was told to answer {status}.");
    Refusal::new(status, kind, code, message.unwrap_or(&told))
}

fn known(code: &str, model: &str) -> Option<Refusal> {
    match code {
        // The real service always computes a delay for this one; a fault may set another.
        "rate_limit_exceeded" => Some(rate_limit(("requests", "RPM"), model, (500, 1), 120)),
        "slow_down" => Some(Refusal::slow_down()),
        "server_is_overloaded" => Some(Refusal::overloaded()),
        "invalid_api_key" => Some(Refusal::wrong_key("********")),
        "model_not_found" => Some(Refusal::no_such_model(model)),
        "insufficient_quota"
        | "credit_balance_exhausted"
        | "organization_spend_limit_exceeded"
        | "project_spend_limit_exceeded"
        | "organization_usage_limit_exceeded" => Some(Refusal::quota(code)),
        _ => None,
    }
}
