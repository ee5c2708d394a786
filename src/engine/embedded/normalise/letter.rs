//! Letters and digits beyond ASCII: which can be written plainly, and what the others are.

/// Latin letters that do not decompose into a plain letter and an accent.
pub(super) fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'æ' => "ae",
        'Æ' => "Ae",
        'œ' => "oe",
        'Œ' => "Oe",
        'ø' | 'ɔ' => "o",
        'Ø' | 'Ɔ' => "O",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'ł' => "l",
        'Ł' => "L",
        'ħ' => "h",
        'Ħ' => "H",
        'ı' | 'ɨ' => "i",
        'ŋ' => "ng",
        'Ŋ' => "Ng",
        'ŧ' => "t",
        'Ŧ' => "T",
        'ĸ' | 'ƙ' => "k",
        'ƒ' => "f",
        'ə' | 'ɛ' => "e",
        'Ə' | 'Ɛ' => "E",
        'ɓ' => "b",
        'ƴ' => "y",
        'ɣ' => "g",
        _ => return None,
    })
}

/// The letters or the number in an emblem without decomposition, such as "🅰" and "❶".
pub(super) fn emblem(c: char) -> Option<&'static str> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const NUMBERS: [&str; 21] = [
        " 0 ", " 1 ", " 2 ", " 3 ", " 4 ", " 5 ", " 6 ", " 7 ", " 8 ", " 9 ", " 10 ", " 11 ", " 12 ", " 13 ", " 14 ",
        " 15 ", " 16 ", " 17 ", " 18 ", " 19 ", " 20 ",
    ];
    let after = |first: char| usize::try_from(u32::from(c) - u32::from(first)).ok();
    let letter = |first: char| after(first).and_then(|at| LETTERS.get(at..=at));
    let number = |first: char, least: usize| after(first).and_then(|at| NUMBERS.get(at + least)).copied();
    match c {
        '🅐'..='🅩' => letter('🅐'),
        '🅰'..='🆉' => letter('🅰'),
        '🆎' => Some("AB"),
        '❶'..='❿' => number('❶', 1),
        '➀'..='➉' => number('➀', 1),
        '➊'..='➓' => number('➊', 1),
        '⓫'..='⓴' => number('⓫', 11),
        '⓵'..='⓾' => number('⓵', 1),
        '⓿' => number('⓿', 0),
        _ => None,
    }
}

/// The ASCII digit for a decimal digit of any script in wide use. Each script's ten digits
/// stand in a row (Unicode Standard, section 4.6); the table holds the zeros.
pub(super) fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 23] = [
        0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
        0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1bb0,
    ];
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

pub(super) fn is_greek(c: char) -> bool {
    greek(c).is_some()
}

/// The English name of a Greek letter.
pub(super) fn greek(c: char) -> Option<&'static str> {
    let small = c.to_lowercase().next()?;
    Some(match small {
        'α' => "alpha",
        'β' | 'ϐ' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' | 'ϵ' => "epsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' | 'ϑ' => "theta",
        'ι' => "iota",
        'κ' | 'ϰ' => "kappa",
        'λ' => "lambda",
        'μ' | 'µ' => "mu",
        'ν' => "nu",
        'ξ' => "xi",
        'ο' => "omicron",
        'π' | 'ϖ' => "pi",
        'ρ' | 'ϱ' => "rho",
        'σ' | 'ς' => "sigma",
        'τ' => "tau",
        'υ' => "upsilon",
        'φ' | 'ϕ' => "phi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        _ => return None,
    })
}

/// The name of the script that a letter belongs to, by its block.
pub(super) fn script(c: char) -> &'static str {
    match u32::from(c) {
        0x0250..=0x02af | 0x1d00..=0x1dbf => "phonetic",
        0x0370..=0x03ff | 0x1f00..=0x1fff => "Greek",
        0x0400..=0x052f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff | 0xa640..=0xa69f => "Cyrillic",
        0x0530..=0x058f => "Armenian",
        0x0590..=0x05ff | 0xfb1d..=0xfb4f => "Hebrew",
        0x0600..=0x06ff | 0x0750..=0x077f | 0x08a0..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => "Arabic",
        0x0700..=0x074f => "Syriac",
        0x0900..=0x097f | 0xa8e0..=0xa8ff => "Devanagari",
        0x0980..=0x09ff => "Bengali",
        0x0a00..=0x0a7f => "Gurmukhi",
        0x0a80..=0x0aff => "Gujarati",
        0x0b80..=0x0bff => "Tamil",
        0x0c00..=0x0c7f => "Telugu",
        0x0c80..=0x0cff => "Kannada",
        0x0d00..=0x0d7f => "Malayalam",
        0x0d80..=0x0dff => "Sinhala",
        0x0e00..=0x0e7f => "Thai",
        0x0e80..=0x0eff => "Lao",
        0x0f00..=0x0fff => "Tibetan",
        0x1000..=0x109f => "Myanmar",
        0x10a0..=0x10ff | 0x1c90..=0x1cbf | 0x2d00..=0x2d2f => "Georgian",
        0x1100..=0x11ff | 0x3130..=0x318f | 0xa960..=0xa97f | 0xac00..=0xd7ff => "Hangul",
        0x1200..=0x139f => "Ethiopic",
        0x1780..=0x17ff => "Khmer",
        0x3040..=0x309f => "Hiragana",
        0x30a0..=0x30ff | 0x31f0..=0x31ff => "Katakana",
        0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => "Han",
        _ => "unfamiliar",
    }
}
