//! The built-in voice as an engine: sentence by sentence, on a bounded number of threads.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread::available_parallelism;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Frame;
use crate::speech::Outcome;
use crate::speech::Segment;
use crate::speech::Speech;
use crate::text;

use super::Pieces;
use super::Voice;
use super::error::Error as Fault;
use super::supports_language;
use super::unspeakable;

static VOICE: Mutex<Option<Arc<Voice>>> = Mutex::new(None);
static IS_WARM: AtomicBool = AtomicBool::new(false);

/// The voice that is compiled into the binary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Sentences that are made at the same time, each on one core. 0 is the number of cores.
    pub workers: usize,
}

/// The built-in voice.
///
/// Each piece of a sentence is one job on a blocking thread, and jobs of all calls take turns. Between two jobs a call
/// holds no thread, so that a caller who reads slowly keeps nobody waiting.
#[derive(Clone)]
pub struct Embedded {
    voice: Arc<Voice>,
    workers: Arc<Semaphore>,
}

impl Embedded {
    /// Loads the voice, in about 160 ms.
    ///
    /// # Errors
    /// If the compiled-in data cannot be read.
    pub fn new(config: &Config) -> Result<Self> {
        let cores = available_parallelism().map_or(1, usize::from);
        let workers = if config.workers == 0 { cores } else { config.workers };
        Ok(Self { voice: shared_voice()?, workers: Arc::new(Semaphore::new(workers)) })
    }

    /// Speaks a word to nobody: the first one touches every page of the weights and takes several times as long.
    pub async fn warm_up(&self) {
        if IS_WARM.swap(true, Ordering::Relaxed) {
            return;
        }
        if let Ok(pieces) = self.voice.pieces("Ready.", 1.0) {
            // Whatever is wrong here is wrong again when it matters, and is told to somebody then.
            let _ = next_piece(&self.workers, pieces).await;
        }
    }
}

/// The weights are the same for every engine of a process, and take 100 MB of memory.
fn shared_voice() -> Result<Arc<Voice>> {
    let mut shared = VOICE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(voice) = &*shared {
        return Ok(Arc::clone(voice));
    }
    let voice = Arc::new(Voice::load().map_err(|fault| Error::internal(fault.to_string()))?);
    *shared = Some(Arc::clone(&voice));
    Ok(voice)
}

impl Engine for Embedded {
    fn check(&self, text: &str, language: Option<&str>) -> Result<()> {
        if let Some(language) = language
            && !supports_language(language)
        {
            return Err(english_only("config.language_code"));
        }
        match unspeakable(text) {
            Some(letter) => Err(english_only("text")
                .with_fact("script", letter.script)
                .with_fact("char", letter.offset.to_string())),
            None => Ok(()),
        }
    }

    /// Always: there is nothing on the way to it.
    fn is_ready(&self) -> bool {
        true
    }

    /// Nothing: it was warmed up at the start.
    fn stand_by(&self, _: &Delivery) {}

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let job = Job { engine: self.clone(), sentences: sentences(&segment), pieces: None, segment };
        Box::pin(Speech::begin(stream::unfold(Some(job), |job| async { step(job?).await })))
    }
}

/// A segment on its way through the voice.
struct Job {
    engine: Embedded,
    segment: Segment,
    /// Sentences still to be spoken, the next one last.
    sentences: Vec<String>,
    pieces: Option<Pieces>,
}

/// The next frame, and what is left to do.
async fn step(mut job: Job) -> Option<(Result<Frame>, Option<Job>)> {
    loop {
        let Some(pieces) = job.pieces.take() else {
            let Some(sentence) = job.sentences.pop() else {
                return Some((Ok(Frame::End(Outcome::default())), None));
            };
            let speed = job.segment.delivery.speed.unwrap_or(1.0);
            match job.engine.voice.pieces(&sentence, speed) {
                Ok(pieces) => job.pieces = Some(pieces),
                Err(fault) => return Some((Err(error(&fault)), None)),
            }
            continue;
        };
        match next_piece(&job.engine.workers, pieces).await {
            Ok((pieces, Some(samples))) => {
                job.pieces = Some(pieces);
                return Some((Ok(Frame::Audio(pcm(&samples))), Some(job)));
            }
            Ok((_, None)) => {}
            Err(fault) => return Some((Err(fault), None)),
        }
    }
}

/// Makes the next piece on a blocking thread. The worker's place is given back when the work is done, also if nobody
/// waits for it any more.
async fn next_piece(workers: &Arc<Semaphore>, mut pieces: Pieces) -> Result<(Pieces, Option<Vec<i16>>)> {
    let place = Arc::clone(workers).acquire_owned().await.map_err(|_| Error::internal("the voice is closed"))?;
    let work = tokio::task::spawn_blocking(move || {
        let piece = pieces.next().transpose();
        drop(place);
        piece.map(|piece| (pieces, piece))
    });
    match work.await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(fault)) => Err(error(&fault)),
        Err(fault) => Err(Error::internal("the built-in voice stopped").with_source(fault)),
    }
}

fn sentences(segment: &Segment) -> Vec<String> {
    let mut sentences: Vec<_> = text::sentences(&segment.text, segment.delivery.language.as_deref())
        .map(|range| segment.text[range].to_owned())
        .filter(|sentence| text::is_speakable(sentence))
        .collect();
    sentences.reverse();
    sentences
}

fn pcm(samples: &[i16]) -> Bytes {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<_>>().into()
}

fn error(fault: &Fault) -> Error {
    match fault {
        Fault::Unspeakable(_) => english_only("text"),
        Fault::Speed { .. } => Error::invalid("config.speed", "The speed must lie between 0.25 and 4.0."),
        Fault::Asset { .. } | Fault::Network { .. } => Error::internal(fault.to_string()),
    }
}

fn english_only(field: &'static str) -> Error {
    Error::invalid(
        field,
        "The built-in voice speaks English only. Other languages need an engine that speaks them: configure an OpenAI \
         key or a compatible server.",
    )
}
