//! Tries a segment again while nobody has heard any of it.
//!
//! An engine that answers with an error has not begun to speak, so that nothing needs to be replayed or undone. What may
//! be tried again is the error's own knowledge; how long to wait is the upstream's wish or full jitter
//! (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>); how often in total is bounded by a
//! budget, so that an upstream that fails for everybody is not hit several times as hard.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use tokio::time::Instant;
use tower::retry::budget::Budget;
use tower::retry::budget::TpsBudget;

use crate::engine::Engine;
use crate::engine::Wrapper;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::fault::Fault;
use crate::speech::Segment;
use crate::speech::Speech;

/// Retrying upstream calls that failed before their first audio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RetryPolicy {
    /// Attempts per segment, the first one included. 1 switches retries off.
    pub max_attempts: u32,
    /// Upper end of the random wait before the first retry; it doubles with each further one.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub initial_backoff: Duration,
    /// Longest random wait.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_backoff: Duration,
    /// Longest wait that an upstream may ask for; beyond it the call fails and hands the wish to the caller. Where another engine
    /// could speak instead, `initial_backoff`.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub max_retry_after: Duration,
    /// Retries allowed per 100 calls, over the last 10 seconds.
    pub budget_percent: u32,
    /// Retries per second that are allowed however few the calls are.
    pub budget_min_per_second: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(250),
            max_backoff: Duration::from_secs(4),
            max_retry_after: Duration::from_secs(10),
            budget_percent: 20,
            budget_min_per_second: 5,
        }
    }
}

impl RetryPolicy {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(1..=10).contains(&self.max_attempts) {
            faults.push(Fault::new("max_attempts", "must lie between 1 and 10"));
        }
        if self.budget_percent > 1000 {
            faults.push(Fault::new("budget_percent", "must be at most 1000"));
        }
        if self.max_backoff < self.initial_backoff {
            faults.push(Fault::new("max_backoff", "must not be shorter than initial_backoff"));
        }
        faults
    }
}

/// How long the budget looks back.
const BUDGET_WINDOW: Duration = Duration::from_secs(10);

/// An upstream that answers without audio is given one more chance, not the whole series: it may be billed.
const MAX_EMPTY_ANSWERS: u32 = 2;

/// An engine that tries again.
pub struct Retry {
    shared: Arc<Shared>,
}

struct Shared {
    inner: Arc<dyn Engine>,
    policy: RetryPolicy,
    budget: TpsBudget,
}

impl Retry {
    /// Puts `policy` around `inner`.
    pub fn new(inner: Arc<dyn Engine>, policy: RetryPolicy) -> Self {
        let percent = f64::from(policy.budget_percent.min(1000)) / 100.0;
        #[expect(clippy::cast_possible_truncation, reason = "a number between 0 and 10 loses nothing that matters")]
        let budget = TpsBudget::new(BUDGET_WINDOW, policy.budget_min_per_second, percent as f32);
        Self { shared: Arc::new(Shared { inner, policy, budget }) }
    }
}

impl Wrapper for Retry {
    fn inner(&self) -> &dyn Engine {
        &*self.shared.inner
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.speak(segment).await })
    }
}

impl Shared {
    async fn speak(&self, mut segment: Segment) -> Result<Speech> {
        self.budget.deposit();
        let mut empty_answers = 0;
        loop {
            let error = match self.inner.speak(segment.clone()).await {
                Ok(speech) => return Ok(speech),
                Err(error) => error,
            };
            segment.resend_count += 1;
            empty_answers += u32::from(error.kind() == Kind::UpstreamEmptyAudio);
            let wait = if empty_answers < MAX_EMPTY_ANSWERS { self.wait_before(&error, &segment) } else { None };
            let Some(wait) = wait else {
                return Err(error);
            };
            tracing::debug!(reason = error.kind().reason(), resend_count = segment.resend_count, ?wait, "trying again");
            tokio::time::sleep(wait).await;
            segment.ledger.count_retry();
        }
    }

    /// How long to wait before `segment` is sent again after `error`; `None` if it should not be.
    fn wait_before(&self, error: &Error, segment: &Segment) -> Option<Duration> {
        if !error.is_transient() || segment.resend_count >= self.policy.max_attempts {
            return None;
        }
        // Whoever has somebody else to ask does not sit out another silence, or a wait that a listener would notice.
        let is_better_passed_on = error.kind() == Kind::UpstreamTimeout
            || error.retry_after().is_some_and(|asked| asked > self.policy.initial_backoff);
        if segment.has_alternative && is_better_passed_on {
            return None;
        }
        let wait = match error.retry_after() {
            Some(asked) if asked > self.policy.max_retry_after => return None,
            Some(asked) => asked,
            None => self.jitter(segment.resend_count),
        };
        let fits = Instant::now() + wait < Instant::from_std(segment.deadline);
        (fits && self.budget.withdraw()).then_some(wait)
    }

    fn jitter(&self, resend_count: u32) -> Duration {
        let doublings = resend_count.saturating_sub(1).min(16);
        let ceiling = (self.policy.initial_backoff * 2_u32.pow(doublings)).min(self.policy.max_backoff);
        ceiling.mul_f64(rand::random::<f64>())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::time::Duration;

    use tokio::time::Instant;

    use super::Retry;
    use super::RetryPolicy;
    use crate::engine::Engine;
    use crate::engine::fake::Act;
    use crate::engine::fake::Fake;
    use crate::engine::fake::segment;
    use crate::error::Kind;
    use crate::speech::Segment;

    fn retry(engine: &Arc<Fake>, policy: RetryPolicy) -> Retry {
        Retry::new(Arc::<Fake>::clone(engine), policy)
    }

    fn fail(kind: Kind) -> Vec<Act> {
        vec![Act::Fail(kind)]
    }

    #[tokio::test(start_paused = true)]
    async fn tries_again_until_it_speaks_and_books_it() {
        let engine = Fake::new([fail(Kind::UpstreamUnavailable), fail(Kind::UpstreamTimeout), vec![Act::Say(1, 1)]]);
        let segment = segment("text", 0);
        retry(&engine, RetryPolicy::default()).speak(segment.clone()).await.unwrap();
        assert_eq!((engine.calls(), segment.ledger.retries()), (3, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn where_somebody_else_could_speak_nobody_waits_long() {
        let (short, long) = (Duration::from_millis(200), Duration::from_secs(1));
        for (act, calls) in [
            (Act::Fail(Kind::UpstreamUnavailable), 3),
            (Act::FailFor(Kind::UpstreamRateLimited, short), 3),
            (Act::FailFor(Kind::UpstreamRateLimited, long), 1),
            (Act::Fail(Kind::UpstreamTimeout), 1),
        ] {
            let engine = Fake::new([vec![act.clone()]]);
            let segment = Segment { has_alternative: true, ..segment("text", 0) };
            assert!(retry(&engine, RetryPolicy::default()).speak(segment).await.is_err());
            assert_eq!(engine.calls(), calls, "{act:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_answer_counts_by_itself() {
        let empty = || fail(Kind::UpstreamEmptyAudio);
        let engine = Fake::new([fail(Kind::UpstreamUnavailable), empty(), vec![Act::Say(1, 1)]]);
        assert!(retry(&engine, RetryPolicy::default()).speak(segment("text", 0)).await.is_ok());
        assert_eq!(engine.calls(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_after_its_attempts_and_at_once_where_it_is_no_use() {
        for (kind, calls) in [
            (Kind::UpstreamUnavailable, 3),
            (Kind::UpstreamEmptyAudio, 2),
            (Kind::UpstreamQuotaExhausted, 1),
            (Kind::UpstreamCredentials, 1),
            (Kind::UpstreamRejected, 1),
            (Kind::UpstreamTruncated, 1),
        ] {
            let engine = Fake::new([fail(kind)]);
            let error = retry(&engine, RetryPolicy::default()).speak(segment("text", 0)).await.err().unwrap();
            assert_eq!((error.kind(), engine.calls()), (kind, calls));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn waits_as_long_as_the_upstream_asks_but_not_longer_than_it_may() {
        for (asked, calls) in [(Duration::from_secs(2), 2), (Duration::from_mins(1), 1)] {
            let engine = Fake::new([vec![Act::FailFor(Kind::UpstreamRateLimited, asked)], vec![Act::Say(1, 1)]]);
            let start = Instant::now();
            let result = retry(&engine, RetryPolicy::default()).speak(segment("text", 0)).await;
            assert_eq!((result.is_ok(), engine.calls()), (calls == 2, calls));
            assert!(calls == 1 || start.elapsed() >= asked);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_wait_beyond_the_deadline() {
        let wait = Duration::from_secs(5);
        let engine = Fake::new([vec![Act::FailFor(Kind::UpstreamRateLimited, wait)]]);
        let mut segment = segment("text", 0);
        segment.deadline = (Instant::now() + Duration::from_secs(3)).into_std();
        let start = Instant::now();
        let error = retry(&engine, RetryPolicy::default()).speak(segment).await.err().unwrap();
        assert_eq!((error.kind(), engine.calls()), (Kind::UpstreamRateLimited, 1));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_budget_bounds_the_retries_of_all_calls_together() {
        let engine = Fake::new([fail(Kind::UpstreamUnavailable)]);
        let policy = RetryPolicy { budget_percent: 10, budget_min_per_second: 0, ..RetryPolicy::default() };
        let retry = retry(&engine, policy);
        for _ in 0..100 {
            assert!(retry.speak(segment("text", 0)).await.is_err());
        }
        let retries = engine.calls() - 100;
        assert!(retries <= 12, "{retries} retries for 100 calls");
    }
}
