//! A panic in one call is that call's end, with a status, and nobody else's.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use http::HeaderMap;
use tonic::Status;

use crate::error::Error;
use crate::grpc::status;
use crate::pipeline::Failure;
use crate::telemetry::Observer;

use super::call::Call;

/// Polls what may panic. `None` means that it did, and must not be polled again.
///
/// That nothing broken is seen afterwards follows from this: whoever gets `None` only drops what it polled. The payload
/// is dropped unread, because a panic message may quote the text that it stumbled over.
pub(super) fn caught<T>(poll: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(poll)).ok()
}

/// What the caller of `call` is told.
pub(super) fn status(call: Option<&Call>) -> Status {
    let failure = Failure::at_the_door(Error::internal("the call panicked"));
    let observer = call.and_then(Call::observer);
    if let Some(observer) = observer {
        observer.failed(&failure.error);
    }
    status::status(&failure, &observer.and_then(Observer::request_id).unwrap_or_default())
}

/// The same as trailers.
pub(super) fn trailers(call: Option<&Call>) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    // Fails only for metadata or messages that are no header values.
    let _ = status(call).add_header(&mut trailers);
    trailers
}
