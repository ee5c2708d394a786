//! An engine for tests: it says what it is told to, at the (paused) times it is told to.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream;
use futures_util::stream::StreamExt;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Boundary;
use crate::speech::Delivery;
use crate::speech::Encoding;
use crate::speech::Frame;
use crate::speech::Ledger;
use crate::speech::Outcome;
use crate::speech::Segment;
use crate::speech::Speech;

/// What the engine does at one point of its answer.
#[derive(Clone, Debug)]
pub enum Act {
    /// Waits.
    Wait(Duration),
    /// Has to be asked once more for what comes next, as a connection that only now empties its buffer.
    AskAgain,
    /// Sends that many samples of the value.
    Say(usize, i16),
    /// Fails.
    Fail(Kind),
    /// Fails and asks to wait.
    FailFor(Kind, Duration),
    /// Stops without its end mark; only as the last act.
    Cut,
    /// Ends well, as every script does that is not cut.
    End,
}

/// Answers the n-th call with the n-th script, and every later call with the last one.
#[derive(Default)]
pub struct Fake {
    scripts: Vec<Vec<Act>>,
    calls: AtomicUsize,
    /// Texts in the order in which they were asked for.
    pub texts: Mutex<Vec<Arc<str>>>,
    /// For each of them, whether somebody else could have spoken it.
    pub alternatives: Mutex<Vec<bool>>,
    /// Answers that have not been dropped yet.
    pub open: Arc<AtomicUsize>,
    /// How often it was told to stand by.
    pub called_up: AtomicUsize,
    /// It would not be asked.
    pub is_shut: AtomicBool,
}

impl Fake {
    /// An engine that follows `scripts`.
    pub fn new(scripts: impl IntoIterator<Item = Vec<Act>>) -> Arc<Self> {
        Arc::new(Self { scripts: scripts.into_iter().collect(), ..Self::default() })
    }

    /// How often it was asked.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// How many of its answers are still held by somebody.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

impl Engine for Fake {
    fn check(&self, _: &str, _: Option<&str>) -> Result<()> {
        Ok(())
    }

    fn is_ready(&self) -> bool {
        !self.is_shut.load(Ordering::SeqCst)
    }

    fn stand_by(&self, _: &Delivery) {
        self.called_up.fetch_add(1, Ordering::SeqCst);
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        self.alternatives.lock().unwrap_or_else(PoisonError::into_inner).push(segment.has_alternative);
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).push(segment.text);
        let script = self.scripts.get(call).or(self.scripts.last()).cloned().unwrap_or_default();
        self.open.fetch_add(1, Ordering::SeqCst);
        let held = Held(Arc::clone(&self.open));
        Box::pin(async move {
            let end = (!matches!(script.last(), Some(Act::Cut))).then_some(Act::End);
            let frames = stream::iter(script.into_iter().chain(end)).filter_map(move |act| {
                let _held = &held;
                perform(act)
            });
            Speech::begin(frames).await
        })
    }
}

async fn perform(act: Act) -> Option<Result<Frame>> {
    match act {
        Act::Wait(time) => {
            tokio::time::sleep(time).await;
            None
        }
        Act::AskAgain => {
            tokio::task::yield_now().await;
            None
        }
        Act::Say(samples, value) => {
            let audio: Vec<u8> = std::iter::repeat_n(value.to_le_bytes(), samples).flatten().collect();
            Some(Ok(Frame::Audio(Bytes::from(audio))))
        }
        Act::Fail(kind) => Some(Err(Error::new(kind, "planned"))),
        Act::FailFor(kind, wait) => Some(Err(Error::new(kind, "planned").with_retry_after(wait))),
        Act::End => Some(Ok(Frame::End(Outcome::default()))),
        Act::Cut => None,
    }
}

struct Held(Arc<AtomicUsize>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A segment of nobody's utterance.
pub fn segment(text: &str, index: usize) -> Segment {
    Segment {
        text: text.into(),
        index,
        start_char: index * 100,
        chars: text.chars().count(),
        written: None,
        closing: Boundary::Sentence,
        is_part: false,
        resend_count: 0,
        has_alternative: false,
        deadline: Instant::now() + Duration::from_hours(1),
        delivery: Arc::new(Delivery {
            place: 0,
            model: "fake".to_owned(),
            voice: "nobody".to_owned(),
            instructions: None,
            speed: None,
            language: None,
            encoding: Encoding::PcmS16le,
            reports_usage: false,
        }),
        ledger: Arc::new(Ledger::default()),
    }
}
