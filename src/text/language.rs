//! Which language a text is written in, as far as sentence ends depend on it.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How much of a text is read to guess its language, in words.
const SAMPLE: usize = 300;

/// A language whose full stops need its own words. Scripts other than Latin tell themselves apart and need no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    /// Another language that marks ordinals by a full stop, such as Danish, Finnish, Czech or Turkish.
    Ordinal,
}

impl Language {
    /// The languages written in Latin letters that have words of their own.
    pub(super) const LATIN: [Self; 6] =
        [Self::English, Self::German, Self::French, Self::Spanish, Self::Italian, Self::Portuguese];

    /// The language of the BCP-47 tag `hint`; without one, what the commonest little words of `text` say.
    ///
    /// `None` means that nothing is known: the words of all languages are to be used.
    pub(super) fn guess(text: &str, hint: Option<&str>) -> Option<Self> {
        match hint.map(primary).filter(|tag| !matches!(tag.as_str(), "" | "und" | "mul" | "zxx")) {
            Some(tag) => Self::of_primary(&tag),
            None => Self::of_words(text),
        }
    }

    fn of_primary(tag: &str) -> Option<Self> {
        Some(match tag {
            "en" => Self::English,
            "de" | "gsw" | "lb" => Self::German,
            "fr" => Self::French,
            "es" | "gl" | "ca" => Self::Spanish,
            "it" => Self::Italian,
            "pt" => Self::Portuguese,
            "cs" | "da" | "et" | "fi" | "hr" | "hu" | "is" | "lv" | "nb" | "nn" | "no" | "sk" | "sl" | "sr" | "tr" => {
                Self::Ordinal
            }
            _ => return None,
        })
    }

    fn of_words(text: &str) -> Option<Self> {
        let mut votes = [0_usize; Self::LATIN.len()];
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(SAMPLE) {
            for &voter in LITTLE_WORDS.get(word.to_lowercase().as_str()).into_iter().flatten() {
                votes[voter] += 1;
            }
        }
        let most = votes.iter().copied().max().filter(|&most| most > 0)?;
        let mut best =
            Self::LATIN.into_iter().zip(votes).filter(|&(_, count)| count == most).map(|(language, _)| language);
        let winner = best.next();
        // A tie is no evidence.
        winner.filter(|_| best.next().is_none())
    }
}

fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// Words that are frequent in one of the languages, in the order of [`Language::LATIN`].
static LITTLE_WORDS: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let lists = [
        "the and of to is was that with for on he she it you they this are were his her at be by not from",
        "der die das und ist nicht ein eine zu den dem mit sich auf für von im am er sie es ich wir war wird auch bei",
        "le la les des et est un une dans que qui pour il elle je vous nous au du ne pas ce sur avec se sont à",
        "el la los las y es en un una que por con para se del al su no lo como más pero está fue muy",
        "il lo la gli e è un una di che non per con del della si nel sono i ho alla da come più ha era",
        "o a os as e é um uma em que não para com do da no na se por mais ao foi ele ela está muito",
    ];
    let mut voters: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (language, list) in lists.into_iter().enumerate() {
        list.split(' ').for_each(|word| voters.entry(word).or_default().push(language));
    }
    voters
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_decides() {
        assert_eq!(Language::guess("the and of", Some("de-CH")), Some(Language::German));
        assert_eq!(Language::guess("the and of", Some("EN_us")), Some(Language::English));
        assert_eq!(Language::guess("the and of", Some("tr")), Some(Language::Ordinal));
        assert_eq!(Language::guess("the and of", Some("ja")), None);
    }

    #[test]
    fn little_words_decide_without_a_hint() {
        for (text, language) in [
            ("The cat sat on the mat.", Language::English),
            ("Die Katze saß auf der Matte.", Language::German),
            ("Le chat est dans la maison avec les autres.", Language::French),
            ("El gato está en la casa con los otros.", Language::Spanish),
            ("Il gatto è nella casa, non con gli altri.", Language::Italian),
            ("O gato está em casa, não com os outros.", Language::Portuguese),
        ] {
            assert_eq!(Language::guess(text, None), Some(language), "{text}");
            assert_eq!(Language::guess(text, Some("und")), Some(language), "{text}");
        }
    }

    #[test]
    fn no_evidence_and_a_tie_are_no_language() {
        assert_eq!(Language::guess("", None), None);
        assert_eq!(Language::guess("Это был я.", None), None);
        assert_eq!(Language::guess("la", None), None);
    }
}
