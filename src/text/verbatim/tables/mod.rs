//! What is written in more than one way, language by language.
//!
//! Each row of phrases begins with what any of the others may be said for, and the other way round; the others do not stand
//! for each other, so that "St." is a saint or a street but no saint is a street. In a row of units each stands for each.
//! Spaces, case and punctuation do not matter.

mod chinese;
mod english;
mod french;
mod german;
mod russian;
mod spanish;

use crate::text::verbatim::language::Language;

pub(super) use english::SPELLINGS as ENGLISH_SPELLINGS;

/// Abbreviations, contractions and spellings.
pub(super) fn phrases(language: Language) -> &'static [&'static [&'static str]] {
    match language {
        Language::English | Language::Other => english::PHRASES,
        Language::German => german::PHRASES,
        Language::French => french::PHRASES,
        Language::Spanish => spanish::PHRASES,
        Language::Russian => russian::PHRASES,
        Language::Chinese => chinese::PHRASES,
    }
}

/// Units of measurement, which are only that behind a number.
pub(super) fn units(language: Language) -> &'static [&'static [&'static str]] {
    match language {
        Language::English | Language::Other => english::UNITS,
        Language::German => german::UNITS,
        Language::French => french::UNITS,
        Language::Spanish => spanish::UNITS,
        Language::Russian => russian::UNITS,
        Language::Chinese => chinese::UNITS,
    }
}
