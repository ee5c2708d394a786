//! `rhapsode voices` and `rhapsode models`.

use clap::Args;
use serde_json::Value;
use serde_json::json;
use time::OffsetDateTime;

use crate::config::Environment;
use crate::proto::AudioEncoding;
use crate::proto::Model;
use crate::proto::Voice;

use super::output;
use super::settings::Server;
use super::table::table;
use super::trouble::Trouble;

/// Arguments of `voices`.
#[derive(Debug, Args)]
pub(super) struct Voices {
    #[command(flatten)]
    server: Server,
    /// Only voices that this model can use.
    #[arg(long, default_value = "", hide_default_value = true)]
    model: String,
    /// Only voices of a language, such as `en` or `pt-BR`.
    #[arg(long, value_name = "TAG", default_value = "", hide_default_value = true)]
    language: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Arguments of `models`.
#[derive(Debug, Args)]
pub(super) struct Models {
    #[command(flatten)]
    server: Server,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Voices {
    pub(super) async fn run(self, env: Environment) -> Result<(), Trouble> {
        let client = self.server.connect(&env).await?;
        let voices = client.voices(&self.model, &self.language).await?;
        show(self.json, || voices.iter().map(voice_json).collect(), || voice_table(&voices))
    }
}

impl Models {
    pub(super) async fn run(self, env: Environment) -> Result<(), Trouble> {
        let client = self.server.connect(&env).await?;
        let models = client.models().await?;
        show(self.json, || models.iter().map(model_json).collect(), || model_table(&models))
    }
}

fn show(as_json: bool, json: impl FnOnce() -> Value, table: impl FnOnce() -> String) -> Result<(), Trouble> {
    if as_json { output::result(&format!("{:#}\n", json())) } else { output::result(&output::printable(&table())) }
}

/// Named as in the JSON form of the schema.
fn voice_json(voice: &Voice) -> Value {
    json!({
        "name": voice.name,
        "displayName": voice.display_name,
        "description": voice.description,
        "languageCodes": voice.language_codes,
        "models": voice.models,
    })
}

/// Named as in the JSON form of the schema.
fn model_json(model: &Model) -> Value {
    json!({
        "name": model.name,
        "displayName": model.display_name,
        "native": model.native,
        "spokenBy": model.spoken_by,
        "supportsInstructions": model.supports_instructions,
        "supportsSpeed": model.supports_speed,
        "reportsUsage": model.reports_usage,
        "maxCallChars": model.max_call_chars,
        "maxCallTokens": model.max_call_tokens,
        "retireDate": retire_date(model),
        "encodings": encodings(model),
    })
}

fn voice_table(voices: &[Voice]) -> String {
    let rows = voices.iter().map(|voice| {
        [voice.name.clone(), any(&voice.language_codes), voice.models.join(", "), voice.description.clone()]
    });
    table(["VOICE", "LANGUAGES", "MODELS", "DESCRIPTION"], rows)
}

fn model_table(models: &[Model]) -> String {
    let rows = models.iter().map(|model| {
        let options = [("instructions", model.supports_instructions), ("speed", model.supports_speed)];
        let options: Vec<_> = options.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
        [
            model.name.clone(),
            speaker(model).to_owned(),
            options.join(", "),
            encodings(model).join(", "),
            model.max_call_chars.to_string(),
            retire_date(model).unwrap_or_default(),
        ]
    });
    table(["MODEL", "SPOKEN BY", "OPTIONS", "ENCODINGS", "CHARS PER CALL", "RETIRES"], rows)
}

/// Who answers for a model. A server that is older than the field does not say who it is, only that it is another one.
fn speaker(model: &Model) -> &str {
    match (model.native, model.spoken_by.as_str()) {
        (true, _) => "itself",
        (false, "") => "another model",
        (false, other) => other,
    }
}

fn any(language_codes: &[String]) -> String {
    if language_codes.is_empty() { "any".to_owned() } else { language_codes.join(", ") }
}

fn encodings(model: &Model) -> Vec<String> {
    let name = |encoding: AudioEncoding| encoding.as_str_name().trim_start_matches("AUDIO_ENCODING_").to_lowercase();
    model.encodings().map(name).collect()
}

fn retire_date(model: &Model) -> Option<String> {
    let moment = OffsetDateTime::from_unix_timestamp(model.retire_time.as_ref()?.seconds).ok()?;
    Some(moment.date().to_string())
}

#[cfg(test)]
mod tests {
    use super::model_json;
    use super::model_table;
    use super::voice_table;
    use crate::proto::AudioEncoding;
    use crate::proto::Model;
    use crate::proto::Voice;

    fn model() -> Model {
        let mut model = Model {
            name: "tts-1".to_owned(),
            supports_speed: true,
            max_call_chars: 4096,
            encodings: vec![AudioEncoding::PcmS16le.into(), AudioEncoding::Mp3.into()],
            ..Default::default()
        };
        model.retire_time.get_or_insert_default().seconds = 1_799_193_600;
        model
    }

    #[test]
    fn tables_line_up() {
        let longer = Model { name: "gpt-4o-mini-tts".to_owned(), native: true, ..Default::default() };
        let replaced = Model { spoken_by: "gpt-realtime-2.1-mini".to_owned(), ..model() };
        let text = model_table(&[replaced, longer, model()]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "MODEL            SPOKEN BY              OPTIONS  ENCODINGS       CHARS PER CALL  RETIRES"
        );
        assert_eq!(
            lines[1],
            "tts-1            gpt-realtime-2.1-mini  speed    pcm_s16le, mp3  4096            2027-01-06"
        );
        assert!(lines[2].starts_with("gpt-4o-mini-tts  itself  "), "{text}");
        assert!(lines[3].starts_with("tts-1            another model  "), "{text}");
    }

    #[test]
    fn a_voice_without_languages_speaks_any() {
        let voice = Voice { name: "alloy".to_owned(), models: vec!["tts-1".to_owned()], ..Default::default() };
        assert!(voice_table(&[voice]).ends_with("alloy  any        tts-1\n"));
    }

    #[test]
    fn json_is_named_as_in_the_schema() {
        let json = model_json(&Model { spoken_by: "builtin".to_owned(), ..model() });
        assert_eq!((&json["native"], &json["spokenBy"]), (&false.into(), &"builtin".into()));
        assert_eq!((&json["maxCallChars"], &json["retireDate"]), (&4096.into(), &"2027-01-06".into()));
        assert_eq!(json["encodings"][1], "mp3");
    }
}
