//! What a response says, as sound: spoken by the stand-in's voice, in the format that was asked for.

use bytes::Bytes;
use serde_json::Value;
use serde_json::json;

use super::audio::Variation;
use super::faults::Fault;
use super::telephone;
use super::world::World;

/// Samples of an output token at 24 kHz: 50 ms.
const TOKEN: usize = 1200;
/// Code points that are spoken at most: at the fastest pace they fill the output that the largest model has.
const SPOKEN_LIMIT: usize = 36_864;
/// What a model says before it begins to read.
const COMMENTARY: &str = "Okay, I will read this now.";

/// The encodings that a realtime model speaks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Little-endian 16-bit samples of 24 kHz.
    Pcm,
    /// µ-law of 8 kHz.
    Pcmu,
    /// A-law of 8 kHz.
    Pcma,
}

impl Format {
    /// The format of a checked `{"type": …}`.
    pub(crate) fn of(value: &Value) -> Self {
        match value["type"].as_str() {
            Some("audio/pcmu") => Self::Pcmu,
            Some("audio/pcma") => Self::Pcma,
            _ => Self::Pcm,
        }
    }

    /// As a session shows it.
    pub(crate) fn to_value(self) -> Value {
        match self {
            Self::Pcm => json!({ "type": "audio/pcm", "rate": 24000 }),
            Self::Pcmu => json!({ "type": "audio/pcmu" }),
            Self::Pcma => json!({ "type": "audio/pcma" }),
        }
    }

    pub(crate) fn bytes_per_ms(self) -> usize {
        if self == Self::Pcm { 48 } else { 8 }
    }

    /// Output tokens of so many bytes.
    pub(crate) fn tokens(self, bytes: usize) -> usize {
        bytes.div_ceil(50 * self.bytes_per_ms())
    }

    fn encode(self, pcm: Bytes) -> Bytes {
        match self {
            Self::Pcm => pcm,
            Self::Pcmu => telephone::mu_law(&pcm).into(),
            Self::Pcma => telephone::a_law(&pcm).into(),
        }
    }
}

/// One message of a response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// `commentary` or `final_answer`.
    pub(crate) phase: &'static str,
    pub(crate) transcript: String,
    pub(crate) audio: Bytes,
}

/// How it is to be said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) speed: f64,
    pub(crate) format: Format,
    pub(crate) variation: Variation,
    /// Nothing but text was asked for.
    pub(crate) text_only: bool,
}

/// Speaks `text` and what the faults put before it. Blocks while the speaker speaks.
///
/// # Errors
/// Why the speaker cannot say that.
pub(crate) fn compose(world: &World, text: &str, manner: Manner, faults: &[Fault]) -> Result<Vec<Piece>, String> {
    let commentary = faults.contains(&Fault::RealtimeCommentary).then_some(("commentary", COMMENTARY));
    let pieces = commentary.into_iter().chain([("final_answer", text)]);
    pieces
        .map(|(phase, text)| {
            let transcript: String = text.chars().take(SPOKEN_LIMIT).collect();
            let audio = sound(world, &transcript, manner, faults)?;
            Ok(Piece { phase, transcript, audio })
        })
        .collect()
}

fn sound(world: &World, text: &str, manner: Manner, faults: &[Fault]) -> Result<Bytes, String> {
    if manner.text_only || faults.contains(&Fault::RealtimeSilent) {
        return Ok(Bytes::new());
    }
    let pcm = world.voice.clip(text, manner.speed, &manner.variation, TOKEN)?;
    let pcm = if faults.contains(&Fault::RealtimeQuiet) { vec![0; pcm.len()].into() } else { pcm };
    Ok(manner.format.encode(pcm))
}
