//! A response body that plays a script: each write at its time, and a cut that really cuts.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use http_body::Frame;
use http_body::SizeHint;
use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;

use super::connection::Line;
use super::log::End;
use super::log::Entry;
use super::script::Act;
use super::script::Grain;
use super::script::Script;
use super::script::Step;

/// Lengths into which the odd grain cuts, over and over.
const ODD_LENGTHS: [usize; 6] = [1, 3, 7, 1021, 255, 4097];
/// Time for what was written to reach the wire before the connection is cut.
const LINGER: Duration = Duration::from_millis(20);

/// The body of one answer; dropping it before its end means that the client left.
pub(crate) struct Playback {
    steps: VecDeque<Step>,
    grain: Grain,
    /// Length to announce instead of streaming.
    announced: Option<u64>,
    /// When the headers left.
    origin: Instant,
    alarm: Pin<Box<Sleep>>,
    pieces: usize,
    /// Whether the connection was given a turn to send the last piece by itself.
    flushed: bool,
    entry: Entry,
    line: Line,
}

/// The error that makes the server drop the connection without ending the body.
#[derive(Debug)]
pub(crate) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the stand-in was told to cut this answer")
    }
}

impl std::error::Error for Cut {}

impl Playback {
    /// Starts the clock of `script`, whose writes are told to `entry`.
    pub(crate) fn new(script: Script, announced: Option<u64>, entry: Entry, line: Line) -> Self {
        let origin = Instant::now();
        let mut steps = script.steps;
        for step in &mut steps {
            step.at += if matches!(step.act, Act::Cut { .. }) { LINGER } else { Duration::ZERO };
        }
        Self {
            steps,
            grain: script.grain,
            announced,
            origin,
            alarm: Box::pin(sleep_until(origin)),
            pieces: 0,
            flushed: true,
            entry,
            line,
        }
    }

    /// Waits for the time of the front step.
    fn poll_due(&mut self, at: Duration, context: &mut Context<'_>) -> Poll<()> {
        let due = self.origin + at;
        if Instant::now() >= due {
            return Poll::Ready(());
        }
        if self.alarm.deadline() != due {
            self.alarm.as_mut().reset(due);
        }
        self.alarm.as_mut().poll(context)
    }

    /// Takes the next piece off the front write.
    fn piece(&mut self) -> Option<Bytes> {
        let Some(Step { act: Act::Write(bytes), .. }) = self.steps.front_mut() else { return None };
        let length = match self.grain {
            Grain::Whole => bytes.len(),
            Grain::OneByte => 1,
            Grain::Odd => ODD_LENGTHS[self.pieces % ODD_LENGTHS.len()],
        };
        let piece = bytes.split_to(length.min(bytes.len()));
        if bytes.is_empty() {
            self.steps.pop_front();
        }
        self.pieces += 1;
        self.flushed = self.grain == Grain::Whole;
        Some(piece)
    }
}

impl Body for Playback {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        let Some(step) = this.steps.front() else {
            this.entry.end(End::Completed);
            return Poll::Ready(None);
        };
        let at = step.at;
        let cut = match step.act {
            Act::Cut { reset } => Some(reset),
            Act::Write(_) => None,
        };
        if this.poll_due(at, context).is_pending() {
            return Poll::Pending;
        }
        if !this.flushed {
            // One idle turn makes the server send the piece before it asks for another.
            this.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(reset) = cut {
            this.line.cut(reset);
            this.entry.end(End::Cut { reset });
            return Poll::Ready(Some(Err(Cut)));
        }
        Poll::Ready(this.piece().map(|piece| {
            this.entry.wrote(piece.len());
            Ok(Frame::data(piece))
        }))
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
