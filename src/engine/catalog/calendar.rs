//! Which day it is, and when models are shut down.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use time::Date;
use time::OffsetDateTime;

use crate::fault::Fault;

use super::Model;
use super::absence::Absences;
use super::date;

/// What happens as models near the end of their lives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How many days ahead logs and metrics warn of a model that will be shut down.
    pub warn_days: u16,
    /// How often engines are asked for their models, which tell when they will be shut down (`shutdown_date` of
    /// `GET /v1/models`). Where several endpoints share the calls of a model, the latest of their days holds, once all of
    /// them have told one. `0s` asks nobody; the catalogue's own dates hold then.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub poll_interval: Duration,
    /// For how long a model that its engine turns out not to have, without having told a day, is not asked any more where
    /// another one can speak for it; then one call tries it again. `0s`: every call does.
    #[serde(with = "humantime_serde")]
    #[schemars(with = "String")]
    pub gone_for: Duration,
    /// Acts as if it were this day (`YYYY-MM-DD`): a rehearsal of what callers will hear after a model is gone. Unset: the
    /// day that it is, in UTC.
    #[serde(with = "date", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub rehearse_as_of: Option<Date>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            warn_days: 30,
            poll_interval: Duration::from_hours(6),
            gone_for: Duration::from_mins(5),
            rehearse_as_of: None,
        }
    }
}

impl Config {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let is_hasty = !self.poll_interval.is_zero() && self.poll_interval < Duration::from_mins(1);
        is_hasty.then(|| Fault::new("poll_interval", "must be 0s or a minute at least")).into_iter().collect()
    }
}

/// Knows the last days of models: those of the catalogue, and those that engines have told since.
#[derive(Debug, Default)]
pub struct Calendar {
    config: Config,
    told: RwLock<BTreeMap<String, Date>>,
    absences: Absences,
}

impl Calendar {
    /// A calendar on which nothing has been told yet.
    pub fn new(config: Config) -> Self {
        Self { config, told: RwLock::default(), absences: Absences::default() }
    }

    /// The day that it is, or is taken to be.
    pub fn today(&self) -> Date {
        self.config.rehearse_as_of.unwrap_or_else(|| OffsetDateTime::now_utc().date())
    }

    /// The engine of the model called `model` in the catalogue says that it will be gone from `day` on.
    pub fn tell(&self, model: &str, day: Date) {
        self.told.write().unwrap_or_else(PoisonError::into_inner).insert(model.to_owned(), day);
    }

    /// The day from which `model` cannot be had any more, if there is one. The catalogue's date is that of the model's
    /// maker: another server that knows the name may go on with it, and its own word holds.
    pub fn last_day(&self, model: &Model) -> Option<Date> {
        let told = self.told.read().unwrap_or_else(PoisonError::into_inner).get(&model.name).copied();
        told.or(model.retire_date.filter(|_| model.retires))
    }

    /// Whether `model` is gone.
    pub fn is_gone(&self, model: &Model) -> bool {
        self.last_day(model).is_some_and(|day| day <= self.today())
    }

    /// Days until `model` is gone, negative behind that, if there is such a day.
    pub fn days_left(&self, model: &Model) -> Option<i64> {
        self.last_day(model).map(|day| (day - self.today()).whole_days())
    }

    /// Whether it is time to warn that `model` will be gone.
    pub fn is_near_its_end(&self, model: &Model) -> bool {
        self.days_left(model).is_some_and(|days| (1..=i64::from(self.config.warn_days)).contains(&days))
    }

    /// `engine` turned out not to have `model`, by its own name of it.
    pub fn miss(&self, engine: &str, model: &str) {
        let gone_for = self.config.gone_for;
        if !gone_for.is_zero() && self.absences.begin(engine, model, gone_for) {
            tracing::warn!(
                engine,
                model,
                ?gone_for,
                "an engine does not have a model; its successors are asked at once"
            );
        }
    }

    /// `engine` has `model`, by its own name of it.
    pub fn meet(&self, engine: &str, model: &str) {
        if self.absences.end(engine, model) {
            tracing::info!(engine, model, "an engine has a model again");
        }
    }

    /// Whether `model` is not there at present, as far as anybody has seen.
    pub fn is_absent(&self, model: &Model) -> bool {
        self.absences.holds(&model.engine, &model.upstream_model)
    }

    /// Whether a call that could have `model` should see whether it is there again. No other call is told so for a while.
    pub fn is_to_be_tried(&self, model: &Model) -> bool {
        self.absences.is_due(&model.engine, &model.upstream_model, self.config.gone_for)
    }

    /// How often engines are asked; none if they are not.
    pub fn poll_interval(&self) -> Option<Duration> {
        Some(self.config.poll_interval).filter(|interval| !interval.is_zero())
    }
}
