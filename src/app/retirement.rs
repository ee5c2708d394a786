//! Watches for models that will be shut down, so that nobody is surprised.

use std::time::Duration;

use crate::engine::catalog::Catalog;
use crate::engine::catalog::Model;
use crate::telemetry::Metrics;

use super::tellers::Tellers;

/// How often the day is looked at.
const LOOK: Duration = Duration::from_hours(1);

/// Asks `tellers` now and then, and says for ever what the calendar of `catalog` holds.
pub(super) async fn watch(catalog: &Catalog, tellers: &mut Tellers, metrics: &Metrics) {
    let mut until_asked = Duration::ZERO;
    let mut until_said = Duration::ZERO;
    loop {
        if let Some(interval) = catalog.calendar().poll_interval()
            && until_asked.is_zero()
        {
            tellers.ask(catalog).await;
            until_asked = interval;
        }
        if until_said.is_zero() {
            catalog.models().for_each(|model| say(catalog, model));
            until_said = Duration::from_hours(24);
        }
        for model in catalog.models() {
            if let Some(days) = catalog.calendar().days_left(model) {
                metrics.retires_in(&model.name, days);
            }
        }
        let pause = if until_asked.is_zero() { LOOK } else { LOOK.min(until_asked) };
        tokio::time::sleep(pause).await;
        until_asked = until_asked.saturating_sub(pause);
        until_said = until_said.saturating_sub(pause);
    }
}

fn say(catalog: &Catalog, model: &Model) {
    let calendar = catalog.calendar();
    let Some(day) = calendar.last_day(model) else { return };
    let successors = model.successors.join(", ");
    if calendar.is_near_its_end(model) {
        tracing::warn!(model = model.name, %day, successors, "a model will be shut down");
    } else if calendar.is_gone(model) && model.native {
        tracing::info!(model = model.name, %day, successors, "a model was shut down; calls for it go to its successors");
    }
}
