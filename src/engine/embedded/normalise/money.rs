//! Money: "$3.50", "€20", "£1.2 million", "20 USD", "-$5", "$5/month".

use super::cardinal::cardinal;
use super::figure::Figure;
use super::figure::Span;
use super::unit;
use super::word::Reading;
use super::word::View;

/// A currency: one, several, one hundredth, several hundredths.
struct Currency {
    one: &'static str,
    many: &'static str,
    hundredth: &'static str,
    hundredths: &'static str,
}

const fn currency(
    one: &'static str,
    many: &'static str,
    hundredth: &'static str,
    hundredths: &'static str,
) -> Currency {
    Currency { one, many, hundredth, hundredths }
}

const CURRENCIES: [(&str, Currency); 32] = [
    ("US$", currency("U.S. dollar", "U.S. dollars", "cent", "cents")),
    ("C$", currency("Canadian dollar", "Canadian dollars", "cent", "cents")),
    ("CA$", currency("Canadian dollar", "Canadian dollars", "cent", "cents")),
    ("A$", currency("Australian dollar", "Australian dollars", "cent", "cents")),
    ("R$", currency("real", "reais", "centavo", "centavos")),
    ("$", currency("dollar", "dollars", "cent", "cents")),
    ("€", currency("euro", "euros", "cent", "cents")),
    ("£", currency("pound", "pounds", "penny", "pence")),
    ("¥", currency("yen", "yen", "sen", "sen")),
    ("₹", currency("rupee", "rupees", "paisa", "paise")),
    ("₩", currency("won", "won", "jeon", "jeon")),
    ("₽", currency("ruble", "rubles", "kopeck", "kopecks")),
    ("¢", currency("cent", "cents", "hundredth", "hundredths")),
    ("USD", currency("dollar", "dollars", "cent", "cents")),
    ("EUR", currency("euro", "euros", "cent", "cents")),
    ("GBP", currency("pound", "pounds", "penny", "pence")),
    ("JPY", currency("yen", "yen", "sen", "sen")),
    ("CHF", currency("Swiss franc", "Swiss francs", "centime", "centimes")),
    ("CAD", currency("Canadian dollar", "Canadian dollars", "cent", "cents")),
    ("AUD", currency("Australian dollar", "Australian dollars", "cent", "cents")),
    ("NZD", currency("New Zealand dollar", "New Zealand dollars", "cent", "cents")),
    ("INR", currency("rupee", "rupees", "paisa", "paise")),
    ("Rs", currency("rupee", "rupees", "paisa", "paise")),
    ("CNY", currency("yuan", "yuan", "fen", "fen")),
    ("RMB", currency("yuan", "yuan", "fen", "fen")),
    ("SEK", currency("Swedish crown", "Swedish crowns", "ore", "ore")),
    ("NOK", currency("Norwegian crown", "Norwegian crowns", "ore", "ore")),
    ("DKK", currency("Danish crown", "Danish crowns", "ore", "ore")),
    ("PLN", currency("zloty", "zlotys", "grosz", "groszy")),
    ("MXN", currency("Mexican peso", "Mexican pesos", "centavo", "centavos")),
    ("BRL", currency("real", "reais", "centavo", "centavos")),
    ("KRW", currency("won", "won", "jeon", "jeon")),
];

/// Reads an amount with its currency before or after it, in one word or two.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    let (sign, unsigned) = sign(core);
    let (money, amount, words) = before(unsigned)
        .map(|(money, amount)| (money, amount, 1))
        .or_else(|| Some((find(core)?, view.joined(1)?, 2)))
        .or_else(|| after(unsigned).map(|(money, amount)| (money, amount, 1)))
        .or_else(|| Some((find(view.joined(1)?)?, unsigned, 2)))?;
    let (amount, rest) = Span::split(&doubled(amount)).map(|(span, rest)| (span, rest.to_owned()))?;
    let next = view.joined(words).and_then(magnitude);
    let spoken = match (suffix(&rest), rest.as_str()) {
        (Some(scale), _) => format!("{} {scale} {}", amount.amount(), money.many),
        (None, "") if next.is_some() => {
            let scale = next.unwrap_or_default();
            return Some(Reading::new(format!("{sign}{} {scale} {}", amount.amount(), money.many), words + 1));
        }
        (None, "") => money.spoken(&amount),
        (None, "+") => format!("{} plus", money.spoken(&amount)),
        (None, rest) => format!("{} per {}", money.spoken(&amount), unit::per(rest.strip_prefix('/')?)?),
    };
    Some(Reading::new(format!("{sign}{spoken}"), words))
}

impl Currency {
    /// "three dollars and fifty cents"; amounts that are no whole cents keep their point.
    fn spoken(&self, amount: &Span) -> String {
        match amount {
            Span::One(figure) => self.hundredths(figure).unwrap_or_else(|| self.plain(amount)),
            Span::Range(..) => self.plain(amount),
        }
    }

    fn plain(&self, amount: &Span) -> String {
        format!("{} {}", amount.amount(), if amount.is_one() { self.one } else { self.many })
    }

    fn hundredths(&self, figure: &Figure) -> Option<String> {
        let cents: u64 = match figure.decimals()? {
            tenths if tenths.len() == 1 => tenths.parse::<u64>().ok()? * 10,
            cents if cents.len() == 2 => cents.parse().ok()?,
            _ => return None,
        };
        let whole = figure.value()?;
        let sign = if figure.is_negative() { "minus " } else { "" };
        let main = format!("{} {}", cardinal(whole), if whole == 1 { self.one } else { self.many });
        let part = format!("{} {}", cardinal(cents), if cents == 1 { self.hundredth } else { self.hundredths });
        Some(match (whole, cents) {
            (_, 0) => format!("{sign}{main}"),
            (0, _) => format!("{sign}{part}"),
            _ => format!("{sign}{main} and {part}"),
        })
    }
}

fn sign(text: &str) -> (&'static str, &str) {
    let is_money = |rest: &&str| !rest.starts_with(|c: char| c.is_ascii_digit());
    match text.strip_prefix('-').filter(is_money) {
        Some(rest) => ("minus ", rest),
        None => ("", text),
    }
}

fn find(name: &str) -> Option<&'static Currency> {
    CURRENCIES.iter().find(|(symbol, _)| *symbol == name).map(|(_, money)| money)
}

/// "$5"
fn before(text: &str) -> Option<(&'static Currency, &str)> {
    CURRENCIES.iter().find_map(|(symbol, money)| {
        let rest = text.strip_prefix(symbol)?.trim_start_matches('.');
        rest.starts_with(|c: char| c.is_ascii_digit()).then_some((money, rest))
    })
}

/// "5€"
fn after(text: &str) -> Option<(&'static Currency, &str)> {
    CURRENCIES.iter().find_map(|(symbol, money)| {
        let rest = text.strip_suffix(symbol)?;
        rest.ends_with(|c: char| c.is_ascii_digit()).then_some((money, rest))
    })
}

/// "5-$10" and "5€-10" are "5-10": the currency is said once.
fn doubled(amount: &str) -> String {
    const SYMBOLS: [char; 5] = ['$', '€', '£', '¥', '₹'];
    match amount.split_once(['-', '–']) {
        Some((from, to)) => format!("{}-{}", from.trim_end_matches(SYMBOLS), to.trim_start_matches(SYMBOLS)),
        None => amount.to_owned(),
    }
}

fn suffix(text: &str) -> Option<&'static str> {
    Some(match text {
        "k" | "K" => "thousand",
        "m" | "M" | "mn" | "MM" => "million",
        "b" | "B" | "bn" => "billion",
        "t" | "T" | "tn" => "trillion",
        _ => return None,
    })
}

fn magnitude(word: &str) -> Option<&'static str> {
    ["hundred", "thousand", "million", "billion", "trillion"]
        .into_iter()
        .find(|scale| *scale == word)
        .or_else(|| suffix(word).filter(|_| word.len() == 2))
}
