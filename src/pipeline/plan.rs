//! What has to be done to speak an utterance: who speaks, what is asked of the engine, and in which pieces.

use std::sync::Arc;
use std::time::Instant;

use crate::audio::Pauses;
use crate::audio::Style;
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
use crate::pipeline::timing;
use crate::speech::Alignment;
use crate::speech::Delivery;
use crate::speech::Dispatch;
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
    /// How its segments are joined.
    pub style: Style,
    /// How it leaves.
    pub dispatch: Dispatch,
    /// Which timing of the text is told.
    pub alignment: Option<Alignment>,
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
        pauses: &Pauses,
        deadline: Instant,
    ) -> Result<Self> {
        let mut warnings = fallback_warning(&choice);
        let delivery = delivery(utterance, &choice, &mut warnings)?;
        let instructions = delivery.instructions.as_deref();
        let (format, pieces) = script(utterance, &choice, limits(&choice, instructions, segmentation)?)?;
        let delivery = Arc::new(Delivery { encoding: format.asked_of_engine(), ..delivery });
        let ledger = Arc::new(Ledger::default());
        let account = Account::new(utterance.chars, Arc::clone(&ledger), choice.model.price.clone());
        let segments = pieces.enumerate().map(move |(index, piece)| Segment {
            text: piece.text,
            index,
            start_char: piece.start,
            chars: piece.end - piece.start,
            closing: piece.closing,
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
            format,
            style: Style {
                pauses: pauses.clone(),
                even_level: utterance.even_level,
                max_leading_silence: utterance.max_leading_silence,
            },
            dispatch: utterance.dispatch.clone(),
            alignment: utterance.alignment,
            account,
            started: Started {
                model: choice.model.name.clone(),
                voice: choice.voice,
                format,
                timing: utterance.alignment.map(timing::source),
            },
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

fn fallback_warning(choice: &Choice) -> Vec<Warning> {
    choice
        .fell_back
        .iter()
        .map(|reason| Warning { kind: WarningKind::FallbackUsed, message: reason.clone(), field: Some("config.model") })
        .collect()
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
        encoding: utterance.format.asked_of_engine(),
        reports_usage: model.reports_usage,
    })
}

/// The pieces of a text, cut only when they are wanted.
type Pieces = Box<dyn Iterator<Item = text::Piece> + Send>;

/// The format that is delivered, and the pieces in which the text is spoken for it.
///
/// An engine's own bytes pass through if nothing has to happen to them: it makes the encoding, no rate was asked for, the
/// text fits one call, and nobody asked for what takes samples to know. Otherwise the encoding is made here.
fn script(utterance: &Utterance, choice: &Choice, limits: text::Limits) -> Result<(Format, Pieces)> {
    let (wish, text, language) = (utterance.format, utterance.text.as_str(), utterance.language.as_deref());
    if wish.rate_hertz().is_none() && choice.model.encodings.contains(&wish.encoding()) && !needs_samples(utterance) {
        let whole = limits.max_chars;
        let limits = text::Limits { first_chars: whole, target_chars: whole, ..limits.clone() };
        let mut pieces = text::segment(text, language, limits);
        let only = pieces.next();
        if pieces.next().is_none() {
            return Ok((wish, Box::new(only.into_iter())));
        }
    }
    let format = wish.made_here().ok_or_else(|| cannot_be_made(wish.encoding(), choice))?;
    Ok((format, Box::new(text::segment(text, language, limits))))
}

/// Whether something was asked for that encoded bytes alone cannot give.
fn needs_samples(utterance: &Utterance) -> bool {
    utterance.alignment.is_some() || utterance.max_leading_silence.is_some() || utterance.dispatch.pacing_lead.is_some()
}

/// How long the pieces of a text for the model of `choice` may and should be.
fn limits(choice: &Choice, instructions: Option<&str>, segmentation: &Segmentation) -> Result<text::Limits> {
    let model = &choice.model;
    Ok(text::Limits {
        max_chars: model.max_call_chars,
        max_tokens: model.max_call_tokens.map(|tokens| beside(instructions, tokens)).transpose()?,
        first_chars: segmentation.first_segment_chars,
        target_chars: segmentation.segment_chars,
    })
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

/// Only an engine can make it, and this one does not, or not from this text.
fn cannot_be_made(encoding: Encoding, choice: &Choice) -> Error {
    let (model, name) = (&choice.model.name, encoding.name());
    let message = if choice.model.encodings.contains(&encoding) {
        let chars = choice.model.max_call_chars;
        format!(
            "{name} is only passed on as {model} makes it, in one call. Send at most {chars} characters, or ask for \
             another encoding, such as mp3."
        )
    } else {
        format!("{model} does not make {name}, and the server does not either. Ask for another encoding, such as mp3.")
    };
    Error::invalid("config.audio_format.encoding", message)
}
