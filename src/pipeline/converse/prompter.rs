//! Gives the segments of an utterance while it is being written, each when it is due.
//!
//! A first sentence is due at once: the listener waits. Later ones are worth waiting for as long as there is something to
//! hear, for each segment is a call that costs its share and a joint that might be noticed, and what is spoken long before it
//! is heard is paid for even if the listener interrupts.

use std::collections::VecDeque;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;

use crate::error::Result;
use crate::pipeline::cast::Cast;
use crate::pipeline::cast::DEFAULT_MIN_CHARS;
use crate::pipeline::converse::heard::Place;
use crate::pipeline::converse::tempo::Tempo;
use crate::pipeline::manuscript::Manuscript;
use crate::pipeline::manuscript::Part;
use crate::pipeline::source::Source;
use crate::speech::Encoding;
use crate::speech::Ledger;
use crate::speech::Segment;
use crate::speech::SegmentationMode;
use crate::text;
use crate::text::Live;
use crate::text::Taken;
use crate::text::Unit;

/// Letters of a sentence without an end after which a clause of it is spoken, while the listener waits.
const LONG_IN_COMING: usize = 60;

/// What is at least still to come of a segment that is being spoken.
const UNHEARD: Duration = Duration::from_millis(100);

/// How text is cut that is written as it is spoken; every wish has its default here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cutting {
    pub(super) mode: SegmentationMode,
    pub(super) max_buffer_delay: Duration,
    pub(super) min_chars: usize,
    pub(super) max_chars: usize,
    pub(super) lookahead: Duration,
}

impl Cutting {
    /// What `cast` is asked for.
    pub(super) fn of(cast: &Cast) -> Self {
        let wish = cast.manner.segmentation.clone().unwrap_or_default();
        Self {
            mode: wish.mode,
            max_buffer_delay: wish.max_buffer_delay.unwrap_or(Duration::from_secs(1)),
            min_chars: wish.min_chars.unwrap_or(DEFAULT_MIN_CHARS),
            max_chars: wish.max_chars.unwrap_or(300).min(cast.max_call_chars),
            lookahead: wish.lookahead.unwrap_or(Duration::from_secs(3)),
        }
    }
}

/// The segments of an utterance that is being written.
pub(super) struct Prompter {
    cast: Arc<Cast>,
    cutting: Cutting,
    part: Part,
    live: Live,
    manuscript: Manuscript,
    is_whole: bool,
    opened: Instant,
    /// When text was added last.
    written: Instant,
    /// When the first segment was given.
    given: Option<Instant>,
    /// When the listener has heard all that was sent.
    dry_at: Instant,
    tempo: Tempo,
    /// Segments that were given and are not yet spoken.
    coming: VecDeque<Segment>,
    places: Vec<Place>,
    index: usize,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Prompter {
    /// An empty one, to be spoken by `cast`.
    pub(super) fn new(cast: Arc<Cast>, ledger: Arc<Ledger>, deadline: Instant) -> Self {
        let now = Instant::now();
        let cutting = Cutting::of(&cast);
        let manuscript = Manuscript::new(&cast.manner.processing.clone().unwrap_or_default());
        let speed = cast.manner.speed.unwrap_or(1.0);
        let limits = text::Limits {
            max_chars: cutting.max_chars,
            max_tokens: cast.max_tokens,
            first_chars: cutting.max_chars,
            target_chars: cutting.max_chars,
            min_chars: cutting.min_chars,
        };
        Self {
            live: Live::new(cast.manner.language.clone(), limits),
            part: Part { delivery: Arc::new(cast.delivery(Encoding::PcmS16le)), ledger, deadline: deadline.into_std() },
            cast,
            cutting,
            manuscript,
            is_whole: false,
            opened: now,
            written: now,
            given: None,
            dry_at: now,
            tempo: Tempo::new(speed),
            coming: VecDeque::new(),
            places: Vec::new(),
            index: 0,
            alarm: None,
        }
    }

    /// More text.
    pub(super) fn write(&mut self, text: &str) {
        let new = self.manuscript.write(text);
        self.live.read(self.manuscript.left(), new);
        self.written = Instant::now();
    }

    /// What there is is to be spoken as it stands.
    pub(super) fn flush(&mut self) {
        self.settle();
        self.live.flush(self.manuscript.left());
    }

    fn settle(&mut self) {
        let new = self.manuscript.settle();
        self.live.read(self.manuscript.left(), new);
    }

    /// There is no room for more: what would wait for the caller's word does not.
    pub(super) fn overflow(&mut self) {
        if self.cutting.mode == SegmentationMode::Manual {
            self.flush();
        }
    }

    /// There will be no more text.
    pub(super) fn end(&mut self) {
        self.settle();
        self.is_whole = true;
        self.live.end();
    }

    /// Code points that wait to be spoken.
    pub(super) fn waiting(&self) -> usize {
        self.manuscript.waiting()
    }

    /// All that was written.
    pub(super) fn written(&self) -> &str {
        self.manuscript.written()
    }

    /// Audio was sent, all of which the listener will have heard at `dry_at`.
    pub(super) fn listen(&mut self, playing: Duration, dry_at: Instant) {
        self.dry_at = dry_at;
        self.tempo.hear(playing);
    }

    /// From the first text to the first segment.
    pub(super) fn aggregation(&self) -> Option<Duration> {
        self.given.map(|given| given - self.opened)
    }

    /// The segments in order, and when each is heard. `running` says from when to at least when the one is heard that is being
    /// spoken, which is known no better than its text tells.
    pub(super) fn places(&self, running: Option<Range<Duration>>) -> Vec<Place> {
        let mut places = self.places.clone();
        if let Some((segment, running)) = self.coming.front().zip(running) {
            let end = running.start + self.tempo.of(&segment.text);
            // As long as it is spoken, not all of it has been heard.
            let heard = running.start..end.max(running.end + UNHEARD);
            places.push(Place { segment: segment.clone(), heard });
        }
        places
    }

    /// What may be taken now, or when to look again if nothing happens before.
    fn due(&self, now: Instant) -> Result<Unit, Option<Instant>> {
        use SegmentationMode::Adaptive;
        use SegmentationMode::Eager;
        use SegmentationMode::Manual;
        use SegmentationMode::Sentence;
        let is_first = self.index == 0;
        let dry_at = self.dry_at.max(now) + self.tempo.coming();
        match self.cutting.mode {
            Manual => Ok(Unit::Flushed),
            Sentence => Ok(Unit::Sentence),
            Eager => Ok(if is_first { Unit::Clause(0) } else { Unit::Sentence }),
            Adaptive if is_first || dry_at <= now => Ok(Unit::Clause(LONG_IN_COMING)),
            Adaptive if dry_at <= now + self.cutting.lookahead => Ok(Unit::Sentences),
            Adaptive => Err(Some(dry_at - self.cutting.lookahead)),
        }
    }

    /// When what is there is spoken although it is no sentence; none if it never is.
    fn patience(&self) -> Option<Instant> {
        let has_text = self.manuscript.is_undecided() || text::is_speakable(self.manuscript.left());
        let has_patience = has_text && self.cutting.mode != SegmentationMode::Manual;
        has_patience.then(|| self.written + self.cutting.max_buffer_delay)
    }

    /// The next segment, or when to look again.
    fn take(&mut self, now: Instant) -> Result<Segment, Option<Instant>> {
        let unit = self.due(now)?;
        loop {
            if let Some(taken) = self.live.take(self.manuscript.left(), unit) {
                if let Some(segment) = self.cut_off(taken) {
                    return Ok(segment);
                }
                continue;
            }
            match self.patience() {
                Some(due) if due <= now => self.flush(),
                wait => return Err(wait),
            }
        }
    }

    /// The segment that was taken off the front, if it can be spoken.
    fn cut_off(&mut self, taken: Taken) -> Option<Segment> {
        let passage = taken.spoken.map(|(range, closing)| (self.manuscript.passage(range), closing));
        self.manuscript.cut(taken.used);
        let (passage, closing) = passage?;
        let index = self.index;
        self.index += 1;
        Some(passage.segment(index, closing, &self.part))
    }

    /// Has the task woken at `at`, which lies ahead; or wakes it now, if it does not.
    fn sleep(&mut self, at: Option<Instant>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = at else { return Poll::Pending };
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if alarm.deadline() != at {
            alarm.as_mut().reset(at);
        }
        alarm.as_mut().poll(cx)
    }
}

impl Source for Prompter {
    fn poll_segment(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Segment>>> {
        loop {
            if self.is_whole && !text::is_speakable(self.manuscript.left()) {
                return Poll::Ready(None);
            }
            let now = Instant::now();
            match self.take(now) {
                Ok(segment) => {
                    self.given.get_or_insert(now);
                    self.tempo.expect(&segment.text);
                    self.coming.push_back(segment.clone());
                    let checked = self.cast.check(&segment.text);
                    return Poll::Ready(Some(checked.map(|()| segment)));
                }
                Err(at) => match self.sleep(at, cx) {
                    Poll::Ready(()) => {}
                    Poll::Pending => return Poll::Pending,
                },
            }
        }
    }

    fn spoken(&mut self, segment: &Segment, duration: Option<Duration>, heard: Option<Range<Duration>>) {
        // A segment that was sent again in parts ends with the last of them.
        let is_over = self.coming.front().is_some_and(|first| segment.start_char + segment.chars >= end_char(first));
        if is_over {
            self.coming.pop_front();
        }
        self.tempo.end(&segment.text, duration.unwrap_or_default(), is_over);
        self.places.extend(heard.map(|heard| Place { segment: segment.clone(), heard }));
    }
}

fn end_char(segment: &Segment) -> usize {
    segment.start_char + segment.chars
}
