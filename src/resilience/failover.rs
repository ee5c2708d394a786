//! Has the next engine of a route speak where one cannot.
//!
//! An engine that answers with an error has said nothing, so that another may say all of it. Whoever has taken over goes on
//! with the rest of the utterance: a voice that changes twice is worse than one that changes once.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Instant;

use futures_util::future::BoxFuture;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Format;
use crate::speech::Ledger;
use crate::speech::Segment;
use crate::speech::Speech;

use super::hasten::hastened;
use super::transcode::transcoded;

/// One who may speak.
pub struct Understudy {
    /// Who does.
    pub engine: Arc<dyn Engine>,
    /// How, with the engine's own names of model and voice.
    pub delivery: Arc<Delivery>,
    /// Where to book what it costs.
    pub ledger: Arc<Ledger>,
    /// By how much its PCM is to be shortened, if it does not speak as fast as is wanted.
    pub hastening: Option<f64>,
    /// What is to be made of its PCM, if it does not make the encoding that is wanted.
    pub transcoding: Option<Format>,
}

/// The engines of a route, in order, as one engine; for one utterance.
pub struct Failover {
    shared: Arc<Shared>,
}

struct Shared {
    understudies: Vec<Understudy>,
    /// The place of the one who speaks at present.
    place: AtomicUsize,
}

impl Failover {
    /// Asks `understudies` in their order, of whom there is at least one.
    pub fn new(understudies: Vec<Understudy>) -> Self {
        Self { shared: Arc::new(Shared { understudies, place: AtomicUsize::new(0) }) }
    }
}

#[deny(clippy::missing_trait_methods)]
impl Engine for Failover {
    fn check(&self, text: &str, language: Option<&str>) -> Result<()> {
        self.shared.understudies.first().map_or(Ok(()), |first| first.engine.check(text, language))
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.speak(segment).await })
    }
}

impl Shared {
    async fn speak(&self, segment: Segment) -> Result<Speech> {
        let mut place = self.place.load(Ordering::Relaxed);
        let mut first_error = None;
        loop {
            let Some(understudy) = self.understudies.get(place) else {
                return Err(Error::internal("a route without an engine was asked to speak"));
            };
            let error = match understudy.speak(&segment).await {
                Ok(speech) => {
                    self.place.fetch_max(place, Ordering::Relaxed);
                    return Ok(speech);
                }
                Err(error) => error,
            };
            let next = self.next(place, &segment).filter(|_| may_pass_on(&error) && Instant::now() < segment.deadline);
            // If nobody can speak, the caller is told why the one could not who was asked for.
            let Some(next) = next else { return Err(first_error.unwrap_or(error)) };
            let (from, to) = (&understudy.delivery.model, &self.understudies[next].delivery.model);
            tracing::warn!(from, to, reason = error.kind().reason(), detail = error.report(), "another model speaks");
            first_error.get_or_insert(error);
            place = next;
        }
    }

    /// The next one behind `place` who can speak `segment` at all.
    fn next(&self, place: usize, segment: &Segment) -> Option<usize> {
        let language = segment.delivery.language.as_deref();
        (place + 1..self.understudies.len())
            .find(|next| self.understudies[*next].engine.check(&segment.text, language).is_ok())
    }
}

impl Understudy {
    async fn speak(&self, segment: &Segment) -> Result<Speech> {
        let part = Segment {
            delivery: Arc::clone(&self.delivery),
            ledger: Arc::clone(&self.ledger),
            resend_count: 0,
            ..segment.clone()
        };
        let speech = self.engine.speak(part.clone()).await?.spoken_as(part);
        let speech = match self.hastening {
            Some(factor) => hastened(speech, factor).await?,
            None => speech,
        };
        match self.transcoding {
            Some(format) => transcoded(speech, format).await,
            None => Ok(speech),
        }
    }
}

/// Whether another engine may do better than the one that failed with `error`.
fn may_pass_on(error: &Error) -> bool {
    match error.kind() {
        Kind::UpstreamUnavailable
        | Kind::UpstreamTimeout
        | Kind::UpstreamRateLimited
        | Kind::UpstreamQuotaExhausted
        | Kind::UpstreamCredentials
        | Kind::UpstreamModelNotFound
        | Kind::UpstreamEmptyAudio
        | Kind::UpstreamDeviated
        | Kind::UpstreamTruncated => true,
        // What one refuses about the text or the wishes of a caller, another should not be talked into.
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::ClipTooLarge
        | Kind::Overloaded
        | Kind::Draining
        | Kind::UpstreamRejected
        | Kind::ContentRejected
        | Kind::DeadlineExceeded
        | Kind::Internal => false,
    }
}
