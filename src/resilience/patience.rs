//! How long one attempt may keep us waiting: for its first audio, and between two pieces of audio.
//!
//! The clock runs only while we wait for the engine: see [`Clock`] for how a caller who reads slowly is told from an
//! upstream that has stalled.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::stream::Stream;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use tokio::time::Instant;

use crate::engine::Engine;
use crate::engine::Wrapper;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::fault::Fault;
use crate::resilience::clock::Clock;
use crate::speech::Frame;
use crate::speech::Segment;
use crate::speech::Speech;

/// What an engine gets of the time that is left to a call, however little that is: longer than `OpenAI` was seen to take.
const LEAST_SHARE: Duration = Duration::from_secs(3);

/// How long one upstream call may keep a caller waiting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// From sending the request to its first audio, per attempt. `OpenAI` needs 0.5 to 2.5 s. Where another engine could speak
    /// instead, no more than half of what is left of the call, but 3 s at least.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub first_audio: Duration,
    /// Longest silence of an upstream in the middle of its answer. A caller who reads slowly does not count.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { first_audio: Duration::from_secs(15), idle: Duration::from_secs(10) }
    }
}

impl Timeouts {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        [("first_audio", self.first_audio), ("idle", self.idle)]
            .into_iter()
            .filter(|(_, limit)| limit.is_zero())
            .map(|(field, _)| Fault::new(field, "must be longer than zero"))
            .collect()
    }
}

/// An engine whose patience with the one inside is limited.
pub struct Patience {
    inner: Arc<dyn Engine>,
    timeouts: Timeouts,
}

impl Patience {
    /// Puts `timeouts` around `inner`.
    pub fn new(inner: Arc<dyn Engine>, timeouts: Timeouts) -> Self {
        Self { inner, timeouts }
    }
}

impl Wrapper for Patience {
    fn inner(&self) -> &dyn Engine {
        &*self.inner
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let Timeouts { first_audio, idle } = self.timeouts;
        let first_audio = first_audio.min(share(&segment));
        let speech = self.inner.speak(segment);
        Box::pin(async move {
            let speech = in_time(speech, first_audio).await?;
            Ok(speech.map_frames(|frames| Attentive { frames, clock: Clock::new(idle) }))
        })
    }
}

/// How much of what is left of the call one engine may take to begin: half of it, if another one could still speak. No engine that
/// is well needs longer than the least of it, so that to miss it is a fault.
fn share(segment: &Segment) -> Duration {
    let left = segment.deadline.saturating_duration_since(Instant::now().into_std());
    if segment.has_alternative { (left / 2).max(LEAST_SHARE) } else { Duration::MAX }
}

/// Speech whose first audio must not stay away for longer than the clock allows.
async fn in_time(speech: BoxFuture<'static, Result<Speech>>, limit: Duration) -> Result<Speech> {
    let mut speech = speech;
    let mut clock = Clock::new(limit);
    std::future::poll_fn(|cx| {
        if let Poll::Ready(speech) = speech.as_mut().poll(cx) {
            return Poll::Ready(speech);
        }
        clock.poll(cx).map(|()| Err(no_first_audio(limit)))
    })
    .await
}

/// Frames that must not stay away for longer than the clock allows.
struct Attentive {
    frames: BoxStream<'static, Result<Frame>>,
    clock: Clock,
}

impl Stream for Attentive {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = this.frames.as_mut().poll_next(cx) {
            this.clock.stop();
            return Poll::Ready(frame);
        }
        ready!(this.clock.poll(cx));
        Poll::Ready(Some(Err(gone_silent(this.clock.limit))))
    }
}

fn no_first_audio(limit: Duration) -> Error {
    Error::new(Kind::UpstreamTimeout, "The speech engine did not begin to speak in time. Try again.")
        .with_detail(format!("no first audio within {limit:?}"))
}

fn gone_silent(limit: Duration) -> Error {
    Error::new(Kind::UpstreamTimeout, "The speech engine fell silent in the middle of its answer.")
        .with_detail(format!("no audio for {limit:?} in mid-stream"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::time::Duration;

    use futures_util::StreamExt;
    use tokio::time::Instant;

    use super::Patience;
    use super::Timeouts;
    use crate::engine::Engine;
    use crate::engine::fake::Act;
    use crate::engine::fake::Fake;
    use crate::engine::fake::segment;
    use crate::error::Kind;
    use crate::speech::Segment;

    fn patient(engine: &Arc<Fake>) -> Patience {
        let timeouts = Timeouts { first_audio: Duration::from_secs(2), idle: Duration::from_secs(1) };
        Patience::new(Arc::<Fake>::clone(engine), timeouts)
    }

    #[tokio::test(start_paused = true)]
    async fn first_audio_has_its_limit() {
        let engine = Fake::new([vec![Act::Wait(Duration::from_secs(3)), Act::Say(1, 1)]]);
        let error = patient(&engine).speak(segment("text", 0)).await.err().unwrap();
        assert_eq!((error.kind(), engine.open()), (Kind::UpstreamTimeout, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_somebody_behind_has_half_of_the_time_that_is_left() {
        // Seconds until the deadline, seconds until the first audio, and whether it is waited for beside an alternative.
        for (left, first_audio, is_waited_for) in
            [(10, 4, true), (10, 6, false), (2, 1, true), (4, 2, true), (4, 4, false)]
        {
            for has_alternative in [false, true] {
                let engine = Fake::new([vec![Act::Wait(Duration::from_secs(first_audio)), Act::Say(1, 1)]]);
                let timeouts = Timeouts { first_audio: Duration::from_secs(15), idle: Duration::from_secs(1) };
                let deadline = (Instant::now() + Duration::from_secs(left)).into_std();
                let segment = Segment { has_alternative, deadline, ..segment("text", 0) };
                let spoken = Patience::new(Arc::<Fake>::clone(&engine), timeouts).speak(segment).await;
                assert_eq!(spoken.is_ok(), is_waited_for || !has_alternative, "{left} {first_audio} {has_alternative}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn silence_in_the_middle_has_its_limit() {
        let pause = Act::Wait(Duration::from_millis(900));
        let stall = Act::Wait(Duration::from_millis(1100));
        let engine = Fake::new([vec![Act::Say(1, 1), pause, Act::Say(1, 2), stall, Act::Say(1, 3)]]);
        let mut frames = patient(&engine).speak(segment("text", 0)).await.unwrap();
        assert!(frames.next().await.unwrap().is_ok());
        assert!(frames.next().await.unwrap().is_ok());
        assert_eq!(frames.next().await.unwrap().err().unwrap().kind(), Kind::UpstreamTimeout);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_not_a_stalled_upstream() {
        let engine =
            Fake::new([vec![Act::Say(1, 1), Act::Say(1, 2), Act::Wait(Duration::from_millis(900)), Act::Say(1, 3)]]);
        let mut frames = patient(&engine).speak(segment("text", 0)).await.unwrap();
        for _ in 0..4 {
            assert!(frames.next().await.unwrap().is_ok());
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        assert!(frames.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_in_a_buffer_while_the_reader_sleeps_is_not_late() {
        let soon = Act::Wait(Duration::from_millis(1));
        let engine = Fake::new([vec![Act::Say(1, 1), soon, Act::AskAgain, Act::Say(1, 2)]]);
        let mut frames = patient(&engine).speak(segment("text", 0)).await.unwrap();
        assert!(frames.next().await.unwrap().is_ok());
        assert!(futures_util::poll!(frames.next()).is_pending());
        tokio::time::sleep(Duration::from_secs(30)).await;
        assert!(frames.next().await.unwrap().is_ok());
        assert!(frames.next().await.unwrap().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_audio_of_a_segment_nobody_asks_for_is_not_late() {
        let engine = Fake::new([vec![Act::Wait(Duration::from_millis(1)), Act::AskAgain, Act::Say(1, 1)]]);
        let mut speech = patient(&engine).speak(segment("text", 1));
        assert!(futures_util::poll!(&mut speech).is_pending());
        tokio::time::sleep(Duration::from_secs(30)).await;
        assert!(speech.await.is_ok());
    }
}
