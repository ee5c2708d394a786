//! Who speaks, and what is asked of them: all that is settled before there is any text.

use std::sync::Arc;

use crate::audio::Pauses;
use crate::audio::Style;
use crate::engine::Engine;
use crate::engine::catalog::Choice;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::event::Started;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::pipeline::timing;
use crate::speech::Delivery;
use crate::speech::Format;
use crate::speech::Manner;
use crate::telemetry::Route;
use crate::text;

/// The part of a call's tokens that instructions must leave for text, as a divisor: with less, a text would be cut into
/// scraps, each of which is paid with all of the instructions.
const MIN_TEXT_SHARE: usize = 10;

/// Fewest code points of a segment without a wish: shorter ones are spoken badly, and cost a call each.
pub(super) const DEFAULT_MIN_CHARS: usize = 20;

/// An engine with its part.
#[derive(Clone)]
pub(super) struct Cast {
    /// Who speaks, and in which voice.
    pub(super) choice: Choice,
    /// The engine of that model, at work.
    pub(super) engine: Arc<dyn Engine>,
    /// How the caller wants it.
    pub(super) manner: Manner,
    /// What is asked of the engine, but for the encoding.
    pub(super) delivery: Delivery,
    /// Tokens of a call that are left for text.
    pub(super) max_tokens: Option<usize>,
    /// How segments are joined.
    pub(super) style: Style,
    /// What the caller is told about it.
    pub(super) warnings: Vec<Warning>,
}

impl Cast {
    /// Has the model of `choice`, whose engine is `engine`, speak in this `manner`.
    ///
    /// # Errors
    /// If the model cannot deliver what was asked for, by the field that asks for it.
    pub(super) fn new(manner: Manner, choice: Choice, engine: Arc<dyn Engine>, pauses: &Pauses) -> Result<Self> {
        let mut warnings = fallback_warning(&choice);
        let delivery = delivery(&manner, &choice, &mut warnings)?;
        let instructions = delivery.instructions.as_deref();
        let max_tokens = choice.model.max_call_tokens.map(|tokens| beside(instructions, tokens)).transpose()?;
        let style = Style {
            pauses: pauses.clone(),
            even_level: manner.even_level,
            max_leading_silence: manner.max_leading_silence,
        };
        Ok(Self { choice, engine, manner, delivery, max_tokens, style, warnings })
    }

    /// Who speaks, for the caller.
    pub(super) fn started(&self, format: Format) -> Started {
        Started {
            model: self.choice.model.name.clone(),
            voice: self.choice.voice.clone(),
            format,
            timing: self.manner.alignment.map(timing::source),
        }
    }

    /// Who speaks, for the operator.
    pub(super) fn route(&self, format: Format) -> Route {
        Route {
            model: self.choice.model.name.as_str().into(),
            voice: self.choice.voice.as_str().into(),
            engine: self.choice.model.engine.as_str().into(),
            encoding: format.encoding(),
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
fn delivery(manner: &Manner, choice: &Choice, warnings: &mut Vec<Warning>) -> Result<Delivery> {
    let model = &choice.model;
    let mut keep = |asked: bool, supported: bool, field: &'static str| -> Result<bool> {
        if !asked || supported {
            return Ok(asked);
        }
        let option = field.trim_start_matches("config.");
        let message = format!("The model {} has no use for {option}.", model.name);
        if manner.strict {
            return Err(Error::new(Kind::OptionUnsupported, message).with_field(field));
        }
        warnings.push(Warning { kind: WarningKind::OptionIgnored, message, field: Some(field) });
        Ok(false)
    };
    let speaks_instructions = keep(manner.instructions.is_some(), model.supports_instructions, "config.instructions")?;
    let speaks_faster = keep(manner.speed.is_some(), model.supports_speed, "config.speed")?;
    Ok(Delivery {
        model: model.upstream_model.clone(),
        voice: choice.voice.clone(),
        instructions: manner.instructions.clone().filter(|_| speaks_instructions),
        speed: manner.speed.filter(|_| speaks_faster),
        language: manner.language.clone(),
        encoding: manner.format.asked_of_engine(),
        reports_usage: model.reports_usage,
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
