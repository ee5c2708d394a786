//! What an operator counts of a conversational model, scraped.

use serde_json::json;
use tokio::time::Duration;
use tokio::time::sleep;

use super::MODEL;
use super::TEXT;
use super::ask;
use super::read;
use super::stage;
use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;

/// The value of the series of `name` with all of `labels`, if there is one.
async fn scraped(server: &Rhapsode, name: &str, labels: &[&str]) -> Option<f64> {
    let (_, page) = server.page("/metrics").await;
    let is_it = |line: &&str| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('{')) && labels.iter().all(|label| line.contains(label))
    };
    page.lines().find(is_it)?.rsplit(' ').next()?.parse().ok()
}

/// The same, once it is there: what is dropped is counted a moment after its caller has gone.
async fn counted(server: &Rhapsode, name: &str, labels: &[&str]) -> f64 {
    for _ in 0..1000 {
        if let Some(value) = scraped(server, name, labels).await {
            return value;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("no {name} with {labels:?} in {}", server.page("/metrics").await.1);
}

const DEVIATIONS: &str = "rhapsode_verbatim_deviations_total";
const OF_MODEL: &str = r#"gen_ai_request_model="gpt-realtime-2.1-mini""#;
const HEARD: &str = r#"rhapsode_verbatim_outcome="heard""#;
const PREVENTED: &str = r#"rhapsode_verbatim_outcome="prevented""#;

#[tokio::test]
async fn other_words_are_counted_by_whether_anybody_heard_them() {
    let (upstream, server) = stage(Options::default(), &[]).await;
    let reword = |mode: &str| json!({"kind": "realtime_reword", "mode": mode});
    upstream.script(json!([reword("answer"), reword("answer")])).unwrap();
    assert!(read(&server, TEXT).await.error.is_none());
    assert_eq!(scraped(&server, DEVIATIONS, &[OF_MODEL, PREVENTED]).await, Some(2.0));
    assert_eq!(scraped(&server, DEVIATIONS, &[HEARD]).await, None);

    upstream.script(json!([reword("extra_tail")])).unwrap();
    let text = format!("{}And 14 people waited for it at the pier.", "The boat came in at nine. ".repeat(5));
    assert!(read(&server, &text).await.error.is_none());
    assert_eq!(scraped(&server, DEVIATIONS, &[OF_MODEL, HEARD]).await, Some(1.0));
    assert_eq!(scraped(&server, DEVIATIONS, &[OF_MODEL, PREVENTED]).await, Some(2.0));
}

#[tokio::test]
async fn a_reading_that_is_cut_off_is_counted_as_well() {
    let warn = [("RHAPSODE__ENGINES__OPENAI_REALTIME__VERBATIM__POLICY", "warn")];
    let (upstream, server) = stage(Options { realtime_rate: Some(1.0), ..Options::default() }, &warn).await;
    upstream.script(json!([{"kind": "realtime_reword", "mode": "paraphrase"}])).unwrap();
    let config = rhapsode::proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    let call = server.client().await.synthesize(styled(&format!("{TEXT} ").repeat(3), config)).await.unwrap();
    let mut events = call.into_inner();
    // The caller is told who speaks, hears the first of it, and hangs up.
    events.message().await.unwrap().unwrap();
    events.message().await.unwrap().unwrap();
    assert_eq!(scraped(&server, DEVIATIONS, &[]).await, None, "it is not over");
    drop(events);
    assert!((counted(&server, DEVIATIONS, &[OF_MODEL, HEARD]).await - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn every_kind_of_token_is_counted() {
    let (_upstream, server) = stage(Options { realtime_reasoning_tokens: Some(7), ..Options::default() }, &[]).await;
    let mut sums = [0; 5];
    for _ in 0..3 {
        let usage = read(&server, TEXT).await.summary.unwrap().usage.unwrap();
        for (sum, count) in sums.iter_mut().zip([
            usage.input_token_count,
            usage.output_token_count,
            usage.output_text_token_count,
            usage.reasoning_token_count,
            usage.cached_input_token_count,
        ]) {
            *sum += count;
        }
    }
    assert!(sums[..4].iter().all(|sum| *sum > 0), "{sums:?}");
    for (kind, sum) in ["input", "output", "output_text", "reasoning", "cached_input"].into_iter().zip(sums) {
        let label = format!(r#"gen_ai_token_type="{kind}""#);
        let seen = scraped(&server, "gen_ai_client_token_usage_sum", &[OF_MODEL, &label]).await;
        let wanted = (sum > 0).then(|| f64::from(i32::try_from(sum).unwrap()));
        assert_eq!(seen, wanted, "{kind}");
    }
}

#[tokio::test]
async fn open_sessions_are_told_by_engine() {
    let (_upstream, server) = stage(Options::default(), &[]).await;
    let labels = [r#"rhapsode_engine="openai_realtime""#, r#"gen_ai_provider_name="openai""#];
    assert_eq!(scraped(&server, "rhapsode_realtime_sessions", &labels).await, Some(0.0));
    read(&server, TEXT).await;
    assert!(scraped(&server, "rhapsode_realtime_sessions", &labels).await.unwrap() >= 1.0);
}

#[tokio::test]
async fn sessions_are_counted_as_they_are_opened_and_where_they_cannot_be() {
    const OPENINGS: &str = "rhapsode_realtime_openings_total";
    const FAILED: [&str; 2] = [r#"gen_ai_provider_name="openai""#, r#"error_type="UPSTREAM_MODEL_NOT_FOUND""#];
    let standby = [("RHAPSODE__ENGINES__OPENAI_REALTIME__STANDBY_SESSIONS", "0")];
    let (upstream, server) = stage(Options::default(), &standby).await;
    for _ in 0..3 {
        assert!(read(&server, TEXT).await.error.is_none());
    }
    assert_eq!(scraped(&server, OPENINGS, &FAILED[..1]).await, Some(1.0), "one was enough for all of them");
    assert_eq!(scraped(&server, OPENINGS, &["error_type"]).await, None);

    // No call waits for these.
    drop((upstream, server));
    let (upstream, server) =
        stage(Options { realtime_models: vec!["another".to_owned()], ..Options::default() }, &[]).await;
    assert!(counted(&server, OPENINGS, &FAILED).await >= 1.0);
    assert_eq!(upstream.accepted_sessions(), 0);
}

#[tokio::test]
async fn a_segment_that_is_passed_on_is_counted_with_the_reason() {
    // Gone, and asked by each call all the same.
    let gone = Options { retired: true, ..Options::default() };
    let (_upstream, server) = stage(gone, &[("RHAPSODE__RETIREMENT__GONE_FOR", "0s")]).await;
    let failovers = async |labels: &[&str]| scraped(&server, "rhapsode_failovers_total", labels).await;
    assert!(read(&server, TEXT).await.error.is_none());
    assert_eq!(failovers(&[]).await, None);
    for _ in 0..2 {
        assert!(ask(&server, TEXT).await.error.is_none());
    }
    let route = [r#"rhapsode_failover_from="gpt-4o-mini-tts""#, r#"rhapsode_failover_to="gpt-realtime-2.1-mini""#];
    let labels = [&route[..], &[r#"error_type="UPSTREAM_MODEL_NOT_FOUND""#]].concat();
    assert_eq!(failovers(&labels).await, Some(2.0));
}

#[tokio::test]
async fn documented_alerts_name_what_is_there() {
    // OpenAI's days hold, its key is refused, and who speaks instead says more than the text.
    let variables =
        [("RHAPSODE__ENGINES__OPENAI__MODELS_RETIRE", "true"), ("RHAPSODE__RETIREMENT__POLL_INTERVAL", "0s")];
    let (upstream, server) = stage(Options::default(), &variables).await;
    upstream
        .script(json!([{"kind": "status", "status": 401}, {"kind": "realtime_reword", "mode": "extra_tail"}]))
        .unwrap();
    let text = format!("{}And 14 people waited for it at the pier.", "The boat came in at nine. ".repeat(5));
    assert!(ask(&server, &text).await.error.is_none());
    let (_, scrape) = server.page("/metrics").await;

    let page = include_str!("../../../docs/observability.md");
    let alerts = page.split("```promql\n").nth(1).unwrap().split("```").next().unwrap();
    let alerts: String = alerts.lines().filter(|line| !line.starts_with('#')).collect();
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let words = alerts.split(|character| !is_part(character));
    let names: Vec<_> = words.filter(|word| word.contains('_') && *word == word.to_lowercase()).collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names.into_iter().chain(["UPSTREAM_CREDENTIALS"]) {
        assert!(scrape.contains(name), "{name} is not in\n{scrape}");
    }
}
