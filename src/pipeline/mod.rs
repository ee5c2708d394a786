//! The use case, readable in one sitting: an utterance goes in, events come out.
//!
//! A [`Studio`] admits a call, asks the catalogue who speaks, plans the segments and waits for the first audio. From
//! there on the performance is a stream that moves only when it is polled, and that lets go of everything when it is
//! dropped.

mod account;
mod ahead;
mod cast;
mod converse;
mod event;
mod leash;
mod listener;
mod manuscript;
mod pacer;
mod performance;
mod plan;
mod production;
mod shorten;
mod source;
mod take;
mod timing;
mod trail;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use tokio::time::Instant;

use crate::admission::Admission;
use crate::audio::Pauses;
use crate::drain::Readiness;
use crate::engine::Engine;
use crate::engine::catalog::Catalog;
use crate::error::Result;
use crate::fault::Fault;
use crate::speech::Manner;
use crate::speech::Processing;
use crate::speech::Utterance;
use crate::telemetry::Metrics;
use crate::telemetry::Observer;

use cast::Cast;
pub use converse::Closed;
pub use converse::Config as ConversationConfig;
pub use converse::Conversation;
pub use converse::Cue;
pub use converse::Cues;
pub use converse::Interrupted;
pub use converse::Opened;
pub use converse::Opening;
pub use converse::Position;
pub use converse::Said;
pub use event::Chunk;
pub use event::Cost;
pub use event::Event;
pub use event::Failure;
pub use event::Finish;
pub use event::Sent;
pub use event::Span;
pub use event::Started;
pub use event::Summary;
pub use event::TimedText;
pub use event::Timing;
pub use event::TimingSource;
pub use event::Timings;
pub use event::Usage;
pub use event::Warning;
pub use event::WarningKind;
pub use leash::Leashed;
use performance::Clocks;
pub use performance::Performance;
use plan::Plan;

/// How a text is cut into calls of an engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Segmentation {
    /// Length that the first segment aims at, in characters: short, for a fast start.
    pub first_segment_chars: usize,
    /// Length that later segments aim at, in characters: long, for few seams and few calls.
    pub segment_chars: usize,
}

impl Default for Segmentation {
    fn default() -> Self {
        Self { first_segment_chars: 200, segment_chars: 1000 }
    }
}

impl Segmentation {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        [("first_segment_chars", self.first_segment_chars), ("segment_chars", self.segment_chars)]
            .into_iter()
            .filter(|&(_, chars)| chars < 20)
            .map(|(field, _)| Fault::new(field, "must be at least 20 characters"))
            .collect()
    }
}

/// What is taken out of text before it is spoken, where a call does not say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextConfig {
    /// Whether the marks of Markdown are taken out.
    pub strip_markdown: bool,
    /// Whether emoji are taken out.
    pub strip_emoji: bool,
}

impl TextConfig {
    /// What is done to text.
    pub fn processing(&self) -> Processing {
        Processing { strip_markdown: self.strip_markdown, strip_emoji: self.strip_emoji, ..Processing::default() }
    }
}

/// Everything that is needed to speak.
pub struct Studio {
    /// Who may speak, and how.
    pub catalog: Arc<Catalog>,
    /// Engines by their name in the configuration, wrapped.
    pub engines: HashMap<String, Arc<dyn Engine>>,
    /// The door.
    pub admission: Admission,
    /// Whether the server is staying.
    pub readiness: Readiness,
    /// Where it is counted who could not speak.
    pub metrics: Metrics,
    /// How text is cut.
    pub segmentation: Segmentation,
    /// What is taken out of text where the caller does not say.
    pub processing: Processing,
    /// How long a reader pauses where it is.
    pub pauses: Pauses,
    /// Longest time for a whole call, whatever the caller's own deadline.
    pub max_call_duration: Duration,
    /// Longest text of one utterance, in code points.
    pub max_text_chars: usize,
    /// What a conversation may take.
    pub conversation: ConversationConfig,
    /// How long calls may go on while the server shuts down.
    pub drain_grace: Duration,
}

impl Studio {
    /// Begins to speak `utterance` within the caller's own `timeout`, counted from when the call came in.
    ///
    /// # Errors
    /// Whatever kept the first audio from coming; nothing was heard then.
    pub async fn speak(
        &self,
        utterance: &Utterance,
        timeout: Option<Duration>,
        observer: Arc<Observer>,
    ) -> Result<Leashed<Performance>, Failure> {
        observer.received(utterance.chars as u64);
        let received = Instant::now();
        let limit = timeout.map_or(self.max_call_duration, |timeout| timeout.min(self.max_call_duration));
        // The caller's clock has been running since the head of the request.
        let deadline = observer.started() + limit;
        let cast = self.cast(utterance.manner.clone())?;
        cast.check(&utterance.text)?;
        let plan = Plan::new(utterance, cast, &self.segmentation, deadline.into_std())?;
        let asked = Instant::now();
        let permit =
            tokio::time::timeout_at(deadline, self.admission.admit()).await.map_err(|_| performance::too_late())??;
        let queued = asked.elapsed();
        observer.admitted(queued);
        observer.keeps(plan.account.ledger());
        observer.routed(plan.cast.route(plan.format));
        let clocks = Clocks { received, queued, deadline };
        let performance = Performance::new(plan, clocks, permit, observer)?;
        Leashed::new(performance, deadline, self.readiness.clone()).begin(Performance::poll_begin).await
    }

    /// Begins a conversation within the caller's own `timeout`, counted from when the call came in.
    ///
    /// # Errors
    /// If there is no place for it, or nobody who speaks as `opening` asks for.
    pub async fn converse(
        self: &Arc<Self>,
        opening: Opening,
        cues: Cues,
        timeout: Option<Duration>,
        observer: Arc<Observer>,
    ) -> Result<Leashed<Conversation>, Failure> {
        let received = Instant::now();
        // What has been written when it is old is still spoken.
        let limit = self.conversation.max_stream_duration + self.max_call_duration;
        let deadline = observer.started() + timeout.map_or(limit, |timeout| timeout.min(limit));
        let asked = Instant::now();
        let permit =
            tokio::time::timeout_at(deadline, self.admission.admit()).await.map_err(|_| performance::too_late())??;
        let queued = asked.elapsed();
        observer.admitted(queued);
        let clocks = Clocks { received, queued, deadline };
        let conversation = Conversation::new(Arc::clone(self), opening, cues, clocks, permit, &observer)?;
        Ok(Leashed::new(conversation, deadline, self.readiness.clone()))
    }

    /// Who speaks in this `manner`.
    fn cast(&self, manner: Manner) -> Result<Cast> {
        let route = self.catalog.resolve(manner.model.as_deref(), manner.voice.as_deref(), manner.strict)?;
        let manner = Manner { processing: manner.processing.or_else(|| Some(self.processing.clone())), ..manner };
        let engines = |name: &str| self.engines.get(name).cloned();
        Cast::new(manner, route, &engines, &self.pauses, self.readiness.clone(), self.metrics.clone())
    }
}
