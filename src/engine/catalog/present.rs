//! Models as they are to be had at present: by themselves, or by another one that answers for them.

use std::borrow::Cow;

use super::Catalog;
use super::Model;

/// A model as it is to be had at present.
#[derive(Clone, Debug, PartialEq)]
pub struct Present<'a> {
    /// The model, with the abilities of whoever answers.
    pub model: Cow<'a, Model>,
    /// Whether the model itself would be asked.
    pub is_native: bool,
    /// The public name of the model that would be asked in its place, if another one would.
    pub spoken_by: Option<String>,
}

impl Catalog {
    /// The models as they are to be had at present, sorted by name.
    pub fn present(&self) -> impl Iterator<Item = Present<'_>> {
        self.models().map(|model| self.presence(model))
    }

    /// What a call for `model` would get at present.
    pub fn presence<'a>(&self, model: &'a Model) -> Present<'a> {
        let route = self.look_up(Some(&model.name), None).ok();
        match route.as_ref().and_then(|route| route.choices.first()) {
            Some(first) if first.model.name == model.name => {
                Present { model: Cow::Borrowed(model), is_native: true, spoken_by: None }
            }
            Some(first) => Present {
                model: Cow::Owned(model.spoken_by(&first.model)),
                is_native: false,
                spoken_by: Some(first.model.name.clone()),
            },
            None => Present { model: Cow::Borrowed(model), is_native: false, spoken_by: None },
        }
    }
}
