//! Who wins a race of two requests for one segment, and how many are held.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::poll;
use tokio::time::Instant;
use tokio::time::sleep;

use super::Hedge;
use super::HedgePolicy;
use crate::engine::Engine;
use crate::engine::fake::Act;
use crate::engine::fake::Fake;
use crate::engine::fake::segment;
use crate::error::Error;
use crate::error::Kind;
use crate::speech::Frame;
use crate::speech::Ledger;
use crate::speech::Segment;

const MS: Duration = Duration::from_millis(1);

/// The usual time to first audio, and so the time after which a call is late.
const USUAL: Duration = Duration::from_millis(400);

/// A timer may be a millisecond late.
const SLACK: Duration = Duration::from_millis(3);

fn after(wait: Duration, act: Act) -> Vec<Act> {
    vec![Act::Wait(wait), act]
}

fn usual() -> Vec<Act> {
    after(USUAL, Act::Say(1, 1))
}

fn policy() -> HedgePolicy {
    HedgePolicy { enabled: true, min_delay: 60 * MS, min_samples: 20, budget_percent: 100, ..HedgePolicy::default() }
}

/// An engine of which enough is known, and that goes on with `scripts`.
async fn known(scripts: impl IntoIterator<Item = Vec<Act>>, policy: HedgePolicy) -> (Arc<Fake>, Hedge) {
    let engine = Fake::new(vec![usual(); 20].into_iter().chain(scripts));
    let hedge = Hedge::new(Arc::<Fake>::clone(&engine), policy);
    for _ in 0..20 {
        hedge.speak(segment("text", 0)).await.unwrap();
    }
    assert_eq!(engine.calls(), 20);
    (engine, hedge)
}

/// The value of the first sample, and how long it took to come.
async fn first_audio(hedge: &Hedge, segment: Segment) -> (Result<i16, Error>, Duration) {
    let sent = Instant::now();
    let speech = hedge.speak(segment).await;
    let took = sent.elapsed();
    let mut speech = match speech {
        Ok(speech) => speech,
        Err(error) => return (Err(error), took),
    };
    let Some(Ok(Frame::Audio(audio))) = speech.next().await else { return (Ok(0), took) };
    (Ok(i16::from_le_bytes([audio[0], audio[1]])), took)
}

fn is_about(took: Duration, expected: Duration) -> bool {
    took >= expected && took <= expected + SLACK
}

#[tokio::test(start_paused = true)]
async fn the_second_wins_if_it_begins_first_and_the_loser_is_dropped() {
    let (engine, hedge) = known([after(5000 * MS, Act::Say(1, 1)), after(100 * MS, Act::Say(1, 2))], policy()).await;
    let whole = Arc::new(Ledger::default());
    let segment = Segment { ledger: Arc::new(Ledger::part_of(&whole)), ..segment("text", 0) };
    let (value, took) = first_audio(&hedge, segment.clone()).await;
    assert_eq!((value.unwrap(), engine.calls(), engine.open()), (2, 22, 0));
    assert!(is_about(took, USUAL + 100 * MS), "{took:?}");
    assert_eq!((segment.ledger.hedges(), segment.ledger.retries(), whole.hedges()), (1, 0, 1));
    assert_eq!(engine.texts.lock().unwrap().last().unwrap(), &segment.text);
}

#[tokio::test(start_paused = true)]
async fn only_the_winner_stays_open() {
    let (engine, hedge) = known([after(500 * MS, Act::Say(1, 1)), after(5000 * MS, Act::Say(1, 2))], policy()).await;
    let sent = Instant::now();
    let mut speech = hedge.speak(segment("text", 0)).await.unwrap();
    assert!(is_about(sent.elapsed(), 500 * MS), "{:?}", sent.elapsed());
    assert_eq!((engine.calls(), engine.open()), (22, 1));
    assert_eq!(speech.next().await.unwrap().unwrap(), Frame::Audio(Bytes::from_static(&[1, 0])));
    assert!(matches!(speech.next().await, Some(Ok(Frame::End(_)))));
}

#[tokio::test(start_paused = true)]
async fn an_error_waits_for_the_other_and_two_are_told_as_one() {
    let fails = |wait, kind| after(wait, Act::Fail(kind));
    let says = |wait, value| after(wait, Act::Say(1, value));
    for (first, second, told, took) in [
        (fails(450 * MS, Kind::UpstreamTimeout), says(300 * MS, 2), Ok(2), 700 * MS),
        (says(700 * MS, 1), fails(50 * MS, Kind::UpstreamTimeout), Ok(1), 700 * MS),
        (
            fails(450 * MS, Kind::UpstreamTimeout),
            fails(300 * MS, Kind::UpstreamCredentials),
            Err(Kind::UpstreamTimeout),
            700 * MS,
        ),
        (
            fails(700 * MS, Kind::UpstreamTimeout),
            fails(50 * MS, Kind::UpstreamCredentials),
            Err(Kind::UpstreamTimeout),
            700 * MS,
        ),
    ] {
        let (engine, hedge) = known([first, second], policy()).await;
        let (value, after) = first_audio(&hedge, segment("text", 0)).await;
        assert_eq!(value.map_err(|error| error.kind()), told);
        assert!(is_about(after, took), "{after:?}");
        assert_eq!((engine.calls(), engine.open()), (22, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_before_it_is_late_is_told_at_once() {
    let (engine, hedge) = known([after(100 * MS, Act::Fail(Kind::UpstreamUnavailable)), usual()], policy()).await;
    let (value, took) = first_audio(&hedge, segment("text", 0)).await;
    assert_eq!((value.unwrap_err().kind(), engine.calls()), (Kind::UpstreamUnavailable, 21));
    assert!(is_about(took, 100 * MS));
}

#[tokio::test(start_paused = true)]
async fn only_the_first_segment_of_an_utterance_is_asked_for_twice_and_only_once_sent() {
    let slow = after(1000 * MS, Act::Say(1, 1));
    let (engine, hedge) = known([slow], policy()).await;
    let part = Segment { is_part: true, ..segment("text", 0) };
    let resent = Segment { resend_count: 1, ..segment("text", 0) };
    for (calls, segment) in (21..).zip([segment("text", 1), part, resent]) {
        assert!(first_audio(&hedge, segment.clone()).await.0.is_ok());
        assert_eq!((engine.calls(), segment.ledger.hedges()), (calls, 0));
    }
    assert!(first_audio(&hedge, segment("text", 0)).await.0.is_ok());
    assert_eq!(engine.calls(), 25);
}

#[tokio::test(start_paused = true)]
async fn it_is_off_unless_it_is_switched_on() {
    let policy = HedgePolicy { enabled: HedgePolicy::default().enabled, ..policy() };
    let (engine, hedge) = known([after(5000 * MS, Act::Say(1, 1))], policy).await;
    assert!(first_audio(&hedge, segment("text", 0)).await.0.is_ok());
    assert_eq!(engine.calls(), 21);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_late_before_enough_is_known() {
    let engine = Fake::new([after(10_000 * MS, Act::Say(1, 1))]);
    let hedge = Hedge::new(Arc::<Fake>::clone(&engine), policy());
    for _ in 0..20 {
        assert!(first_audio(&hedge, segment("text", 0)).await.0.is_ok());
    }
    assert_eq!(engine.calls(), 20);
    let (_, took) = first_audio(&hedge, segment("text", 0)).await;
    assert_eq!(engine.calls(), 22, "after max_delay at the latest");
    assert!(is_about(took, 10_000 * MS));
}

#[tokio::test(start_paused = true)]
async fn second_requests_stay_within_their_budget() {
    let policy = HedgePolicy { budget_percent: 5, max_delay: 500 * MS, ..policy() };
    let (engine, hedge) = known([after(1000 * MS, Act::Say(1, 1))], policy).await;
    for _ in 0..480 {
        hedge.speak(segment("text", 0)).await.unwrap();
    }
    // Each of the 480 calls is late, and 20 have saved up for one before.
    assert_eq!(engine.calls() - 500, 25);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_has_become_slow_is_soon_not_called_late() {
    let (engine, hedge) = known([after(1000 * MS, Act::Say(1, 1))], policy()).await;
    for _ in 0..480 {
        hedge.speak(segment("text", 0)).await.unwrap();
    }
    let hedges = engine.calls() - 500;
    assert!((1..=2).contains(&hedges), "{hedges} second requests for 480 calls");
}

#[tokio::test(start_paused = true)]
async fn a_slow_first_that_lost_counts_as_slow() {
    let slow = after(5000 * MS, Act::Say(1, 1));
    let quick = after(10 * MS, Act::Say(1, 2));
    let (engine, hedge) = known(vec![[slow, quick]; 100].concat(), policy()).await;
    for _ in 0..100 {
        let (value, took) = first_audio(&hedge, segment("text", 0)).await;
        assert_eq!(value.unwrap(), 2);
        assert!(took >= USUAL, "a call is late after {took:?} already");
    }
    assert_eq!(engine.calls(), 220);
}

#[tokio::test(start_paused = true)]
async fn time_in_which_nobody_listens_is_neither_late_nor_learned() {
    let buffered = vec![Act::Wait(MS), Act::AskAgain, Act::Say(1, 1)];
    let (engine, hedge) = known(vec![buffered; 100], policy()).await;
    for _ in 0..50 {
        let mut speech = hedge.speak(segment("text", 0));
        assert!(poll!(&mut speech).is_pending());
        sleep(30_000 * MS).await;
        assert!(speech.await.is_ok());
    }
    assert_eq!(engine.calls(), 70);
    let times = hedge.shared.record().call(&policy()).unwrap();
    assert!(is_about(times, USUAL), "{times:?}");
}
