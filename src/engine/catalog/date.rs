//! A day in a configuration: `2027-01-06`, with or without quotes, for TOML has dates of its own.

use serde::Deserialize;
use serde::Deserializer;
use serde::Serializer;
use serde::de::Error as _;
use time::Date;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// Reads an optional day.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let text = match value {
        toml::Value::String(text) => text,
        toml::Value::Datetime(moment) => moment.to_string(),
        other => other.to_string(),
    };
    Date::parse(&text, DAY).map(Some).map_err(|_| D::Error::custom("expected a day as YYYY-MM-DD"))
}

/// Writes the day as text. Unset days are not written at all.
#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference to the field")]
pub(super) fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match day.map(|day| day.format(DAY)) {
        Some(Ok(text)) => serializer.serialize_str(&text),
        Some(Err(error)) => Err(serde::ser::Error::custom(error)),
        None => serializer.serialize_none(),
    }
}
