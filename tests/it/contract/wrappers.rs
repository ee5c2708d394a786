//! The wrappers around an engine, each alone and all of them in the order in which the service wears them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use rhapsode::drain::Readiness;
use rhapsode::engine::Engine;
use rhapsode::engine::Observed;
use rhapsode::error::Error;
use rhapsode::error::Kind;
use rhapsode::resilience::Balance;
use rhapsode::resilience::Breaker;
use rhapsode::resilience::BreakerPolicy;
use rhapsode::resilience::Completeness;
use rhapsode::resilience::Credentials;
use rhapsode::resilience::Failover;
use rhapsode::resilience::Hedge;
use rhapsode::resilience::HedgePolicy;
use rhapsode::resilience::Member;
use rhapsode::resilience::Patience;
use rhapsode::resilience::Retry;
use rhapsode::resilience::RetryPolicy;
use rhapsode::resilience::Timeouts;
use rhapsode::resilience::Understudy;
use rhapsode::speech::Delivery;
use rhapsode::speech::Ledger;
use rhapsode::speech::Segment;
use rhapsode::speech::Speech;
use rhapsode::telemetry::Metrics;

use super::PATIENCE;
use crate::support::segment::delivery;

pub(super) type Wrap = fn(Arc<dyn Engine>) -> Arc<dyn Engine>;

/// From inside out, as `app/engines.rs` puts them around an endpoint and `pipeline/cast.rs` around a route.
pub(super) const WRAPPERS: [(&str, Wrap); 12] = [
    ("bare", |engine| engine),
    ("in Patience", patience),
    ("in Completeness", completeness),
    ("in Breaker", |engine| breaker(engine)),
    ("in Balance", |engine| balance(engine)),
    ("in Hedge", hedge),
    ("in Retry", retry),
    ("in Observed", observed),
    ("in Failover", failover),
    ("in Credentials", credentials),
    ("in all of them", |engine| route(breaker(completeness(patience(engine))))),
    ("in all of them, balanced", |engine| route(balance(completeness(patience(engine))))),
];

/// What stands around every endpoint, and around those that share its calls.
fn route(endpoint: Arc<dyn Engine>) -> Arc<dyn Engine> {
    credentials(failover(observed(retry(hedge(endpoint)))))
}

fn patience(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    Arc::new(Patience::new(engine, Timeouts { first_audio: PATIENCE, idle: PATIENCE }))
}

fn completeness(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    Arc::new(Completeness::new(engine))
}

fn credentials(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    Arc::new(Credentials::new(engine, "engine", Readiness::default()))
}

fn breaker(engine: Arc<dyn Engine>) -> Arc<Breaker> {
    Arc::new(Breaker::new(engine, "engine", BreakerPolicy::default(), Metrics::disabled()))
}

/// Two members, of which the second is asked only if the first, who is the engine, could not be.
fn balance(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    let nobody = Arc::new(Nobody(Arc::clone(&engine)));
    let members = [(1, breaker(engine)), (0, breaker(nobody))];
    let members = members.map(|(weight, breaker)| Member { health: breaker.health(), engine: breaker, weight });
    Arc::new(Balance::new(members.into()))
}

/// An endpoint that would take what the engine takes, and cannot be reached.
struct Nobody(Arc<dyn Engine>);

impl Engine for Nobody {
    fn check(&self, text: &str, language: Option<&str>) -> Result<(), Error> {
        self.0.check(text, language)
    }

    fn is_ready(&self) -> bool {
        false
    }

    fn stand_by(&self, _: &Delivery) {}

    fn speak(&self, _: Segment) -> BoxFuture<'static, Result<Speech, Error>> {
        Box::pin(async { Err(Error::new(Kind::UpstreamUnavailable, "Nobody is there.").with_retry(false)) })
    }
}

fn hedge(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    Arc::new(Hedge::new(engine, HedgePolicy { enabled: true, ..HedgePolicy::default() }))
}

/// A route is put together for each utterance, which is why it is put together here for each segment.
fn failover(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    Arc::new(EachAlone(engine))
}

struct EachAlone(Arc<dyn Engine>);

impl EachAlone {
    fn route(&self, delivery: &Arc<Delivery>, ledger: &Arc<Ledger>) -> Failover {
        let understudy = |engine| Understudy {
            engine,
            delivery: Arc::clone(delivery),
            ledger: Arc::new(Ledger::part_of(ledger)),
            hastening: None,
            transcoding: None,
        };
        let engines: [Arc<dyn Engine>; 2] = [Arc::clone(&self.0), Arc::new(Nobody(Arc::clone(&self.0)))];
        Failover::new(engines.map(understudy).into(), Metrics::disabled())
    }
}

impl Engine for EachAlone {
    fn check(&self, text: &str, language: Option<&str>) -> Result<(), Error> {
        self.route(&Arc::new(delivery()), &Arc::default()).check(text, language)
    }

    fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    fn stand_by(&self, delivery: &Delivery) {
        self.0.stand_by(delivery);
    }

    fn speak(&self, segment: Segment) -> BoxFuture<'static, Result<Speech, Error>> {
        self.route(&segment.delivery, &segment.ledger).speak(segment)
    }
}

fn retry(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    let wait = Duration::from_millis(1);
    Arc::new(Retry::new(engine, RetryPolicy { initial_backoff: wait, max_backoff: wait, ..RetryPolicy::default() }))
}

fn observed(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    Arc::new(Observed::new(engine, "provider", Metrics::disabled()))
}
