//! Has the next engine of a route speak where one cannot.
//!
//! An engine that answers with an error has said nothing, so that another may say all of it. Whoever has taken over goes on
//! with the rest of the utterance: a voice that changes twice is worse than one that changes once. Only if that one cannot, the
//! others are asked again, those behind it first. Whoever was given little time, because there were others, is asked once more
//! and with all the patience that there is if those could not speak either.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Delivery;
use crate::speech::Encoding;
use crate::speech::Format;
use crate::speech::Ledger;
use crate::speech::Segment;
use crate::speech::Speech;
use crate::telemetry::Metrics;

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
    /// Those who could not speak when it was their turn, by place.
    failed: Vec<AtomicBool>,
    metrics: Metrics,
}

impl Failover {
    /// Asks `understudies` in their order, of whom there is at least one.
    pub fn new(understudies: Vec<Understudy>, metrics: Metrics) -> Self {
        let failed = understudies.iter().map(|_| AtomicBool::new(false)).collect();
        Self { shared: Arc::new(Shared { understudies, place: AtomicUsize::new(0), failed, metrics }) }
    }
}

impl Engine for Failover {
    fn check(&self, text: &str, language: Option<&str>) -> Result<()> {
        self.shared.understudies.first().map_or(Ok(()), |first| first.engine.check(text, language))
    }

    /// Whether anybody is.
    fn is_ready(&self) -> bool {
        self.shared.understudies.iter().any(|understudy| understudy.engine.is_ready())
    }

    /// Nothing: each of them has a way of its own to speak.
    fn stand_by(&self, _: &Delivery) {}

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { shared.speak(segment).await })
    }
}

impl Shared {
    async fn speak(&self, segment: Segment) -> Result<Speech> {
        let resident = self.place.load(Ordering::Relaxed);
        let mut untried = self.able(resident, &segment);
        self.call_to_stand_by(untried.iter().skip(1));
        let mut first_error: Option<Error> = None;
        while let Some(place) = untried.pop_front() {
            let Some(understudy) = self.understudies.get(place) else { break };
            let has_alternative = untried.iter().any(|other| self.is_promising(*other));
            let error = match understudy.speak(Segment { has_alternative, ..segment.clone() }).await {
                Ok(speech) => {
                    self.settle(resident, place);
                    return Ok(speech);
                }
                Err(error) => error,
            };
            self.has_failed(place);
            if has_alternative && was_hurried(&error) {
                // At the last, so that then there is no alternative.
                untried.push_back(place);
            }
            if may_be_divided(&segment, &error) {
                return Err(error);
            }
            let is_final = !may_pass_on(&error) || Instant::now() >= Instant::from_std(segment.deadline);
            let Some(next) = untried.front().filter(|_| !is_final) else {
                // If nobody can speak, the caller is told why the one could not who was asked first.
                return Err(first_error.unwrap_or(error));
            };
            let (from, to) = (&understudy.delivery.model, &self.understudies[*next].delivery.model);
            tracing::warn!(from, to, reason = error.kind().reason(), detail = error.report(), "another model speaks");
            self.metrics.failed_over(from, to, error.kind().reason());
            first_error.get_or_insert(error);
        }
        Err(first_error.unwrap_or_else(|| Error::internal("a route without an engine was asked to speak")))
    }

    /// The places of those who can speak `segment` at all, in the order in which they are asked: whoever speaks at present, those
    /// behind, and those before. If nobody can, whoever speaks at present is to say why.
    fn able(&self, resident: usize, segment: &Segment) -> VecDeque<usize> {
        let language = segment.delivery.language.as_deref();
        let can = |place: &usize| self.understudies[*place].engine.check(&segment.text, language).is_ok();
        let able: VecDeque<_> = (resident..self.understudies.len()).chain(0..resident).filter(can).collect();
        if able.is_empty() { VecDeque::from([resident]) } else { able }
    }

    /// Whoever might have to take over had better be ready for it.
    fn call_to_stand_by<'a>(&self, places: impl Iterator<Item = &'a usize>) {
        let understudies = places.filter_map(|place| self.understudies.get(*place));
        understudies.for_each(|understudy| understudy.engine.stand_by(&understudy.delivery));
    }

    /// Whether there is reason to hope that the one at `place` would speak: it is ready, and has not just failed.
    fn is_promising(&self, place: usize) -> bool {
        let has_failed = self.failed.get(place).is_none_or(|failed| failed.load(Ordering::Relaxed));
        !has_failed && self.understudies.get(place).is_some_and(|understudy| understudy.engine.is_ready())
    }

    fn has_failed(&self, place: usize) {
        if let Some(failed) = self.failed.get(place) {
            failed.store(true, Ordering::Relaxed);
        }
    }

    /// The one at `place` speaks from now on, unless another segment has moved on from `resident` in the meantime.
    fn settle(&self, resident: usize, place: usize) {
        // Then that one's choice stands.
        let _ = self.place.compare_exchange(resident, place, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl Understudy {
    /// The segment as it reaches those who listen: in another encoding than the engine's, if it is transcoded.
    fn heard_of(&self, part: Segment) -> Segment {
        match self.transcoding {
            Some(format) => {
                let delivery = Delivery { encoding: format.encoding(), ..Delivery::clone(&part.delivery) };
                Segment { delivery: Arc::new(delivery), ..part }
            }
            None => part,
        }
    }

    async fn speak(&self, segment: Segment) -> Result<Speech> {
        let (delivery, ledger) = (Arc::clone(&self.delivery), Arc::clone(&self.ledger));
        let part = Segment { delivery, ledger, resend_count: 0, ..segment };
        let speech = self.engine.speak(part.clone()).await?.spoken_as(self.heard_of(part));
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

/// Whether `error` refuses `segment` for its length, so that it will be asked for in parts.
fn may_be_divided(segment: &Segment, error: &Error) -> bool {
    let is_too_long = error.upstream().is_some_and(|upstream| upstream.text_too_long);
    is_too_long
        && error.kind() == Kind::UpstreamRejected
        && !segment.is_part
        && segment.delivery.encoding == Encoding::PcmS16le
}

/// Whether whoever failed with `error` may have done better with the patience that it had without an alternative. All other
/// failures are tried again as often beside one.
fn was_hurried(error: &Error) -> bool {
    error.is_transient() && (error.kind() == Kind::UpstreamTimeout || error.retry_after().is_some())
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
        | Kind::UpstreamTruncated
        // Of one engine's sessions, not of this process.
        | Kind::Overloaded => true,
        // What one refuses about the text or the wishes of a caller, another should not be talked into.
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::ClipTooLarge
        | Kind::Draining
        | Kind::UpstreamRejected
        | Kind::ContentRejected
        | Kind::DeadlineExceeded
        | Kind::Internal => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::sync::atomic::Ordering;

    use super::Failover;
    use super::Understudy;
    use crate::engine::Engine;
    use crate::engine::fake::Act;
    use crate::engine::fake::Fake;
    use crate::engine::fake::segment;
    use crate::error::Error;
    use crate::error::Kind;
    use crate::speech::Delivery;
    use crate::telemetry::Metrics;

    fn says<const N: usize>(answers: [Act; N]) -> Arc<Fake> {
        Fake::new(answers.map(|act| vec![act]))
    }

    fn route<const N: usize>(engines: [&Arc<Fake>; N]) -> Failover {
        let understudies = engines.into_iter().enumerate().map(|(place, engine)| Understudy {
            engine: Arc::<Fake>::clone(engine),
            delivery: Arc::new(Delivery { place, ..Delivery::clone(&segment("", 0).delivery) }),
            ledger: Arc::default(),
            hastening: None,
            transcoding: None,
        });
        Failover::new(understudies.collect(), Metrics::disabled())
    }

    /// The place of the one who speaks.
    async fn spoken(route: &Failover) -> Result<usize, Error> {
        let mut speech = route.speak(segment("text", 0)).await?;
        Ok(speech.take_spoken().unwrap().delivery.place)
    }

    const WELL: Act = Act::Say(1, 1);

    fn fails(kind: Kind) -> Act {
        Act::Fail(kind)
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_took_over_stays_until_that_one_fails() {
        let first = says([fails(Kind::UpstreamUnavailable), WELL]);
        let second = says([WELL, WELL, fails(Kind::UpstreamUnavailable)]);
        let route = route([&first, &second]);
        let mut places = Vec::new();
        for _ in 0..4 {
            places.push(spoken(&route).await.unwrap());
        }
        assert_eq!(places, [1, 1, 0, 0], "the first is asked again before the call is given up");
        assert_eq!((first.calls(), second.calls()), (3, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_who_was_asked_first_says_why_nobody_speaks() {
        let (first, second) = (says([fails(Kind::UpstreamQuotaExhausted)]), says([fails(Kind::UpstreamUnavailable)]));
        let error = spoken(&route([&first, &second])).await.unwrap_err();
        assert_eq!(error.kind(), Kind::UpstreamQuotaExhausted);
        let refused = says([fails(Kind::ContentRejected)]);
        let error = spoken(&route([&refused, &second])).await.unwrap_err();
        assert_eq!((error.kind(), second.calls()), (Kind::ContentRejected, 1), "nobody is talked into it");
    }

    #[tokio::test(start_paused = true)]
    async fn an_engine_without_room_is_passed_over() {
        let (first, second) = (says([fails(Kind::Overloaded)]), says([WELL]));
        assert_eq!(spoken(&route([&first, &second])).await.unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn patience_is_only_short_where_somebody_else_may_well_speak() {
        let alternatives = |engine: &Fake| engine.alternatives.lock().unwrap().clone();
        // The second is ready, then shut; the third is not asked.
        let (first, second) = (says([WELL]), says([WELL]));
        let both = route([&first, &second]);
        spoken(&both).await.unwrap();
        second.is_shut.store(true, Ordering::SeqCst);
        spoken(&both).await.unwrap();
        assert_eq!(alternatives(&first), [true, false]);

        // Whoever has failed before is no alternative to the one who took over.
        let (first, second) = (says([fails(Kind::UpstreamUnavailable)]), says([WELL]));
        let both = route([&first, &second]);
        spoken(&both).await.unwrap();
        spoken(&both).await.unwrap();
        assert_eq!((alternatives(&first), alternatives(&second)), (vec![true], vec![false, false]));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_was_not_waited_for_is_asked_again_if_the_others_cannot_speak() {
        let late = || fails(Kind::UpstreamTimeout);
        let (first, second) = (says([late(), WELL]), says([fails(Kind::UpstreamCredentials)]));
        assert_eq!(spoken(&route([&first, &second])).await.unwrap(), 0);
        assert_eq!(*first.alternatives.lock().unwrap(), [true, false], "with all patience the second time");

        // Each once more at most, and not for what would be the same.
        let engines = [says([late()]), says([late()]), says([late()])];
        assert_eq!(spoken(&route(engines.each_ref())).await.unwrap_err().kind(), Kind::UpstreamTimeout);
        assert_eq!(engines.map(|engine| engine.calls()), [2, 2, 1]);
        for kind in [Kind::UpstreamCredentials, Kind::UpstreamUnavailable] {
            let engines = [says([fails(kind)]), says([late()])];
            assert_eq!(spoken(&route(engines.each_ref())).await.unwrap_err().kind(), kind);
            assert_eq!(engines.map(|engine| engine.calls()), [1, 1], "it had all its tries, or none would help");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_may_have_to_take_over_are_told_to_stand_by() {
        let engines = [(); 3].map(|()| says([WELL]));
        spoken(&route([&engines[0], &engines[1], &engines[2]])).await.unwrap();
        assert_eq!(engines.map(|engine| engine.called_up.load(Ordering::SeqCst)), [0, 1, 1]);
    }
}
