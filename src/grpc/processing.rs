//! The text processing of a request, checked.

use crate::error::Error;
use crate::error::Result;
use crate::proto;
use crate::speech::MAX_PHRASE;
use crate::speech::Processing;
use crate::speech::Pronunciation;

/// Most pronunciations of one call: each of them is looked for at every word.
const MAX_PRONUNCIATIONS: usize = 100;
/// Longest replacement, in code points.
const MAX_REPLACEMENT: usize = 500;

const PRONUNCIATIONS: &str = "config.text_processing.pronunciations";

/// What is taken out of a text.
///
/// # Errors
/// If there are too many pronunciations, or one of them is too long or empty.
pub(super) fn wish(wish: proto::TextProcessing) -> Result<Processing> {
    if wish.pronunciations.len() > MAX_PRONUNCIATIONS {
        let message = format!("At most {MAX_PRONUNCIATIONS} pronunciations are accepted.");
        return Err(Error::invalid(PRONUNCIATIONS, message));
    }
    Ok(Processing {
        strip_markdown: wish.strip_markdown,
        strip_emoji: wish.strip_emoji,
        pronunciations: wish.pronunciations.into_iter().map(pronunciation).collect::<Result<_>>()?,
    })
}

fn pronunciation(wish: proto::Pronunciation) -> Result<Pronunciation> {
    let proto::Pronunciation { phrase, replacement, case_sensitive } = wish;
    if phrase.trim().is_empty() || phrase.chars().count() > MAX_PHRASE {
        let message = format!("A phrase has 1 to {MAX_PHRASE} characters that are not all blank.");
        return Err(Error::invalid("config.text_processing.pronunciations.phrase", message));
    }
    if replacement.chars().count() > MAX_REPLACEMENT {
        let message = format!("A replacement has at most {MAX_REPLACEMENT} characters.");
        return Err(Error::invalid("config.text_processing.pronunciations.replacement", message));
    }
    Ok(Pronunciation { phrase, replacement, case_sensitive })
}
