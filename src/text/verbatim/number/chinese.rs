//! Chinese numbers.

use super::Parts;

#[rustfmt::skip]
const DIGITS: [&[&str]; 10] =
    [&["零", "〇"], &["一"], &["二", "两", "兩"], &["三"], &["四"], &["五"], &["六"], &["七"], &["八"], &["九"]];
const PLACES: [(u64, &str); 3] = [(1_000, "千"), (100, "百"), (10, "十")];
const SCALES: [(u64, &[&str]); 3] =
    [(1_000_000_000_000, &["万亿", "兆"]), (100_000_000, &["亿", "億"]), (10_000, &["万", "萬"])];

/// "一百零五".
pub(super) fn cardinals(n: u64) -> Vec<Parts> {
    let mut parts = Parts::new();
    let mut rest = n;
    for (value, names) in SCALES {
        if rest >= value {
            section(rest / value % 10_000, parts.is_empty(), &mut parts);
            parts.push(names.to_vec());
            rest %= value;
            if rest > 0 && rest < value / 10 {
                parts.push(vec!["零", "〇"]);
            }
        }
    }
    if rest > 0 || parts.is_empty() {
        section(rest, parts.is_empty(), &mut parts);
    }
    vec![parts]
}

/// "第五".
pub(super) fn ordinals(n: u64) -> Vec<Parts> {
    let mut all = cardinals(n);
    for parts in &mut all {
        parts.insert(0, vec!["第"]);
    }
    all
}

/// "一九九九".
pub(super) fn years(n: u64) -> Vec<Parts> {
    if !(1_000..10_000).contains(&n) {
        return Vec::new();
    }
    vec![[1_000, 100, 10, 1].into_iter().map(|place| DIGITS[digit(n / place)].to_vec()).collect()]
}

fn section(n: u64, is_first: bool, parts: &mut Parts) {
    let mut rest = n;
    let mut is_started = false;
    for (place, name) in PLACES {
        let count = rest / place % 10;
        if count > 0 {
            // "十五" at the head of a number, "一百一十五" within.
            let is_short = place == 10 && count == 1;
            parts.push(if is_short && (is_first || n < 100) && !is_started {
                vec!["", "一"]
            } else {
                DIGITS[digit(count)].to_vec()
            });
            if is_short
                && is_started
                && let Some(last) = parts.last_mut()
            {
                last.push("");
            }
            parts.push(vec![name]);
            is_started = true;
        }
        rest %= place;
        if is_started && count > 0 && rest > 0 && rest < place / 10 {
            parts.push(vec!["零", "〇"]);
        }
    }
    if rest > 0 || !is_started {
        parts.push(DIGITS[digit(rest)].to_vec());
    }
}

fn digit(n: u64) -> usize {
    usize::try_from(n % 10).unwrap_or(0)
}
