//! Whether a clip can be all of its text: one that plays for far too short a time was cut, however cleanly it ended.
//!
//! Raw PCM has no end marker, and an upstream that breaks down behind a proxy ends its answer like one that has finished.
//! What is left to judge by is time. Only what is beyond doubt counts, for a clip wrongly called broken is a call lost: a
//! third of the time that people take would still pass.
//!
//! Nothing is held back for this, because the first audio must not wait for the last: as a rule a short clip is noticed
//! after its audio was heard. Only what has come already is looked at before, which costs no time. Where the end is among
//! it, nobody has heard anything, and the segment can be tried again.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::poll;
use futures_util::stream;
use futures_util::stream::Stream;

use crate::engine::Engine;
use crate::engine::Wrapper;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Encoding;
use crate::speech::Frame;
use crate::speech::Segment;
use crate::speech::Speech;
use crate::speech::playing_time;
use crate::text;

/// Letters per second that nobody speaks at speed 1. People speak about fifteen.
const IMPLAUSIBLE_LETTERS_PER_SECOND: f64 = 45.0;

/// Texts of fewer letters are not judged: "Mhm. Hahahahaha!" may be a single sound.
const MIN_LETTERS: usize = 40;

/// How much of a clip is looked at before it begins, if it is there already.
const MAX_IN_HAND: Duration = Duration::from_millis(250);

/// An engine whose clips are believed only if they are long enough for their texts.
pub struct Completeness {
    inner: Arc<dyn Engine>,
}

impl Completeness {
    /// Judges what `inner` says.
    pub fn new(inner: Arc<dyn Engine>) -> Self {
        Self { inner }
    }
}

impl Wrapper for Completeness {
    fn inner(&self) -> &dyn Engine {
        &*self.inner
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let least = least_time(&segment);
        let speech = self.inner.speak(segment);
        let Some(least) = least else { return speech };
        Box::pin(async move {
            let mut frames = Judged { frames: speech.await?, bytes: 0, least };
            let in_hand = in_hand(&mut frames).await?;
            Speech::begin(stream::iter(in_hand.into_iter().map(Ok)).chain(frames)).await
        })
    }
}

/// The least time that `segment` can be spoken in; `None` if that cannot be told.
///
/// The bytes of other encodings do not say how long they play.
fn least_time(segment: &Segment) -> Option<Duration> {
    let delivery = &segment.delivery;
    let letters = text::letters(&segment.text);
    if delivery.encoding != Encoding::PcmS16le || letters < MIN_LETTERS {
        return None;
    }
    let rate = IMPLAUSIBLE_LETTERS_PER_SECOND * delivery.speed.unwrap_or(1.0);
    Duration::try_from_secs_f64(f64::from(u32::try_from(letters).ok()?) / rate).ok()
}

/// What has come of a clip already, up to its end or to [`MAX_IN_HAND`].
///
/// # Errors
/// A fault that came right behind the first audio: nobody has heard that yet.
async fn in_hand(frames: &mut Judged) -> Result<Vec<Frame>> {
    let mut in_hand = Vec::new();
    while playing_time(frames.bytes) < MAX_IN_HAND {
        let Poll::Ready(Some(frame)) = poll!(frames.next()) else { break };
        in_hand.push(frame.map_err(Error::unheard)?);
    }
    Ok(in_hand)
}

/// Frames whose end is an error if it comes too early.
struct Judged {
    frames: Speech,
    bytes: u64,
    least: Duration,
}

impl Stream for Judged {
    type Item = Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let frame = ready!(self.frames.poll_next_unpin(cx));
        match &frame {
            Some(Ok(Frame::Audio(audio))) => self.bytes += audio.len() as u64,
            Some(Ok(Frame::End(_))) if playing_time(self.bytes) < self.least => {
                return Poll::Ready(Some(Err(too_short(playing_time(self.bytes), self.least))));
            }
            _ => {}
        }
        Poll::Ready(frame)
    }
}

fn too_short(played: Duration, least: Duration) -> Error {
    Error::new(Kind::UpstreamUnavailable, "The speech engine broke off its answer. Try again.")
        .with_detail(format!("a clip of {played:?} ended well, but its text takes at least {least:?}"))
        .after_audio()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::time::Duration;

    use futures_util::StreamExt;

    use super::Completeness;
    use crate::engine::Engine;
    use crate::engine::fake::Act;
    use crate::engine::fake::Fake;
    use crate::engine::fake::segment;
    use crate::error::Error;
    use crate::error::Kind;
    use crate::speech::Delivery;
    use crate::speech::Encoding;
    use crate::speech::Frame;
    use crate::speech::Segment;

    /// 90 letters, which take at least two seconds, and 30 spaces, which take none.
    fn text() -> String {
        "abc ".repeat(30)
    }

    fn delivered(text: &str, change: impl FnOnce(&mut Delivery)) -> Segment {
        let mut segment = segment(text, 0);
        let mut delivery = Delivery::clone(&segment.delivery);
        change(&mut delivery);
        segment.delivery = Arc::new(delivery);
        segment
    }

    /// The samples heard and the end of a clip that follows `script`.
    async fn heard(script: Vec<Act>, segment: Segment) -> (usize, Result<(), Error>) {
        let mut speech = Completeness::new(Fake::new([script])).speak(segment).await.unwrap();
        let mut samples = 0;
        loop {
            match speech.next().await.unwrap() {
                Ok(Frame::Audio(audio)) => samples += audio.len() / 2,
                Ok(Frame::End(_)) => return (samples, Ok(())),
                Err(error) => return (samples, Err(error)),
            }
        }
    }

    #[tokio::test]
    async fn a_clip_that_is_far_too_short_is_a_truncation_after_it_was_heard() {
        for (samples, is_whole) in [(6_000, false), (47_999, false), (48_000, true)] {
            let (heard, end) =
                heard(vec![Act::Say(samples / 2, 1), Act::Say(samples - samples / 2, 1)], segment(&text(), 0)).await;
            assert_eq!((heard, end.is_ok()), (samples, is_whole));
            if let Err(error) = end {
                assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamTruncated, false));
                assert!(error.report().contains("takes at least 2s"), "{}", error.report());
                assert!(!error.report().contains("abc"));
            }
        }
    }

    #[tokio::test]
    async fn speed_and_script_count() {
        let fast = |speed| delivered(&text(), |delivery| delivery.speed = Some(speed));
        assert!(heard(vec![Act::Say(12_000, 1)], fast(4.0)).await.1.is_ok());
        assert!(heard(vec![Act::Say(11_999, 1)], fast(4.0)).await.1.is_err());
        assert!(heard(vec![Act::Say(191_999, 1)], fast(0.25)).await.1.is_err());
        // An ideograph is spoken as long as three letters.
        assert!(heard(vec![Act::Say(47_999, 1)], segment(&"文字".repeat(15), 0)).await.1.is_err());
        assert!(heard(vec![Act::Say(48_000, 1)], segment(&"文字".repeat(15), 0)).await.1.is_ok());
    }

    #[tokio::test]
    async fn what_cannot_be_told_is_not_judged() {
        for segment in [
            segment(&"abc".repeat(13), 0),
            segment(&format!("ab{}", "…!? ".repeat(100)), 0),
            delivered(&text(), |delivery| delivery.encoding = Encoding::Mp3),
        ] {
            assert!(heard(vec![Act::Say(1, 1)], segment).await.1.is_ok());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_whole_before_anybody_heard_it_can_be_tried_again() {
        for (script, is_retried) in [
            (vec![Act::Say(1_000, 1), Act::Say(1_000, 1)], true),
            (vec![Act::Say(1_000, 1), Act::Fail(Kind::UpstreamUnavailable)], true),
            // The end is not there yet: waiting for it would keep the first audio back.
            (vec![Act::Say(1_000, 1), Act::Wait(Duration::from_millis(1))], false),
            (vec![Act::Say(6_000, 1)], false),
        ] {
            let engine = Fake::new([script.clone()]);
            let begun = Completeness::new(Arc::<Fake>::clone(&engine)).speak(segment(&text(), 0)).await;
            assert_eq!(begun.is_err(), is_retried, "{script:?}");
            if let Err(error) = begun {
                assert_eq!((error.kind(), error.is_transient(), engine.open()), (Kind::UpstreamUnavailable, true, 0));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_audio_does_not_wait() {
        let script = vec![Act::Say(1, 1), Act::Wait(Duration::from_hours(1)), Act::Say(48_000, 1)];
        let before = tokio::time::Instant::now();
        let mut speech = Completeness::new(Fake::new([script])).speak(segment(&text(), 0)).await.unwrap();
        assert!(speech.next().await.unwrap().is_ok());
        assert_eq!(before.elapsed(), Duration::ZERO);
        assert!(speech.next().await.unwrap().is_ok());
    }
}
