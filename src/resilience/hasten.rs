//! Makes an engine speak faster than it can.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use bytes::Bytes;
use futures_util::stream::Stream;

use crate::audio::Hasten;
use crate::error::Result;
use crate::speech::Frame;
use crate::speech::Outcome;
use crate::speech::Speech;

/// `speech`, which is PCM, shortened by `factor`.
///
/// # Errors
/// That of the speech, if it fails before anything of it is there.
pub(super) async fn hastened(mut speech: Speech, factor: f64) -> Result<Speech> {
    let spoken = speech.take_spoken();
    let begun = Speech::begin(Hastened { speech, hasten: Some(Hasten::new(factor)), end: None }).await?;
    Ok(match spoken {
        Some(segment) => begun.spoken_as(segment),
        None => begun,
    })
}

struct Hastened {
    speech: Speech,
    /// None once the end has come.
    hasten: Option<Hasten>,
    end: Option<Outcome>,
}

impl Stream for Hastened {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame>>> {
        let this = &mut *self;
        loop {
            if let Some(outcome) = this.end.take() {
                return Poll::Ready(Some(Ok(Frame::End(outcome))));
            }
            let pcm = match ready!(Pin::new(&mut this.speech).poll_next(cx)) {
                Some(Ok(Frame::Audio(pcm))) => this.hasten.as_mut().map(|hasten| hasten.push(&pcm)),
                Some(Ok(Frame::End(outcome))) => {
                    this.end = Some(outcome);
                    this.hasten.take().map(Hasten::finish)
                }
                other => return Poll::Ready(other),
            };
            if let Some(pcm) = pcm.filter(|pcm: &Bytes| !pcm.is_empty()) {
                return Poll::Ready(Some(Ok(Frame::Audio(pcm))));
            }
        }
    }
}
