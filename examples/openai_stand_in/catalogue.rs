//! The models and voices that the endpoint knows, and when it stops to know them.
//!
//! Voices and limits: <https://developers.openai.com/api/docs/guides/text-to-speech>.

use serde_json::Value;
use serde_json::json;

use super::options::Options;

/// Voices of every model, in the order in which the service lists them.
const SHARED_VOICES: [&str; 9] = ["nova", "shimmer", "echo", "onyx", "fable", "alloy", "ash", "sage", "coral"];
/// Voices that the token-billed models have besides.
const LATER_VOICES: [&str; 4] = ["ballad", "verse", "marin", "cedar"];
/// Models that exist but are not served at this path.
const OTHER_MODELS: [&str; 6] =
    ["gpt-4o", "gpt-4o-audio-preview", "gpt-4o-mini-transcribe", "gpt-realtime-2.1-mini", "gpt-4o-mini", "whisper-1"];
/// When the realtime models were made (Unix seconds): 2026-07-06.
const REALTIME_CREATED: u64 = 1_783_296_000;

/// The two families of speech models; they differ in voices, billing, timing and encoders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// `tts-1`.
    Tts1,
    /// `tts-1-hd`: as `tts-1`, but slower.
    Tts1Hd,
    /// `gpt-4o-mini-tts` and its snapshots.
    MiniTts,
}

/// What a model name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    /// A model of this endpoint.
    Speech(Family),
    /// A model of another endpoint.
    Elsewhere,
}

/// Looks a model up by its name.
pub(crate) fn model(name: &str) -> Option<Model> {
    match name {
        "tts-1" => Some(Model::Speech(Family::Tts1)),
        "tts-1-hd" => Some(Model::Speech(Family::Tts1Hd)),
        "gpt-4o-mini-tts" | "gpt-4o-mini-tts-2025-03-20" | "gpt-4o-mini-tts-2025-12-15" => {
            Some(Model::Speech(Family::MiniTts))
        }
        other => OTHER_MODELS.contains(&other).then_some(Model::Elsewhere),
    }
}

/// The family behind an Azure deployment, whose name its owner chose: guessed from what the name contains.
pub(crate) fn deployment(name: &str) -> Option<Family> {
    let name = name.to_ascii_lowercase();
    match () {
        () if name.contains("mini-tts") => Some(Family::MiniTts),
        () if name.contains("hd") => Some(Family::Tts1Hd),
        () if name.contains("tts") => Some(Family::Tts1),
        () => None,
    }
}

impl Family {
    /// Voices by name, in the order of the service's own error text.
    pub(crate) fn voices(self) -> Vec<&'static str> {
        match self {
            Self::MiniTts => SHARED_VOICES.into_iter().chain(LATER_VOICES).collect(),
            Self::Tts1 | Self::Tts1Hd => SHARED_VOICES.to_vec(),
        }
    }

    /// Whether the model streams events and tells token rate limits.
    pub(crate) fn bills_tokens(self) -> bool {
        self == Self::MiniTts
    }

    /// Clips are a whole number of this many samples at 24 kHz: 50 ms or 12.5 ms.
    pub(crate) fn granule(self) -> usize {
        if self.bills_tokens() { 1200 } else { 300 }
    }
}

/// The answer of `GET /v1/models`: the speech models, unless they are retired, and the realtime ones.
pub(crate) fn listing(options: &Options) -> Value {
    json!({ "object": "list", "data": entries(options).map(|(_, entry)| entry).collect::<Vec<_>>() })
}

/// The answer of `GET /v1/models/{name}`.
pub(crate) fn retrieve(name: &str, options: &Options) -> Option<Value> {
    entries(options).find(|(known, _)| *known == name).map(|(_, entry)| entry)
}

/// Every model that is there, by its name. A realtime model has no date of shutdown unless it was given one.
fn entries(options: &Options) -> impl Iterator<Item = (&str, Value)> {
    let speech = NAMES.iter().filter(|_| !options.retired);
    let speech = speech.map(|(name, created)| (*name, entry(name, *created, Some(&options.shutdown_date))));
    let date = options.realtime_shutdown_date.as_deref();
    let realtime = options.realtime_models.iter();
    speech.chain(realtime.map(move |name| (name.as_str(), entry(name, REALTIME_CREATED, date))))
}

/// Name and creation time (Unix seconds).
const NAMES: [(&str, u64); 5] = [
    ("tts-1", 1_681_940_951),
    ("tts-1-hd", 1_699_046_015),
    ("gpt-4o-mini-tts", 1_742_403_959),
    ("gpt-4o-mini-tts-2025-03-20", 1_742_403_959),
    ("gpt-4o-mini-tts-2025-12-15", 1_765_760_008),
];

fn entry(name: &str, created: u64, shutdown_date: Option<&str>) -> Value {
    let mut entry = json!({ "id": name, "object": "model", "created": created, "owned_by": "system" });
    if let Some(day) = shutdown_date {
        entry["shutdown_date"] = day.into();
    }
    entry
}
