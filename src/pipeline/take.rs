//! One utterance, being spoken: from the segments that an engine speaks to the chunks that leave.
//!
//! It counts everything from its own first sample and knows nothing of what was said before it. It moves only when it is
//! polled, and closes the upstream connections when it is dropped.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::Stream;
use tokio::time::Instant;

use crate::error::Error;
use crate::error::Result;
use crate::pipeline::account::Account;
use crate::pipeline::ahead::Ahead;
use crate::pipeline::ahead::Heard;
use crate::pipeline::cast::Entrance;
use crate::pipeline::event::Chunk;
use crate::pipeline::event::Event;
use crate::pipeline::event::Sent;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::pipeline::pacer::Pacer;
use crate::pipeline::production::Production;
use crate::pipeline::source::Source;
use crate::pipeline::timing;
use crate::pipeline::trail::Trail;
use crate::speech::Alignment;
use crate::speech::Deviation;
use crate::speech::Encoding;
use crate::speech::Outcome;
use crate::speech::Segment;
use crate::speech::playing_time;
use crate::telemetry::Observer;

/// The events of one utterance, at the pace at which they are polled.
pub(super) struct Take<S> {
    ahead: Ahead<S>,
    production: Production,
    alignment: Option<Alignment>,
    trail: Trail,
    outbox: VecDeque<Event>,
    stage: Stage,
    /// What broke it, told behind the audio that was there before.
    broken: Option<Error>,
    /// What has been made, in the outbox or out of it.
    made: Sent,
    /// What has been handed out.
    sent: Sent,
    /// The segment that sounds, until it has been booked.
    playing: Option<Segment>,
    /// Bytes that the engine has given of it.
    segment_bytes: u64,
    retries_told: u32,
    /// Who speaks at present: the place in the route.
    place: usize,
    /// What is told when somebody takes over, by place.
    entrances: Vec<Entrance>,
    account: Account,
    observer: Arc<Observer>,
    asked: Option<Instant>,
    first_byte: Option<Duration>,
    first_audio: Option<Instant>,
}

/// How far an utterance has come.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// More may be spoken.
    Speaking,
    /// All is made that will be.
    Spoken,
}

impl<S: Source + Unpin> Take<S> {
    /// Nothing is asked of an engine before the first poll. `entrances` are told, by place in the route, when somebody
    /// takes over.
    pub(super) fn new(
        ahead: Ahead<S>,
        production: Production,
        alignment: Option<Alignment>,
        account: Account,
        entrances: Vec<Entrance>,
        observer: Arc<Observer>,
    ) -> Self {
        let nothing = Sent { duration: production.no_time(), ..Sent::default() };
        Self {
            ahead,
            production,
            alignment,
            trail: Trail::default(),
            outbox: VecDeque::new(),
            stage: Stage::Speaking,
            broken: None,
            made: nothing,
            sent: nothing,
            playing: None,
            segment_bytes: 0,
            retries_told: 0,
            place: 0,
            entrances,
            account,
            observer,
            asked: None,
            first_byte: None,
            first_audio: None,
        }
    }

    /// Ready once there is audio to hand out, so that a failure before it can come instead of a stream.
    pub(super) fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        while self.made.chunks == 0 && self.stage == Stage::Speaking {
            ready!(self.poll_fill(cx))?;
        }
        Poll::Ready(Ok(()))
    }

    /// The next event, not faster than `pacer` allows; none once all has been told. An error is the last thing told.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>, pacer: &mut Option<Pacer>) -> Poll<Option<Result<Event>>> {
        loop {
            ready!(self.poll_pace(cx, pacer));
            if let Some(event) = self.outbox.pop_front() {
                self.hand_out(&event);
                return Poll::Ready(Some(Ok(event)));
            }
            match self.stage {
                Stage::Speaking => ready!(self.poll_fill(cx))?,
                Stage::Spoken => return Poll::Ready(self.broken.take().map(Err)),
            }
        }
    }

    /// Keeps the engine at work while nobody wants to hear more.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        if self.stage == Stage::Speaking {
            self.asked.get_or_insert_with(Instant::now);
            self.ahead.drive(cx);
        }
    }

    /// Whether everything has been asked of an engine that ever will be.
    pub(super) fn is_all_asked(&self) -> bool {
        self.ahead.is_last()
    }

    /// The caller brought so many code points more.
    pub(super) fn receive(&mut self, chars: usize) {
        self.account.receive(chars);
    }

    /// Where the segments come from.
    pub(super) fn source(&mut self) -> &mut S {
        self.ahead.source()
    }

    /// When the segment that is being spoken begins to be heard; none if none is, or it has not come to that.
    pub(super) fn begun(&self) -> Option<Duration> {
        if self.segment_bytes > 0 { self.production.begun() } else { None }
    }

    /// Who speaks at present: the place in the route, 0 for whoever is asked first.
    pub(super) fn place(&self) -> usize {
        self.place
    }

    /// Model and voice that speak at present.
    pub(super) fn speaker(&self) -> (Arc<str>, Arc<str>) {
        let route = self.entrances.get(self.place).map(|entrance| &entrance.route);
        route.map(|route| (Arc::clone(&route.model), Arc::clone(&route.voice))).unwrap_or_default()
    }

    /// What has been handed out.
    pub(super) fn sent(&self) -> Sent {
        self.sent
    }

    /// Whether an engine has begun to speak.
    pub(super) fn has_sounded(&self) -> bool {
        self.first_byte.is_some()
    }

    /// From the first request to the first audio.
    pub(super) fn first_byte(&self) -> Option<Duration> {
        self.first_byte
    }

    /// When the first audio was handed out.
    pub(super) fn first_audio(&self) -> Option<Instant> {
        self.first_audio
    }

    /// The silence that the audio began with, if it was looked for.
    pub(super) fn leading_silence(&self) -> Option<Duration> {
        self.production.leading_silence()
    }

    /// The first code point whose audio the caller may not have.
    pub(super) fn resume_char(&self) -> usize {
        self.trail.resume_char().unwrap_or_else(|| self.ahead.resume_char())
    }

    /// What it uses and costs.
    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    /// Charges what was used, however it ends: an upstream bills what it has begun to speak.
    pub(super) fn settle(&mut self) {
        if let Some(segment) = self.playing.take() {
            self.account.cut(&segment, segment_duration(&segment, self.segment_bytes));
        }
        if let Some(segment) = self.ahead.give_up_next() {
            Account::begin(&segment);
            self.account.cut(&segment, None);
        }
    }

    /// Puts at least one event into the outbox, now or later; or says why there will be none.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let asked = *self.asked.get_or_insert_with(Instant::now);
        let done = match ready!(Pin::new(&mut self.ahead).poll_next(cx)) {
            Some(Ok(Heard::Audio(audio))) => {
                self.first_byte.get_or_insert_with(|| asked.elapsed());
                self.hear(audio)
            }
            Some(Ok(Heard::End(segment, outcome))) => self.end_segment(&segment, &outcome),
            Some(Err(error)) => self.stop(error),
            None => self.finish(),
        };
        Poll::Ready(done)
    }

    fn hear(&mut self, audio: Bytes) -> Result<()> {
        if self.segment_bytes == 0
            && let Some(segment) = self.ahead.playing()
        {
            Account::begin(segment);
            self.playing = Some(segment.clone());
            self.tell_who_speaks();
        }
        self.segment_bytes += audio.len() as u64;
        self.tell_of_retries();
        self.production.push(audio, self.ahead.is_last())?;
        self.send();
        Ok(())
    }

    fn end_segment(&mut self, segment: &Segment, outcome: &Outcome) -> Result<()> {
        let duration = segment_duration(segment, self.segment_bytes);
        self.account.book(segment, outcome, duration);
        self.outbox.extend(outcome.deviation.as_ref().map(|deviation| Event::Warning(deviated(segment, deviation))));
        self.playing = None;
        self.segment_bytes = 0;
        let heard = self.production.end_segment((!self.ahead.is_last()).then_some(segment.closing))?;
        self.ahead.source().spoken(segment, duration, heard.clone());
        let end = heard.as_ref().map(|heard| heard.end);
        let timing = self.alignment.zip(heard).map(|(alignment, heard)| timing::timing(segment, heard, alignment));
        self.send();
        self.trail.end(segment.start_char, end, &self.made, timing);
        self.tell_timing(false);
        Ok(())
    }

    /// Ends an utterance whose engine has failed: what came before the fault is still heard, and then the fault is told.
    fn stop(&mut self, error: Error) -> Result<()> {
        if self.made.chunks == 0 {
            self.stage = Stage::Spoken;
            return Err(error);
        }
        self.broken = Some(error);
        self.finish()
    }

    /// Lets go of everything that is still held back.
    fn finish(&mut self) -> Result<()> {
        self.stage = Stage::Spoken;
        self.production.finish()?;
        self.send();
        self.tell_timing(true);
        Ok(())
    }

    /// Tells of a segment that somebody else speaks than the one before.
    fn tell_who_speaks(&mut self) {
        let Some(place) = self.playing.as_ref().map(|segment| segment.delivery.place) else { return };
        let Some(entrance) = self.entrances.get(place) else { return };
        // Another utterance of the same call may have been spoken by somebody else.
        self.observer.routed(entrance.route.clone());
        if std::mem::replace(&mut self.place, place) != place {
            self.outbox.extend(entrance.warnings.iter().cloned().map(Event::Warning));
        }
    }

    /// Hands out what is ready.
    fn send(&mut self) {
        for run in self.production.drain() {
            let sequence = self.made.chunks;
            self.made.chunks += 1;
            self.made.bytes += run.data.len() as u64;
            self.made.duration = run.span.map(|span| span.start + span.duration);
            self.outbox.push_back(Event::Audio(Chunk { data: run.data, sequence, span: run.span }));
        }
        self.tell_timing(false);
    }

    fn tell_timing(&mut self, is_all: bool) {
        self.outbox.extend(self.trail.due(&self.made, is_all).map(Event::Timing));
    }

    /// Counts what leaves.
    fn hand_out(&mut self, event: &Event) {
        if let Event::Audio(chunk) = event {
            self.first_audio.get_or_insert_with(Instant::now);
            let playing = chunk.span.map_or(Duration::ZERO, |span| span.duration);
            self.sent.chunks += 1;
            self.sent.bytes += chunk.data.len() as u64;
            self.sent.duration = self.sent.duration.map(|sent| sent + playing);
            self.trail.pass(&self.sent);
            self.observer.delivered(chunk.data.len(), playing);
        }
    }

    fn tell_of_retries(&mut self) {
        let retries = self.account.retries();
        if retries > self.retries_told {
            let times = retries - self.retries_told;
            self.retries_told = retries;
            self.outbox.push_back(Event::Warning(Warning {
                kind: WarningKind::SegmentRetried,
                message: format!("The speech engine failed before its audio and was asked again ({times} more calls)."),
                field: None,
            }));
        }
    }

    /// Ready once the audio that is next, if it is, may leave. Until then the engine is kept at work.
    fn poll_pace(&mut self, cx: &mut Context<'_>, pacer: &mut Option<Pacer>) -> Poll<()> {
        let (Some(pacer), Some(Event::Audio(Chunk { span: Some(span), .. }))) = (pacer, self.outbox.front()) else {
            return Poll::Ready(());
        };
        let due = pacer.poll_due(span.duration, cx);
        if due.is_pending() {
            self.drive(cx);
        }
        due
    }
}

/// What the caller is told of words in `segment` that were not spoken as they stood there.
fn deviated(segment: &Segment, deviation: &Deviation) -> Warning {
    let Deviation { wanted, said, at_char } = deviation;
    let (place, _) = segment.quote(*at_char..at_char + 1);
    let message = match (wanted.is_empty(), said.is_empty()) {
        (true, _) => format!("Near character {place}, \"{said}\" was added to the text."),
        (_, true) => format!("Near character {place}, \"{wanted}\" was left out."),
        _ => format!("Near character {place}, \"{said}\" was said for \"{wanted}\"."),
    };
    Warning { kind: WarningKind::TextDeviated, message, field: Some("text") }
}

/// How long `bytes` of what the engine was asked for play, where that is known.
fn segment_duration(segment: &Segment, bytes: u64) -> Option<Duration> {
    (segment.delivery.encoding == Encoding::PcmS16le).then(|| playing_time(bytes))
}
