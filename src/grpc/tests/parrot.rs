//! An engine that says what it is given, a hundredth of a second a letter, and fails now and then.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Frame;
use crate::speech::Outcome;
use crate::speech::Segment;
use crate::speech::Speech;

/// Why it fails.
pub(super) const REASON: &str = "CONTENT_REJECTED";

/// Samples of a letter.
const LETTER: usize = 240;

/// What it has been asked to say since it began, and what it is at.
#[derive(Default)]
pub(super) struct Parrot {
    texts: Mutex<Vec<Arc<str>>>,
    open: Arc<AtomicUsize>,
    seed: AtomicU64,
    fails: AtomicBool,
}

impl Parrot {
    /// Forgets everything.
    pub(super) fn begin(&self, seed: u64, fails: bool) {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.seed.store(seed, Ordering::SeqCst);
        self.fails.store(fails, Ordering::SeqCst);
    }

    /// Answers that somebody still holds.
    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// The numbers of all words that it was asked to say.
    pub(super) fn words(&self) -> Vec<usize> {
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_digit()));
        words.filter(|digits| !digits.is_empty()).map(|digits| digits.parse().unwrap()).collect()
    }
}

impl Engine for Parrot {
    fn check(&self, _: &str, _: Option<&str>) -> Result<()> {
        Ok(())
    }

    fn is_ready(&self) -> bool {
        true
    }

    fn stand_by(&self, _: &Delivery) {}

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let mut dice = StdRng::seed_from_u64(self.seed.fetch_add(1, Ordering::SeqCst));
        let may_fail = self.fails.load(Ordering::SeqCst);
        let frames = segment.text.chars().count().div_ceil(10);
        let breaks_at = (may_fail && dice.random_bool(0.2)).then(|| dice.random_range(0..=frames));
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).push(segment.text);
        let held = Held::new(&self.open);
        let said = stream::unfold(0, move |frame| {
            let _held = &held;
            let wait = Duration::from_millis(dice.random_range(0..150));
            async move {
                tokio::time::sleep(wait).await;
                let told = match frame {
                    frame if Some(frame) == breaks_at => Err(Error::new(Kind::ContentRejected, "planned")),
                    frame if frame < frames => Ok(Frame::Audio(sound())),
                    frame if frame == frames => Ok(Frame::End(Outcome::default())),
                    _ => return None,
                };
                Some((told, frame + 1))
            }
        });
        Box::pin(Speech::begin(said))
    }
}

/// Ten letters of a loud tone.
fn sound() -> Bytes {
    let wave = (0..10 * LETTER).map(|sample| if sample % 60 < 30 { 6_000_i16 } else { -6_000 });
    wave.flat_map(i16::to_le_bytes).collect()
}

/// Counts as long as it lives.
struct Held(Arc<AtomicUsize>);

impl Held {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(open))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
