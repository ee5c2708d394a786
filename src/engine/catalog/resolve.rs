//! From what a caller asked for to who speaks, and who does if that one cannot.

use std::sync::Arc;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;

use super::Catalog;
use super::Model;
use super::near::near_matches;
use super::near::question;
use super::near::shown;

/// Who may speak for a request, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The public name of the model that was asked for, by the caller or by default.
    pub asked: String,
    /// Who speaks, and who does if that one cannot. Never empty.
    pub choices: Vec<Choice>,
    /// Why the first choice is not what was asked for, as half a sentence for the caller.
    pub why: Option<String>,
}

/// A model in one of its voices.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its `engine` and `upstream_model` say where it is to be had.
    pub model: Arc<Model>,
    /// The voice of `model` that speaks.
    pub voice: String,
    /// The voice that was asked for, if `model` does not have it.
    pub in_place_of: Option<String>,
}

impl Choice {
    /// That it speaks instead of another one, as half a sentence for the caller.
    pub fn speaks_instead(&self) -> String {
        let voice = self.in_place_of.as_ref().map(|asked| format!(", in its voice `{}` for `{asked}`", self.voice));
        format!("`{}` speaks instead{}", self.model.name, voice.unwrap_or_default())
    }
}

impl Catalog {
    /// Decides who speaks for a request. `strict` refuses another model than the one that was asked for.
    ///
    /// # Errors
    /// [`Kind::ModelUnknown`] and [`Kind::VoiceUnknown`], with near matches; [`Kind::OptionUnsupported`] if `strict` is
    /// set and the model itself cannot be had. Each names the field of the request.
    pub fn resolve(&self, model: Option<&str>, voice: Option<&str>, strict: bool) -> Result<Route> {
        self.route(model, voice, strict, true)
    }

    /// The same for whoever only wants to know, and will not find out whether a model that was absent is there again.
    ///
    /// # Errors
    /// As [`Self::resolve`].
    pub fn look_up(&self, model: Option<&str>, voice: Option<&str>) -> Result<Route> {
        self.route(model, voice, false, false)
    }

    fn route(&self, model: Option<&str>, voice: Option<&str>, strict: bool, is_call: bool) -> Result<Route> {
        let asked = self.find_model(model)?;
        let voice = match voice {
            Some(voice) => self.find_voice(asked, voice)?,
            None if model.is_none() => &self.default_voice,
            None => &asked.default_voice,
        };
        let why = self.why_not(asked);
        if strict && let Some(why) = why {
            let message = format!("{why}, and `strict` forbids another to speak instead.");
            return Err(Error::new(Kind::OptionUnsupported, message).with_field("config.model"));
        }
        let is_had = why.is_none();
        let others = self.successors(asked).filter(|_| !strict);
        let mut models: Vec<_> = is_had.then_some(asked).into_iter().chain(others).collect();
        if models.is_empty() {
            // Whoever cannot be replaced is asked to the last: a server may keep a model longer than it said.
            let last = if asked.native { Some(asked) } else { self.stand_by.as_ref() };
            models.extend(last);
        }
        self.put_absent_last(&mut models, is_call);
        let choices: Vec<_> = models.into_iter().map(|model| choice(model, voice)).collect();
        let is_other = choices.first().is_some_and(|first| first.model.name != asked.name);
        let why = why.or_else(|| Some(format!("Model `{}` is not there at present", asked.name)));
        Ok(Route { asked: asked.name.clone(), choices, why: why.filter(|_| is_other) })
    }

    /// Has models that are absent asked behind all others, unless it is for this call to try the first of them again.
    fn put_absent_last(&self, models: &mut [&Arc<Model>], is_call: bool) {
        let [first, _, ..] = models else { return };
        let first = Arc::clone(first);
        let is_tried = is_call && self.calendar.is_to_be_tried(&first);
        models.sort_by_key(|model| self.calendar.is_absent(model) && !(is_tried && model.name == first.name));
    }

    /// Why `model` itself cannot be had, if so.
    fn why_not(&self, model: &Model) -> Option<String> {
        let name = &model.name;
        if !model.native {
            return Some(format!("This server has no key for engine `{}` of model `{name}`", model.engine));
        }
        let day = self.calendar.last_day(model).filter(|_| self.calendar.is_gone(model))?;
        Some(format!("Model `{name}` was shut down on {day}"))
    }

    /// The models that can speak for `model`.
    fn successors(&self, model: &Model) -> impl Iterator<Item = &Arc<Model>> {
        let known = model.successors.iter().filter_map(|name| self.models.get(name));
        let can_speak = |model: &&Arc<Model>| model.native && !self.calendar.is_gone(model);
        known.filter(can_speak).collect::<Vec<_>>().into_iter()
    }

    fn find_model(&self, wanted: Option<&str>) -> Result<&Arc<Model>> {
        let Some(wanted) = wanted else { return Ok(&self.default_model) };
        self.models.get(wanted).ok_or_else(|| {
            let near = near_matches(wanted, self.models.keys().map(String::as_str));
            let message = format!(
                "There is no model `{}`.{} ListModels, or `rhapsode models`, lists all of them.",
                shown(wanted),
                question(&near)
            );
            with_near(Error::new(Kind::ModelUnknown, message).with_field("config.model"), &near)
        })
    }

    fn find_voice<'a>(&'a self, model: &'a Model, wanted: &str) -> Result<&'a str> {
        model.voices.iter().map(String::as_str).find(|voice| *voice == wanted).ok_or_else(|| {
            let near = near_matches(wanted, model.voices.iter().map(String::as_str));
            let message = format!(
                "Model `{}` has no voice `{}`.{}{} ListVoices, or `rhapsode voices`, lists all of them.",
                model.name,
                shown(wanted),
                question(&near),
                self.owner_of(wanted)
            );
            with_near(Error::new(Kind::VoiceUnknown, message).with_field("config.voice"), &near)
        })
    }

    /// Points at a model that has the voice, for a caller who named the voice alone.
    fn owner_of(&self, voice: &str) -> String {
        let owner = self.voices.iter().find(|known| known.name == voice).and_then(|known| known.models.first());
        owner.map_or_else(String::new, |model| format!(" It is a voice of model `{model}`."))
    }
}

/// `model` in the voice that was asked for, or in the one that takes its place.
fn choice(model: &Arc<Model>, voice: &str) -> Choice {
    if model.voices.iter().any(|known| known == voice) && model.native {
        return Choice { model: Arc::clone(model), voice: voice.to_owned(), in_place_of: None };
    }
    let stand_in = model.voice_map.get(voice).unwrap_or(&model.default_voice);
    Choice { model: Arc::clone(model), voice: stand_in.clone(), in_place_of: Some(voice.to_owned()) }
}

fn with_near(error: Error, near: &[&str]) -> Error {
    if near.is_empty() { error } else { error.with_fact("nearMatches", near.join(", ")) }
}
