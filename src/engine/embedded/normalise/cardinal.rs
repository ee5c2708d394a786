//! Whole numbers in words.

/// Numbers with more digits are read digit by digit: nobody follows a sextillion.
pub(super) const MOST_DIGITS: usize = 15;

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 5] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
];

/// "one hundred twenty three"
pub(super) fn cardinal(number: u64) -> String {
    for (scale, name) in SCALES {
        if number >= scale {
            let head = format!("{} {name}", cardinal(number / scale));
            return joined(head, number % scale);
        }
    }
    match usize::try_from(number).unwrap_or(0) {
        small @ 0..20 => SMALL[small].to_owned(),
        tens => joined(TENS[tens / 10].to_owned(), number % 10),
    }
}

/// "one hundred twenty third"
pub(super) fn ordinal(number: u64) -> String {
    let words = cardinal(number);
    let (head, last) = words.rsplit_once(' ').map_or(("", words.as_str()), |(head, last)| (head, last));
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        _ => last.strip_suffix('y').map_or_else(|| format!("{last}th"), |stem| format!("{stem}ieth")),
    };
    if head.is_empty() { last } else { format!("{head} {last}") }
}

/// "nineteen ninety nine", "two thousand five", "twenty twenty six"
pub(super) fn year(number: u64) -> String {
    let (century, rest) = (number / 100, number % 100);
    match rest {
        _ if !(1000..10_000).contains(&number) || century % 10 == 0 && rest < 10 => cardinal(number),
        0 => format!("{} hundred", cardinal(century)),
        1..10 => format!("{} oh {}", cardinal(century), cardinal(rest)),
        _ => format!("{} {}", cardinal(century), cardinal(rest)),
    }
}

/// Each digit for itself, with a pause after every fifth: "four eight two". Other characters are left out.
pub(super) fn digits(text: &str) -> String {
    let names: Vec<&str> = text.chars().filter_map(|c| c.to_digit(10)).map(|digit| SMALL[digit as usize]).collect();
    let groups: Vec<String> = names.chunks(5).map(|group| group.join(" ")).collect();
    groups.join(", ")
}

/// The plural of the last word: "nineties", "sixes", "hundreds".
pub(super) fn plural(words: &str) -> String {
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if words.ends_with('x') => format!("{words}es"),
        None => format!("{words}s"),
    }
}

fn joined(head: String, rest: u64) -> String {
    if rest == 0 { head } else { format!("{head} {}", cardinal(rest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_words() {
        assert_eq!(cardinal(0), "zero");
        assert_eq!(cardinal(115), "one hundred fifteen");
        assert_eq!(cardinal(1_000_021), "one million twenty one");
        assert_eq!(cardinal(999_000_000_000_000), "nine hundred ninety nine trillion");
    }

    #[test]
    fn ordinals_change_their_last_word() {
        let ordinals = [1, 2, 3, 12, 20, 23, 100].map(ordinal);
        assert_eq!(ordinals, ["first", "second", "third", "twelfth", "twentieth", "twenty third", "one hundredth"]);
    }

    #[test]
    fn years_are_read_in_pairs() {
        let years = [1066, 1900, 1905, 1999, 2000, 2009, 2026].map(year);
        let spoken = [
            "ten sixty six",
            "nineteen hundred",
            "nineteen oh five",
            "nineteen ninety nine",
            "two thousand",
            "two thousand nine",
            "twenty twenty six",
        ];
        assert_eq!(years, spoken);
    }

    #[test]
    fn digits_come_in_groups() {
        assert_eq!(digits("1234567"), "one two three four five, six seven");
    }
}
