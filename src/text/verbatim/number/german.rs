//! German numbers.

use super::Parts;

#[rustfmt::skip]
const SMALL: [&[&str]; 20] = [
    &["null"], &["eins", "ein", "eine", "einen", "einem", "einer", "eines"], &["zwei", "zwo"], &["drei"], &["vier"],
    &["fünf"], &["sechs"], &["sieben"], &["acht"], &["neun"], &["zehn"], &["elf"], &["zwölf"], &["dreizehn"], &["vierzehn"],
    &["fünfzehn"], &["sechzehn"], &["siebzehn"], &["achtzehn"], &["neunzehn"],
];
#[rustfmt::skip]
const TENS: [&str; 10] =
    ["", "zehn", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];
#[rustfmt::skip]
const SMALL_ORDINALS: [&[&str]; 20] = [
    &["nullt"], &["erst"], &["zweit"], &["dritt"], &["viert"], &["fünft"], &["sechst"], &["siebt", "siebent"], &["acht"],
    &["neunt"], &["zehnt"], &["elft"], &["zwölft"], &["dreizehnt"], &["vierzehnt"], &["fünfzehnt"], &["sechzehnt"],
    &["siebzehnt"], &["achtzehnt"], &["neunzehnt"],
];
const ENDINGS: [&str; 5] = ["e", "en", "er", "es", "em"];
const SCALES: [(u64, &[&str]); 3] = [
    (1_000_000_000_000, &["billion", "billionen"]),
    (1_000_000_000, &["milliarde", "milliarden"]),
    (1_000_000, &["million", "millionen"]),
];

/// "Einhundertfünf", and "neunzehnhundert" for what is often said so.
pub(super) fn cardinals(n: u64) -> Vec<Parts> {
    let mut all = vec![grouped(n)];
    if (1_100..10_000).contains(&n) && !(n / 100).is_multiple_of(10) {
        let mut parts = below_hundred(n / 100, false);
        parts.push(vec!["hundert"]);
        if !n.is_multiple_of(100) {
            parts.push(vec!["", "und"]);
            parts.extend(below_hundred(n % 100, true));
        }
        all.push(parts);
    }
    all
}

/// "Einundzwanzigste", in every case.
pub(super) fn ordinals(n: u64) -> Vec<Parts> {
    let small = n % 100;
    let mut parts = Parts::new();
    if (1..20).contains(&small) || n == 0 {
        if n > small {
            parts = grouped(n - small);
            parts.push(vec!["", "und"]);
        }
        parts.push(SMALL_ORDINALS[place(small)].to_vec());
    } else {
        parts = grouped(n);
        parts.push(vec!["st"]);
    }
    parts.push(ENDINGS.to_vec());
    vec![parts]
}

fn grouped(n: u64) -> Parts {
    let mut parts = Parts::new();
    let mut rest = n;
    for (value, names) in SCALES {
        if rest >= value {
            parts.extend(below_thousand(rest / value % 1_000, true));
            parts.push(names.to_vec());
            rest %= value;
        }
    }
    if rest >= 1_000 {
        match rest / 1_000 {
            1 => parts.push(vec!["", "ein"]),
            thousands => parts.extend(below_thousand(thousands, false)),
        }
        parts.push(vec!["tausend"]);
        rest %= 1_000;
        if (1..100).contains(&rest) {
            parts.push(vec!["", "und"]);
        }
    }
    if rest > 0 || parts.is_empty() {
        parts.extend(below_thousand(rest, true));
    }
    parts
}

fn below_thousand(n: u64, is_last: bool) -> Parts {
    let mut parts = Parts::new();
    if n >= 100 {
        match n / 100 {
            1 => parts.push(vec!["", "ein"]),
            hundreds => parts.extend(below_hundred(hundreds, false)),
        }
        parts.push(vec!["hundert"]);
        if n.is_multiple_of(100) {
            return parts;
        }
        parts.push(vec!["", "und"]);
    }
    parts.extend(below_hundred(n % 100, is_last));
    parts
}

fn below_hundred(n: u64, is_last: bool) -> Parts {
    match n {
        1 if !is_last => vec![vec!["ein"]],
        0..20 => vec![SMALL[place(n)].to_vec()],
        _ if n.is_multiple_of(10) => vec![vec![TENS[place(n / 10 % 10)]]],
        _ => vec![
            if n % 10 == 1 { vec!["ein"] } else { SMALL[place(n % 10)].to_vec() },
            vec!["und"],
            vec![TENS[place(n / 10 % 10)]],
        ],
    }
}

fn place(n: u64) -> usize {
    usize::try_from(n).unwrap_or(0)
}
