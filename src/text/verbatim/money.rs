//! Amounts of money: "$4.50" and "four dollars fifty".

use std::sync::LazyLock;

use super::fold::fold;
use super::graph::Graph;
use super::language::Language;
use super::quantity::Quantity;
use super::token::Token;

/// A currency: its signs, its names, and the names of its hundredth.
struct Row {
    signs: &'static [&'static str],
    names: &'static [&'static str],
    cents: &'static [&'static str],
}

/// The same in the form that is compared.
struct Currency {
    signs: Vec<String>,
    names: Vec<String>,
    cents: Vec<String>,
}

static CURRENCIES: LazyLock<Vec<Currency>> = LazyLock::new(|| {
    let folded = |names: &[&str]| names.iter().map(|name| fold(name)).collect();
    let currency =
        |row: &Row| Currency { signs: folded(row.signs), names: folded(row.names), cents: folded(row.cents) };
    ROWS.iter().map(currency).collect()
});

#[rustfmt::skip]
const ROWS: [Row; 11] = [
    Row {
        signs: &["$", "US$", "USD", "CA$", "A$", "NT$", "HK$"],
        names: &["dollar", "dollars", "US dollars", "U.S. dollars", "Dollar", "Dollars", "dólar", "dólares", "доллар", "доллара", "долларов", "долларах", "долларами", "美元", "美金", "元"],
        cents: &["cent", "cents", "centavo", "centavos", "цент", "цента", "центов", "美分", "分"],
    },
    Row {
        signs: &["€", "EUR"],
        names: &["euro", "euros", "Euro", "Euros", "евро", "欧元"],
        cents: &["cent", "cents", "centime", "centimes", "céntimo", "céntimos", "цент", "цента", "центов", "欧分", "分"],
    },
    Row {
        signs: &["£", "GBP"],
        names: &["pound", "pounds", "pounds sterling", "Pfund", "livre", "livres", "libra", "libras", "фунт", "фунта", "фунтов", "英镑"],
        cents: &["p", "penny", "pence", "Pence", "peniques", "пенсов", "пенса", "便士"],
    },
    Row {
        signs: &["₽", "RUB", "руб", "р"],
        names: &["рубль", "рубля", "рублей", "рублях", "рублям", "рублями", "ruble", "rubles", "roubles", "Rubel", "卢布"],
        cents: &["коп", "копейка", "копейки", "копеек", "kopecks", "Kopeken"],
    },
    Row {
        signs: &["¥", "CNY", "RMB", "元", "JPY", "円"],
        names: &["yuan", "yen", "元", "块", "块钱", "人民币", "日元", "юаней", "иен", "yuans", "yens", "圆"],
        cents: &["角", "毛", "分", "fen"],
    },
    Row {
        signs: &["CHF", "Fr", "SFr"],
        names: &["franc", "francs", "Swiss francs", "Franken", "Schweizer Franken", "francs suisses", "francos", "франков", "瑞士法郎"],
        cents: &["centime", "centimes", "Rappen", "céntimos", "сантимов"],
    },
    Row { signs: &["₹", "INR", "Rs"], names: &["rupee", "rupees", "Rupien", "roupies", "rupias", "рупий", "卢比"], cents: &["paise", "paisa"] },
    Row { signs: &["₩", "KRW"], names: &["won", "вон", "韩元"], cents: &[] },
    Row { signs: &["₴", "UAH"], names: &["hryvnia", "hryvnias", "гривен", "гривны", "гривна", "Hrywnja"], cents: &[] },
    Row { signs: &["₺", "TRY"], names: &["lira", "liras", "Lira", "лир", "里拉"], cents: &[] },
    Row { signs: &["₿", "BTC"], names: &["bitcoin", "bitcoins", "Bitcoins", "биткоин", "биткоинов", "比特币"], cents: &[] },
];

/// An amount that stands in a text.
struct Amount<'c> {
    from: usize,
    to: usize,
    whole: Quantity,
    /// Two digits, if any are written.
    cents: Option<String>,
    currency: &'c Currency,
}

/// Lets each amount be said in its other forms.
pub(super) fn say_amounts(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    for quantity in quantities.iter().filter(|quantity| !quantity.is_ordinal) {
        for currency in CURRENCIES.iter() {
            for amount in amounts(tokens, quantities, quantity, currency) {
                amount.say(graph, language);
            }
        }
    }
}

/// The amounts of `currency` that `quantity` is the whole part of.
fn amounts<'c>(tokens: &[Token], all: &[Quantity], quantity: &Quantity, currency: &'c Currency) -> Vec<Amount<'c>> {
    let mut found = Vec::new();
    let (whole, cents) = match quantity.fraction.len() {
        0 => (quantity.clone(), None),
        1 => (quantity.clone(), Some(format!("{}0", quantity.fraction))),
        2 => (quantity.clone(), Some(quantity.fraction.clone())),
        _ => return found,
    };
    let whole = Quantity { fraction: String::new(), ..whole };
    let amount = |from, to, cents| Amount { from, to, whole: whole.clone(), cents, currency };
    if let Some(from) = ending(tokens, quantity.from, &currency.signs) {
        found.push(amount(from, quantity.to, cents.clone()));
    }
    for names in [&currency.signs, &currency.names] {
        let Some(to) = beginning(tokens, quantity.to, names) else { continue };
        found.push(amount(quantity.from, to, cents.clone()));
        if cents.is_none() {
            let behind = cents_behind(tokens, all, to, currency);
            found.extend(behind.into_iter().map(|(to, cents)| amount(quantity.from, to, Some(cents))));
        }
    }
    found
}

/// "Fifty" behind "four dollars", with or without "and" before it and "cents" behind.
fn cents_behind(tokens: &[Token], all: &[Quantity], at: usize, currency: &Currency) -> Vec<(usize, String)> {
    const AND: [&str; 7] = ["and", "und", "et", "y", "и", "con", "零"];
    let at = if tokens.get(at).is_some_and(|token| AND.contains(&token.folded.as_str())) { at + 1 } else { at };
    let is_near = tokens.get(at).is_some_and(|token| !token.gap.has_stop && !token.gap.has_comma);
    let behind = all.iter().filter(|next| is_near && next.from == at && !next.is_ordinal);
    behind
        .filter_map(|next| {
            let value = next.value().filter(|value| (1..100).contains(value))?;
            let named = beginning(tokens, next.to, &currency.cents);
            // "Four dollars five" is no amount.
            (named.is_some() || value > 9).then(|| (named.unwrap_or(next.to), format!("{value:02}")))
        })
        .collect()
}

/// Where one of `names` that begins at `at` ends.
fn beginning(tokens: &[Token], at: usize, names: &[String]) -> Option<usize> {
    let mut joined = String::new();
    let mut best = None;
    for (place, token) in tokens.iter().enumerate().skip(at).take(4) {
        joined.push_str(&token.folded);
        if names.contains(&joined) {
            best = Some(place + 1);
        }
    }
    best
}

/// Where one of `names` that ends at `at` begins.
fn ending(tokens: &[Token], at: usize, names: &[String]) -> Option<usize> {
    let mut joined = String::new();
    let mut best = None;
    for place in (at.saturating_sub(3)..at).rev() {
        joined.insert_str(0, &tokens.get(place)?.folded);
        if names.contains(&joined) {
            best = Some(place);
        }
    }
    best
}

impl Amount<'_> {
    fn say(&self, graph: &mut Graph, language: Language) {
        let Currency { signs, names, .. } = self.currency;
        let (from, to) = (self.from, self.to);
        let cents = self.cents.as_deref().filter(|cents| *cents != "00");
        // "$4.50", "4.50 dollars", and in words "four point five dollars".
        let numbers = match (&self.cents, cents) {
            (_, Some(cents)) => vec![cents.to_owned(), cents.trim_end_matches('0').to_owned()],
            (_, None) => vec![String::new(), "00".to_owned()],
        };
        for fraction in numbers {
            let number = Quantity { fraction, ..self.whole.clone() };
            let behind_sign = graph.inner(from);
            graph.path(from, behind_sign, &[signs]);
            number.say(graph, behind_sign, to, language);
            let in_front = graph.inner(from);
            number.say(graph, from, in_front, language);
            graph.path(in_front, to, &[signs]);
            graph.path(in_front, to, &[names]);
        }
        if let Some(cents) = cents {
            self.say_cents(graph, language, cents);
        }
    }

    /// "Four dollars and fifty cents", "four fifty".
    fn say_cents(&self, graph: &mut Graph, language: Language, cents: &str) {
        let (from, to) = (self.from, self.to);
        let Ok(value) = cents.parse() else { return };
        let part = Quantity::new(from, to, value);
        let (behind_whole, behind_name) = (graph.inner(from), graph.inner(from));
        let (behind_and, behind_cents) = (graph.inner(from), graph.inner(from));
        self.whole.say(graph, from, behind_whole, language);
        let Currency { signs, names, cents: coins } = self.currency;
        graph.path(behind_whole, behind_name, &[names]);
        graph.path(behind_whole, behind_name, &[signs]);
        if value > 9 {
            graph.edge(behind_whole, behind_and, "");
        }
        for and in ["", "and", "und", "et", "y", "con", "и"] {
            graph.edge(behind_name, behind_and, and);
        }
        part.say(graph, behind_and, behind_cents, language);
        graph.edge(behind_cents, to, "");
        graph.path(behind_cents, to, &[coins]);
        if self.whole.whole == "0" {
            graph.edge(from, behind_and, "");
        }
        // "四块五" is four and a half.
        if language == Language::Chinese && value % 10 == 0 {
            Quantity::new(from, to, value / 10).say(graph, behind_name, behind_cents, language);
        }
    }
}
