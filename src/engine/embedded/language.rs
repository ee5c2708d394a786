//! Which languages the voice speaks.

/// Whether the voice speaks the language of a BCP 47 tag (RFC 5646): any English, with the
/// accent of the United States.
pub fn supports_language(tag: &str) -> bool {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    ["en", "eng"].iter().any(|english| language.eq_ignore_ascii_case(english))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_supported_whatever_its_region() {
        assert!(["en", "EN", "en-US", "en_GB", "en-Latn-US", "eng"].into_iter().all(supports_language));
        assert!(!["", "de", "enm", "es-US", "zh-Hans", "e n"].into_iter().any(supports_language));
    }
}
