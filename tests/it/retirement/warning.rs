//! What an operator is told as the end of a model comes near, and that it comes earlier at Azure.

use opentelemetry_sdk::trace::InMemorySpanExporter;
use rhapsode::proto;
use tokio::time::Duration;
use tokio::time::sleep;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::AT_OPENAI;
use super::MINI;
use super::SUCCESSOR;
use super::UNASKED;
use super::listed;
use super::retires_on;
use crate::support::lines::Lines;
use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

/// Days that are left of the model called `name`, once that is told.
async fn days_left(server: &Rhapsode, name: &str) -> i64 {
    let label = format!(r#"gen_ai_request_model="{name}""#);
    for _ in 0..1000 {
        let (_, page) = server.page("/metrics").await;
        let is_it = |line: &&str| line.starts_with("rhapsode_model_days_left_days{") && line.contains(&label);
        if let Some(line) = page.lines().find(is_it) {
            return line.rsplit(' ').next().unwrap().parse().unwrap();
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("nothing is told of {name}");
}

#[tokio::test]
async fn the_last_thirty_days_are_counted_down_and_warned_of() {
    for (today, days) in
        [("2026-12-06", 31), ("2026-12-07", 30), ("2027-01-05", 1), ("2027-01-06", 0), ("2027-01-08", -2)]
    {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        let lines = Lines::default();
        let base_url = upstream.base_url();
        let variables = [
            ("OPENAI_API_KEY", "sk-test-key"),
            ("OPENAI_BASE_URL", base_url.as_str()),
            ("RHAPSODE__RETIREMENT__REHEARSE_AS_OF", today),
            AT_OPENAI,
            UNASKED,
        ];
        let (log, spans) = (BoxMakeWriter::new(lines.clone()), InMemorySpanExporter::default());
        let server = Rhapsode::watched(&variables, log, spans).await;
        assert_eq!(days_left(&server, "tts-1").await, days, "{today}");
        // The log is written before the metric.
        let log = lines.text();
        let levels = |what: &str| {
            let of_it = log.lines().filter(|line| line.contains(what) && line.contains("\"tts-1\""));
            of_it.map(|line| line.contains("WARN")).collect::<Vec<_>>()
        };
        let is_near = (1..=30).contains(&days);
        assert_eq!(levels("a model will be shut down"), vec![true; usize::from(is_near)], "{today}: {log}");
        assert_eq!(levels("a model was shut down"), vec![false; usize::from(days <= 0)], "{today}: {log}");
    }
}

#[tokio::test]
async fn at_azure_the_successor_speaks_from_azures_own_day_on() {
    let first = "gpt-4o-mini-tts-2025-03-20";
    for (today, is_there) in [
        ("2026-10-14", [(first, true), (MINI, true)]),
        ("2026-10-15", [(first, false), (MINI, true)]),
        ("2026-12-14", [(first, false), (MINI, true)]),
        ("2026-12-15", [(first, false), (MINI, false)]),
    ] {
        let upstream = StandIn::start(Options::default()).await.unwrap();
        let host = upstream.base_url().trim_end_matches("/v1").to_owned();
        let variables = [
            ("OPENAI_API_KEY", "sk-test-key"),
            ("RHAPSODE__ENGINES__OPENAI__SHAPE", "azure_v1"),
            ("RHAPSODE__ENGINES__OPENAI__BASE_URL", host.as_str()),
            ("RHAPSODE__ENGINES__OPENAI__AUTH", "api_key"),
            ("RHAPSODE__ENGINES__OPENAI_REALTIME__SHAPE", "azure_v1"),
            ("RHAPSODE__ENGINES__OPENAI_REALTIME__BASE_URL", host.as_str()),
            ("RHAPSODE__ENGINES__OPENAI_REALTIME__AUTH", "api_key"),
            ("RHAPSODE__RETIREMENT__REHEARSE_AS_OF", today),
            AT_OPENAI,
            UNASKED,
        ];
        let server = Rhapsode::with(&variables).await;
        for (name, is_native) in is_there {
            let config = proto::SynthesisConfig { model: name.to_owned(), ..Default::default() };
            let answer = server.speak(styled("Your taxi is here.", config)).await;
            assert!(answer.error.is_none(), "{today}, {name}: {:?}", answer.error);
            let spoken_by = answer.started.unwrap().model;
            assert_eq!(spoken_by, if is_native { name } else { SUCCESSOR }, "{today}");
            let day = if name == first { "2026-10-15" } else { "2026-12-15" };
            assert_eq!(retires_on(&listed(&server, name).await).as_deref(), Some(day));
        }
    }
}
