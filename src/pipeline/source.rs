//! Where the segments of an utterance come from.

use std::ops::Range;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use crate::error::Result;
use crate::speech::Segment;

/// Gives one segment after the other, each when it is time to ask an engine for it.
pub(super) trait Source: Send {
    /// The next segment; none if there are no more. An error ends the utterance.
    fn poll_segment(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Segment>>>;

    /// A segment that was given has been spoken, in so much audio, which is heard then from the utterance's first sample on;
    /// where that is known.
    fn spoken(&mut self, _segment: &Segment, _duration: Option<Duration>, _heard: Option<Range<Duration>>) {}
}

/// Segments of a whole text, cut only when they are wanted.
pub(super) type Segments = Box<dyn Iterator<Item = Segment> + Send>;

impl Source for Segments {
    fn poll_segment(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Segment>>> {
        Poll::Ready(self.next().map(Ok))
    }
}
