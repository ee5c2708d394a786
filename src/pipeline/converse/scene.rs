//! One utterance of a conversation.

use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Error;
use crate::error::Result;
use crate::pipeline::account::Account;
use crate::pipeline::ahead::Ahead;
use crate::pipeline::cast::Cast;
use crate::pipeline::cast::Ensemble;
use crate::pipeline::converse::heard;
use crate::pipeline::converse::prompter::Prompter;
use crate::pipeline::converse::said::Closed;
use crate::pipeline::converse::said::Split;
use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::event::Sent;
use crate::pipeline::event::Timings;
use crate::pipeline::event::Usage;
use crate::pipeline::pacer::Pacer;
use crate::pipeline::production::Production;
use crate::pipeline::take::Take;
use crate::speech::Format;
use crate::speech::Ledger;
use crate::telemetry::Observer;

/// An utterance that is being written, spoken, or both.
pub(super) struct Scene {
    /// 0, 1, 2 …
    pub(super) index: u64,
    /// The caller's name for it.
    pub(super) id: Option<String>,
    /// More text may come.
    pub(super) is_open: bool,
    /// The caller has been told that its audio begins.
    pub(super) is_told: bool,
    written_chars: usize,
    opened: Instant,
    take: Take<Prompter>,
}

/// What the scenes of a conversation have in common.
pub(super) struct Stage {
    pub(super) format: Format,
    pub(super) deadline: Instant,
    /// The account of the whole conversation.
    pub(super) ledger: Arc<Ledger>,
    pub(super) observer: Arc<Observer>,
}

impl Stage {
    pub(super) fn new(format: Format, deadline: Instant, observer: Arc<Observer>) -> Self {
        Self { format, deadline, ledger: Arc::default(), observer }
    }
}

impl Scene {
    /// An utterance without text, to be spoken by `cast`.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the format cannot be made, which would be a bug.
    pub(super) fn open(index: u64, id: Option<String>, cast: &Arc<Cast>, stage: &Stage) -> Result<Self> {
        let ledger = Arc::new(Ledger::part_of(&stage.ledger));
        let prompter = Prompter::new(Arc::clone(cast), Arc::clone(&ledger), stage.deadline);
        let Ensemble { engine, bills, entrances } = cast.ensemble(stage.format, &ledger);
        let ahead = Ahead::new(engine, prompter, stage.observer.span().clone());
        let production = Production::new(stage.format, &cast.manner.dispatch, cast.style.clone())?;
        let account = Account::new(0, ledger, bills);
        let (alignment, observer) = (cast.manner.alignment, Arc::clone(&stage.observer));
        Ok(Self {
            index,
            id,
            is_open: true,
            is_told: false,
            written_chars: 0,
            opened: Instant::now(),
            take: Take::new(ahead, production, alignment, account, entrances, observer),
        })
    }

    /// More text, of so many code points; no more than `room` can wait for the caller's word.
    pub(super) fn write(&mut self, text: &str, chars: usize, room: usize) {
        self.written_chars += chars;
        self.take.receive(chars);
        self.take.source().write(text);
        if self.waiting() >= room {
            self.take.source().overflow();
        }
    }

    pub(super) fn flush(&mut self) {
        self.take.source().flush();
    }

    pub(super) fn end(&mut self) {
        self.is_open = false;
        self.take.source().end();
    }

    /// The next event, counted from the utterance's own first sample.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>, pacer: &mut Option<Pacer>) -> Poll<Option<Result<Event>>> {
        self.take.poll_next(cx, pacer)
    }

    /// Whether everything has been asked for that it will ever need.
    pub(super) fn is_all_asked(&self) -> bool {
        self.take.is_all_asked()
    }

    /// Keeps its engine at work before it is its turn.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        self.take.drive(cx);
    }

    /// So much of it was sent, all of which the listener will have heard at `dry_at`.
    pub(super) fn listen(&mut self, playing: Duration, dry_at: Instant) {
        self.take.source().listen(playing, dry_at);
    }

    /// Length of what the caller wrote, in code points.
    pub(super) fn chars(&self) -> usize {
        self.written_chars
    }

    /// Code points that wait to be spoken.
    pub(super) fn waiting(&mut self) -> usize {
        self.take.source().waiting()
    }

    pub(super) fn sent(&self) -> Sent {
        self.take.sent()
    }

    /// Model and voice that speak at present.
    pub(super) fn speaker(&self) -> (Arc<str>, Arc<str>) {
        self.take.speaker()
    }

    pub(super) fn has_sounded(&self) -> bool {
        self.take.has_sounded()
    }

    /// Charges what was used.
    pub(super) fn settle(&mut self) {
        self.take.settle();
    }

    /// The first code point whose audio the caller may not have.
    pub(super) fn resume_char(&self) -> usize {
        self.take.resume_char()
    }

    pub(super) fn account(&self) -> &Account {
        self.take.account()
    }

    /// Its failure, as far as it goes.
    pub(super) fn failure(&mut self, error: Error) -> Failure {
        self.settle();
        let sent = self.sent();
        let error = if sent.chunks > 0 { error.after_audio() } else { error.unheard() };
        let usage = Box::new(self.account().usage());
        Failure { error, sent, utterance: self.index, resume_char: self.take.resume_char(), usage }
    }

    /// What is told of it at its end.
    pub(super) fn close(&mut self, failure: Option<Failure>, max_backpressure: Duration) -> Closed {
        self.settle();
        let aggregation = self.take.source().aggregation();
        let take = &self.take;
        let timings = Timings {
            queue: Duration::ZERO,
            aggregation,
            upstream_first_byte: take.first_byte(),
            first_audio: take.first_audio().map(|first| first - self.opened),
            leading_silence: take.leading_silence(),
            total: self.opened.elapsed(),
            max_backpressure,
        };
        Closed {
            index: self.index,
            id: self.id.clone(),
            duration: take.sent().duration,
            usage: take.account().usage(),
            cost: take.account().cost(),
            timings,
            failure,
        }
    }

    /// What is to be remembered of it when it is over, wholly spoken or not.
    pub(super) fn remember(&mut self, is_whole: bool) -> Memory {
        let running = self.take.begun().map(|begun| begun..self.sent().duration.unwrap_or(begun).max(begun));
        Memory {
            index: self.index,
            id: self.id.take(),
            sent: self.sent(),
            usage: self.account().usage(),
            written: self.take.source().written().to_owned(),
            places: self.take.source().places(running),
            is_whole,
        }
    }
}

/// What is known of an utterance that is over, but may not have been heard yet.
pub(super) struct Memory {
    pub(super) index: u64,
    pub(super) id: Option<String>,
    pub(super) sent: Sent,
    pub(super) usage: Usage,
    written: String,
    places: Vec<heard::Place>,
    is_whole: bool,
}

impl Memory {
    /// Its text, divided where a listener was who had heard `offset` of it.
    pub(super) fn split(&self, offset: Duration) -> Split {
        heard::split(&self.written, &self.places, offset, self.is_whole)
    }
}
