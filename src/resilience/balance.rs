//! Several endpoints as one engine: calls are shared out by weight, and one that fails before its first audio is taken over
//! by another endpoint at once.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::engine::Engine;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::resilience::breaker::Health;
use crate::resilience::breaker::Standing;
use crate::resilience::telling::more_telling;
use crate::speech::Delivery;
use crate::speech::Segment;
use crate::speech::Speech;

/// One of several endpoints that speak the same voices.
pub struct Member {
    /// Speaks, with its own breaker around it.
    pub engine: Arc<dyn Engine>,
    /// Its share of the calls, in proportion to those of the others. One of weight 0 is asked only while no other is well.
    pub weight: u32,
    /// What that breaker knows.
    pub health: Arc<Health>,
}

/// Endpoints that stand in for each other.
pub struct Balance {
    members: Arc<[Member]>,
}

impl Balance {
    /// Shares calls out among `members`, which is to have at least one.
    pub fn new(members: Vec<Member>) -> Self {
        Self { members: members.into() }
    }
}

impl Engine for Balance {
    /// The first member's word: what can be spoken depends on the model, which is the same for all.
    fn check(&self, text: &str, language: Option<&str>) -> Result<()> {
        self.members.first().map_or(Ok(()), |member| member.engine.check(text, language))
    }

    /// Whether any member is.
    fn is_ready(&self) -> bool {
        self.members.iter().any(|member| member.engine.is_ready())
    }

    fn stand_by(&self, delivery: &Delivery) {
        self.members.iter().for_each(|member| member.engine.stand_by(delivery));
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech>> {
        let members = Arc::clone(&self.members);
        Box::pin(async move { speak(&members, &segment).await })
    }
}

async fn speak(members: &[Member], segment: &Segment) -> Result<Speech> {
    let mut untried: Vec<_> = members.iter().collect();
    let mut told: Option<Error> = None;
    while let Some(place) = choice(&untried, told.is_none()) {
        let member = untried.swap_remove(place);
        let has_alternative = segment.has_alternative || untried.iter().any(|member| member.engine.is_ready());
        let error = match member.engine.speak(Segment { has_alternative, ..segment.clone() }).await {
            Ok(speech) => return Ok(speech),
            Err(error) => error,
        };
        if !is_the_endpoints(&error) {
            return Err(error);
        }
        tracing::debug!(reason = error.kind().reason(), untried = untried.len(), "an endpoint failed a segment");
        told = Some(match told {
            Some(before) => more_telling(before, error),
            None => error,
        });
    }
    Err(told.unwrap_or_else(|| Error::internal("there is no endpoint to ask")))
}

/// Who of `untried` is asked next: by chance and weight among those that are the best choice at this moment.
///
/// If all are shut, the one that opens soonest is asked, as long as none has been: it knows best what to say.
fn choice(untried: &[&Member], is_first: bool) -> Option<usize> {
    let standings: Vec<_> = untried.iter().map(|member| member.health.standing()).collect();
    let best = *standings.iter().min()?;
    if matches!(best, Standing::Shut(_)) && !is_first {
        return None;
    }
    let places = (0..untried.len()).filter(|place| standings.get(*place) == Some(&best));
    by_weight(places.filter_map(|place| Some((place, untried.get(place)?.weight))).collect())
}

/// One of `choices` by chance, each as often as its weight says; the first one if none has any weight.
fn by_weight(choices: Vec<(usize, u32)>) -> Option<usize> {
    let first = choices.first()?.0;
    let total: u64 = choices.iter().map(|(_, weight)| u64::from(*weight)).sum();
    if total == 0 {
        return Some(first);
    }
    let mut left = rand::random_range(0..total);
    for (place, weight) in choices {
        match left.checked_sub(u64::from(weight)) {
            Some(rest) => left = rest,
            None => return Some(place),
        }
    }
    Some(first)
}

/// Whether `error` is of the endpoint that gave it, so that another one may do better. Nothing was heard before it.
#[expect(clippy::match_same_arms, reason = "each group of kinds has a reason of its own")]
fn is_the_endpoints(error: &Error) -> bool {
    match error.kind() {
        // It is down, slow or broken.
        Kind::UpstreamUnavailable | Kind::UpstreamTimeout | Kind::UpstreamEmptyAudio | Kind::UpstreamTruncated => true,
        // It has no room for us now, be it far away or in this process.
        Kind::UpstreamRateLimited | Kind::Overloaded => true,
        // Accounts, keys and deployments differ from endpoint to endpoint.
        Kind::UpstreamQuotaExhausted | Kind::UpstreamCredentials | Kind::UpstreamModelNotFound => true,
        // The same model refuses the same request elsewhere too; a text that is too long is divided, not carried around.
        Kind::UpstreamRejected => false,
        // It is the model that did so, which is the same elsewhere.
        Kind::UpstreamDeviated => false,
        // Looking for an endpoint that is less particular is not ours to do.
        Kind::ContentRejected => false,
        // The caller's mistakes go wherever the request goes.
        Kind::InvalidField
        | Kind::ConfigRequired
        | Kind::ConfigRepeated
        | Kind::ModelUnknown
        | Kind::VoiceUnknown
        | Kind::TextTooLong
        | Kind::OptionUnsupported
        | Kind::ClipTooLarge => false,
        // The call is over, whoever would speak.
        Kind::DeadlineExceeded | Kind::Draining => false,
        // A fault of our own is to be seen, not to be tried on everybody.
        Kind::Internal => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;
    use std::time::Duration;

    use super::Balance;
    use super::Member;
    use crate::engine::Engine;
    use crate::engine::fake::Act;
    use crate::engine::fake::Fake;
    use crate::engine::fake::segment;
    use crate::error::Error;
    use crate::error::Kind;
    use crate::resilience::Breaker;
    use crate::resilience::BreakerPolicy;
    use crate::resilience::State;
    use crate::telemetry::Metrics;

    const SECOND: Duration = Duration::from_secs(1);

    fn says(scripts: impl IntoIterator<Item = Act>) -> Arc<Fake> {
        Fake::new([scripts.into_iter().collect()])
    }

    /// Members of these weights, each behind a breaker that opens at the first fault.
    fn balance<const N: usize>(engines: [(&Arc<Fake>, u32); N]) -> (Balance, [Arc<Breaker>; N]) {
        let policy = BreakerPolicy { failures: 1, ..BreakerPolicy::default() };
        let breakers = engines.map(|(engine, _)| {
            Arc::new(Breaker::new(Arc::<Fake>::clone(engine), "member", policy.clone(), Metrics::disabled()))
        });
        let members = breakers.iter().zip(engines).map(|(breaker, (_, weight))| Member {
            engine: Arc::<Breaker>::clone(breaker),
            weight,
            health: breaker.health(),
        });
        (Balance::new(members.collect()), breakers)
    }

    async fn spoken(balance: &Balance) -> Result<(), Error> {
        balance.speak(segment("text", 0)).await.map(drop)
    }

    #[tokio::test(start_paused = true)]
    async fn each_member_gets_the_share_of_its_weight() {
        let engines = [(); 3].map(|()| says([Act::Say(1, 1)]));
        let (balance, _) = balance([(&engines[0], 1), (&engines[1], 3), (&engines[2], 0)]);
        for _ in 0..4000 {
            spoken(&balance).await.unwrap();
        }
        // Six standard deviations around a quarter of 4000 are 164.
        let calls = engines.map(|engine| engine.calls());
        assert!((836..=1164).contains(&calls[0]), "{calls:?}");
        assert_eq!((calls[0] + calls[1], calls[2]), (4000, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn another_member_takes_over_at_once_what_an_endpoint_failed() {
        for (kind, is_taken_over) in [
            (Kind::UpstreamUnavailable, true),
            (Kind::UpstreamTimeout, true),
            (Kind::UpstreamEmptyAudio, true),
            (Kind::UpstreamRateLimited, true),
            (Kind::UpstreamQuotaExhausted, true),
            (Kind::UpstreamCredentials, true),
            (Kind::UpstreamModelNotFound, true),
            (Kind::UpstreamRejected, false),
            (Kind::ContentRejected, false),
            (Kind::Internal, false),
        ] {
            let (bad, good) = (says([Act::Fail(kind)]), says([Act::Say(1, 1)]));
            let (balance, _) = balance([(&bad, 1), (&good, 0)]);
            let begun = tokio::time::Instant::now();
            let spoken = spoken(&balance).await;
            assert_eq!((spoken.is_ok(), bad.calls(), good.calls()), (is_taken_over, 1, usize::from(is_taken_over)));
            assert_eq!(begun.elapsed(), Duration::ZERO);
            assert_eq!(spoken.err().map(|error| error.kind()), (!is_taken_over).then_some(kind));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_asked_twice_for_one_segment_and_the_most_telling_error_is_told() {
        let engines = [Kind::UpstreamRateLimited, Kind::UpstreamModelNotFound, Kind::UpstreamModelNotFound]
            .map(|kind| says([Act::Fail(kind)]));
        let (balance, _) = balance([(&engines[0], 1), (&engines[1], 1), (&engines[2], 1)]);
        for round in 1..=50 {
            let error = spoken(&balance).await.unwrap_err();
            assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamRateLimited, true));
            assert_eq!(engines.each_ref().map(|engine| engine.calls()), [round; 3]);
            // Until then the first of them would be the last choice.
            tokio::time::sleep(SECOND).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_shut_member_is_left_alone_until_it_may_be_tried() {
        let bad = Fake::new([vec![Act::Fail(Kind::UpstreamTimeout)], vec![Act::Say(1, 1)]]);
        let good = says([Act::Say(1, 1)]);
        let (balance, breakers) = balance([(&bad, 1), (&good, 0)]);
        for _ in 0..20 {
            spoken(&balance).await.unwrap();
        }
        assert_eq!((bad.calls(), good.calls(), breakers[0].state()), (1, 20, State::Open));
        tokio::time::sleep(5 * SECOND).await;
        spoken(&balance).await.unwrap();
        assert_eq!((bad.calls(), good.calls(), breakers[0].state()), (2, 20, State::Closed));
    }

    #[tokio::test(start_paused = true)]
    async fn a_member_that_wants_to_be_spared_is_the_second_choice_for_so_long() {
        let busy = Fake::new([vec![Act::FailFor(Kind::UpstreamRateLimited, 7 * SECOND)], vec![Act::Say(1, 1)]]);
        let spare = says([Act::Say(1, 1)]);
        let (balance, breakers) = balance([(&busy, 1), (&spare, 0)]);
        for _ in 0..20 {
            spoken(&balance).await.unwrap();
        }
        assert_eq!((busy.calls(), spare.calls(), breakers[0].state()), (1, 20, State::Closed));
        tokio::time::sleep(7 * SECOND).await;
        spoken(&balance).await.unwrap();
        assert_eq!((busy.calls(), spare.calls()), (2, 20));
    }

    #[tokio::test(start_paused = true)]
    async fn where_all_are_shut_the_first_to_open_says_so() {
        let engines = [(); 2].map(|()| says([Act::Fail(Kind::UpstreamTimeout)]));
        let (balance, breakers) = balance([(&engines[0], 1), (&engines[1], 0)]);
        spoken(&balance).await.unwrap_err();
        assert_eq!(breakers.each_ref().map(|breaker| breaker.state()), [State::Open; 2]);
        let waits = breakers.each_ref().map(|breaker| breaker.health().standing());
        let error = spoken(&balance).await.unwrap_err();
        assert_eq!(engines.map(|engine| engine.calls()), [1, 1]);
        assert_eq!((error.kind(), error.is_transient()), (Kind::UpstreamUnavailable, false));
        assert_eq!(error.retry_after().map(super::Standing::Shut), waits.into_iter().min());
    }

    #[tokio::test]
    async fn without_members_nothing_is_spoken() {
        let balance = Balance::new(Vec::new());
        assert_eq!(spoken(&balance).await.unwrap_err().kind(), Kind::Internal);
        assert!(balance.check("text", None).is_ok());
    }
}
