//! Names near to one that does not exist.

use std::borrow::Cow;

/// Names offered at most.
const MAX_OFFERED: usize = 3;

/// Likeness, between 0 and 1, under which a name is no help (Jaro-Winkler).
const LIKE: f64 = 0.8;

/// Characters of a caller's name that are looked at or shown; no real name is longer.
const MAX_CHARS: usize = 64;

/// The names of `known` that are most like `wanted`, best first, at most three.
pub(super) fn near_matches<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = shortened(wanted).to_lowercase();
    let mut likely: Vec<_> = known
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .collect();
    likely.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    likely.into_iter().take(MAX_OFFERED).map(|(_, name)| name).collect()
}

/// `wanted` as it can be shown in a message: short, on one line.
pub(super) fn shown(wanted: &str) -> String {
    shortened(wanted).escape_debug().to_string()
}

/// "Did you mean …?" for `matches`, empty if there are none.
pub(super) fn question(matches: &[&str]) -> Cow<'static, str> {
    match matches {
        [] => Cow::Borrowed(""),
        _ => Cow::Owned(format!(" Did you mean `{}`?", matches.join("`, `"))),
    }
}

fn shortened(wanted: &str) -> &str {
    wanted.char_indices().nth(MAX_CHARS).map_or(wanted, |(end, _)| &wanted[..end])
}

#[cfg(test)]
mod tests {
    use super::near_matches;
    use super::shown;

    #[test]
    fn offers_what_is_near_and_nothing_else() {
        let known = ["gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-03-20", "tts-1", "tts-1-hd", "builtin"];
        for (wanted, offered) in [
            ("gpt4o-mini-tts", &["gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-03-20"][..]),
            ("TTS1", &["tts-1", "tts-1-hd"]),
            ("built-in", &["builtin"]),
            ("whisper", &[]),
            ("", &[]),
        ] {
            assert_eq!(near_matches(wanted, known.into_iter()), offered, "{wanted}");
        }
    }

    #[test]
    fn shows_a_hostile_name_short_and_on_one_line() {
        assert_eq!(shown("a\nb\u{1b}[2J"), "a\\nb\\u{1b}[2J");
        assert_eq!(shown(&"é".repeat(1_000_000)).chars().count(), 64);
    }
}
