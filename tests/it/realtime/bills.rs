//! What is paid for although nobody heard it.

use rhapsode::proto;
use serde_json::json;

use super::MODEL;
use super::TEXT;
use super::readings;
use super::seconds;
use super::stage;
use crate::support::server::Answer;
use crate::support::server::Rhapsode;
use crate::support::server::styled;
use crate::support::stand_in::Options;

async fn read(server: &Rhapsode) -> Answer {
    let config = proto::SynthesisConfig { model: MODEL.to_owned(), ..Default::default() };
    server.speak(styled(TEXT, config)).await
}

/// Tokens of text in, of audio and of text out, and the price in billionths.
fn bill(answer: &Answer) -> (i64, i64, i64, i64) {
    let summary = answer.summary.as_ref().unwrap();
    let usage = summary.usage.as_ref().unwrap();
    let cost = summary.cost.as_ref().unwrap();
    (usage.input_token_count, usage.output_token_count, usage.output_text_token_count, cost.amount_nanos)
}

#[tokio::test]
async fn a_reading_that_was_given_up_unheard_is_on_the_bill() {
    // Slow enough for the end of the first reading to be told before that of the second.
    let options = Options { realtime_rate: Some(10.0), ..Options::default() };
    let (upstream, server) = stage(options, &[]).await;
    let plain = read(&server).await;
    upstream.script(json!([{"kind": "realtime_reword", "mode": "preamble"}])).unwrap();
    let twice = read(&server).await;
    assert_eq!(readings(&upstream).len(), 3);
    assert!((seconds(&twice) - seconds(&plain)).abs() < 0.01, "it is heard once");
    let (once, both) = (bill(&plain), bill(&twice));
    assert_eq!(both.0, once.0 * 2, "the text was sent twice");
    assert!(both.1 > once.1 || both.2 > once.2, "{once:?} {both:?}: what was said in vain is billed");
    assert!(both.3 > once.3, "{once:?} {both:?}");
}
