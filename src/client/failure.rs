//! What went wrong, readable: the status, and the details that ride with it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use prost::Message;
use tonic::Code;
use tonic::Status;
use tonic_types::StatusExt;

use crate::proto::SynthesisFailure;

/// A call that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The gRPC code.
    pub code: Code,
    /// For people.
    pub message: String,
    /// The machine-readable reason, such as `VOICE_UNKNOWN`; empty if the server gave none.
    pub reason: String,
    /// The request fields that were refused, and why.
    pub fields: Vec<(String, String)>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// How far the synthesis had come.
    pub progress: Option<Box<SynthesisFailure>>,
}

/// The type of [`SynthesisFailure`] in the details of a status.
const SYNTHESIS_FAILURE: &str = "rhapsode.v1.SynthesisFailure";

impl Failure {
    /// A failure with nothing but a code and a sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            reason: String::new(),
            fields: Vec::new(),
            retry_after: None,
            progress: None,
        }
    }

    /// The failure that a status and its details describe.
    pub fn from_status(status: &Status) -> Self {
        let details = status.get_error_details();
        let violations = details.bad_request().into_iter().flat_map(|bad| &bad.field_violations);
        Self {
            reason: details.error_info().map(|info| info.reason.clone()).unwrap_or_default(),
            fields: violations.map(|one| (one.field.clone(), one.description.clone())).collect(),
            retry_after: details.retry_info().and_then(|info| info.retry_delay),
            progress: progress(status).map(Box::new),
            ..Self::new(status.code(), status.message())
        }
    }

    pub(super) fn usage(message: &str, cause: &dyn StdError) -> Self {
        Self::new(Code::InvalidArgument, format!("{message}: {}", deepest(cause)))
    }

    pub(super) fn unreachable(url: &str, cause: &dyn StdError) -> Self {
        Self::new(Code::Unavailable, format!("cannot reach the server at {url}: {}", deepest(cause)))
    }
}

/// The cause that says something: tonic's own layers all read "transport error".
fn deepest(cause: &dyn StdError) -> String {
    let mut cause = cause;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn progress(status: &Status) -> Option<SynthesisFailure> {
    let details = tonic_types::pb::Status::decode(status.details()).ok()?.details;
    let failure = details.iter().find(|any| any.type_url.rsplit('/').next() == Some(SYNTHESIS_FAILURE))?;
    SynthesisFailure::decode(failure.value.as_slice()).ok()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.reason.is_empty() {
            write!(f, " ({})", self.reason)?;
        }
        for (field, problem) in &self.fields {
            if *problem == self.message {
                write!(f, "\n  field: {field}")?;
            } else {
                write!(f, "\n  {field}: {problem}")?;
            }
        }
        if let Some(wait) = self.retry_after {
            write!(f, "\n  try again after: {}", humantime::format_duration(wait))?;
        }
        self.progress.as_ref().map_or(Ok(()), |progress| show(f, progress))
    }
}

fn show(f: &mut fmt::Formatter<'_>, progress: &SynthesisFailure) -> fmt::Result {
    if let Some(upstream) = &progress.upstream_error {
        write!(f, "\n  upstream: {}", upstream.provider)?;
        if upstream.http_status_code != 0 {
            write!(f, ", HTTP {}", upstream.http_status_code)?;
        }
        for part in [&upstream.code, &upstream.request_id].into_iter().filter(|part| !part.is_empty()) {
            write!(f, ", {part}")?;
        }
    }
    if progress.audio_started {
        write!(f, "\n  go on from character {} of the text", progress.resume_char)?;
    }
    if progress.request_id.is_empty() {
        return Ok(());
    }
    write!(f, "\n  request id: {}", progress.request_id)
}

impl StdError for Failure {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use prost::Message;
    use prost_types::Any;
    use tonic::Code;
    use tonic::Status;
    use tonic_types::ErrorDetails;
    use tonic_types::StatusExt;

    use super::Failure;
    use super::SYNTHESIS_FAILURE;
    use crate::proto::SynthesisFailure;
    use crate::proto::UpstreamError;

    #[test]
    fn a_refused_field_is_named_once() {
        let mut details =
            ErrorDetails::with_error_info("VOICE_UNKNOWN", "rhapsode.dev", [("nearMatches".into(), "nova".into())]);
        details.add_bad_request_violation("config.voice", "no such voice");
        let status = Status::with_error_details(Code::InvalidArgument, "no such voice", details);
        let failure = Failure::from_status(&status);
        assert_eq!(failure.to_string(), "no such voice (VOICE_UNKNOWN)\n  field: config.voice");
    }

    #[test]
    fn the_details_of_a_broken_stream_say_how_to_go_on() {
        let failure = SynthesisFailure {
            request_id: "r-1".to_owned(),
            audio_started: true,
            resume_char: 120,
            upstream_error: Some(UpstreamError {
                provider: "openai".to_owned(),
                http_status_code: 503,
                code: "server_is_overloaded".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let value = failure.encode_to_vec();
        let any = Any { type_url: format!("type.googleapis.com/{SYNTHESIS_FAILURE}"), value };
        let details = tonic_types::pb::Status { code: 10, message: String::new(), details: vec![any] };
        let status = Status::with_details(Code::Aborted, "cut", details.encode_to_vec().into());
        let shown = Failure::from_status(&status).to_string();
        let expected = "cut\n  upstream: openai, HTTP 503, server_is_overloaded\n  \
                        go on from character 120 of the text\n  request id: r-1";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_wait_is_told_and_rubbish_in_the_details_is_survived() {
        let details = ErrorDetails::with_retry_info(Some(Duration::from_millis(1500)));
        let status = Status::with_error_details(Code::Unavailable, "full", details);
        assert_eq!(Failure::from_status(&status).to_string(), "full\n  try again after: 1s 500ms");
        let rubbish = Status::with_details(Code::Internal, "oh", b"\xff\xff rubbish".as_slice().into());
        assert_eq!(Failure::from_status(&rubbish), Failure::new(Code::Internal, "oh"));
    }
}
