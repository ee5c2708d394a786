//! Where spans and metrics are exported, by the standard `OTEL_*` variables ([list][otel]).
//!
//! Read here: `OTEL_SDK_DISABLED`, `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER`, and the endpoint and protocol
//! variables, general and per signal. The SDK itself reads headers, timeouts, compression, `…_INSECURE`, the sampler, the
//! batch sizes, `OTEL_METRIC_EXPORT_INTERVAL`, temporality, and the resource. Export is off until an endpoint is set, or
//! an exporter is asked for by name. A private certificate authority is trusted through `SSL_CERT_FILE`.
//!
//! [otel]: https://opentelemetry.io/docs/specs/otel/protocol/exporter/

use opentelemetry_otlp::ExporterBuildError;
use opentelemetry_otlp::MetricExporter;
use opentelemetry_otlp::Protocol;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_otlp::WithTonicConfig;
use opentelemetry_otlp::tonic_types::transport::ClientTlsConfig;
use tokio::runtime::Handle;
use url::Url;

use crate::error::Error;
use crate::error::Result;
use crate::fault::Fault;

use super::init::Environment;

/// One signal's share of the variables.
#[derive(Clone, Copy)]
struct Signal {
    exporter: &'static str,
    endpoint: &'static str,
    protocol: &'static str,
    path: &'static str,
    /// Exporters that are not ours to start, and that are served or meaningless anyway.
    others: &'static [&'static str],
}

const TRACES: Signal = Signal {
    exporter: "OTEL_TRACES_EXPORTER",
    endpoint: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    protocol: "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    path: "v1/traces",
    others: &[],
};

const METRICS: Signal = Signal {
    exporter: "OTEL_METRICS_EXPORTER",
    endpoint: "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    protocol: "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    path: "v1/metrics",
    others: &["prometheus"],
};

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
const DISABLED: &str = "OTEL_SDK_DISABLED";

/// Where one signal goes.
#[derive(Debug, PartialEq, Eq)]
struct Destination {
    url: String,
    protocol: Protocol,
}

/// The exporter of spans, if the variables ask for one.
pub(super) fn span_exporter(env: Environment<'_>) -> Result<Option<SpanExporter>> {
    let Some(to) = inside_runtime(TRACES, env)? else { return Ok(None) };
    let builder = SpanExporter::builder();
    let built = if to.protocol == Protocol::Grpc {
        builder.with_tonic().with_tls_config(system_roots()).with_endpoint(to.url).build()
    } else {
        builder.with_http().with_protocol(to.protocol).with_endpoint(to.url).build()
    };
    built.map(Some).map_err(|fault| unusable(TRACES, &fault))
}

/// The exporter of metrics, if the variables ask for one.
pub(super) fn metric_exporter(env: Environment<'_>) -> Result<Option<MetricExporter>> {
    let Some(to) = inside_runtime(METRICS, env)? else { return Ok(None) };
    let builder = MetricExporter::builder();
    let built = if to.protocol == Protocol::Grpc {
        builder.with_tonic().with_tls_config(system_roots()).with_endpoint(to.url).build()
    } else {
        builder.with_http().with_protocol(to.protocol).with_endpoint(to.url).build()
    };
    built.map(Some).map_err(|fault| unusable(METRICS, &fault))
}

/// Everything in the variables that cannot be honoured. The key of each fault is a variable.
pub fn faults(env: Environment<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for fault in [TRACES, METRICS].into_iter().filter_map(|signal| destination(signal, env).err()).flatten() {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

/// The destination, or an error that names the variable. Over gRPC the exporter needs a runtime from its first moment on.
fn inside_runtime(signal: Signal, env: Environment<'_>) -> Result<Option<Destination>> {
    let to = destination(signal, env).map_err(|faults| refused(signal, faults))?;
    if to.as_ref().is_some_and(|to| to.protocol == Protocol::Grpc) && Handle::try_current().is_err() {
        return Err(Error::internal("OTLP over gRPC must be set up inside the runtime"));
    }
    Ok(to)
}

fn refused(signal: Signal, faults: Vec<Fault>) -> Error {
    let first = faults.into_iter().next().unwrap_or_else(|| Fault::new(signal.endpoint, "cannot be honoured"));
    Error::invalid(first.key, first.problem)
}

fn destination(signal: Signal, env: Environment<'_>) -> Result<Option<Destination>, Vec<Fault>> {
    let read = |name: &str| env(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    if read(DISABLED).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(None);
    }
    let asked = asked_for(signal, read(signal.exporter).as_deref()).map_err(|fault| vec![fault])?;
    if asked == Some(false) {
        return Ok(None);
    }
    let (own, base) = (read(signal.endpoint), read(ENDPOINT));
    // Without a destination the protocol is nobody's business: platforms set it for every container.
    if own.is_none() && base.is_none() && asked != Some(true) {
        return Ok(None);
    }
    let is_complete = own.is_some();
    let given = own.map(|url| checked(signal.endpoint, url)).or_else(|| base.map(|url| checked(ENDPOINT, url)));
    match (protocol(signal, read), given.transpose()) {
        (Ok(protocol), Ok(Some(url))) if is_complete => Ok(Some(Destination { url, protocol })),
        (Ok(protocol), Ok(base)) => {
            let base = base.as_deref().unwrap_or_else(|| default_base(protocol));
            Ok(Some(Destination { url: under(base, signal, protocol), protocol }))
        }
        (protocol, given) => Err(protocol.err().into_iter().chain(given.err()).collect()),
    }
}

fn checked(name: &str, url: String) -> Result<String, Fault> {
    let is_usable = Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    // The URL itself may hold credentials.
    if is_usable { Ok(url) } else { Err(Fault::new(name, "must be a URL such as http://collector:4318")) }
}

/// Whether the exporter variable asks for OTLP (`Some(true)`), rules it out (`Some(false)`) or says nothing.
fn asked_for(signal: Signal, value: Option<&str>) -> Result<Option<bool>, Fault> {
    let Some(value) = value else { return Ok(None) };
    let mut otlp = false;
    for name in value.split(',').map(str::trim) {
        match name {
            "otlp" => otlp = true,
            "none" => {}
            other if signal.others.contains(&other) => {}
            other => {
                let problem = format!("`{other}` is not an exporter of this service; use `otlp` or `none`");
                return Err(Fault::new(signal.exporter, problem));
            }
        }
    }
    Ok(Some(otlp))
}

fn protocol(signal: Signal, read: impl Fn(&str) -> Option<String>) -> Result<Protocol, Fault> {
    for name in [signal.protocol, PROTOCOL] {
        match read(name).as_deref() {
            None => {}
            Some("grpc") => return Ok(Protocol::Grpc),
            Some("http/protobuf") => return Ok(Protocol::HttpBinary),
            Some(other) => {
                return Err(Fault::new(name, format!("`{other}` is not supported; use `grpc` or `http/protobuf`")));
            }
        }
    }
    Ok(Protocol::HttpBinary)
}

/// A general endpoint is a base over HTTP, where every signal has its path, and complete over gRPC.
fn under(base: &str, signal: Signal, protocol: Protocol) -> String {
    if protocol == Protocol::Grpc { base.to_owned() } else { format!("{}/{}", base.trim_end_matches('/'), signal.path) }
}

fn default_base(protocol: Protocol) -> &'static str {
    if protocol == Protocol::Grpc { "http://localhost:4317" } else { "http://localhost:4318" }
}

/// The exporter trusts nobody unless told so.
fn system_roots() -> ClientTlsConfig {
    ClientTlsConfig::new().with_enabled_roots()
}

fn unusable(signal: Signal, fault: &ExporterBuildError) -> Error {
    Error::invalid(signal.endpoint, format!("the OTLP exporter cannot be set up: {fault}"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use opentelemetry_otlp::Protocol;

    use super::Destination;
    use super::METRICS;
    use super::Signal;
    use super::TRACES;
    use super::destination;
    use super::faults;
    use super::inside_runtime;
    use crate::fault::Fault;

    fn env(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    fn with(signal: Signal, variables: &[(&str, &str)]) -> Result<Option<Destination>, Vec<Fault>> {
        destination(signal, &env(variables))
    }

    fn url(signal: Signal, variables: &[(&str, &str)]) -> Option<String> {
        with(signal, variables).unwrap().map(|to| to.url)
    }

    #[tokio::test]
    async fn export_is_off_until_an_endpoint_is_set() {
        assert_eq!(url(TRACES, &[]), None);
        assert_eq!(url(TRACES, &[("OTEL_EXPORTER_OTLP_ENDPOINT", " ")]), None);
        assert_eq!(url(TRACES, &[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]), None);
        assert_eq!(url(TRACES, &[("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]), None);
        assert_eq!(url(TRACES, &[("OTEL_TRACES_EXPORTER", "otlp")]).unwrap(), "http://localhost:4318/v1/traces");
    }

    #[tokio::test]
    async fn a_general_endpoint_is_a_base_over_http_and_complete_over_grpc() {
        let base = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/");
        assert_eq!(url(TRACES, &[base]).unwrap(), "http://collector:4318/v1/traces");
        assert_eq!(url(METRICS, &[base]).unwrap(), "http://collector:4318/v1/metrics");
        let grpc =
            with(METRICS, &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]);
        assert_eq!(grpc.unwrap().unwrap(), Destination { url: "http://c:4317".to_owned(), protocol: Protocol::Grpc });
    }

    #[tokio::test]
    async fn a_signal_has_its_own_word() {
        let variables = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:4318/in"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_METRICS_EXPORTER", "prometheus"),
        ];
        assert_eq!(url(TRACES, &variables).unwrap(), "http://traces:4318/in");
        assert_eq!(url(METRICS, &variables), None, "Prometheus alone was asked for");
    }

    #[tokio::test]
    async fn none_and_disabled_rule_export_out() {
        let base = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
        assert_eq!(url(TRACES, &[base, ("OTEL_TRACES_EXPORTER", "none")]), None);
        assert_eq!(url(TRACES, &[base, ("OTEL_SDK_DISABLED", "TRUE")]), None);
    }

    #[tokio::test]
    async fn what_cannot_be_honoured_is_refused_by_name() {
        let base = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c");
        for (name, value, endpoint) in [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", base),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", base),
            ("OTEL_TRACES_EXPORTER", "zipkin", base),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4317", base),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense", ("", "")),
        ] {
            let variables = [(name, value), endpoint];
            assert_eq!(with(TRACES, &variables).unwrap_err()[0].key, name);
            assert_eq!(inside_runtime(TRACES, &env(&variables)).unwrap_err().field(), Some(name));
        }
    }

    #[test]
    fn the_faults_of_both_signals_are_told_at_once_and_each_once() {
        let variables = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_METRICS_EXPORTER", "console"),
        ];
        let keys = |variables| faults(&env(variables)).into_iter().map(|fault| fault.key).collect::<Vec<_>>();
        assert_eq!(keys(&variables), ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_METRICS_EXPORTER"]);
        assert_eq!(keys(&variables[..2]), ["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        let both = [("OTEL_EXPORTER_OTLP_ENDPOINT", "c:4317"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")];
        assert_eq!(keys(&both), ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_ENDPOINT"]);
        assert_eq!(keys(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]), Vec::<String>::new());
    }
}
