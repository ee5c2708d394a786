//! How utterances, and the conversation, come to their end.

use std::sync::Arc;

use crate::error::Error;
use crate::pipeline::account;
use crate::pipeline::account::Account;
use crate::pipeline::converse::Conversation;
use crate::pipeline::converse::Said;
use crate::pipeline::event::Cost;
use crate::pipeline::event::Event;
use crate::pipeline::event::Failure;
use crate::pipeline::event::Finish;
use crate::pipeline::event::Sent;
use crate::pipeline::event::Summary;
use crate::pipeline::event::Timings;
use crate::pipeline::event::Usage;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::speech::Ledger;
use crate::telemetry;

/// What all utterances that are over come to.
pub(super) struct Totals {
    ledger: Arc<Ledger>,
    input_chars: u64,
    cost: Option<Cost>,
    completed: u64,
    has_sounded: bool,
}

impl Totals {
    pub(super) fn new(ledger: Arc<Ledger>) -> Self {
        Self { ledger, input_chars: 0, cost: None, completed: 0, has_sounded: false }
    }

    /// One more utterance is over.
    pub(super) fn add(&mut self, account: &Account, has_sounded: bool) {
        self.input_chars += account.usage().input_chars;
        self.has_sounded |= has_sounded;
        match (&mut self.cost, account.cost()) {
            (Some(sum), Some(cost)) if sum.currency == cost.currency => {
                sum.nanos = sum.nanos.saturating_add(cost.nanos);
                sum.estimated |= cost.estimated;
            }
            (None, cost) => self.cost = cost,
            _ => {}
        }
    }

    fn usage(&self) -> Usage {
        account::usage(self.input_chars, &self.ledger)
    }
}

impl Conversation {
    /// The scene in front is over.
    pub(super) fn close(&mut self, error: Option<Error>) {
        let Some(mut scene) = self.scenes.pop_front() else { return };
        let is_whole = error.is_none();
        let failure = error.map(|error| scene.failure(error));
        let is_open = scene.is_open;
        let closed = scene.close(failure, self.stage.observer.longest_block());
        self.totals.completed += u64::from(is_whole);
        self.outbox.push_back(Said::Closed(Box::new(closed)));
        let memory = self.retire(scene, is_whole);
        self.memories.push_back(memory);
        self.forget();
        self.is_deaf = is_open;
    }

    /// The last thing that is told.
    pub(super) fn finish(&mut self) {
        self.is_over = true;
        let cost = self.charge();
        let finish = self.ending.unwrap_or(match (self.was_interrupted, self.totals.has_sounded) {
            (true, _) => Finish::Interrupted,
            (false, true) => Finish::Completed,
            (false, false) => Finish::NoSpeakableText,
        });
        let summary = Summary {
            finish,
            sent: self.before,
            utterances: self.totals.completed,
            usage: self.totals.usage(),
            cost,
            timings: Timings {
                queue: self.clocks.queued,
                aggregation: None,
                upstream_first_byte: None,
                first_audio: self.first_audio.map(|first| first - self.clocks.received),
                leading_silence: None,
                total: self.clocks.received.elapsed(),
                max_backpressure: self.stage.observer.longest_block(),
            },
            upstream_request_ids: self.stage.ledger.request_ids(),
        };
        self.outbox.push_back(Said::Event(0, Event::Summary(Box::new(summary))));
    }

    /// The end of a conversation that will not be finished.
    pub(super) fn fail(&mut self, error: Error) -> Failure {
        let part = self.scenes.front().map_or(Sent::default(), super::scene::Scene::sent);
        let sent = Sent {
            chunks: self.before.chunks + part.chunks,
            bytes: self.before.bytes + part.bytes,
            duration: self.before.duration.map(|before| before + part.duration.unwrap_or_default()),
        };
        let error = if sent.chunks > 0 { error.after_audio() } else { error.unheard() };
        self.stage.observer.failed(&error);
        let (utterance, resume_char) =
            self.scenes.front().map_or((self.next_index, 0), |scene| (scene.index, scene.resume_char()));
        self.charge();
        self.is_over = true;
        self.outbox.clear();
        self.scenes.clear();
        Failure { error, sent, utterance, resume_char, usage: Box::new(self.totals.usage()) }
    }

    /// Tells that the server is going away; the stream ends when it has nothing to speak.
    pub(super) fn announce_drain(&mut self) {
        self.ending = Some(Finish::Draining);
        self.outbox.push_back(Said::Event(
            self.next_index,
            Event::Warning(Warning {
                kind: WarningKind::Draining(self.studio.drain_grace),
                message: "The server is shutting down. Finish the utterance and open a new stream.".to_owned(),
                field: None,
            }),
        ));
    }

    /// Charges what was used, however the conversation ends.
    pub(super) fn charge(&mut self) -> Option<Cost> {
        for mut scene in std::mem::take(&mut self.scenes) {
            scene.settle();
            self.totals.add(scene.account(), scene.has_sounded());
        }
        let cost = self.totals.cost.clone();
        if let Some(cost) = &cost {
            let charged = telemetry::Cost { currency: cost.currency.as_str().into(), nanos: cost.nanos };
            self.stage.observer.charged(charged);
        }
        cost
    }
}
