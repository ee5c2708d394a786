//! What a status says beyond its code: the `google.rpc` details, decoded by their type names alone.

use prost::Message;
use rhapsode::proto::SynthesisFailure;
use tonic::Code;
use tonic::Status;
use tonic_types::pb;

/// A status with its details.
#[derive(Debug)]
pub(crate) struct Details {
    pub(crate) code: Code,
    pub(crate) info: pb::ErrorInfo,
    pub(crate) request: pb::RequestInfo,
    pub(crate) failure: SynthesisFailure,
    pub(crate) fields: Vec<String>,
    pub(crate) retry_after: Option<f64>,
    pub(crate) quota: Option<pb::QuotaFailure>,
    pub(crate) resource: Option<pb::ResourceInfo>,
    pub(crate) help: Option<pb::Help>,
    pub(crate) pushback_ms: Option<i64>,
}

impl Details {
    /// Decodes the details that every status of this service has to carry.
    pub(crate) fn of(status: &Status) -> Self {
        let wire = pb::Status::decode(status.details()).unwrap();
        assert_eq!(wire.code, i32::from(status.code()));
        assert_eq!(wire.message, status.message());
        assert!(!status.message().is_empty());
        let pushback = status.metadata().get("grpc-retry-pushback-ms");
        let details = Self {
            code: status.code(),
            info: find(&wire, "google.rpc.ErrorInfo").unwrap(),
            request: find(&wire, "google.rpc.RequestInfo").unwrap(),
            failure: find(&wire, "rhapsode.v1.SynthesisFailure").unwrap(),
            fields: find::<pb::BadRequest>(&wire, "google.rpc.BadRequest")
                .map(|bad| bad.field_violations.into_iter().map(|violation| violation.field).collect())
                .unwrap_or_default(),
            retry_after: find::<pb::RetryInfo>(&wire, "google.rpc.RetryInfo").map(seconds),
            quota: find(&wire, "google.rpc.QuotaFailure"),
            resource: find(&wire, "google.rpc.ResourceInfo"),
            help: find(&wire, "google.rpc.Help"),
            pushback_ms: pushback.map(|value| value.to_str().unwrap().parse().unwrap()),
        };
        assert_eq!(details.info.domain, "rhapsode.dev");
        assert_eq!(details.request.request_id, details.failure.request_id);
        assert_eq!(status.metadata().get("x-request-id").unwrap().to_str().unwrap(), details.request.request_id);
        details
    }

    /// Code and reason, which is what a caller branches on.
    pub(crate) fn meaning(&self) -> (Code, &str) {
        (self.code, &self.info.reason)
    }
}

fn find<T: Message + Default>(status: &pb::Status, name: &str) -> Option<T> {
    let wanted = format!("type.googleapis.com/{name}");
    let detail = status.details.iter().find(|detail| detail.type_url == wanted)?;
    Some(T::decode(detail.value.as_slice()).unwrap())
}

#[expect(clippy::cast_precision_loss, reason = "a few seconds")]
fn seconds(info: pb::RetryInfo) -> f64 {
    let delay = info.retry_delay.unwrap();
    delay.seconds as f64 + f64::from(delay.nanos) / 1e9
}
