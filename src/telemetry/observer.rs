//! What one call turns out to be, collected while it runs and recorded once when it ends, however it ends.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;
use tracing::Span;

use crate::error::Error;
use crate::speech::Ledger;

use super::call::CallFacts;
use super::call::Cost;
use super::call::Failure;
use super::call::Route;
use super::log;
use super::metrics::Metrics;
use super::names;
use super::status::RpcStatus;

/// The observer of one call.
///
/// Whoever learns something tells it through a shared reference; the first word counts where only one can be true. The
/// transport ends it. If nothing does, its drop records a cancelled call, so no call is ever missing or counted twice.
#[derive(Debug)]
pub struct Observer {
    metrics: Metrics,
    span: Span,
    method: Arc<str>,
    started: Instant,
    /// When there was text to speak, where that comes after the call.
    asked: OnceLock<Instant>,
    ended: AtomicBool,
    audio_bytes: AtomicU64,
    audio_nanos: AtomicU64,
    first_audio: OnceLock<Duration>,
    ledger: OnceLock<Arc<Ledger>>,
    /// What is told once or twice in a call; never locked for a frame.
    facts: Mutex<CallFacts>,
}

impl Observer {
    /// Begins to observe a call of `method` (`package.Service/Method`), which `span` covers.
    pub fn begin(metrics: Metrics, span: Span, method: Arc<str>) -> Self {
        metrics.call_began(&method);
        Self {
            metrics,
            span,
            method,
            started: Instant::now(),
            asked: OnceLock::new(),
            ended: AtomicBool::new(false),
            audio_bytes: AtomicU64::new(0),
            audio_nanos: AtomicU64::new(0),
            first_audio: OnceLock::new(),
            ledger: OnceLock::new(),
            facts: Mutex::new(CallFacts::default()),
        }
    }

    /// An observer that measures and logs nothing, for code that is run without a call; its facts can be read.
    pub fn detached() -> Self {
        Self::begin(Metrics::disabled(), Span::none(), Arc::from(names::OTHER))
    }

    /// The span of the call.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// When the call began.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// The call has this id.
    pub fn identified(&self, request_id: &str) {
        self.span.record(names::REQUEST_ID, request_id);
        self.note(|facts| facts.request_id = Some(request_id.to_owned()));
    }

    /// The caller has an id of their own for the call; an empty one is none.
    pub fn correlated(&self, correlation_id: &str) {
        self.note(|facts| facts.correlation_id = (!correlation_id.is_empty()).then(|| correlation_id.to_owned()));
    }

    /// The id of the call, if it has one yet.
    pub fn request_id(&self) -> Option<String> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).request_id.clone()
    }

    /// The call brought `characters` code points.
    pub fn received(&self, characters: u64) {
        self.note(|facts| facts.input_characters += characters);
    }

    /// There is text to speak from now on: what the caller took to write it is not counted as waiting for audio.
    pub fn asked(&self) {
        self.asked.get_or_init(Instant::now);
    }

    /// The call waited `wait` for a free slot.
    pub fn admitted(&self, wait: Duration) {
        self.note(|facts| facts.admission_wait = Some(wait));
    }

    /// The catalogue decided who speaks. A fallback may decide again.
    pub fn routed(&self, route: Route) {
        self.note(|facts| facts.route = Some(route));
    }

    /// `ledger` is the account of the call: read at its end, also when that is an error.
    pub fn keeps(&self, ledger: Arc<Ledger>) {
        let _ = self.ledger.set(ledger);
    }

    /// `bytes` of audio that play for `playing` were handed to the transport; zero where bytes do not map to time.
    pub fn delivered(&self, bytes: usize, playing: Duration) {
        self.first_audio.get_or_init(|| self.asked.get().unwrap_or(&self.started).elapsed());
        self.audio_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.audio_nanos.fetch_add(u64::try_from(playing.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The caller's flow control held the call up for `wait`.
    pub fn blocked(&self, wait: Duration) {
        self.note(|facts| facts.backpressure = facts.backpressure.max(wait));
    }

    /// The longest time that the caller's flow control held the call up.
    pub fn longest_block(&self) -> Duration {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).backpressure
    }

    /// The call cost this much.
    pub fn charged(&self, cost: Cost) {
        self.note(|facts| facts.cost = Some(cost));
    }

    /// The call fails with `error`. The first one told is the cause.
    pub fn failed(&self, error: &Error) {
        self.note(|facts| {
            facts.failure.get_or_insert_with(|| Failure::from(error));
        });
    }

    /// The call ended with `status`. Only the first end counts.
    pub fn end(&self, status: RpcStatus) {
        if self.ended.swap(true, Ordering::AcqRel) {
            return;
        }
        let facts = self.facts();
        self.metrics.call_ended(&facts, status);
        self.span.in_scope(|| facts.describe(&self.span));
        log::write(&facts, status, self.started.elapsed().as_secs_f64(), &self.span);
    }

    /// What is known so far.
    pub fn facts(&self) -> CallFacts {
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        facts.method = Arc::clone(&self.method);
        facts.first_audio = self.first_audio.get().copied();
        facts.audio_bytes = self.audio_bytes.load(Ordering::Relaxed);
        facts.audio_duration = Duration::from_nanos(self.audio_nanos.load(Ordering::Relaxed));
        if let Some(ledger) = self.ledger.get() {
            facts.synthesized_characters = ledger.synthesized_chars();
            facts.upstream_calls = ledger.upstream_calls();
            facts.retries = ledger.retries();
            facts.hedges = ledger.hedges();
            facts.tokens = ledger.has_tokens().then(|| ledger.tokens());
        }
        facts
    }

    fn note(&self, write: impl FnOnce(&mut CallFacts)) {
        write(&mut self.facts.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.end(RpcStatus::CANCELLED);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::sleep;

    use super::Observer;
    use crate::speech::Ledger;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_account_of_the_call_is_read_at_its_end() {
        let (observer, ledger) = (Observer::detached(), Arc::new(Ledger::default()));
        observer.keeps(Arc::clone(&ledger));
        ledger.count_upstream_call();
        ledger.count_upstream_call();
        ledger.count_upstream_call();
        ledger.count_hedge();
        ledger.count_hedge();
        ledger.count_retry();
        let facts = observer.facts();
        assert_eq!((facts.upstream_calls, facts.hedges, facts.retries), (3, 2, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn first_audio_is_waited_for_from_the_first_text_on() {
        let whole = Observer::detached();
        let written = Observer::detached();
        sleep(SECOND).await;
        written.asked();
        sleep(SECOND).await;
        written.asked();
        for observer in [&whole, &written] {
            observer.delivered(960, Duration::from_millis(20));
        }
        assert_eq!(whole.facts().first_audio, Some(2 * SECOND));
        assert_eq!(written.facts().first_audio, Some(SECOND));
    }
}
