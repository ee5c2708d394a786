//! A conversation: text comes in bit by bit, and what is said of it goes out at the same time.
//!
//! Each utterance is a scene. They are spoken one after the other, and the first segment of the next is made ready while the
//! last one of the present sounds. What the caller says is heard before anything else is said, so that an interrupt takes
//! effect at once; but as long as too much waits to be spoken, nothing is heard, and flow control stops the caller.

mod close;
mod config;
mod cue;
mod heard;
mod interrupt;
mod obey;
mod prompter;
mod said;
mod scene;
mod tempo;

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;

use crate::admission::Permit;
use crate::error::Error;
use crate::error::Result;
use crate::pipeline::Studio;
use crate::pipeline::cast::Cast;
use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::event::Finish;
use crate::pipeline::event::Sent;
use crate::pipeline::event::Span;
use crate::pipeline::leash::Act;
use crate::pipeline::listener::Listener;
use crate::pipeline::pacer::Pacer;
use crate::pipeline::performance::Clocks;
use crate::telemetry::Observer;

use close::Totals;
pub use config::Config;
pub use cue::Cue;
pub use cue::Cues;
pub use cue::Opening;
pub use cue::Position;
pub use said::Closed;
pub use said::Interrupted;
pub use said::Opened;
pub use said::Said;
use scene::Memory;
use scene::Scene;
use scene::Stage;

/// Utterances that are remembered after all of their audio was sent, because the listener may not have heard it yet.
const REMEMBERED: usize = 16;

/// The events of one conversation, at the pace at which they are polled.
pub struct Conversation {
    studio: Arc<Studio>,
    /// None once the caller has said everything, or is not heard any more.
    cues: Option<Cues>,
    /// Who speaks the utterances that are opened from here on.
    cast: Arc<Cast>,
    stage: Stage,
    /// Utterances in order; the first is the one that is spoken, and only the last may be open.
    scenes: VecDeque<Scene>,
    next_index: u64,
    memories: VecDeque<Memory>,
    outbox: VecDeque<Said>,
    listener: Listener,
    pacer: Option<Pacer>,
    /// What was handed out of the scenes that are over.
    before: Sent,
    totals: Totals,
    terms: Terms,
    /// When something was last said, by either side.
    stirred: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
    draining: Option<BoxFuture<'static, ()>>,
    /// Why it ends once all is spoken.
    ending: Option<Finish>,
    was_interrupted: bool,
    /// The open utterance has failed: what else is written of it goes nowhere.
    is_deaf: bool,
    first_audio: Option<Instant>,
    is_over: bool,
    clocks: Clocks,
    _permit: Permit,
}

/// What was agreed at the beginning.
struct Terms {
    isolate_failures: bool,
    idle_timeout: Duration,
    /// When the stream has to come to its end.
    old_at: Instant,
}

impl Conversation {
    /// Begins to listen to `cues`, and tells at once who speaks.
    ///
    /// # Errors
    /// If the manner asks for what a conversation does not deliver.
    pub(super) fn new(
        studio: Arc<Studio>,
        opening: Opening,
        cues: Cues,
        clocks: Clocks,
        permit: Permit,
        observer: &Arc<Observer>,
    ) -> Result<Self> {
        let config = studio.conversation.clone();
        let cast = Arc::new(studio.cast(opening.manner)?);
        let format = cast.manner.format.made_here();
        let stage = Stage::new(format, clocks.deadline, Arc::clone(observer));
        observer.keeps(Arc::clone(&stage.ledger));
        observer.routed(cast.route(format));
        let started = Event::Started(cast.started(0, format));
        let warnings = cast.warnings.iter().cloned().map(Event::Warning);
        let outbox = std::iter::once(started).chain(warnings).map(|event| Said::Event(0, event)).collect();
        let now = Instant::now();
        Ok(Self {
            cues: Some(cues),
            pacer: cast.manner.dispatch.pacing_lead.map(Pacer::new),
            cast,
            before: Sent { duration: format.playing_time(0), ..Sent::default() },
            totals: Totals::new(Arc::clone(&stage.ledger)),
            stage,
            scenes: VecDeque::new(),
            next_index: 0,
            memories: VecDeque::new(),
            outbox,
            listener: Listener::default(),
            terms: Terms {
                isolate_failures: opening.isolate_failures,
                idle_timeout: opening.idle_timeout.map_or(config.idle_timeout, |wish| wish.min(config.idle_timeout)),
                old_at: clocks.received + config.max_stream_duration,
            },
            stirred: now,
            alarm: None,
            draining: Some(Box::pin(studio.readiness.clone().drained())),
            first_audio: None,
            is_deaf: false,
            ending: None,
            was_interrupted: false,
            is_over: false,
            clocks,
            studio,
            _permit: permit,
        })
    }

    /// The next thing that the scene in front has to tell goes into the outbox. Ready if there may be more.
    fn perform(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let Some(scene) = self.scenes.front_mut() else { return Poll::Pending };
        let Poll::Ready(told) = scene.poll_next(cx, &mut self.pacer) else {
            let is_all_asked = scene.is_all_asked();
            if let Some(next) = self.scenes.get_mut(1).filter(|_| is_all_asked) {
                next.drive(cx);
            }
            return Poll::Pending;
        };
        self.stirred = Instant::now();
        Poll::Ready(match told {
            Some(Ok(event)) => {
                self.tell(event);
                Ok(())
            }
            Some(Err(error)) if self.terms.isolate_failures => {
                self.close(Some(error));
                Ok(())
            }
            Some(Err(error)) => Err(error),
            None => {
                self.close(None);
                Ok(())
            }
        })
    }

    /// Tells an event of the scene in front, counted from the first sample of the conversation.
    fn tell(&mut self, event: Event) {
        let Some(scene) = self.scenes.front_mut() else { return };
        let start = self.before.duration.unwrap_or_default();
        // Whatever is told comes with audio, and a warning ahead of it is this utterance's as well.
        if !std::mem::replace(&mut scene.is_told, true) {
            let (model, voice) = scene.speaker();
            let opened = Opened { index: scene.index, id: scene.id.clone(), start, model, voice };
            self.outbox.push_back(Said::Opened(opened));
        }
        let event = match event {
            Event::Audio(mut chunk) => {
                self.first_audio.get_or_insert_with(Instant::now);
                chunk.sequence += self.before.chunks;
                if let Some(span) = chunk.span {
                    self.listener.receive(span.duration);
                    scene.listen(span.duration, self.listener.dry_at());
                    chunk.span = Some(Span { start: start + span.start, ..span });
                }
                Event::Audio(chunk)
            }
            Event::Timing(mut timing) => {
                for span in &mut timing.spans {
                    span.heard = start + span.heard.start..start + span.heard.end;
                }
                Event::Timing(timing)
            }
            other => other,
        };
        self.outbox.push_back(Said::Event(scene.index, event));
    }

    /// Looks at the clocks of the whole stream. Ready if one of them has changed something.
    fn watch(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(draining) = &mut self.draining
            && draining.as_mut().poll(cx).is_ready()
        {
            self.draining = None;
            self.announce_drain();
            return Poll::Ready(());
        }
        if self.cues.is_none() {
            return Poll::Pending;
        }
        // Whoever listens is not idle.
        let idle_at =
            self.listener.last_heard().map_or(self.stirred, |heard| heard.max(self.stirred)) + self.terms.idle_timeout;
        let old_at = self.terms.old_at;
        let (at, reason) =
            if old_at <= idle_at { (old_at, Finish::MaxDuration) } else { (idle_at, Finish::IdleTimeout) };
        if Instant::now() >= at {
            self.stop_listening(Some(reason));
            return Poll::Ready(());
        }
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(at)));
        if alarm.deadline() != at {
            alarm.as_mut().reset(at);
        }
        alarm.as_mut().poll(cx)
    }

    /// Does one thing. Ready if there may be something to tell.
    fn act(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        if Instant::now() >= self.clocks.deadline {
            return Poll::Ready(Err(super::performance::too_late()));
        }
        self.listen(cx)?;
        if !self.outbox.is_empty() {
            return Poll::Ready(Ok(()));
        }
        if self.scenes.is_empty() && (self.cues.is_none() || self.ending.is_some()) {
            self.finish();
            return Poll::Ready(Ok(()));
        }
        if let Poll::Ready(done) = self.perform(cx) {
            return Poll::Ready(done);
        }
        self.watch(cx).map(Ok)
    }
}

impl Act for Conversation {
    type Event = Said;

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Said, Failure>>> {
        loop {
            if let Some(said) = self.outbox.pop_front() {
                return Poll::Ready(Some(Ok(said)));
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            if let Err(error) = ready!(self.act(cx)) {
                return Poll::Ready(Some(Err(self.fail(error))));
            }
        }
    }

    fn give_up(&mut self, error: Error) -> Option<Failure> {
        (!self.is_over).then(|| self.fail(error))
    }
}

/// A caller who hangs up has used what was spoken until then.
impl Drop for Conversation {
    fn drop(&mut self) {
        if !self.is_over {
            self.charge();
        }
    }
}
