//! The models and voices that the endpoint knows, and when it stops to know them.
//!
//! Voices and limits: <https://developers.openai.com/api/docs/guides/text-to-speech>.

use serde_json::Value;
use serde_json::json;

/// Voices of every model, in the order in which the service lists them.
const SHARED_VOICES: [&str; 9] = ["nova", "shimmer", "echo", "onyx", "fable", "alloy", "ash", "sage", "coral"];
/// Voices that the token-billed models have besides.
const LATER_VOICES: [&str; 4] = ["ballad", "verse", "marin", "cedar"];
/// Models that exist but are not served at this path.
const OTHER_MODELS: [&str; 6] =
    ["gpt-4o", "gpt-4o-audio-preview", "gpt-4o-mini-transcribe", "gpt-realtime-2.1-mini", "gpt-4o-mini", "whisper-1"];
/// The day after which none of the speech models is served.
const SHUTDOWN: &str = "2027-01-06";

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

/// The answer of `GET /v1/models`: the speech models, unless they are retired, and the `realtime` ones.
pub(crate) fn listing(realtime: &[String], retired: bool) -> Value {
    let speech = NAMES.iter().filter(|_| !retired).map(|(name, created)| entry(name, *created));
    let models: Vec<Value> = speech.chain(realtime.iter().map(|name| realtime_entry(name))).collect();
    json!({ "object": "list", "data": models })
}

/// The answer of `GET /v1/models/{name}`.
pub(crate) fn retrieve(name: &str, realtime: &[String], retired: bool) -> Option<Value> {
    let speech = NAMES.iter().filter(|_| !retired).find(|(known, _)| *known == name);
    let speech = speech.map(|(name, created)| entry(name, *created));
    speech.or_else(|| realtime.iter().find(|known| *known == name).map(|name| realtime_entry(name)))
}

/// Name and creation time (Unix seconds).
const NAMES: [(&str, u64); 5] = [
    ("tts-1", 1_681_940_951),
    ("tts-1-hd", 1_699_046_015),
    ("gpt-4o-mini-tts", 1_742_403_959),
    ("gpt-4o-mini-tts-2025-03-20", 1_742_403_959),
    ("gpt-4o-mini-tts-2025-12-15", 1_765_760_008),
];

fn entry(name: &str, created: u64) -> Value {
    json!({ "id": name, "object": "model", "created": created, "owned_by": "system", "shutdown_date": SHUTDOWN })
}

/// A realtime model, which has no date of shutdown.
fn realtime_entry(name: &str) -> Value {
    json!({ "id": name, "object": "model", "created": REALTIME_CREATED, "owned_by": "system" })
}
