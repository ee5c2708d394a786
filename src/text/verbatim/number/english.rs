//! English numbers.

use super::Parts;

#[rustfmt::skip]
const SMALL: [&str; 20] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
];
#[rustfmt::skip]
const TENS: [&str; 10] = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
#[rustfmt::skip]
const SMALL_ORDINALS: [&str; 20] = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
];
#[rustfmt::skip]
const TENS_ORDINALS: [&str; 10] = [
    "", "tenth", "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth",
];
const SCALES: [(u64, &str); 4] =
    [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

/// "One hundred and five", and "nineteen hundred" for what is often said so.
pub(super) fn cardinals(n: u64) -> Vec<Parts> {
    let mut all = vec![grouped(n)];
    if (1_100..10_000).contains(&n) && !(n / 100).is_multiple_of(10) {
        let mut parts = below_hundred(n / 100);
        parts.push(vec!["hundred"]);
        if !n.is_multiple_of(100) {
            parts.push(vec!["", "and"]);
            parts.extend(below_hundred(n % 100));
        }
        all.push(parts);
    }
    all
}

/// "Twenty-first".
pub(super) fn ordinals(n: u64) -> Vec<Parts> {
    let (rest, last) = match n % 100 {
        0 => return hundredths(n),
        small @ 1..20 => (n - small, SMALL_ORDINALS[place(small)]),
        tens if tens % 10 == 0 => (n - tens, TENS_ORDINALS[place(tens / 10)]),
        tens => (n - tens % 10, SMALL_ORDINALS[place(tens % 10)]),
    };
    let mut parts = if rest == 0 { Parts::new() } else { grouped(rest) };
    if rest >= 100 && rest % 100 == 0 {
        parts.push(vec!["", "and"]);
    }
    parts.push(vec![last]);
    vec![parts]
}

fn hundredths(n: u64) -> Vec<Parts> {
    if n == 0 {
        vec![vec![vec![SMALL_ORDINALS[0]]]]
    } else {
        let mut parts = grouped(n);
        parts.push(vec!["th"]);
        vec![parts]
    }
}

/// "Nineteen ninety-nine", "twenty oh five".
pub(super) fn years(n: u64) -> Vec<Parts> {
    if !(1_000..10_000).contains(&n) || n.is_multiple_of(1_000) {
        return Vec::new();
    }
    let mut parts = below_hundred(n / 100);
    match n % 100 {
        0 => parts.push(vec!["hundred"]),
        last @ 1..10 => {
            parts.push(vec!["oh", "o", "zero", "hundred", "hundredand"]);
            parts.extend(below_hundred(last));
        }
        last => parts.extend(below_hundred(last)),
    }
    vec![parts]
}

fn grouped(n: u64) -> Parts {
    let mut parts = Parts::new();
    let mut rest = n;
    for (value, name) in SCALES {
        if rest >= value {
            parts.extend(below_thousand(rest / value % 1_000, parts.is_empty()));
            parts.push(vec![name]);
            rest %= value;
        }
    }
    if rest > 0 || parts.is_empty() {
        if !parts.is_empty() {
            parts.push(vec!["", "and"]);
        }
        parts.extend(below_thousand(rest, false));
        // "A hundred" on its own, but not "a" for "one".
        if let [first, ..] = parts.as_mut_slice()
            && (100..200).contains(&n)
        {
            first.push("a");
        }
    }
    parts
}

fn below_thousand(n: u64, may_be_article: bool) -> Parts {
    let mut parts = Parts::new();
    if n >= 100 {
        parts.extend(below_hundred(n / 100));
        parts.push(vec!["hundred"]);
        if n.is_multiple_of(100) {
            return parts;
        }
        parts.push(vec!["", "and"]);
    }
    parts.extend(below_hundred(n % 100));
    if n == 1 && may_be_article {
        parts = vec![vec!["one", "a"]];
    }
    parts
}

fn below_hundred(n: u64) -> Parts {
    match n {
        0..20 => vec![vec![SMALL[place(n)]]],
        _ if n.is_multiple_of(10) => vec![vec![TENS[place(n / 10 % 10)]]],
        _ => vec![vec![TENS[place(n / 10 % 10)]], vec![SMALL[place(n % 10)]]],
    }
}

fn place(n: u64) -> usize {
    usize::try_from(n).unwrap_or(0)
}
