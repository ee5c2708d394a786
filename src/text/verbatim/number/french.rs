//! French numbers, those of Belgium and Switzerland too.

use super::Parts;

#[rustfmt::skip]
const SMALL: [&[&str]; 20] = [
    &["zéro"], &["un", "une"], &["deux"], &["trois"], &["quatre"], &["cinq"], &["six"], &["sept"], &["huit"], &["neuf"],
    &["dix"], &["onze"], &["douze"], &["treize"], &["quatorze"], &["quinze"], &["seize"], &["dix-sept"], &["dix-huit"],
    &["dix-neuf"],
];
const TENS: [&str; 7] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"];
#[rustfmt::skip]
const SMALL_ORDINALS: [&[&str]; 20] = [
    &["zéroième"], &["premier", "première", "premiers", "premières"], &["deuxième", "second", "seconde", "deuxièmes"],
    &["troisième"], &["quatrième"], &["cinquième"], &["sixième"], &["septième"], &["huitième"], &["neuvième"], &["dixième"],
    &["onzième"], &["douzième"], &["treizième"], &["quatorzième"], &["quinzième"], &["seizième"], &["dix-septième"],
    &["dix-huitième"], &["dix-neuvième"],
];
#[rustfmt::skip]
const TENS_ORDINALS: [&str; 7] = ["", "dixième", "vingtième", "trentième", "quarantième", "cinquantième", "soixantième"];
const SCALES: [(u64, &[&str]); 3] = [
    (1_000_000_000_000, &["billion", "billions"]),
    (1_000_000_000, &["milliard", "milliards"]),
    (1_000_000, &["million", "millions"]),
];

/// "Quatre-vingt-quinze", "nonante-cinq", and "dix-neuf cent" for what is sometimes said so.
pub(super) fn cardinals(n: u64) -> Vec<Parts> {
    let mut all = vec![grouped(n, Style::Twenties)];
    if has_high_tens(n) {
        all.push(grouped(n, Style::Tens));
    }
    if (1_100..2_000).contains(&n) {
        let mut parts = below_hundred(n / 100, Style::Twenties);
        parts.push(vec!["cent", "cents"]);
        if !n.is_multiple_of(100) {
            parts.extend(below_hundred(n % 100, Style::Twenties));
        }
        all.push(parts);
    }
    all
}

/// "Vingt et unième".
pub(super) fn ordinals(n: u64) -> Vec<Parts> {
    let small = n % 100;
    if small == 0 && n > 0 {
        return Vec::new();
    }
    let (head, last): (Parts, Vec<&'static str>) = match small {
        0..20 => (Parts::new(), SMALL_ORDINALS[place(small)].to_vec()),
        20..70 if small.is_multiple_of(10) => (Parts::new(), vec![TENS_ORDINALS[place(small / 10)]]),
        21..70 => (vec![vec![TENS[place(small / 10)]]], unit_ordinal(small % 10)),
        70..80 => (vec![vec!["soixante"]], with_and(SMALL_ORDINALS[place(small - 60)], small == 71)),
        80 => (vec![vec!["quatre-vingtième"]], vec![""]),
        81 => (vec![vec!["quatre-vingt"]], vec!["unième"]),
        _ => (vec![vec!["quatre-vingt"]], SMALL_ORDINALS[place((small - 80).min(19))].to_vec()),
    };
    let mut parts = if n >= 100 { grouped(n - small, Style::Twenties) } else { Parts::new() };
    parts.extend(head);
    parts.push(last);
    vec![parts]
}

fn unit_ordinal(unit: u64) -> Vec<&'static str> {
    match unit {
        1 => vec!["et unième", "unième"],
        _ => SMALL_ORDINALS[place(unit)].to_vec(),
    }
}

fn with_and(forms: &[&'static str], has_and: bool) -> Vec<&'static str> {
    if has_and { vec!["et onzième", "onzième"] } else { forms.to_vec() }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Soixante-dix, quatre-vingts.
    Twenties,
    /// Septante, huitante, nonante.
    Tens,
}

fn has_high_tens(n: u64) -> bool {
    std::iter::successors(Some(n), |n| Some(n / 1_000)).take(5).any(|n| n % 100 >= 70)
}

fn grouped(n: u64, style: Style) -> Parts {
    let mut parts = Parts::new();
    let mut rest = n;
    for (value, names) in SCALES {
        if rest >= value {
            parts.extend(below_thousand(rest / value % 1_000, style));
            parts.push(names.to_vec());
            rest %= value;
        }
    }
    if rest >= 1_000 {
        if rest >= 2_000 {
            parts.extend(below_thousand(rest / 1_000, style));
        }
        parts.push(vec!["mille", "mil"]);
        rest %= 1_000;
    }
    if rest > 0 || parts.is_empty() {
        parts.extend(below_thousand(rest, style));
    }
    parts
}

fn below_thousand(n: u64, style: Style) -> Parts {
    let mut parts = Parts::new();
    if n >= 100 {
        if n >= 200 {
            parts.push(SMALL[place(n / 100 % 10)].to_vec());
        }
        parts.push(vec!["cent", "cents"]);
        if n.is_multiple_of(100) {
            return parts;
        }
    }
    parts.extend(below_hundred(n % 100, style));
    parts
}

fn below_hundred(n: u64, style: Style) -> Parts {
    let ten = |name: &'static str, unit: u64| match unit {
        0 => vec![vec![name]],
        1 => vec![vec![name], vec!["et", ""], SMALL[1].to_vec()],
        _ => vec![vec![name], SMALL[place(unit)].to_vec()],
    };
    match (n, style) {
        (0..20, _) => vec![SMALL[place(n)].to_vec()],
        (20..70, _) => ten(TENS[place(n / 10)], n % 10),
        (70..80, Style::Tens) => ten("septante", n % 10),
        (80..90, Style::Tens) => ten("huitante", n % 10),
        (_, Style::Tens) => ten("nonante", n % 10),
        (71, Style::Twenties) => vec![vec!["soixante"], vec!["et", ""], vec!["onze"]],
        (70..80, Style::Twenties) => vec![vec!["soixante"], SMALL[place(n - 60)].to_vec()],
        (80, Style::Twenties) => vec![vec!["quatre-vingts", "quatre-vingt"]],
        (_, Style::Twenties) => vec![vec!["quatre-vingt"], SMALL[place(n.saturating_sub(80).min(19))].to_vec()],
    }
}

fn place(n: u64) -> usize {
    usize::try_from(n).unwrap_or(0)
}
