//! Speech is private: whatever the log level, neither text nor key leaves through logs, spans or metrics.

use opentelemetry_sdk::trace::InMemorySpanExporter;
use rhapsode::proto::WarningCode;
use serde_json::json;
use tonic::Request;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::support::lines::Lines;
use crate::support::server::Rhapsode;
use crate::support::server::request;
use crate::support::server::styled;
use crate::support::stand_in::Options;
use crate::support::stand_in::StandIn;

const SECRETS: [&str; 4] = ["Rumpelstiltskin", "Whisper it", "sk-test-key", "qzxv"];
const TEXT: &str = "The secret name is Rumpelstiltskin, and qzxv is no word at all.";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const LOUD: (&str, &str) = ("RHAPSODE__TELEMETRY__LOG_FILTER", "trace");

#[tokio::test]
async fn text_and_key_leave_through_no_window() {
    let upstream = StandIn::start(Options::default()).await.unwrap();
    let html = json!({"kind": "html", "status": 502});
    let reworded = json!({"kind": "realtime_reword", "mode": "extra_tail"});
    upstream.script(json!([null, html, html, html, reworded, {"kind": "status", "status": 422}])).unwrap();
    let (lines, spans) = (Lines::default(), InMemorySpanExporter::default());
    let key = [("OPENAI_API_KEY", "sk-test-key"), ("OPENAI_BASE_URL", &upstream.base_url()), LOUD];
    let server = Rhapsode::watched(&key, BoxMakeWriter::new(lines.clone()), spans.clone()).await;
    let whisper = rhapsode::proto::SynthesisConfig { instructions: "Whisper it.".to_owned(), ..Default::default() };
    let mut traced = Request::new(styled(TEXT, whisper.clone()));
    traced.metadata_mut().insert("traceparent", format!("00-{TRACE}-b7ad6b7169203331-01").parse().unwrap());
    server.speak(traced).await.account();
    // Another model speaks, and adds some words.
    let answer = server.speak(styled(TEXT, whisper.clone())).await;
    assert!(answer.warnings.iter().any(|warning| warning.code() == WarningCode::TextDeviated), "{:?}", answer.warnings);
    server.refuse(styled(TEXT, whisper.clone())).await;
    let builtin = rhapsode::proto::SynthesisConfig { model: "builtin".to_owned(), ..whisper };
    server.speak(styled(TEXT, builtin)).await.account();
    server.refuse(request(&TEXT.repeat(2000))).await;
    let seen = upstream.log().records()[0].headers.traceparent.clone().unwrap();
    assert!(seen.contains(TRACE), "the caller's trace goes on upstream: {seen}");

    let (logged, metrics) = (lines.text(), server.page("/metrics").await.1);
    let traced = format!("{:?}", spans.get_finished_spans().unwrap());
    assert!(logged.contains("rhapsode::call") && traced.contains("text_to_speech") && metrics.contains("rhapsode"));
    for (window, seen) in [("log", &logged), ("spans", &traced), ("metrics", &metrics)] {
        for secret in SECRETS {
            assert!(!seen.contains(secret), "{secret} left through the {window}");
        }
    }
}
