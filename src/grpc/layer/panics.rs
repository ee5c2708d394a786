//! A panic in one call is that call's end, with a status, and nobody else's.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use http::HeaderMap;
use tonic::Status;

/// Polls what may panic. `None` means that it did, and must not be polled again.
///
/// That nothing broken is seen afterwards follows from this: whoever gets `None` only drops what it polled. The payload
/// is dropped unread, because a panic message may quote the text that it stumbled over.
pub(super) fn caught<T>(poll: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(poll)).ok()
}

/// What the caller is told.
pub(super) fn status() -> Status {
    Status::internal("The service failed to process the request. Please report the request id.")
}

/// The same as trailers.
pub(super) fn trailers() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    // Fails only for metadata or messages that are no header values.
    let _ = status().add_header(&mut trailers);
    trailers
}
