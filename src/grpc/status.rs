//! The only place where an error becomes a `tonic::Status`.
//!
//! Every status carries `google.rpc.Status` in `grpc-status-details-bin`, with `ErrorInfo` (AIP-193), `RequestInfo` and
//! our own `SynthesisFailure`, and beside them what the kind of error calls for. `grpc-retry-pushback-ms` (gRFC A6) tells
//! gRPC's own retry machinery to wait, or, with −1, not to try again.

use std::time::Duration;

use prost::Message;
use prost_types::Any;
use tonic::Code;
use tonic::Status;
use tonic::metadata::MetadataMap;
use tonic::metadata::MetadataValue;
use tonic_types::pb;

use crate::error::Error;
use crate::error::Kind;
use crate::grpc::convert;
use crate::pipeline::Failure;
use crate::proto;

/// The `domain` of every `ErrorInfo`.
pub const DOMAIN: &str = "rhapsode.dev";

/// Turns a failed call into its status.
pub(super) fn status(failure: &Failure, request_id: &str) -> Status {
    let error = &failure.error;
    let code = code(error.kind());
    let wire =
        pb::Status { code: code.into(), message: error.message().to_owned(), details: details(failure, request_id) };
    Status::with_details_and_metadata(code, error.message(), wire.encode_to_vec().into(), metadata(error, request_id))
}

/// The gRPC code of each kind of error.
pub(super) fn code(kind: Kind) -> Code {
    match kind {
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::UpstreamRejected
        | Kind::ContentRejected => Code::InvalidArgument,
        Kind::ClipTooLarge | Kind::UpstreamRateLimited | Kind::UpstreamQuotaExhausted => Code::ResourceExhausted,
        Kind::Overloaded
        | Kind::Draining
        | Kind::UpstreamUnavailable
        | Kind::UpstreamTimeout
        | Kind::UpstreamEmptyAudio
        | Kind::UpstreamDeviated => Code::Unavailable,
        Kind::UpstreamModelNotFound => Code::NotFound,
        // Retried "at a higher level" only (AIP-194): the caller decides where to resume.
        Kind::UpstreamTruncated => Code::Aborted,
        Kind::DeadlineExceeded => Code::DeadlineExceeded,
        // Our key, not the caller's: UNAUTHENTICATED would send the caller to look for a fault of their own.
        Kind::UpstreamCredentials | Kind::Internal => Code::Internal,
    }
}

/// What gRPC's retry machinery should do: `None` leaves it to its policy, a negative number forbids a retry.
fn pushback_ms(error: &Error) -> Option<i64> {
    match error.kind() {
        Kind::ClipTooLarge | Kind::UpstreamQuotaExhausted => Some(-1),
        Kind::Draining => Some(0),
        Kind::Overloaded | Kind::UpstreamRateLimited => Some(error.retry_after().map_or(1000, millis_up)),
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::UpstreamUnavailable
        | Kind::UpstreamTimeout
        | Kind::UpstreamCredentials
        | Kind::UpstreamModelNotFound
        | Kind::UpstreamRejected
        | Kind::ContentRejected
        | Kind::UpstreamEmptyAudio
        | Kind::UpstreamDeviated
        | Kind::UpstreamTruncated
        | Kind::DeadlineExceeded
        | Kind::Internal => None,
    }
}

/// How long a caller should wait before trying again, where trying again makes sense.
fn retry_delay(error: &Error) -> Option<Duration> {
    match error.kind() {
        Kind::Overloaded
        | Kind::UpstreamUnavailable
        | Kind::UpstreamTimeout
        | Kind::UpstreamEmptyAudio
        | Kind::UpstreamDeviated
        | Kind::UpstreamRateLimited => Some(error.retry_after().unwrap_or(Duration::from_secs(1))),
        Kind::Draining => Some(Duration::ZERO),
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::ClipTooLarge
        | Kind::UpstreamQuotaExhausted
        | Kind::UpstreamCredentials
        | Kind::UpstreamModelNotFound
        | Kind::UpstreamRejected
        | Kind::ContentRejected
        | Kind::UpstreamTruncated
        | Kind::DeadlineExceeded
        | Kind::Internal => None,
    }
}

fn details(failure: &Failure, request_id: &str) -> Vec<Any> {
    let error = &failure.error;
    let mut details = vec![
        pack("google.rpc.ErrorInfo", &error_info(error)),
        pack(
            "google.rpc.RequestInfo",
            &pb::RequestInfo { request_id: request_id.to_owned(), serving_data: String::new() },
        ),
        pack("rhapsode.v1.SynthesisFailure", &synthesis_failure(failure, request_id)),
    ];
    if let Some(violation) = field_violation(error) {
        details.push(pack("google.rpc.BadRequest", &pb::BadRequest { field_violations: vec![violation] }));
    }
    if let Some(delay) = retry_delay(error) {
        details.push(pack("google.rpc.RetryInfo", &pb::RetryInfo { retry_delay: Some(convert::duration(delay)) }));
    }
    details.extend(kind_detail(error));
    details
}

/// The detail that only one kind of error has.
fn kind_detail(error: &Error) -> Option<Any> {
    match error.kind() {
        Kind::UpstreamRateLimited | Kind::UpstreamQuotaExhausted => {
            let violation = pb::quota_failure::Violation {
                subject: format!("upstream:{}", provider(error)),
                description: error.message().to_owned(),
                ..Default::default()
            };
            Some(pack("google.rpc.QuotaFailure", &pb::QuotaFailure { violations: vec![violation] }))
        }
        Kind::UpstreamModelNotFound => Some(pack(
            "google.rpc.ResourceInfo",
            &pb::ResourceInfo {
                resource_type: "model".to_owned(),
                resource_name: fact(error, "model"),
                owner: provider(error).to_owned(),
                description: error.message().to_owned(),
            },
        )),
        Kind::ClipTooLarge => {
            let link = pb::help::Link {
                description: "Synthesize streams audio of any length.".to_owned(),
                url: "https://rhapsode.dev/docs/api.md".to_owned(),
            };
            Some(pack("google.rpc.Help", &pb::Help { links: vec![link] }))
        }
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::Overloaded
        | Kind::Draining
        | Kind::UpstreamUnavailable
        | Kind::UpstreamTimeout
        | Kind::UpstreamCredentials
        | Kind::UpstreamRejected
        | Kind::ContentRejected
        | Kind::UpstreamEmptyAudio
        | Kind::UpstreamDeviated
        | Kind::UpstreamTruncated
        | Kind::DeadlineExceeded
        | Kind::Internal => None,
    }
}

fn error_info(error: &Error) -> pb::ErrorInfo {
    pb::ErrorInfo {
        reason: error.kind().reason().to_owned(),
        domain: DOMAIN.to_owned(),
        metadata: error.facts().iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
    }
}

/// What was heard before a failure, and where to go on.
pub(super) fn synthesis_failure(failure: &Failure, request_id: &str) -> proto::SynthesisFailure {
    let upstream = failure.error.upstream().map(|fault| proto::UpstreamError {
        provider: fault.provider.clone(),
        http_status_code: fault.http_status.map_or(0, i32::from),
        code: fault.code.clone().unwrap_or_default(),
        request_id: fault.request_id.clone().unwrap_or_default(),
    });
    proto::SynthesisFailure {
        request_id: request_id.to_owned(),
        audio_started: failure.sent.chunks > 0,
        audio_sent_duration: failure.sent.duration.map(convert::duration),
        last_sequence: convert::count(failure.sent.chunks) - 1,
        utterance_index: convert::index(failure.utterance),
        resume_char: convert::small(failure.resume_char),
        upstream_error: upstream,
        usage: Some(convert::usage(&failure.usage)),
    }
}

fn field_violation(error: &Error) -> Option<pb::bad_request::FieldViolation> {
    let field = error.field()?;
    Some(pb::bad_request::FieldViolation {
        field: field.to_owned(),
        description: error.message().to_owned(),
        reason: error.kind().reason().to_owned(),
        localized_message: None,
    })
}

fn metadata(error: &Error, request_id: &str) -> MetadataMap {
    let mut metadata = MetadataMap::new();
    if let Ok(id) = MetadataValue::try_from(request_id) {
        metadata.insert("x-request-id", id);
    }
    if let Some(pushback) = pushback_ms(error) {
        metadata.insert("grpc-retry-pushback-ms", MetadataValue::from(pushback));
    }
    metadata
}

fn pack(name: &str, message: &impl Message) -> Any {
    Any { type_url: format!("type.googleapis.com/{name}"), value: message.encode_to_vec() }
}

fn provider(error: &Error) -> &str {
    error.upstream().map_or("", |fault| fault.provider.as_str())
}

fn fact(error: &Error, key: &str) -> String {
    error.facts().iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Milliseconds, rounded up, so that nobody comes back too early.
fn millis_up(wait: Duration) -> i64 {
    i64::try_from(wait.as_micros().div_ceil(1000)).unwrap_or(i64::MAX)
}
