//! Puts logs, traces and metrics together, as one value that can be flushed.

use std::time::Duration;

use opentelemetry::Key;
use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::TracerProvider;
use opentelemetry::trace::noop::NoopTracer;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use opentelemetry_sdk::trace::SpanExporter;
use tracing::Dispatch;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::error::Error;
use crate::error::Result;

use super::config::Config;
use super::log;
use super::metrics::Metrics;
use super::names;
use super::otlp;
use super::scrape::Scraper;

/// Reads one environment variable. A function, so that a test needs no process-wide state.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Longest wait for the last spans and metrics to leave, when the collector does not answer.
const FLUSH_LIMIT: Duration = Duration::from_secs(5);

/// Everything that observes the service.
#[derive(Debug)]
pub struct Telemetry {
    metrics: Metrics,
    scraper: Scraper,
    dispatch: Dispatch,
    meters: SdkMeterProvider,
    tracers: Option<SdkTracerProvider>,
}

/// The telemetry of a running service: logs to standard error, export as `env` says.
///
/// Export over gRPC needs a Tokio runtime around this call.
///
/// # Errors
/// [`InvalidField`](crate::error::Kind::InvalidField), naming the setting or the variable that cannot be honoured.
pub fn init(config: &Config, env: Environment<'_>) -> Result<Telemetry> {
    Builder::new(config, env).build()
}

/// Telemetry with other ends than standard error and OTLP, as tests need it.
pub struct Builder<'a> {
    config: &'a Config,
    env: Environment<'a>,
    writer: BoxMakeWriter,
    resource: Resource,
    tracers: Option<SdkTracerProvider>,
}

impl<'a> Builder<'a> {
    /// What [`init`] does.
    pub fn new(config: &'a Config, env: Environment<'a>) -> Self {
        Self { config, env, writer: BoxMakeWriter::new(std::io::stderr), resource: resource(), tracers: None }
    }

    /// Hands every span to `exporter` the moment it ends, instead of exporting over OTLP.
    #[must_use]
    pub fn with_span_exporter(mut self, exporter: impl SpanExporter + 'static) -> Self {
        let tracers = SdkTracerProvider::builder().with_resource(self.resource.clone());
        self.tracers = Some(tracers.with_simple_exporter(exporter).build());
        self
    }

    /// Writes log lines to `writer` instead of standard error.
    #[must_use]
    pub fn with_log_writer(mut self, writer: BoxMakeWriter) -> Self {
        self.writer = writer;
        self
    }

    /// Puts it together. Nothing is global yet: see [`Telemetry::install`].
    ///
    /// # Errors
    /// As [`init`].
    pub fn build(self) -> Result<Telemetry> {
        let tracers = match self.tracers {
            Some(tracers) => Some(tracers),
            None => exporting_tracers(self.env, self.resource.clone())?,
        };
        let (meters, scraper) = meters(self.env, self.resource)?;
        let layers = vec![trace_layer(tracers.as_ref()), log::layer(self.config, self.writer)?];
        let dispatch = Dispatch::new(tracing_subscriber::registry().with(layers));
        Ok(Telemetry { metrics: Metrics::new(&meters.meter(names::SCOPE)), scraper, dispatch, meters, tracers })
    }
}

impl Telemetry {
    /// The metrics, to be handed down.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The metrics as text.
    pub fn scraper(&self) -> &Scraper {
        &self.scraper
    }

    /// The subscriber, for a test to use on its own thread.
    pub fn dispatch(&self) -> &Dispatch {
        &self.dispatch
    }

    /// Makes the subscriber that of the whole process, and has panics logged by their place alone: a panic message may
    /// quote the text that it stumbled over. For `main`.
    ///
    /// # Errors
    /// [`Internal`](crate::error::Kind::Internal) if the process has one already.
    pub fn install(&self) -> Result<()> {
        self.dispatch
            .clone()
            .try_init()
            .map_err(|fault| Error::internal("the log subscriber was installed twice").with_source(fault))?;
        std::panic::set_hook(Box::new(|panic| {
            tracing::error!(place = panic.location().map(tracing::field::display), "a thread panicked");
        }));
        Ok(())
    }

    /// Sends what is still queued, for at most five seconds, off the runtime's threads.
    ///
    /// # Errors
    /// [`Internal`](crate::error::Kind::Internal) if the collector did not take everything in time.
    pub async fn shutdown(self) -> Result<()> {
        let tracers = self.tracers;
        let spans =
            tokio::task::spawn_blocking(move || tracers.map_or(Ok(()), |it| it.shutdown_with_timeout(FLUSH_LIMIT)));
        let meters = self.meters;
        let metrics = tokio::task::spawn_blocking(move || meters.shutdown_with_timeout(FLUSH_LIMIT));
        let both = futures_util::future::join(spans, metrics);
        let (spans, metrics) = tokio::time::timeout(FLUSH_LIMIT, both)
            .await
            .map_err(|_| Error::internal("telemetry was still being sent when its time was up"))?;
        for flushed in [spans, metrics] {
            flushed
                .map_err(|fault| Error::internal("flushing telemetry panicked").with_source(fault))?
                .map_err(|fault| Error::internal("telemetry was lost at the end").with_source(fault))?;
        }
        Ok(())
    }
}

fn exporting_tracers(env: Environment<'_>, resource: Resource) -> Result<Option<SdkTracerProvider>> {
    let exporter = otlp::span_exporter(env)?;
    Ok(exporter.map(|it| SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(it).build()))
}

fn meters(env: Environment<'_>, resource: Resource) -> Result<(SdkMeterProvider, Scraper)> {
    let registry = prometheus::Registry::new();
    let prometheus = opentelemetry_prometheus::exporter()
        .with_registry(registry.clone())
        .scope_info_enabled(false)
        .build()
        .map_err(|fault| Error::internal("the Prometheus registry refused its collector").with_source(fault))?;
    let mut builder = SdkMeterProvider::builder().with_resource(resource).with_reader(prometheus);
    if let Some(exporter) = otlp::metric_exporter(env)? {
        builder = builder.with_periodic_exporter(exporter);
    }
    Ok((builder.build(), Scraper::new(registry)))
}

/// The bridge from `tracing` to OpenTelemetry, for our own spans only.
///
/// Events stay out: they are the log's. Without an exporter the no-op tracer passes the caller's context on unchanged and
/// records nothing. Context is looked up in `tracing`, not activated per thread, and neither threads nor busy time are
/// noted, because a stream enters its span for every frame.
fn trace_layer(tracers: Option<&SdkTracerProvider>) -> Box<dyn Layer<Registry> + Send + Sync> {
    match tracers {
        Some(tracers) => spans_only(tracing_opentelemetry::layer().with_tracer(tracers.tracer(names::SCOPE))),
        None => spans_only(tracing_opentelemetry::layer().with_tracer(NoopTracer::new())),
    }
}

fn spans_only<T>(layer: OpenTelemetryLayer<Registry, T>) -> Box<dyn Layer<Registry> + Send + Sync>
where
    T: opentelemetry::trace::Tracer + Send + Sync + 'static,
    T::Span: Send + Sync,
{
    let ours = filter_fn(|metadata| {
        metadata.is_span() && *metadata.level() <= Level::INFO && metadata.target().starts_with(names::SCOPE)
    });
    layer
        .with_tracked_inactivity(false)
        .with_threads(false)
        .with_location(false)
        .with_target(false)
        .with_context_activation(false)
        .with_filter(ours.with_max_level_hint(LevelFilter::INFO))
        .boxed()
}

/// Who we are, where `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`, which the SDK reads, do not say.
fn resource() -> Resource {
    let given = Resource::builder().build();
    let missing = |name: &'static str| {
        given.get(&Key::from_static_str(name)).is_none_or(|value| value.as_str().starts_with("unknown_service"))
    };
    let defaults = [
        (names::SERVICE_NAME, names::SCOPE.to_owned()),
        (names::SERVICE_VERSION, env!("CARGO_PKG_VERSION").to_owned()),
        (names::SERVICE_INSTANCE_ID, uuid::Uuid::now_v7().to_string()),
    ];
    let ours = defaults.into_iter().filter(|(name, _)| missing(name));
    Resource::builder().with_attributes(ours.map(|(name, value)| KeyValue::new(name, value))).build()
}
