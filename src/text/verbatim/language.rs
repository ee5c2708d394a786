//! Which language a text is read in, as far as numbers, contractions and abbreviations depend on it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::is_unspaced;

/// How much of a text is read to guess its language, in words.
const SAMPLE: usize = 300;

/// A language whose numbers are known, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    English,
    German,
    French,
    Spanish,
    Russian,
    Chinese,
    /// Compared word by word, without knowledge of numbers.
    Other,
}

impl Language {
    /// The language of the BCP-47 tag `hint`; without one, what the script and the commonest little words say.
    pub(super) fn guess(text: &str, hint: Option<&str>) -> Self {
        let primary = hint.map(|tag| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase());
        match primary.as_deref() {
            None | Some("" | "und" | "mul" | "zxx") => Self::of_text(text),
            Some("en") => Self::English,
            Some("de") => Self::German,
            Some("fr") => Self::French,
            Some("es") => Self::Spanish,
            Some("ru") => Self::Russian,
            Some("zh" | "cmn") => Self::Chinese,
            Some(_) => Self::Other,
        }
    }

    fn of_text(text: &str) -> Self {
        let sample = || text.chars().take(SAMPLE * 8).filter(|c| c.is_alphabetic());
        let count = |is: fn(char) -> bool| sample().filter(|&c| is(c)).count();
        let most = sample().count() / 2;
        if count(is_unspaced) > most {
            let is_chinese = count(is_han) > 0 && count(is_han) == count(is_unspaced);
            return if is_chinese { Self::Chinese } else { Self::Other };
        }
        if count(|c| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')) > most {
            let is_russian = !sample().any(|c| matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'ў' | 'ј' | 'љ' | 'њ' | 'ћ' | 'ђ'));
            return if is_russian { Self::Russian } else { Self::Other };
        }
        Self::of_words(text)
    }

    fn of_words(text: &str) -> Self {
        let mut votes = [0_usize; VOTERS.len()];
        // The letter of a degree is no word: "°C" is not the French "c'".
        for word in text.split(|c: char| !c.is_alphabetic() && c != '°').filter(|word| !word.is_empty()).take(SAMPLE) {
            let lower = word.to_lowercase();
            for &voter in LITTLE_WORDS.get(lower.as_str()).into_iter().flatten() {
                votes[voter] += 2;
            }
            for (vote, endings) in votes.iter_mut().zip(ENDINGS) {
                *vote += usize::from(endings.iter().any(|ending| lower.ends_with(ending)));
            }
        }
        let most = votes.into_iter().max().unwrap_or(0);
        let mut best = VOTERS.into_iter().zip(votes).filter(|&(_, count)| count == most && most > 0);
        let winner = best.next();
        // A tie is no evidence.
        winner.filter(|_| best.next().is_none()).map_or(Self::Other, |(language, _)| language)
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Italian and Portuguese vote too, so that they are not taken for Spanish.
const VOTERS: [Language; 7] = [
    Language::English,
    Language::German,
    Language::French,
    Language::Spanish,
    Language::Other,
    Language::Other,
    Language::Other,
];

/// Endings that are frequent in one of the languages, in the order of [`VOTERS`]; weaker evidence than a word.
const ENDINGS: [&[&str]; VOTERS.len()] = [
    &["ing", "ly", "ed", "ness", "th", "ght", "n't"],
    &["ung", "keit", "lich", "isch", "chen", "te", "ten", "sch", "ß"],
    &["aient", "eux", "aux", "ez", "tion", "ée", "ent", "que", "eau", "ère"],
    &["ción", "amos", "emos", "ó", "dad", "aba", "ía", "ará", "erá", "ado", "ada", "os", "as"],
    &["zione", "tà", "ato", "ata", "etto", "gli", "zza", "cchi", "are", "ere"],
    &["ção", "ões", "ão", "inho", "ou", "eira", "em"],
    &["ij", "aan", "lijk", "ość", "ów", "ių", "lar", "ler", "ğ", "sk"],
];

/// Words that are frequent in one of the languages, in the order of [`VOTERS`].
static LITTLE_WORDS: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let lists = [
        "the and of to is was that with for on he she it you they this are were his her at be by not from i my we do does \
         did will would can what when where how who there please your has have had an no if but me so out up all are don t m re ve ll",
        "der die das und ist nicht ein eine zu den dem mit sich auf für von im am er sie es ich wir war wird auch bei um \
         kein keine was wie wo wer wann hat haben sind bitte ihr uns mein wenn dass aber nur noch nach aus vor über zum zur man \
         hatte waren wurde diese dieser einen einem einer oder so sein seine alle hier jetzt um",
        "le la les de des et est un une dans que qui pour il elle je vous nous au du ne pas ce sur avec se sont à où quand \
         comment mon ma notre votre a ont cette l d c n s j qu y sa son ses leur mais ou si tout plus très bien fait dit aux \
         été être même jamais rien deux chez jusqu ils elles puis avant après sans en ans m mme monsieur madame",
        "el la los las y es en un una que por con para se del al su no lo como más pero está fue muy dónde cuándo cómo mi \
         nos ha son este esta a de sus sin sobre entre hasta desde cuando donde qué quién todo todos hay ni si mi tu era eran \
         han antes después también tampoco sr sra",
        "il lo la gli e è un una di che non per con del della si nel sono i ho alla da come più ha era questo",
        "o a os as e é um uma em que não para com do da no na se por mais ao foi ele ela está muito",
        "de het een en is van dat niet op te met voor zijn er aan och att det som på av är inte jag og ikke jeg i w z na \
         się nie jest że bir ve bu için",
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
        assert_eq!(Language::guess("the and of", Some("de-CH")), Language::German);
        assert_eq!(Language::guess("the and of", Some("EN_us")), Language::English);
        assert_eq!(Language::guess("the and of", Some("ja")), Language::Other);
    }

    #[test]
    fn script_and_little_words_decide_without_one() {
        for (text, language) in [
            ("The cat sat on the mat.", Language::English),
            ("Die Katze saß auf der Matte.", Language::German),
            ("Le chat est dans la maison avec les autres.", Language::French),
            ("El gato está en la casa con los otros.", Language::Spanish),
            ("La sala mide 96 °C y caben ochenta y siete entradas.", Language::Spanish),
            ("Il gatto è nella casa, non con gli altri.", Language::Other),
            ("Мы пришли домой.", Language::Russian),
            ("Ми прийшли її додому.", Language::Other),
            ("我们回家了。", Language::Chinese),
            ("私は家に帰った。", Language::Other),
            ("", Language::Other),
        ] {
            assert_eq!(Language::guess(text, None), language, "{text}");
            assert_eq!(Language::guess(text, Some("und")), language, "{text}");
        }
    }
}
