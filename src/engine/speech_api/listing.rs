//! What an API says of its models: that they are there, and until when.

use serde_json::Value;
use time::Date;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

/// `shutdown_date` as OpenAI writes it (<https://developers.openai.com/api/docs/deprecations>).
const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// The models of a `GET /v1/models` that tell the day on which they are shut down. What cannot be read tells nothing.
pub(super) fn last_days(listing: &Value) -> Vec<(String, Date)> {
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

    use super::last_days;

    #[test]
    fn days_are_taken_as_they_are_told() {
        let listing = json!({"object": "list", "data": [
            {"id": "tts-1", "shutdown_date": "2027-01-06"}, {"id": "new", "shutdown_date": null}, {"id": "plain"},
            {"id": "odd", "shutdown_date": "soon"}, {"shutdown_date": "2027-01-06"}, 7,
        ]});
        assert_eq!(last_days(&listing), [("tts-1".to_owned(), date!(2027 - 01 - 06))]);
        assert!(last_days(&json!("no")).is_empty());
    }
}
