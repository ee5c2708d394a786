//! What the operator decides about logs. Traces and metrics are configured by the standard `OTEL_*` variables.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use tracing_subscriber::EnvFilter;

use crate::fault::Fault;

/// Logs, traces and metrics.
///
/// Logs go to standard error; one line per call says what it asked for, what it used and how it ended, and never what was
/// said. Metrics are always there for Prometheus at `/metrics`. Traces and metrics are also exported over OTLP once
/// `OTEL_EXPORTER_OTLP_ENDPOINT` or its per-signal form is set; see the [specification of these variables][otel].
///
/// [otel]: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How log lines look: `json`, `pretty`, `compact`, or `auto`, which is `compact` on a terminal and `json` elsewhere.
    pub log_format: LogFormat,
    /// Which log lines are written: a level (`error`, `warn`, `info`, `debug`, `trace`, `off`), or a comma-separated list
    /// of `target=level`, such as `info,rhapsode::call=off`, which leaves out the line per call. Spans are traced whatever this says.
    pub log_filter: String,
}

impl Default for Config {
    fn default() -> Self {
        Self { log_format: LogFormat::Auto, log_filter: "info".to_owned() }
    }
}

impl Config {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        self.filter().err().into_iter().collect()
    }

    /// Which log lines are written.
    pub(super) fn filter(&self) -> Result<EnvFilter, Fault> {
        EnvFilter::builder().parse(&self.log_filter).map_err(|fault| {
            Fault::new("log_filter", format!("`{}` is not a log filter: {fault}", self.log_filter.escape_debug()))
        })
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// `compact` on a terminal, `json` elsewhere.
    #[default]
    Auto,
    /// One JSON object per line, for machines.
    Json,
    /// Several lines per event, for reading closely.
    Pretty,
    /// One line per event, for reading quickly.
    Compact,
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn a_filter_that_is_none_is_a_fault_of_its_setting() {
        let with = |filter: &str| Config { log_filter: filter.to_owned(), ..Config::default() };
        for filter in ["info", "off", "info,rhapsode::call=off", ""] {
            assert_eq!(with(filter).validate(), [], "{filter}");
        }
        let faults = with("blah=foo=bar").validate();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].key, "log_filter");
        assert!(faults[0].problem.starts_with("`blah=foo=bar` is not a log filter"), "{faults:?}");
    }
}
