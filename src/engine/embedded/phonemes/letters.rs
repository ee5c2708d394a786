//! The names of the letters, the last resort for a word that nothing else can read.

/// The phonemes of `word` spelled out, with a space between letters; digits and
/// symbols are not letters and give nothing.
pub(super) fn spelled(word: &str) -> String {
    let names: Vec<&str> = word.chars().filter_map(name).collect();
    names.join(" ")
}

fn name(letter: char) -> Option<&'static str> {
    Some(match letter.to_ascii_uppercase() {
        'A' => "ˈA",
        'B' => "bˈi",
        'C' => "sˈi",
        'D' => "dˈi",
        'E' => "ˈi",
        'F' => "ˈɛf",
        'G' => "ʤˈi",
        'H' => "ˈAʧ",
        'I' => "ˈI",
        'J' => "ʤˈA",
        'K' => "kˈA",
        'L' => "ˈɛl",
        'M' => "ˈɛm",
        'N' => "ˈɛn",
        'O' => "ˈO",
        'P' => "pˈi",
        'Q' => "kjˈu",
        'R' => "ˈɑɹ",
        'S' => "ˈɛs",
        'T' => "tˈi",
        'U' => "jˈu",
        'V' => "vˈi",
        'W' => "dˈʌbᵊlju",
        'X' => "ˈɛks",
        'Y' => "wˈI",
        'Z' => "zˈi",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latin_letter_has_a_name() {
        assert!(('a'..='z').chain('A'..='Z').all(|letter| name(letter).is_some()));
        assert_eq!(spelled("a-B"), "ˈA bˈi");
    }
}
