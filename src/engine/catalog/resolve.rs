//! From what a caller asked for to who speaks.

use std::sync::Arc;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;

use super::Catalog;
use super::Model;
use super::near::near_matches;
use super::near::question;
use super::near::shown;

/// Who speaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The public name of the model that was asked for, by the caller or by default.
    pub asked: String,
    /// The model that really speaks; its `engine` and `upstream_model` say where.
    pub model: Arc<Model>,
    /// The voice of `model` that speaks.
    pub voice: String,
    /// Why another model speaks than the one that was asked for, as a sentence for the caller.
    pub fell_back: Option<String>,
}

impl Catalog {
    /// Decides who speaks for a request. `strict` refuses another model than the one that was asked for.
    ///
    /// # Errors
    /// [`Kind::ModelUnknown`] and [`Kind::VoiceUnknown`], with near matches; [`Kind::OptionUnsupported`] if `strict` is
    /// set and the model's own engine cannot be used. Each names the field of the request.
    pub fn resolve(&self, model: Option<&str>, voice: Option<&str>, strict: bool) -> Result<Choice> {
        let asked = self.find_model(model)?;
        let voice = match voice {
            Some(voice) => self.find_voice(asked, voice)?,
            None if model.is_none() => &self.default_voice,
            None => &asked.default_voice,
        };
        let choice =
            Choice { asked: asked.name.clone(), model: asked.clone(), voice: voice.to_owned(), fell_back: None };
        match &self.stand_by {
            Some(stand_by) if !asked.native => stand_in(choice, stand_by, strict),
            _ => Ok(choice),
        }
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

fn with_near(error: Error, near: &[&str]) -> Error {
    if near.is_empty() { error } else { error.with_fact("nearMatches", near.join(", ")) }
}

fn stand_in(choice: Choice, stand_by: &Arc<Model>, strict: bool) -> Result<Choice> {
    let missing = format!("This server has no key for engine `{}` of model `{}`", choice.model.engine, choice.asked);
    if strict {
        let message = format!("{missing}, and `strict` forbids the built-in voice to speak instead.");
        return Err(Error::new(Kind::OptionUnsupported, message).with_field("config.model"));
    }
    Ok(Choice {
        fell_back: Some(format!("{missing}; the built-in voice, `{}`, speaks instead.", stand_by.default_voice)),
        voice: stand_by.default_voice.clone(),
        model: stand_by.clone(),
        asked: choice.asked,
    })
}
