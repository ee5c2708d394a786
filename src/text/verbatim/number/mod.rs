//! How numbers are said in the languages that are known, and what number some words are.
//!
//! Saying is the only knowledge there is: reading adds up what the words may mean and asks whether the sum is said so.

mod chinese;
mod english;
mod french;
mod german;
mod russian;
mod spanish;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::verbatim::fold::fold;
use crate::text::verbatim::language::Language;

/// The words of a number in order, each in all the forms that it has; an empty form may be left out.
pub(super) type Parts = Vec<Vec<&'static str>>;

/// Numbers from here on are read digit by digit.
pub(super) const TOO_LARGE: u64 = 1_000_000_000_000_000;

/// Of how many words a number is read, at most.
const MAX_WORDS: usize = 14;

/// How many ways to take such words to pieces are tried.
const MAX_READINGS: usize = 200;

const LANGUAGES: [Language; 6] =
    [Language::English, Language::German, Language::French, Language::Spanish, Language::Russian, Language::Chinese];

/// What some words count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Cardinal,
    Ordinal,
    Year,
}

/// How `n` is said as a number of things; nothing in a language that is not known.
pub(super) fn cardinals(language: Language, n: u64) -> Vec<Parts> {
    match language {
        _ if n >= TOO_LARGE => Vec::new(),
        Language::English => english::cardinals(n),
        Language::German => german::cardinals(n),
        Language::French => french::cardinals(n),
        Language::Spanish => spanish::cardinals(n),
        Language::Russian => russian::cardinals(n),
        Language::Chinese => chinese::cardinals(n),
        Language::Other => Vec::new(),
    }
}

/// How `n` is said as a place in a row.
pub(super) fn ordinals(language: Language, n: u64) -> Vec<Parts> {
    match language {
        _ if n >= TOO_LARGE => Vec::new(),
        Language::English => english::ordinals(n),
        Language::German => german::ordinals(n),
        Language::French => french::ordinals(n),
        Language::Spanish => spanish::ordinals(n),
        Language::Russian => russian::ordinals(n),
        Language::Chinese => chinese::ordinals(n),
        Language::Other => Vec::new(),
    }
}

/// How `n` is said as a year, apart from its being a number.
pub(super) fn years(language: Language, n: u64) -> Vec<Parts> {
    match language {
        Language::English => english::years(n),
        Language::Chinese => chinese::years(n),
        _ => Vec::new(),
    }
}

/// What a digit is called when digits are read one by one.
pub(super) fn digit_names(language: Language, digit: char) -> Vec<&'static str> {
    let value = u64::from(digit.to_digit(10).unwrap_or(0));
    let mut names: Vec<_> = cardinals(language, value).into_iter().flatten().flatten().collect();
    match (language, value) {
        (Language::English, 0) => names.extend(["oh", "o", "nought", "nil"]),
        (Language::Chinese, 1) => names.push("幺"),
        _ => {}
    }
    names
}

/// What stands before the digits of a fraction.
pub(super) fn points(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &["point", "dot"],
        Language::German => &["komma", "punkt"],
        Language::French => &["virgule", "point"],
        Language::Spanish => &["coma", "punto", "con"],
        Language::Russian => &["и", "запятая", "точка", "целых", "целых и", "целая", "целая и", "целой", "целой и"],
        Language::Chinese => &["点", "點"],
        Language::Other => &[],
    }
}

/// What is said for ".5" after a whole number.
pub(super) fn halves(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &["and a half", "and one half"],
        Language::German => &["einhalb", "und ein halb"],
        Language::French => &["et demi", "et demie"],
        Language::Spanish => &["y medio", "y media"],
        Language::Russian => &["с половиной"],
        Language::Chinese => &["半"],
        Language::Other => &[],
    }
}

/// The names of a million and the like, which are also written behind digits.
pub(super) fn scales(language: Language) -> &'static [(u64, &'static [&'static str])] {
    match language {
        Language::English => &[
            (1_000_000_000_000, &["trillion", "tn"]),
            (1_000_000_000, &["billion", "bn", "b"]),
            (1_000_000, &["million", "m", "mn"]),
            (1_000, &["thousand", "k"]),
        ],
        Language::German => &[
            (1_000_000_000_000, &["billionen", "billion"]),
            (1_000_000_000, &["milliarden", "milliarde", "mrd"]),
            (1_000_000, &["millionen", "million", "mio"]),
            (1_000, &["tausend", "tsd"]),
        ],
        Language::French => &[
            (1_000_000_000, &["milliards", "milliard", "md", "mds"]),
            (1_000_000, &["millions", "million", "m"]),
            (1_000, &["mille"]),
        ],
        Language::Spanish => &[(1_000_000, &["millones", "millón"]), (1_000, &["mil"])],
        Language::Russian => &[
            (1_000_000_000, &["миллиардов", "миллиарда", "миллиард", "млрд"]),
            (1_000_000, &["миллионов", "миллиона", "миллион", "млн"]),
            (1_000, &["тысяч", "тысячи", "тысяча", "тысячу", "тыс"]),
        ],
        Language::Chinese => &[(100_000_000, &["亿", "億"]), (10_000, &["万", "萬"]), (1_000, &["千"])],
        Language::Other => &[],
    }
}

/// The numbers that the first of `words` are, with how many of them each takes.
pub(super) fn read(language: Language, words: &[&str]) -> Vec<(usize, u64, Sense)> {
    let Some(lexicon) = LEXICONS.get(&language) else { return Vec::new() };
    let mut ends = Vec::new();
    let mut joined = String::new();
    for word in words.iter().take(MAX_WORDS) {
        joined.push_str(word);
        ends.push(joined.len());
    }
    let mut found = Vec::new();
    for (at, pieces) in lexicon.pieces(&joined) {
        let Some(end) = ends.iter().position(|&end| end == at) else { continue };
        let Some(text) = joined.get(..at) else { continue };
        let mut add = |value: Option<u64>, sense| {
            let Some(value) = value.filter(|&value| value < TOO_LARGE) else { return };
            let ways = match sense {
                Sense::Cardinal => cardinals(language, value),
                Sense::Ordinal => ordinals(language, value),
                Sense::Year => years(language, value),
            };
            let reading = (end + 1, value, sense);
            if !found.contains(&reading) && ways.iter().any(|parts| is_said_so(parts, text)) {
                found.push(reading);
            }
        };
        add(
            sum(&pieces),
            if pieces.last().is_some_and(|piece| piece.is_ordinal) { Sense::Ordinal } else { Sense::Cardinal },
        );
        (1..pieces.len()).for_each(|split| add(year(&pieces, split), Sense::Year));
        if language == Language::Chinese && pieces.len() == 4 {
            add(pieces.iter().try_fold(0, |year: u64, piece| Some(year * 10 + piece.value)), Sense::Year);
        }
    }
    found
}

/// Whether `text` is made of one form of each of `parts`.
fn is_said_so(parts: &[Vec<&'static str>], text: &str) -> bool {
    match parts.split_first() {
        None => text.is_empty(),
        Some((forms, rest)) => {
            forms.iter().any(|form| text.strip_prefix(fold(form).as_str()).is_some_and(|text| is_said_so(rest, text)))
        }
    }
}

/// A word or part of one that counts.
#[derive(Clone, Copy, Debug)]
struct Piece {
    value: u64,
    /// It multiplies what stands in front of it.
    is_factor: bool,
    is_ordinal: bool,
}

fn sum(pieces: &[Piece]) -> Option<u64> {
    let (mut total, mut section, mut current) = (0_u64, 0_u64, 0_u64);
    for piece in pieces {
        if !piece.is_factor {
            current = current.checked_add(piece.value)?;
        } else if piece.value > 1_000 || (piece.value == 1_000 && section + current < 1_000) {
            total = total.checked_add((section + current).max(1).checked_mul(piece.value)?)?;
            (section, current) = (0, 0);
        } else {
            section = section.checked_add(current.max(1).checked_mul(piece.value)?)?;
            current = 0;
        }
    }
    total.checked_add(section)?.checked_add(current)
}

fn year(pieces: &[Piece], split: usize) -> Option<u64> {
    let (century, rest) = pieces.split_at_checked(split)?;
    sum(century)?.checked_mul(100)?.checked_add(sum(rest)?)
}

/// What the parts of number words are worth.
struct Lexicon {
    pieces: HashMap<String, Piece>,
    longest: usize,
}

static LEXICONS: LazyLock<HashMap<Language, Lexicon>> =
    LazyLock::new(|| LANGUAGES.into_iter().map(|language| (language, Lexicon::new(language))).collect());

impl Lexicon {
    fn new(language: Language) -> Self {
        let mut pieces = HashMap::new();
        let simple = (0..30).chain((30..100).step_by(10)).chain((100..1_000).step_by(100)).chain([1_000, 2_000]);
        for value in simple {
            // Chinese is made of digits and places only.
            if language == Language::Chinese && value > 9 {
                break;
            }
            for (ways, is_ordinal) in [(ordinals(language, value), true), (cardinals(language, value), false)] {
                for parts in ways {
                    let is_whole = is_ordinal || parts.len() == 1;
                    // The sum is what decides; only what cannot be taken apart is needed.
                    let is_simple = value < 20 || value % 10 == 0;
                    if is_whole && is_simple {
                        for form in spellings(&parts) {
                            pieces.insert(form, Piece { value, is_factor: false, is_ordinal });
                        }
                    } else if parts.len() == 1 {
                        for form in spellings(&parts) {
                            pieces.entry(form).or_insert(Piece { value, is_factor: false, is_ordinal });
                        }
                    }
                }
            }
        }
        for (value, names) in factors(language) {
            for name in names {
                pieces.insert(fold(name), Piece { value, is_factor: true, is_ordinal: false });
            }
        }
        for (name, value) in fillers(language) {
            pieces.entry(fold(name)).or_insert(Piece { value: *value, is_factor: false, is_ordinal: false });
        }
        pieces.remove("");
        let longest = pieces.keys().map(String::len).max().unwrap_or(0);
        Self { pieces, longest }
    }

    /// All the ways to take the beginning of `text` to pieces, and where each ends; the longest pieces first.
    fn pieces(&self, text: &str) -> Vec<(usize, Vec<Piece>)> {
        let mut open = vec![(0, Vec::new())];
        let mut all = Vec::new();
        while let Some((at, pieces)) = open.pop() {
            let Some(rest) = text.get(at..) else { continue };
            let longest = rest.floor_char_boundary(self.longest.min(rest.len()));
            for (length, &piece) in (1..=longest).filter_map(|end| {
                let form = rest.get(..end)?;
                self.pieces.get(form).map(|piece| (form.len(), piece))
            }) {
                let mut longer: Vec<Piece> = pieces.clone();
                longer.push(piece);
                all.push((at + length, longer.clone()));
                open.push((at + length, longer));
            }
            if all.len() >= MAX_READINGS {
                break;
            }
        }
        all
    }
}

fn spellings(parts: &[Vec<&'static str>]) -> Vec<String> {
    parts.iter().fold(vec![String::new()], |heads, forms| {
        heads.iter().flat_map(|head| forms.iter().map(move |form| format!("{head}{}", fold(form)))).collect()
    })
}

fn factors(language: Language) -> Vec<(u64, Vec<&'static str>)> {
    let hundreds: &[&'static str] = match language {
        Language::English => &["hundred"],
        Language::German => &["hundert"],
        Language::French => &["cent", "cents"],
        Language::Chinese => &["百"],
        _ => &[],
    };
    let thousands: &[&'static str] = match language {
        Language::English => &["thousand"],
        Language::German => &["tausend"],
        Language::French => &["mille", "mil"],
        Language::Spanish => &["mil"],
        _ => &[],
    };
    let mut all = vec![(100, hundreds.to_vec()), (1_000, thousands.to_vec())];
    if language == Language::Chinese {
        all.push((10, vec!["十"]));
    }
    let is_word = |name: &&&'static str| name.chars().count() > 3 || language == Language::Chinese;
    all.extend(scales(language).iter().map(|(value, names)| (*value, names.iter().filter(is_word).copied().collect())));
    // Forms of other cases.
    match language {
        Language::Russian => all.extend([
            (1_000, vec!["тысяче", "тысячам", "тысячами", "тысячах", "тысячей", "тысячью"]),
            (1_000_000, vec!["миллиону", "миллионам", "миллионами", "миллионах", "миллионе"]),
        ]),
        Language::Spanish => all.push((1_000_000_000_000, vec!["billón", "billones"])),
        _ => {}
    }
    all
}

fn fillers(language: Language) -> &'static [(&'static str, u64)] {
    match language {
        Language::English => &[("and", 0), ("a", 1), ("oh", 0), ("o", 0)],
        Language::German => &[("und", 0), ("ein", 1)],
        Language::French => &[("et", 0)],
        Language::Spanish => &[("y", 0)],
        Language::Chinese => &[("第", 0)],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(language: Language, n: u64) -> Vec<String> {
        cardinals(language, n).iter().flat_map(|parts| spellings(parts)).collect()
    }

    #[test]
    fn numbers_are_said_as_they_are() {
        for (language, n, words) in [
            (Language::English, 0, "zero"),
            (Language::English, 105, "a hundred and five"),
            (Language::English, 1_250, "twelve hundred fifty"),
            (Language::English, 2_000_017, "two million and seventeen"),
            (Language::German, 121, "einhunderteinundzwanzig"),
            (Language::German, 1_999, "neunzehnhundertneunundneunzig"),
            (Language::German, 45_300, "fünfundvierzigtausenddreihundert"),
            (Language::French, 71, "soixante et onze"),
            (Language::French, 97, "quatre-vingt-dix-sept"),
            (Language::French, 97, "nonante-sept"),
            (Language::French, 1_980, "mille neuf cent quatre-vingts"),
            (Language::Spanish, 531, "quinientos treinta y uno"),
            (Language::Spanish, 21_000, "veintiún mil"),
            (Language::Russian, 2_345, "две тысячи триста сорок пять"),
            (Language::Russian, 40, "сорока"),
            (Language::Chinese, 10_500, "一万零五百"),
            (Language::Chinese, 15, "十五"),
            (Language::Chinese, 105, "一百零五"),
            (Language::Chinese, 2_115, "两千一百一十五"),
        ] {
            assert!(said(language, n).contains(&fold(words)), "{words}: {:?}", said(language, n));
        }
    }

    #[test]
    fn what_is_said_is_read_back() {
        for language in LANGUAGES {
            for n in (0..120)
                .chain((120..1_200).step_by(47))
                .chain([1_999, 2_005, 10_500, 45_301, 100_000, 1_000_000, 2_300_017])
            {
                for words in said(language, n) {
                    let found = read(language, &[&words]);
                    assert!(found.contains(&(1, n, Sense::Cardinal)), "{language:?} {n} {words} {found:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_is_not_read() {
        for (language, words) in [
            (Language::English, "and"),
            (Language::English, "onetwo"),
            (Language::English, "twentyeleven"),
            (Language::German, "und"),
            (Language::French, "etun"),
            (Language::Chinese, "十十"),
        ] {
            let found: Vec<_> = read(language, &[words]).into_iter().filter(|found| found.2 != Sense::Year).collect();
            assert_eq!(found, [], "{words}");
        }
        assert!(read(Language::English, &["nineteen", "oh", "five"]).contains(&(3, 1905, Sense::Year)));
        assert_eq!(read(Language::German, &["einundzwanzigsten"]), [(1, 21, Sense::Ordinal)]);
        assert!(read(Language::Russian, &["двадцать", "первого"]).contains(&(2, 21, Sense::Ordinal)));
    }
}
