//! What has to be done to speak an utterance: who speaks, what is asked of the engine, and in which pieces.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use crate::audio::wav;
use crate::engine::Engine;
use crate::engine::catalog::Choice;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::Segmentation;
use crate::pipeline::account::Account;
use crate::pipeline::ahead::Segments;
use crate::pipeline::event::Started;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::speech::Delivery;
use crate::speech::Encoding;
use crate::speech::Format;
use crate::speech::Ledger;
use crate::speech::Segment;
use crate::speech::Utterance;
use crate::telemetry::Route;
use crate::text;

/// The part of a call's tokens that instructions must leave for text, as a divisor: with less, a text would be cut into
/// scraps, each of which is paid with all of the instructions.
const MIN_TEXT_SHARE: usize = 10;

/// A call, ready to be performed.
pub struct Plan {
    /// Who speaks.
    pub engine_name: String,
    /// The same, at work.
    pub engine: Arc<dyn Engine>,
    /// What, in order. None if there is nothing to speak.
    pub segments: Segments,
    /// What the caller receives.
    pub format: Format,
    /// What goes in front of the first audio.
    pub header: Option<Bytes>,
    /// Largest run of audio in one event, in bytes.
    pub max_chunk_bytes: usize,
    /// First event.
    pub started: Started,
    /// Events behind it.
    pub warnings: Vec<Warning>,
    /// Where to book what it costs.
    pub account: Account,
}

impl Plan {
    /// Plans `utterance` for the model of `choice`, whose engine is `engine`.
    ///
    /// # Errors
    /// If the model cannot deliver what was asked for, by the field that asks for it.
    pub fn new(
        utterance: &Utterance,
        choice: Choice,
        engine: Arc<dyn Engine>,
        segmentation: &Segmentation,
        deadline: Instant,
    ) -> Result<Self> {
        let mut warnings = fallback_warning(&choice);
        check_encoding(utterance, &choice)?;
        let delivery = Arc::new(delivery(utterance, &choice, &mut warnings)?);
        let ledger = Arc::new(Ledger::default());
        let account = Account::new(utterance.chars, Arc::clone(&ledger), choice.model.price.clone());
        let pieces = cut(utterance, &choice, delivery.instructions.as_deref(), segmentation)?;
        let segments = pieces.enumerate().map(move |(index, piece)| Segment {
            text: piece.text,
            index,
            start_char: piece.start,
            chars: piece.end - piece.start,
            is_part: false,
            resend_count: 0,
            deadline,
            delivery: Arc::clone(&delivery),
            ledger: Arc::clone(&ledger),
        });
        Ok(Self {
            engine_name: choice.model.engine.clone(),
            engine,
            segments: Box::new(segments),
            format: utterance.format,
            header: header(utterance.format),
            max_chunk_bytes: utterance.max_chunk_bytes,
            account,
            started: Started { model: choice.model.name.clone(), voice: choice.voice, format: utterance.format },
            warnings,
        })
    }
}

impl Plan {
    /// Who speaks, for the operator.
    pub(super) fn route(&self) -> Route {
        Route {
            model: self.started.model.as_str().into(),
            voice: self.started.voice.as_str().into(),
            engine: self.engine_name.as_str().into(),
            encoding: self.format.encoding(),
        }
    }
}

/// What precedes the samples of `format`.
fn header(format: Format) -> Option<Bytes> {
    let rate_hertz = format.rate_hertz().filter(|_| format.encoding() == Encoding::Wav)?;
    Some(Bytes::copy_from_slice(&wav::header(rate_hertz, None)))
}

fn fallback_warning(choice: &Choice) -> Vec<Warning> {
    choice
        .fell_back
        .iter()
        .map(|reason| Warning { kind: WarningKind::FallbackUsed, message: reason.clone(), field: Some("config.model") })
        .collect()
}

fn check_encoding(utterance: &Utterance, choice: &Choice) -> Result<()> {
    let encoding = utterance.format.encoding();
    if encoding.is_made_here() || choice.model.encodings.contains(&encoding) {
        return Ok(());
    }
    let message = format!(
        "The model {} does not make {}. Ask for pcm_s16le, wav, mulaw or alaw, or for a model whose encodings list it.",
        choice.model.name,
        encoding.name()
    );
    Err(Error::invalid("config.audio_format.encoding", message))
}

/// What is asked of the engine; options that the model has no use for are dropped with a warning, or refused.
fn delivery(utterance: &Utterance, choice: &Choice, warnings: &mut Vec<Warning>) -> Result<Delivery> {
    let model = &choice.model;
    let mut keep = |asked: bool, supported: bool, field: &'static str| -> Result<bool> {
        if !asked || supported {
            return Ok(asked);
        }
        let option = field.trim_start_matches("config.");
        let message = format!("The model {} has no use for {option}.", model.name);
        if utterance.strict {
            return Err(Error::new(Kind::OptionUnsupported, message).with_field(field));
        }
        warnings.push(Warning { kind: WarningKind::OptionIgnored, message, field: Some(field) });
        Ok(false)
    };
    let speaks_instructions =
        keep(utterance.instructions.is_some(), model.supports_instructions, "config.instructions")?;
    let speaks_faster = keep(utterance.speed.is_some(), model.supports_speed, "config.speed")?;
    Ok(Delivery {
        model: model.upstream_model.clone(),
        voice: choice.voice.clone(),
        instructions: utterance.instructions.clone().filter(|_| speaks_instructions),
        speed: utterance.speed.filter(|_| speaks_faster),
        language: utterance.language.clone(),
        encoding: utterance.format.encoding().asked_of_engine(),
        reports_usage: model.reports_usage,
    })
}

/// Cuts the text, piece by piece as it is wanted. Encoded audio that passes through cannot be joined, so its text has to
/// fit one call.
fn cut(
    utterance: &Utterance,
    choice: &Choice,
    instructions: Option<&str>,
    segmentation: &Segmentation,
) -> Result<Box<dyn Iterator<Item = text::Piece> + Send>> {
    let model = &choice.model;
    let mut limits = text::Limits {
        max_chars: model.max_call_chars,
        max_tokens: model.max_call_tokens.map(|tokens| beside(instructions, tokens)).transpose()?,
        first_chars: segmentation.first_segment_chars,
        target_chars: segmentation.segment_chars,
    };
    let language = utterance.language.as_deref();
    if utterance.format.encoding().is_made_here() {
        return Ok(Box::new(text::segment(utterance.text.as_str(), language, limits)));
    }
    limits.first_chars = limits.max_chars;
    limits.target_chars = limits.max_chars;
    let mut pieces = text::segment(utterance.text.as_str(), language, limits);
    let only = pieces.next();
    if pieces.next().is_some() {
        return Err(does_not_join(utterance, choice));
    }
    Ok(Box::new(only.into_iter()))
}

/// The tokens that are left for text beside `instructions`, which are sent with every call and count like it.
fn beside(instructions: Option<&str>, max_tokens: usize) -> Result<usize> {
    let taken = instructions.map_or(0, text::tokens::count);
    let left = max_tokens.saturating_sub(taken);
    if taken > 0 && left < max_tokens / MIN_TEXT_SHARE {
        let message = format!(
            "The instructions take {taken} of the {max_tokens} tokens of a call, which leaves too few for text. Shorten \
             them."
        );
        return Err(Error::invalid("config.instructions", message));
    }
    Ok(left)
}

fn does_not_join(utterance: &Utterance, choice: &Choice) -> Error {
    let message = format!(
        "The text needs several calls of {}, and {} of several calls cannot be joined. Ask for pcm_s16le, wav, mulaw or alaw, or send \
         at most {} characters.",
        choice.model.name,
        utterance.format.encoding().name(),
        choice.model.max_call_chars
    );
    Error::invalid("config.audio_format.encoding", message)
}
