//! The little words that turn a sentence into its opposite.

use super::fold::fold;
use super::language::Language;

/// Whether `word`, as it is written, denies something.
pub(super) fn is_negation(language: Language, word: &str) -> bool {
    let lower = word.to_lowercase().replace(['’', 'ʼ', '`'], "'");
    let folded = fold(word);
    let words: &[&str] = match language {
        Language::German => &[
            "nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "nichts", "niemand",
            "weder", "ohne", "nirgends", "nein",
        ],
        Language::French => {
            &["ne", "pas", "non", "jamais", "rien", "aucun", "aucune", "personne", "sans", "ni", "guère"]
        }
        Language::Spanish => {
            &["no", "nunca", "jamás", "nada", "nadie", "ningún", "ninguno", "ninguna", "sin", "tampoco", "ni"]
        }
        Language::Russian => {
            return ["не", "нет", "ни", "нельзя", "никогда", "ничего", "никто", "нигде", "без"]
                .contains(&folded.as_str());
        }
        Language::Chinese => {
            return folded.chars().next().is_some_and(|c| "不没沒无無未别別非勿莫".contains(c));
        }
        Language::English | Language::Other => &[
            "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without", "nowhere", "non",
            "nicht", "kein", "pas", "не", "nie", "niet", "inte", "ikke",
        ],
    };
    let is_listed = words.iter().any(|known| fold(known) == folded);
    match language {
        Language::French => is_listed || lower.starts_with("n'"),
        Language::English | Language::Other => is_listed || lower.ends_with("n't"),
        _ => is_listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negations_are_told_in_each_language() {
        for (language, word) in [
            (Language::English, "don’t"),
            (Language::English, "Not"),
            (Language::German, "keine"),
            (Language::French, "n'est"),
            (Language::Spanish, "jamás"),
            (Language::Russian, "не"),
            (Language::Chinese, "不"),
        ] {
            assert!(is_negation(language, word), "{word}");
        }
        assert!(!is_negation(Language::English, "knot"));
        assert!(!is_negation(Language::German, "eine"));
    }
}
