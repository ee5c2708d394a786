//! What an upstream says of its models: that they are there, and until when.

use std::time::Duration;

use reqwest::Client;
use serde_json::Value;
use time::Date;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use tokio::time::timeout;
use url::Url;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;

use super::body::read_up_to;
use super::origin::Origin;

/// `shutdown_date` as OpenAI writes it (<https://developers.openai.com/api/docs/deprecations>).
const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// How much of a list of models is read, in bytes: OpenAI's has some 100 models of 150 bytes each.
const MAX_LISTING_BYTES: usize = 1024 * 1024;

/// How long such a list may take.
const LISTING_TIMEOUT: Duration = Duration::from_secs(30);

/// The models that `provider` lists at `url` with the day on which they are shut down.
///
/// # Errors
/// If it cannot be asked.
pub(in crate::engine) async fn last_days(client: &Client, url: Url, provider: &str) -> Result<Vec<(String, Date)>> {
    let mut origin = Origin::new(provider);
    let asking = async {
        let mut answer = client.get(url).send().await.map_err(|cause| origin.disconnected(cause))?;
        origin.answered(answer.status(), answer.headers());
        let headers = std::mem::take(answer.headers_mut());
        let is_success = answer.status().is_success();
        let body = read_up_to(&mut answer, MAX_LISTING_BYTES).await;
        if is_success { Ok(body) } else { Err(origin.refused(&headers, &body)) }
    };
    let body = timeout(LISTING_TIMEOUT, asking).await.unwrap_or_else(|_| {
        Err(Error::new(Kind::UpstreamTimeout, "The speech engine did not list its models in time."))
    })?;
    Ok(told(&serde_json::from_slice(&body).unwrap_or_default()))
}

/// The models of a `GET /v1/models` that tell the day on which they are shut down. What cannot be read tells nothing.
fn told(listing: &Value) -> Vec<(String, Date)> {
    let models = listing.get("data").and_then(Value::as_array).into_iter().flatten();
    models
        .filter_map(|model| {
            let day = model.get("shutdown_date")?.as_str()?;
            Some((model.get("id")?.as_str()?.to_owned(), Date::parse(day, DAY).ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::date;

    use super::told;

    #[test]
    fn days_are_taken_as_they_are_told() {
        let listing = json!({"object": "list", "data": [
            {"id": "tts-1", "shutdown_date": "2027-01-06"}, {"id": "new", "shutdown_date": null}, {"id": "plain"},
            {"id": "odd", "shutdown_date": "soon"}, {"shutdown_date": "2027-01-06"}, 7,
        ]});
        assert_eq!(told(&listing), [("tts-1".to_owned(), date!(2027 - 01 - 06))]);
        assert!(told(&json!("no")).is_empty());
    }
}
