//! A response body that tells its call how the stream ended.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use http_body::Body;
use http_body::Frame;
use http_body::SizeHint;
use pin_project_lite::pin_project;

use super::call::Call;
use super::panics;

pin_project! {
    /// The body of an observed call. Frames pass through untouched.
    pub struct ObservedBody<B> {
        // Dropped before the call, so that what nests in the call's span ends before it.
        #[pin]
        inner: B,
        call: Option<Call>,
        panicked: bool,
    }
}

impl<B> ObservedBody<B> {
    pub(super) fn new(inner: B, call: Option<Call>) -> Self {
        Self { inner, call, panicked: false }
    }
}

impl<B: Body> Body for ObservedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        if *this.panicked {
            return Poll::Ready(None);
        }
        let polled = panics::caught(|| this.inner.poll_frame(context)).unwrap_or_else(|| {
            *this.panicked = true;
            Poll::Ready(Some(Ok(Frame::trailers(panics::trailers(this.call.as_ref())))))
        });
        if let Some(call) = this.call {
            match &polled {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Some(trailers) = frame.trailers_ref() {
                        call.trailed(trailers);
                    }
                }
                Poll::Ready(Some(Err(_)) | None) => call.broken(),
                Poll::Pending => {}
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.panicked || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
