//! What a breaker lets through, with an engine behind it that fails as planned.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod properties;
mod telling;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::poll;
use tokio::time::Instant;
use tokio::time::sleep;

use super::Breaker;
use super::BreakerPolicy;
use super::Standing;
use super::State;
use crate::engine::Engine;
use crate::engine::fake::Act;
use crate::engine::fake::Fake;
use crate::engine::fake::segment;
use crate::error::Error;
use crate::error::Kind;
use crate::resilience::Retry;
use crate::resilience::RetryPolicy;
use crate::telemetry::Metrics;

const SECOND: Duration = Duration::from_secs(1);

fn breaker(engine: &Arc<Fake>, policy: BreakerPolicy) -> Breaker {
    Breaker::new(Arc::<Fake>::clone(engine), "main", policy, Metrics::disabled())
}

fn fail(kind: Kind) -> Vec<Act> {
    vec![Act::Fail(kind)]
}

fn say() -> Vec<Act> {
    vec![Act::Say(1, 1), Act::Say(1, 2)]
}

fn break_off() -> Vec<Act> {
    vec![Act::Say(1, 1), Act::Fail(Kind::UpstreamUnavailable)]
}

/// One call, listened to until it ends.
async fn call(breaker: &Breaker) -> Result<(), Error> {
    let mut speech = breaker.speak(segment("text", 0)).await?;
    while let Some(frame) = speech.next().await {
        frame?;
    }
    Ok(())
}

/// A breaker that has just opened around an engine that goes on with `scripts`.
async fn opened(scripts: impl IntoIterator<Item = Vec<Act>>, policy: BreakerPolicy) -> (Arc<Fake>, Breaker) {
    let engine = Fake::new([fail(Kind::UpstreamUnavailable)].into_iter().chain(scripts));
    let breaker = breaker(&engine, BreakerPolicy { failures: 1, ..policy });
    call(&breaker).await.unwrap_err();
    assert_eq!(breaker.state(), State::Open);
    (engine, breaker)
}

/// How long the breaker stays open.
fn wait(breaker: &Breaker) -> Duration {
    let Standing::Shut(wait) = breaker.health().standing() else { return Duration::ZERO };
    wait
}

#[tokio::test(start_paused = true)]
async fn faults_in_a_row_open_it_and_it_answers_for_the_engine() {
    for kind in [Kind::UpstreamUnavailable, Kind::UpstreamTimeout, Kind::UpstreamEmptyAudio, Kind::UpstreamCredentials]
    {
        let engine = Fake::new([fail(kind)]);
        let breaker = breaker(&engine, BreakerPolicy::default());
        for _ in 0..5 {
            assert_eq!(breaker.state(), State::Closed);
            assert_eq!(call(&breaker).await.unwrap_err().kind(), kind);
        }
        assert_eq!(breaker.state(), State::Open);
        sleep(SECOND).await;
        let (left, error) = (wait(&breaker), call(&breaker).await.unwrap_err());
        assert_eq!((error.kind(), error.is_transient(), engine.calls()), (Kind::UpstreamUnavailable, false, 5));
        assert_eq!(error.retry_after(), Some(left));
        assert!(left <= 4 * SECOND && error.report().contains("`main`"), "{left:?} {}", error.report());
        assert!(error.report().contains(kind.reason()), "{}", error.report());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_begins_ends_a_row_of_faults_but_not_one_of_clips_that_broke_off() {
    let engine = Fake::new(vec![[fail(Kind::UpstreamTimeout), fail(Kind::UpstreamTimeout), say()]; 50].concat());
    let policy = BreakerPolicy { failures: 3, min_calls: 1000, ..BreakerPolicy::default() };
    let failing = breaker(&engine, policy.clone());
    for _ in 0..150 {
        let _ = call(&failing).await;
    }
    assert_eq!((engine.calls(), failing.state()), (150, State::Closed));

    let hung_up = vec![Act::Say(1, 1), Act::Wait(SECOND)];
    let engine = Fake::new([break_off(), hung_up.clone(), break_off(), hung_up, break_off()]);
    let breaking = breaker(&engine, policy.clone());
    for round in 0..5 {
        assert_eq!(breaking.state(), State::Closed, "{round}");
        if round % 2 == 0 {
            assert!(call(&breaking).await.is_err());
        } else {
            drop(breaking.speak(segment("text", 0)).await.unwrap());
        }
    }
    assert_eq!(breaking.state(), State::Open);

    let engine = Fake::new(vec![[break_off(), break_off(), say()]; 50].concat());
    let mending = breaker(&engine, policy);
    for _ in 0..150 {
        let _ = call(&mending).await;
    }
    assert_eq!((engine.calls(), mending.state()), (150, State::Closed));
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_just_stops_broke_off() {
    let engine = Fake::new([vec![Act::Say(1, 1), Act::Cut]]);
    let breaker = breaker(&engine, BreakerPolicy::default());
    for _ in 0..5 {
        assert_eq!(breaker.state(), State::Closed);
        call(&breaker).await.unwrap();
    }
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn half_of_the_calls_of_the_window_open_it_and_less_do_not() {
    for (good, opens) in [(1, true), (2, false)] {
        let scripts = [vec![fail(Kind::UpstreamTimeout)], vec![say(); good]].concat();
        let engine = Fake::new(vec![scripts; 20].concat());
        let breaker = breaker(&engine, BreakerPolicy::default());
        let mut calls = 0;
        while breaker.state() == State::Closed && calls < 60 {
            let _ = call(&breaker).await;
            sleep(SECOND / 2).await;
            calls += 1;
        }
        // The twentieth call is none that fails, and makes it half of twenty.
        assert_eq!(calls, if opens { 21 } else { 60 });
    }
}

#[tokio::test(start_paused = true)]
async fn faults_older_than_the_window_do_not_count() {
    let engine = Fake::new(vec![[fail(Kind::UpstreamTimeout), say()]; 100].concat());
    let breaker = breaker(&engine, BreakerPolicy::default());
    for _ in 0..100 {
        let _ = call(&breaker).await;
        sleep(2 * SECOND).await;
    }
    assert_eq!((engine.calls(), breaker.state()), (100, State::Closed), "never twenty calls in half a minute");
}

#[tokio::test(start_paused = true)]
async fn clips_that_break_off_count_in_the_window_and_once() {
    let engine = Fake::new(vec![[break_off(), say()]; 100].concat());
    let breaker = breaker(&engine, BreakerPolicy::default());
    for round in 1..=21 {
        assert_eq!(breaker.state(), State::Closed, "{round}");
        let _ = call(&breaker).await;
    }
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_the_endpoints_fault_opens_nothing() {
    for kind in [
        Kind::UpstreamRateLimited,
        Kind::UpstreamRejected,
        Kind::UpstreamModelNotFound,
        Kind::ContentRejected,
        Kind::Overloaded,
        Kind::Internal,
        Kind::DeadlineExceeded,
    ] {
        let engine = Fake::new([fail(kind)]);
        let breaker = breaker(&engine, BreakerPolicy::default());
        for _ in 0..100 {
            assert_eq!(call(&breaker).await.unwrap_err().kind(), kind);
        }
        assert_eq!((breaker.state(), engine.calls()), (State::Closed, 100));
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_without_quota_is_left_alone_at_once() {
    let engine = Fake::new([fail(Kind::UpstreamQuotaExhausted)]);
    let breaker = breaker(&engine, BreakerPolicy::default());
    assert_eq!(call(&breaker).await.unwrap_err().kind(), Kind::UpstreamQuotaExhausted);
    assert_eq!(breaker.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_switched_off_lets_everything_through() {
    let engine = Fake::new([fail(Kind::UpstreamQuotaExhausted)]);
    let breaker = breaker(&engine, BreakerPolicy { enabled: false, ..BreakerPolicy::default() });
    for _ in 0..100 {
        call(&breaker).await.unwrap_err();
    }
    assert_eq!((breaker.state(), engine.calls()), (State::Closed, 100));
}

#[tokio::test(start_paused = true)]
async fn the_first_audio_of_a_probe_closes_it_for_all() {
    let (engine, breaker) = opened([say()], BreakerPolicy::default()).await;
    sleep(wait(&breaker)).await;
    assert_eq!(breaker.state(), State::Probing);
    let unheard = breaker.speak(segment("text", 0)).await.unwrap();
    assert_eq!(breaker.state(), State::Closed);
    call(&breaker).await.unwrap();
    drop(unheard);
    assert_eq!((breaker.state(), engine.calls()), (State::Closed, 3));
}

#[tokio::test(start_paused = true)]
async fn a_single_fault_of_a_probe_opens_it_again_for_longer() {
    let engine = Fake::new([fail(Kind::UpstreamTimeout)]);
    let breaker = breaker(&engine, BreakerPolicy::default());
    for _ in 0..5 {
        call(&breaker).await.unwrap_err();
    }
    sleep(wait(&breaker)).await;
    assert_eq!(call(&breaker).await.unwrap_err().kind(), Kind::UpstreamTimeout);
    assert_eq!(breaker.state(), State::Open);
    assert!(wait(&breaker) > 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn one_probe_goes_at_a_time_however_many_want_to() {
    for probes in [1, 3] {
        let slow = vec![Act::Wait(2 * SECOND), Act::Say(1, 1)];
        let (engine, breaker) = opened([slow], BreakerPolicy { probes, ..BreakerPolicy::default() }).await;
        sleep(wait(&breaker)).await;
        let mut all: Vec<_> = (0..10).map(|_| breaker.speak(segment("text", 0))).collect();
        let mut refused = 0;
        for speech in &mut all {
            if let std::task::Poll::Ready(told) = poll!(speech) {
                assert_eq!(told.err().unwrap().retry_after(), Some(5 * SECOND));
                refused += 1;
            }
        }
        assert_eq!((engine.calls(), refused, breaker.state()), (1 + probes as usize, 10 - probes, State::Probing));
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_hangs_up_proves_nothing_and_frees_the_place_of_a_probe() {
    let slow = vec![Act::Wait(2 * SECOND), Act::Say(1, 1)];
    let (engine, breaker) = opened([slow], BreakerPolicy::default()).await;
    sleep(wait(&breaker)).await;
    for hung_up in 1..=20 {
        let mut probe = breaker.speak(segment("text", 0));
        assert!(poll!(&mut probe).is_pending());
        assert!(call(&breaker).await.is_err());
        drop(probe);
        assert_eq!((engine.calls(), engine.open(), breaker.state()), (1 + hung_up, 0, State::Probing));
    }
    call(&breaker).await.unwrap();
    assert_eq!(breaker.state(), State::Closed);
    // Nor do they count while it is closed, before the first audio or behind it.
    for _ in 0..100 {
        let mut speech = breaker.speak(segment("text", 0));
        assert!(poll!(&mut speech).is_pending());
        drop(speech);
        drop(breaker.speak(segment("text", 0)).await.unwrap());
    }
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_proves_nothing_frees_the_place_too() {
    let (_, breaker) = opened([fail(Kind::UpstreamRejected), say()], BreakerPolicy::default()).await;
    sleep(wait(&breaker)).await;
    assert_eq!(call(&breaker).await.unwrap_err().kind(), Kind::UpstreamRejected);
    assert_eq!(breaker.state(), State::Probing);
    call(&breaker).await.unwrap();
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_nobody_polls_does_not_keep_the_endpoint_shut() {
    let slow = vec![Act::Wait(SECOND), Act::Say(1, 1)];
    let (_, breaker) = opened([slow], BreakerPolicy::default()).await;
    sleep(wait(&breaker)).await;
    let mut asleep = breaker.speak(segment("text", 1));
    assert!(poll!(&mut asleep).is_pending());
    sleep(4 * SECOND).await;
    assert_eq!(call(&breaker).await.unwrap_err().retry_after(), Some(SECOND));
    sleep(SECOND).await;
    call(&breaker).await.unwrap();
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn waits_double_while_no_clip_is_whole_and_stay_within_their_bounds() {
    let scripts = [break_off(), fail(Kind::UpstreamTimeout), break_off(), fail(Kind::UpstreamTimeout)];
    let longer = [break_off(), fail(Kind::UpstreamTimeout), say(), fail(Kind::UpstreamTimeout)];
    let (_, breaker) = opened(scripts.into_iter().chain(longer), BreakerPolicy::default()).await;
    for whole in [5, 10, 20, 40, 60, 60] {
        let (wait, whole) = (wait(&breaker), whole * SECOND);
        assert!(wait > whole * 74 / 100 && wait <= whole, "{wait:?} of {whole:?}");
        sleep(wait.saturating_sub(SECOND / 100)).await;
        assert_eq!(breaker.state(), State::Open);
        sleep(SECOND / 100).await;
        call(&breaker).await.unwrap_err();
    }
    sleep(wait(&breaker)).await;
    call(&breaker).await.unwrap();
    call(&breaker).await.unwrap_err();
    assert!(wait(&breaker) <= 5 * SECOND, "a whole clip begins anew");
}

#[tokio::test(start_paused = true)]
async fn chance_spreads_the_waits() {
    let mut waits = Vec::new();
    for _ in 0..200 {
        waits.push(wait(&opened([], BreakerPolicy::default()).await.1));
    }
    waits.sort_unstable();
    assert!(waits[0] >= SECOND * 15 / 4 && waits[199] <= 5 * SECOND, "{waits:?}");
    assert!(
        waits[199].saturating_sub(waits[0]) > SECOND,
        "spread over most of a quarter: {:?} to {:?}",
        waits[0],
        waits[199]
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_let_through_before_it_opened_no_longer_counts() {
    let late = vec![Act::Wait(2 * SECOND), Act::Fail(Kind::UpstreamTimeout)];
    let engine = Fake::new([late.clone(), late, fail(Kind::UpstreamTimeout), say()]);
    let breaker = breaker(&engine, BreakerPolicy { failures: 1, open_for: SECOND, ..BreakerPolicy::default() });
    let mut early = [breaker.speak(segment("text", 0)), breaker.speak(segment("text", 0))];
    for speech in &mut early {
        assert!(poll!(speech).is_pending());
    }
    call(&breaker).await.unwrap_err();
    sleep(SECOND).await;
    call(&breaker).await.unwrap();
    for speech in early {
        assert_eq!(speech.await.err().unwrap().kind(), Kind::UpstreamTimeout);
    }
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_retry_does_not_wait_for_an_endpoint_that_is_left_alone() {
    let engine = Fake::new([fail(Kind::UpstreamUnavailable)]);
    let breaker = Arc::new(breaker(&engine, BreakerPolicy { failures: 2, ..BreakerPolicy::default() }));
    let retry = Retry::new(Arc::<Breaker>::clone(&breaker), RetryPolicy::default());
    retry.speak(segment("text", 0)).await.err().unwrap();
    let begun = Instant::now();
    let error = retry.speak(segment("text", 0)).await.err().unwrap();
    assert_eq!((engine.calls(), begun.elapsed()), (2, Duration::ZERO));
    assert!(error.retry_after().is_some_and(|wait| wait > 3 * SECOND));
}
