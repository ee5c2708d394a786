//! The metrics as text, as Prometheus reads them.

use std::sync::Arc;

use prometheus::Registry;
use prometheus::TextEncoder;

use crate::error::Error;
use crate::error::Result;

/// The media type of a scrape ([format][text]).
///
/// [text]: https://prometheus.io/docs/instrumenting/exposition_formats/
pub const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Reads the current value of every metric. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scraper(Arc<Registry>);

impl Scraper {
    pub(super) fn new(registry: Registry) -> Self {
        Self(Arc::new(registry))
    }

    /// Every metric in the Prometheus text format.
    ///
    /// # Errors
    /// [`Internal`](crate::error::Kind::Internal) if two metrics contradict each other.
    pub fn scrape(&self) -> Result<String> {
        TextEncoder::new()
            .encode_to_string(&self.0.gather())
            .map_err(|fault| Error::internal("the metrics cannot be written as text").with_source(fault))
    }
}
