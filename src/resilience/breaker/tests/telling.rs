//! What an operator sees of a breaker: a gauge, a counter, and one line for each change.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;

use tokio::time::sleep;
use tracing::dispatcher;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::BreakerPolicy;
use super::call;
use super::fail;
use super::say;
use super::wait;
use crate::engine::fake::Fake;
use crate::error::Kind;
use crate::resilience::Breaker;
use crate::telemetry::Builder;
use crate::telemetry::Config;
use crate::telemetry::LogFormat;

/// Keeps what is written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn lines(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn each_change_is_told_once_and_calls_are_not() {
    let log = Log::default();
    let writer = log.clone();
    let config = Config { log_format: LogFormat::Json, ..Config::default() };
    let builder = Builder::new(&config, &|_| None).with_log_writer(BoxMakeWriter::new(move || writer.clone()));
    let telemetry = builder.build().unwrap();
    let _on = dispatcher::set_default(telemetry.dispatch());
    let shown = |name: &str, labels: &[&str]| {
        let scrape = telemetry.scraper().scrape().unwrap();
        let line = scrape.lines().find(|line| line.starts_with(name) && labels.iter().all(|it| line.contains(it)));
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u32>().ok())
    };
    let state = || shown("rhapsode_breaker_state", &["rhapsode_engine=\"main\""]);

    let engine =
        Fake::new([fail(Kind::UpstreamTimeout), fail(Kind::UpstreamTimeout), fail(Kind::UpstreamRejected), say()]);
    let policy = BreakerPolicy { failures: 2, ..BreakerPolicy::default() };
    let breaker = Breaker::new(engine, "main", policy, telemetry.metrics().clone());
    assert_eq!(state(), Some(0));
    for _ in 0..50 {
        call(&breaker).await.unwrap_err();
    }
    assert_eq!(state(), Some(1));
    sleep(wait(&breaker)).await;
    call(&breaker).await.unwrap_err();
    assert_eq!(state(), Some(2));
    for _ in 0..50 {
        call(&breaker).await.unwrap();
    }
    assert_eq!(state(), Some(0));

    for entered in ["open", "probing", "closed"] {
        let label = format!("rhapsode_breaker_entered=\"{entered}\"");
        assert_eq!(shown("rhapsode_breaker_transitions_total", &["main", &label]), Some(1));
    }
    let told: Vec<_> = log.lines().iter().map(|line| (line["level"].clone(), line["message"].clone())).collect();
    assert_eq!(
        told,
        [
            ("WARN".into(), "an endpoint is left alone".into()),
            ("INFO".into(), "an endpoint is tried again".into()),
            ("INFO".into(), "an endpoint speaks again".into()),
        ]
    );
    assert_eq!((&log.lines()[0]["engine"], &log.lines()[0]["reason"]), (&"main".into(), &"UPSTREAM_TIMEOUT".into()));
}
