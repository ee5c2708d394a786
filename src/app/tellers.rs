//! Who tells when models are shut down: every endpoint of its own, and for engines that share calls all of their members.

use std::collections::BTreeMap;
use std::collections::HashMap;

use futures_util::future::join_all;
use time::Date;

use crate::config::Config;
use crate::config::Engine;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::Model;
use crate::engine::realtime::Realtime;
use crate::engine::speech_api::SpeechApi;
use crate::error::Result;

use super::engines::Bare;

/// The endpoints that can be asked, and the engines that they speak for.
pub(super) struct Tellers {
    /// By the name of their engine.
    tellers: BTreeMap<String, Teller>,
    /// The endpoints in use behind each engine: itself, or its members.
    endpoints: BTreeMap<String, Vec<String>>,
}

/// An endpoint with what it has told so far.
struct Teller {
    api: Api,
    /// Last days by the endpoint's own names of its models.
    days: BTreeMap<String, Date>,
    /// It did not answer when it was asked last.
    is_silent: bool,
}

enum Api {
    Speech(SpeechApi),
    Realtime(Realtime),
}

impl Tellers {
    /// Those of `engines`, which are in use.
    pub(super) fn new(engines: &HashMap<String, Bare>, config: &Config) -> Self {
        let tellers = engines.iter().filter_map(|(name, engine)| Some((name.clone(), Teller::new(Api::of(engine)?))));
        let endpoints = config.engines.iter().map(|(name, engine)| {
            let members: Vec<_> = match engine {
                Engine::Balanced(balanced) => balanced.members.keys().cloned().collect(),
                Engine::SpeechApi(_) | Engine::Realtime(_) | Engine::Embedded(_) => vec![name.clone()],
            };
            (name.clone(), members.into_iter().filter(|member| engines.contains_key(member)).collect())
        });
        Self { tellers: tellers.collect(), endpoints: endpoints.collect() }
    }

    /// Asks all of them, and writes what they say on the calendar of `catalog`.
    pub(super) async fn ask(&mut self, catalog: &Catalog) {
        join_all(self.tellers.iter_mut().map(|(engine, teller)| teller.ask(engine))).await;
        for model in catalog.models() {
            if let Some(day) = self.last_day(model) {
                catalog.calendar().tell(&model.name, day);
            }
        }
    }

    /// The day from which nobody behind its engine has `model`: none unless all of them have told one.
    fn last_day(&self, model: &Model) -> Option<Date> {
        let told = |endpoint: &String| self.tellers.get(endpoint)?.days.get(&model.upstream_model).copied();
        let days: Option<Vec<_>> = self.endpoints.get(&model.engine)?.iter().map(told).collect();
        days?.into_iter().max()
    }
}

impl Teller {
    fn new(api: Api) -> Self {
        Self { api, days: BTreeMap::new(), is_silent: false }
    }

    async fn ask(&mut self, engine: &str) {
        let answer = match &self.api {
            Api::Speech(api) => api.last_days().await,
            Api::Realtime(api) => api.last_days().await,
        };
        self.take(engine, answer);
    }

    /// What it told before holds on: a model that is gone is not listed any more.
    fn take(&mut self, engine: &str, answer: Result<Vec<(String, Date)>>) {
        let was_silent = std::mem::replace(&mut self.is_silent, answer.is_err());
        match answer {
            Ok(days) => {
                self.days.extend(days);
                if was_silent {
                    tracing::info!(engine, "an engine lists its models again");
                }
            }
            Err(error) if was_silent => {
                tracing::debug!(engine, detail = error.report(), "an engine still does not list its models");
            }
            Err(error) => {
                let detail = error.report();
                tracing::info!(engine, detail, "an engine does not list its models; known days of retirement hold");
            }
        }
    }
}

impl Api {
    fn of(engine: &Bare) -> Option<Self> {
        match engine {
            Bare::SpeechApi(api, _) => Some(Self::Speech(api.clone())),
            Bare::Realtime(api, _) => Some(Self::Realtime(api.clone())),
            Bare::Embedded(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use std::io::Read;
    use std::io::Seek;
    use std::sync::Arc;

    use time::macros::date;
    use tracing_subscriber::fmt;

    use super::Api;
    use super::Teller;
    use crate::engine::realtime;
    use crate::engine::realtime::Realtime;
    use crate::error::Error;
    use crate::error::Kind;
    use crate::telemetry::Metrics;

    #[test]
    fn silence_is_told_when_it_begins_and_when_it_ends() {
        let config = realtime::Config { base_url: "http://127.0.0.1:1".parse().unwrap(), ..<_>::default() };
        let mut teller = Teller::new(Api::Realtime(Realtime::new(&config, None, Metrics::disabled()).unwrap()));
        let mut log = tempfile::tempfile().unwrap();
        let subscriber = fmt().with_writer(Arc::new(log.try_clone().unwrap())).with_ansi(false).finish();
        let refused = || Err(Error::new(Kind::UpstreamUnavailable, "No."));
        let day = ("tts-1".to_owned(), date!(2027 - 01 - 06));
        tracing::subscriber::with_default(subscriber, || {
            for answer in [refused(), refused(), Ok(vec![day.clone()]), Ok(Vec::new()), refused(), refused()] {
                teller.take("mine", answer);
            }
        });
        let mut lines = String::new();
        log.rewind().unwrap();
        log.read_to_string(&mut lines).unwrap();
        let said: Vec<_> = lines.lines().map(|line| line.contains("lists its models again")).collect();
        assert_eq!(said, [false, true, false], "{lines}");
        assert!(lines.lines().all(|line| line.contains(r#"engine="mine""#)), "{lines}");
        assert_eq!(teller.days.get("tts-1"), Some(&day.1), "a model that is listed no more has not got its life back");
    }
}
