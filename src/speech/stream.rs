//! Speech that has begun.

use std::fmt;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use futures_util::stream::Stream;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;

use super::Segment;
use super::Tokens;

/// One thing that an engine says while it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Bytes in the encoding that the segment asked for, never none; whole 24 kHz samples if that is PCM.
    Audio(Bytes),
    /// The end, exactly once and last. A stream that stops without it was cut.
    End(Outcome),
}

/// What is known once a segment has been spoken whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Token counts, if the engine reported them.
    pub tokens: Option<Tokens>,
    /// Where what was said is not what was to be said, if the engine can tell.
    pub deviation: Option<Deviation>,
}

/// Words that were not spoken as they stood there. They are the caller's own, and for nobody else's eyes.
#[derive(Clone, PartialEq, Eq)]
pub struct Deviation {
    /// What was to be said; empty if something was added.
    pub wanted: String,
    /// What was said; empty if something was left out.
    pub said: String,
    /// Where in the segment's text that begins, in code points.
    pub at_char: usize,
}

/// Without the words.
impl fmt::Debug for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deviation").field("at_char", &self.at_char).finish_non_exhaustive()
    }
}

/// Speech whose first audio is already in hand.
///
/// An error instead of a `Speech` therefore means that nothing was sent, so that whoever retries needs no replay buffer.
/// Dropping it drops the connection, the permit and the timers behind it.
pub struct Speech {
    /// The first audio, until it is taken. Kept beside the frames, so that no wrapper has to carry it.
    first: Option<Bytes>,
    frames: BoxStream<'static, Result<Frame>>,
    /// What is spoken, if that is not what was asked for in every respect.
    spoken: Option<Box<Segment>>,
}

impl Speech {
    /// Waits for the first audio of `frames`.
    ///
    /// # Errors
    /// The stream's own error if it comes before any audio, [`Kind::UpstreamEmptyAudio`] if the stream ends without any.
    pub async fn begin(frames: impl Stream<Item = Result<Frame>> + Send + 'static) -> Result<Self> {
        let mut frames = frames.boxed();
        loop {
            match frames.next().await {
                Some(Ok(Frame::Audio(audio))) if audio.is_empty() => {}
                Some(Ok(Frame::Audio(audio))) => return Ok(Self { first: Some(audio), frames, spoken: None }),
                Some(Ok(Frame::End(_))) | None => return Err(empty()),
                Some(Err(error)) => return Err(error),
            }
        }
    }

    /// Puts a stream around the frames behind the first one, as wrappers do.
    #[must_use]
    pub fn map_frames<S>(self, wrap: impl FnOnce(BoxStream<'static, Result<Frame>>) -> S) -> Self
    where
        S: Stream<Item = Result<Frame>> + Send + 'static,
    {
        Self { frames: wrap(self.frames).boxed(), ..self }
    }

    /// Says that it is `segment` that is spoken: the same text, but by another model than was asked for.
    #[must_use]
    pub fn spoken_as(self, segment: Segment) -> Self {
        Self { spoken: Some(Box::new(segment)), ..self }
    }

    /// What is spoken, if that is not the segment that was asked for.
    pub fn take_spoken(&mut self) -> Option<Segment> {
        self.spoken.take().map(|segment| *segment)
    }
}

/// The frames, first audio first.
impl Stream for Speech {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame>>> {
        if let Some(audio) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::Audio(audio))));
        }
        self.frames.as_mut().poll_next(cx)
    }
}

fn empty() -> Error {
    Error::new(Kind::UpstreamEmptyAudio, "The speech engine answered without audio. Try again.")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use bytes::Bytes;
    use futures_util::StreamExt;
    use futures_util::stream;

    use super::Frame;
    use super::Outcome;
    use super::Speech;
    use crate::error::Kind;

    #[tokio::test]
    async fn begins_with_the_first_audio_and_loses_nothing() {
        let said = [
            Frame::Audio(Bytes::new()),
            Frame::Audio(Bytes::from_static(b"ab")),
            Frame::Audio(Bytes::from_static(b"cd")),
            Frame::End(Outcome::default()),
        ];
        let speech = Speech::begin(stream::iter(said.clone().map(Ok))).await.unwrap();
        let heard: Vec<_> = speech.map(Result::unwrap).collect().await;
        assert_eq!(heard, said[1..]);
    }

    #[tokio::test]
    async fn silence_is_an_error_and_not_speech() {
        let error = Speech::begin(stream::iter([Ok(Frame::End(Outcome::default()))])).await.err().unwrap();
        assert_eq!(error.kind(), Kind::UpstreamEmptyAudio);
    }
}
