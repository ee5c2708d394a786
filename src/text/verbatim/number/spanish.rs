//! Spanish numbers.

use super::Parts;

#[rustfmt::skip]
const SMALL: [&[&str]; 30] = [
    &["cero"], &["uno", "un", "una"], &["dos"], &["tres"], &["cuatro"], &["cinco"], &["seis"], &["siete"], &["ocho"],
    &["nueve"], &["diez"], &["once"], &["doce"], &["trece"], &["catorce"], &["quince"], &["dieciséis", "diez y seis"],
    &["diecisiete"], &["dieciocho"], &["diecinueve"], &["veinte"], &["veintiuno", "veintiún", "veintiuna"], &["veintidós"],
    &["veintitrés"], &["veinticuatro"], &["veinticinco"], &["veintiséis"], &["veintisiete"], &["veintiocho"],
    &["veintinueve"],
];
#[rustfmt::skip]
const TENS: [&str; 10] =
    ["", "diez", "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
#[rustfmt::skip]
const HUNDREDS: [&[&str]; 10] = [
    &[""], &["ciento", "cien"], &["doscientos", "doscientas"], &["trescientos", "trescientas"],
    &["cuatrocientos", "cuatrocientas"], &["quinientos", "quinientas"], &["seiscientos", "seiscientas"],
    &["setecientos", "setecientas"], &["ochocientos", "ochocientas"], &["novecientos", "novecientas"],
];
#[rustfmt::skip]
const ORDINALS: [&[&str]; 13] = [
    &[], &["primero", "primera", "primer", "primeros", "primeras"], &["segundo", "segunda", "segundos"],
    &["tercero", "tercera", "tercer"], &["cuarto", "cuarta"], &["quinto", "quinta"], &["sexto", "sexta"],
    &["séptimo", "séptima", "sétimo"], &["octavo", "octava"], &["noveno", "novena"], &["décimo", "décima"],
    &["undécimo", "undécima", "decimoprimero", "decimoprimera"], &["duodécimo", "duodécima", "decimosegundo"],
];
#[rustfmt::skip]
const TENS_ORDINALS: [&str; 10] = [
    "", "décim", "vigésim", "trigésim", "cuadragésim", "quincuagésim", "sexagésim", "septuagésim", "octogésim",
    "nonagésim",
];
const MILLIONS: [(u64, &[&str]); 2] =
    [(1_000_000_000_000, &["billón", "billones"]), (1_000_000, &["millón", "millones"])];

/// "Ciento cinco".
pub(super) fn cardinals(n: u64) -> Vec<Parts> {
    let mut parts = Parts::new();
    let mut rest = n;
    for (value, names) in MILLIONS {
        if rest >= value {
            parts.extend(below_million(rest / value % 1_000_000));
            parts.push(names.to_vec());
            rest %= value;
        }
    }
    if rest > 0 || parts.is_empty() {
        parts.extend(below_million(rest));
    }
    vec![parts]
}

/// "Vigésimo primero".
pub(super) fn ordinals(n: u64) -> Vec<Parts> {
    match n {
        1..13 => vec![vec![ORDINALS[place(n)].to_vec()]],
        13..100 => {
            let ten = vec![TENS_ORDINALS[place(n / 10)]];
            let mut parts = vec![ten, vec!["o", "a"]];
            if !n.is_multiple_of(10) {
                parts.push(ORDINALS[place(n % 10)].to_vec());
            }
            vec![parts]
        }
        _ => Vec::new(),
    }
}

fn below_million(n: u64) -> Parts {
    let mut parts = Parts::new();
    if n >= 1_000 {
        if n >= 2_000 {
            parts.extend(below_thousand(n / 1_000));
        }
        parts.push(vec!["mil"]);
        if n.is_multiple_of(1_000) {
            return parts;
        }
    }
    parts.extend(below_thousand(n % 1_000));
    parts
}

fn below_thousand(n: u64) -> Parts {
    let mut parts = Parts::new();
    if n >= 100 {
        parts.push(HUNDREDS[place(n / 100 % 10)].to_vec());
        if n.is_multiple_of(100) {
            return parts;
        }
    }
    match n % 100 {
        small @ 0..30 => parts.push(SMALL[place(small)].to_vec()),
        tens if tens % 10 == 0 => parts.push(vec![TENS[place(tens / 10)]]),
        tens => parts.extend([vec![TENS[place(tens / 10)]], vec!["y"], SMALL[place(tens % 10)].to_vec()]),
    }
    parts
}

fn place(n: u64) -> usize {
    usize::try_from(n).unwrap_or(0)
}
