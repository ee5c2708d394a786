//! How many sessions are open at upstreams, looked up whenever the metrics are read.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

use super::names;

/// Counts the open sessions of one engine.
type Count = Box<dyn Fn() -> usize + Send + Sync>;

/// An engine, by its labels.
type Counted = (Vec<KeyValue>, Count);

/// The engines that have sessions.
#[derive(Clone, Default)]
pub(super) struct Sessions(Arc<Mutex<Vec<Counted>>>);

impl Sessions {
    /// Has `meter` look at all engines that will be named.
    pub(super) fn new(meter: &Meter) -> Self {
        let sessions = Self::default();
        let seen = sessions.clone();
        // The meter keeps what it calls; the handle has no use but this.
        let _gauge = meter
            .u64_observable_gauge(names::REALTIME_SESSIONS)
            .with_unit("{session}")
            .with_description("Sessions that are open at an upstream.")
            .with_callback(move |observer| {
                for (labels, count) in seen.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                    observer.observe(count() as u64, labels);
                }
            })
            .build();
        sessions
    }

    /// `count` tells how many sessions the engine of these `labels` has.
    pub(super) fn watch(&self, labels: Vec<KeyValue>, count: impl Fn() -> usize + Send + Sync + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((labels, Box::new(count)));
    }
}
