//! Who speaks, and what is asked of them: all that is settled before there is any text.

use std::sync::Arc;

use crate::audio::Pauses;
use crate::audio::Style;
use crate::drain::Readiness;
use crate::engine::Engine;
use crate::engine::catalog::Choice;
use crate::engine::catalog::Route;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::account::Bill;
use crate::pipeline::event::Started;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::pipeline::timing;
use crate::resilience::Credentials;
use crate::resilience::Failover;
use crate::resilience::Understudy;
use crate::speech::Delivery;
use crate::speech::Encoding;
use crate::speech::Format;
use crate::speech::Ledger;
use crate::speech::Manner;
use crate::telemetry;
use crate::telemetry::Metrics;
use crate::text;

/// The part of a call's tokens that instructions must leave for text, as a divisor: with less, a text would be cut into
/// scraps, each of which is paid with all of the instructions.
const MIN_TEXT_SHARE: usize = 10;

/// Fewest code points of a segment without a wish: shorter ones are spoken badly, and cost a call each.
pub(super) const DEFAULT_MIN_CHARS: usize = 20;

/// Everyone who may speak, with their parts.
#[derive(Clone)]
pub(super) struct Cast {
    /// In the order in which they are asked; never empty.
    pub(super) actors: Vec<Actor>,
    /// How the caller wants it.
    pub(super) manner: Manner,
    /// Longest text of one call that each of them takes, in code points.
    pub(super) max_call_chars: usize,
    /// Tokens of a call that each of them leaves for text.
    pub(super) max_tokens: Option<usize>,
    /// How segments are joined.
    pub(super) style: Style,
    /// What the caller is told about the first of them.
    pub(super) warnings: Vec<Warning>,
    /// What has to know whether they can serve at all.
    pub(super) readiness: Readiness,
    /// Where it is counted that one of them could not speak.
    pub(super) metrics: Metrics,
}

/// An engine with its part.
#[derive(Clone)]
pub(super) struct Actor {
    /// Which model, and in which voice.
    pub(super) choice: Choice,
    /// The engine of that model, at work.
    pub(super) engine: Arc<dyn Engine>,
    /// What is asked of the engine, but for the encoding.
    pub(super) delivery: Delivery,
    /// What the caller is told if it takes over.
    pub(super) warnings: Vec<Warning>,
}

/// The cast of one utterance, ready to speak.
pub(super) struct Ensemble {
    /// All of them, as one engine.
    pub(super) engine: Arc<dyn Engine>,
    /// What each of them costs, by place.
    pub(super) bills: Vec<Bill>,
    /// What is told when one of them takes over, by place.
    pub(super) entrances: Vec<Entrance>,
}

/// What is told when somebody takes over.
#[derive(Clone)]
pub(super) struct Entrance {
    /// The caller.
    pub(super) warnings: Vec<Warning>,
    /// The operator.
    pub(super) route: telemetry::Route,
}

impl Cast {
    /// Has those of `route` speak in this `manner`, with engines from `engines`.
    ///
    /// # Errors
    /// If the first of them cannot deliver what was asked for, by the field that asks for it.
    pub(super) fn new(
        manner: Manner,
        route: Route,
        engines: &dyn Fn(&str) -> Option<Arc<dyn Engine>>,
        pauses: &Pauses,
        readiness: Readiness,
        metrics: Metrics,
    ) -> Result<Self> {
        let first_name = route.choices.first().map(|first| first.model.name.clone()).unwrap_or_default();
        let mut actors: Vec<Actor> = Vec::new();
        for choice in route.choices {
            let why =
                if actors.is_empty() { route.why.clone() } else { Some(format!("`{first_name}` could not speak")) };
            let place = actors.len();
            match Actor::new(place, &manner, choice, why, engines) {
                Ok(actor) => actors.push(actor),
                Err(error) if place == 0 => return Err(error),
                // Whoever cannot do as asked is no help.
                Err(_) => {}
            }
        }
        let first = actors.first().ok_or_else(|| Error::internal("a route is empty"))?;
        let (instructions, warnings) = (first.delivery.instructions.clone(), first.warnings.clone());
        let models = || actors.iter().map(|actor| &actor.choice.model);
        let style = Style {
            pauses: pauses.clone(),
            even_level: manner.even_level,
            max_leading_silence: manner.max_leading_silence,
        };
        let max_tokens = models().filter_map(|model| model.max_call_tokens).min();
        let max_tokens = max_tokens.map(|tokens| beside(instructions.as_deref(), tokens)).transpose()?;
        let max_call_chars = models().map(|model| model.max_call_chars).min().unwrap_or(usize::MAX);
        Ok(Self { actors, manner, max_call_chars, max_tokens, style, warnings, readiness, metrics })
    }

    /// Everyone, to speak one utterance that is delivered as `format` and booked in parts of `ledger`.
    pub(super) fn ensemble(&self, format: Format, ledger: &Arc<Ledger>) -> Ensemble {
        let bills: Vec<_> = self.actors.iter().map(|actor| actor.bill(ledger)).collect();
        let understudies = self.actors.iter().zip(&bills).map(|(actor, bill)| actor.understudy(format, bill)).collect();
        let entrances = self.actors.iter().map(|actor| actor.entrance(format)).collect();
        let route = Arc::new(Failover::new(understudies, self.metrics.clone()));
        let engine: Arc<dyn Engine> = if self.manner.strict {
            // Whoever does without the others says nothing about whether calls can be served.
            route
        } else {
            Arc::new(Credentials::new(route, &self.engines(), self.readiness.clone()))
        };
        Ensemble { engine, bills, entrances }
    }

    /// The engines that are asked, in their order, as one name.
    fn engines(&self) -> String {
        let names: Vec<_> = self.actors.iter().map(|actor| actor.choice.model.engine.as_str()).collect();
        names.join(", ")
    }

    /// What is asked of the first, for segments to carry.
    pub(super) fn delivery(&self, encoding: Encoding) -> Delivery {
        // There is always a first.
        let mut delivery = self.actors[0].delivery.clone();
        delivery.encoding = encoding;
        delivery
    }

    /// Whether the bytes of whoever is asked first may pass untouched. Whoever takes over may have to be encoded here.
    pub(super) fn may_pass_through(&self, wish: Format) -> bool {
        let encoding = wish.encoding();
        let makes = |first: &Actor| first.choice.model.encodings.contains(&encoding) && first.makes(encoding);
        self.actors.first().is_some_and(makes)
    }

    /// Who speaks, for the caller.
    pub(super) fn started(&self, place: usize, format: Format) -> Started {
        let choice = &self.actors[place.min(self.actors.len() - 1)].choice;
        Started {
            model: choice.model.name.clone(),
            voice: choice.voice.clone(),
            format,
            timing: self.manner.alignment.map(timing::source),
        }
    }

    /// Who is to speak, for the operator.
    pub(super) fn route(&self, format: Format) -> telemetry::Route {
        self.actors[0].route(format)
    }

    /// Whether the text can be spoken at all.
    ///
    /// # Errors
    /// As [`Engine::check`], of the first.
    pub(super) fn check(&self, text: &str) -> Result<()> {
        self.actors[0].engine.check(text, self.manner.language.as_deref())
    }
}

impl Actor {
    fn new(
        place: usize,
        manner: &Manner,
        choice: Choice,
        why: Option<String>,
        engines: &dyn Fn(&str) -> Option<Arc<dyn Engine>>,
    ) -> Result<Self> {
        let engine = engines(&choice.model.engine).ok_or_else(|| {
            Error::internal(format!("model {} names engine {}", choice.model.name, choice.model.engine))
        })?;
        let mut warnings: Vec<_> = why.map(|why| instead(&why, &choice)).into_iter().collect();
        let delivery = Delivery { place, ..delivery(manner, &choice, &mut warnings)? };
        Ok(Self { choice, engine, delivery, warnings })
    }

    fn route(&self, format: Format) -> telemetry::Route {
        telemetry::Route {
            model: self.choice.model.name.as_str().into(),
            voice: self.choice.voice.as_str().into(),
            engine: self.choice.model.engine.as_str().into(),
            encoding: format.encoding(),
        }
    }

    fn entrance(&self, format: Format) -> Entrance {
        let warnings = if self.delivery.place == 0 { vec![self.returns()] } else { self.warnings.clone() };
        Entrance { warnings, route: self.route(format) }
    }

    /// What is told if whoever was asked first speaks again, because the one who had taken over cannot.
    fn returns(&self) -> Warning {
        let message = format!("`{}` speaks again, in its voice `{}`.", self.choice.model.name, self.choice.voice);
        Warning { kind: WarningKind::FallbackUsed, message, field: Some("config.model") }
    }

    fn bill(&self, ledger: &Arc<Ledger>) -> Bill {
        Bill { ledger: Arc::new(Ledger::part_of(ledger)), price: self.choice.model.price.clone() }
    }

    /// Whether the engine makes `encoding` itself, and nothing has to happen to it.
    fn makes(&self, encoding: Encoding) -> bool {
        let is_own = self.choice.model.encodings.contains(&encoding) && self.hastening().is_none();
        encoding == Encoding::PcmS16le || is_own
    }

    /// By how much its audio has to be shortened, if it does not speak as fast as is wanted.
    fn hastening(&self) -> Option<f64> {
        let factor = self.delivery.speed? / self.choice.model.max_engine_speed?;
        Some(factor).filter(|factor| *factor > 1.0)
    }

    fn understudy(&self, format: Format, bill: &Bill) -> Understudy {
        let asked = format.asked_of_engine();
        let makes = self.makes(asked);
        let encoding = if makes { asked } else { Encoding::PcmS16le };
        let fastest = self.choice.model.max_engine_speed.unwrap_or(f64::INFINITY);
        let speed = self.delivery.speed.map(|speed| speed.min(fastest));
        Understudy {
            engine: Arc::clone(&self.engine),
            delivery: Arc::new(Delivery { speed, encoding, ..self.delivery.clone() }),
            hastening: self.hastening(),
            ledger: Arc::clone(&bill.ledger),
            transcoding: (!makes).then(|| format.made_here()),
        }
    }
}

fn instead(why: &str, choice: &Choice) -> Warning {
    let message = format!("{why}; {}.", choice.speaks_instead());
    Warning { kind: WarningKind::FallbackUsed, message, field: Some("config.model") }
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
        place: 0,
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
