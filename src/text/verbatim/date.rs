//! Dates.

use super::fold::fold;
use super::graph::Graph;
use super::language::Language;
use super::quantity::Quantity;
use super::token::Token;

/// Lets each date be said in its other forms.
pub(super) fn say_dates(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    let months = months(language);
    for at in 0..tokens.len() {
        if let Some(month) = month_of(&tokens[at], months) {
            for date in around(tokens, quantities, at, month, language) {
                date.say(graph, language, months);
            }
        }
    }
    for quantity in quantities.iter().filter(|quantity| !quantity.is_in_words) {
        for date in in_digits(tokens, quantities, quantity) {
            date.say(graph, language, months);
        }
    }
}

#[derive(Clone, Debug)]
struct Date {
    from: usize,
    to: usize,
    year: Option<u64>,
    month: u64,
    day: u64,
    /// The year is followed by the word for it, as it is in Russian.
    is_named: bool,
}

/// The day and the year beside the month at `at`.
fn around(tokens: &[Token], all: &[Quantity], at: usize, month: u64, language: Language) -> Vec<Date> {
    let is_day = |quantity: &&Quantity| quantity.value().is_some_and(|value| (1..=31).contains(&value));
    let mut found = Vec::new();
    // "The fifth of March", "5 de marzo": the day in front.
    let before = back_over(tokens, at, &["of", "de", "del"]);
    for day in all.iter().filter(|day| day.to == before || day.to == at).filter(is_day) {
        let from = back_over(tokens, day.from, &["the"]);
        for from in [from, day.from] {
            push_with_year(tokens, all, (from, at + 1), month, day, &mut found);
        }
    }
    // "March 5", "March the fifth".
    if language == Language::English {
        let after = on_over(tokens, at + 1, &["the"]);
        for day in all.iter().filter(|day| day.from == after || day.from == at + 1).filter(is_day) {
            push_with_year(tokens, all, (at, day.to), month, day, &mut found);
        }
    }
    found
}

fn push_with_year(
    tokens: &[Token],
    all: &[Quantity],
    (from, to): (usize, usize),
    month: u64,
    day: &Quantity,
    found: &mut Vec<Date>,
) {
    let Some(day) = day.value() else { return };
    found.push(Date { from, to, year: None, month, day, is_named: false });
    let after = on_over(tokens, to, &["de", "del", "of"]);
    for year in all.iter().filter(|year| year.from == after) {
        if let Some(value) = year.value().filter(|value| (1_000..3_000).contains(value)) {
            let named = on_over(tokens, year.to, &["года", "год", "году", "г"]);
            let date = |to| Date { from, to, year: Some(value), month, day, is_named: false };
            found.push(date(year.to));
            if named > year.to {
                found.push(Date { is_named: true, ..date(named) });
            }
        }
    }
}

fn back_over(tokens: &[Token], at: usize, words: &[&str]) -> usize {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    at - usize::from(before.is_some_and(|token| words.contains(&token.folded.as_str())))
}

fn on_over(tokens: &[Token], at: usize, words: &[&str]) -> usize {
    at + usize::from(tokens.get(at).is_some_and(|token| words.contains(&token.folded.as_str())))
}

/// "2024-03-05", "05.03.2024", "3/5/2024": where day and month may be either, both.
fn in_digits(tokens: &[Token], all: &[Quantity], first: &Quantity) -> Vec<Date> {
    let is_joint =
        |at: usize| tokens.get(at).is_some_and(|token| ['-', '.', '/'].into_iter().any(|c| token.is_joint(c)));
    let (Some(one), true) = (first.value(), is_joint(first.to) && first.to == first.from + 1) else {
        return Vec::new();
    };
    let next = |at: usize| all.iter().find(|next| next.from == at && next.to == at + 1).and_then(Quantity::value);
    let Some(two) = next(first.to + 1) else { return Vec::new() };
    let three = if is_joint(first.to + 2) { next(first.to + 3) } else { None };
    let (Some(three), to) = (three, first.to + 4) else { return Vec::new() };
    let full = |year: u64| if year < 100 { year + if year < 70 { 2_000 } else { 1_900 } } else { year };
    let candidates = match one {
        1_000.. => vec![(one, two, three)],
        _ => vec![(full(three), two, one), (full(three), one, two)],
    };
    let is_date = |&(year, month, day): &(u64, u64, u64)| {
        (1_000..3_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
    };
    let date = |(year, month, day)| Date { from: first.from, to, year: Some(year), month, day, is_named: false };
    candidates.into_iter().filter(is_date).map(date).collect()
}

impl Date {
    fn say(&self, graph: &mut Graph, language: Language, months: &[&[&str]]) {
        let names: Vec<String> = months
            .get(usize::try_from(self.month).unwrap_or(0).wrapping_sub(1))
            .map(|names| names.iter().map(|name| fold(name)).collect())
            .unwrap_or_default();
        if names.is_empty() {
            return;
        }
        let (from, behind) = (self.from, graph.inner(self.from));
        let end = if self.year.is_some() { behind } else { self.to };
        let day = Quantity { is_ordinal: true, ..Quantity::new(from, end, self.day) };
        let (first, last) = (graph.inner(from), graph.inner(from));
        // The day in front of the month.
        for article in ["", "the", "der", "den", "dem", "am", "le", "el"] {
            graph.edge(from, first, article);
        }
        day.say(graph, first, last, language);
        if language == Language::Chinese {
            self.say_chinese(graph, end, &names, &day);
        }
        let of: &[&str] = match language {
            Language::English => &["", "of"],
            Language::Spanish => &["de", "del"],
            _ => &[""],
        };
        let of: Vec<String> = of.iter().map(|of| (*of).to_owned()).collect();
        graph.path(last, end, &[&of, &names]);
        if matches!(language, Language::German | Language::Russian) {
            let month = Quantity { is_ordinal: true, ..Quantity::new(from, end, self.month) };
            month.say(graph, last, end, language);
        }
        if language == Language::English {
            let (behind_month, article) = (graph.inner(from), graph.inner(from));
            graph.path(from, behind_month, &[&names]);
            graph.edge(behind_month, article, "");
            graph.edge(behind_month, article, "the");
            day.say(graph, article, end, language);
        }
        if let Some(year) = self.year {
            self.say_year(graph, behind, year, language);
            self.say_digits(graph, year);
        }
    }

    fn say_year(&self, graph: &mut Graph, behind: usize, year: u64, language: Language) {
        let (joined, said) = (graph.inner(self.from), graph.inner(self.from));
        for of in ["", "de", "del"] {
            graph.edge(behind, joined, of);
        }
        let year = Quantity { is_ordinal: language == Language::Russian, ..Quantity::new(self.from, self.to, year) };
        year.say(graph, joined, said, language);
        if !self.is_named {
            graph.edge(said, self.to, "");
        }
        if language == Language::Russian {
            for name in ["года", "год", "году", "г"] {
                graph.edge(said, self.to, name);
            }
        }
    }

    fn say_chinese(&self, graph: &mut Graph, end: usize, names: &[String], day: &Quantity) {
        let language = Language::Chinese;
        let (month, number) = (graph.inner(self.from), graph.inner(self.from));
        graph.edge(self.from, month, "");
        if let Some(year) = self.year {
            let said = graph.inner(self.from);
            Quantity::new(self.from, month, year).say(graph, self.from, said, language);
            graph.edge(said, month, "年");
        }
        let behind = graph.inner(self.from);
        graph.path(month, behind, &[names]);
        day.say(graph, behind, number, language);
        let to = if self.year.is_some() { self.to } else { end };
        graph.edge(number, to, "日");
        graph.edge(number, to, "号");
    }

    fn say_digits(&self, graph: &mut Graph, year: u64) {
        let (month, day) = (self.month, self.day);
        for mark in ['-', '.', '/'] {
            for date in [
                format!("{year}{mark}{month:02}{mark}{day:02}"),
                format!("{year}{mark}{month}{mark}{day}"),
                format!("{day:02}{mark}{month:02}{mark}{year}"),
                format!("{day}{mark}{month}{mark}{year}"),
                format!("{month:02}{mark}{day:02}{mark}{year}"),
                format!("{month}{mark}{day}{mark}{year}"),
            ] {
                graph.edge(self.from, self.to, &date);
            }
        }
    }
}

fn month_of(token: &Token, months: &[&[&str]]) -> Option<u64> {
    let place = months.iter().position(|names| names.iter().any(|name| fold(name) == token.folded))?;
    u64::try_from(place + 1).ok()
}

/// Whether `token` is the name of a day or of a month, so that a hyphen behind it is "to".
pub(super) fn is_of_the_calendar(token: &Token, language: Language) -> bool {
    let is_day = || days(language).split(' ').any(|name| fold(name) == token.folded);
    token.is_word() && (month_of(token, months(language)).is_some() || is_day())
}

fn days(language: Language) -> &'static str {
    match language {
        Language::English => {
            "mon tue tues wed thu thur thurs fri sat sun \
             monday tuesday wednesday thursday friday saturday sunday"
        }
        Language::German => {
            "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
        }
        Language::French => "lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche",
        Language::Spanish => "lun mar mié jue vie sáb dom lunes martes miércoles jueves viernes sábado domingo",
        Language::Russian => "пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье",
        Language::Chinese | Language::Other => "",
    }
}

fn months(language: Language) -> &'static [&'static [&'static str]] {
    match language {
        Language::English => &[
            &["January", "Jan"],
            &["February", "Feb"],
            &["March", "Mar"],
            &["April", "Apr"],
            &["May"],
            &["June", "Jun"],
            &["July", "Jul"],
            &["August", "Aug"],
            &["September", "Sept", "Sep"],
            &["October", "Oct"],
            &["November", "Nov"],
            &["December", "Dec"],
        ],
        Language::German => &[
            &["Januar", "Jänner", "Jan"],
            &["Februar", "Feber", "Feb"],
            &["März", "Mrz"],
            &["April", "Apr"],
            &["Mai"],
            &["Juni", "Jun", "Juno"],
            &["Juli", "Jul", "Julei"],
            &["August", "Aug"],
            &["September", "Sept", "Sep"],
            &["Oktober", "Okt"],
            &["November", "Nov"],
            &["Dezember", "Dez"],
        ],
        Language::French => &[
            &["janvier", "janv"],
            &["février", "févr"],
            &["mars"],
            &["avril", "avr"],
            &["mai"],
            &["juin"],
            &["juillet", "juil"],
            &["août", "aout"],
            &["septembre", "sept"],
            &["octobre", "oct"],
            &["novembre", "nov"],
            &["décembre", "déc"],
        ],
        Language::Spanish => &[
            &["enero", "ene"],
            &["febrero", "feb"],
            &["marzo", "mar"],
            &["abril", "abr"],
            &["mayo"],
            &["junio", "jun"],
            &["julio", "jul"],
            &["agosto", "ago"],
            &["septiembre", "setiembre", "sept"],
            &["octubre", "oct"],
            &["noviembre", "nov"],
            &["diciembre", "dic"],
        ],
        Language::Russian => &[
            &["января", "янв"],
            &["февраля", "февр"],
            &["марта"],
            &["апреля", "апр"],
            &["мая"],
            &["июня"],
            &["июля"],
            &["августа", "авг"],
            &["сентября", "сент"],
            &["октября", "окт"],
            &["ноября", "нояб"],
            &["декабря", "дек"],
        ],
        Language::Chinese => &[
            &["一月", "1月"],
            &["二月", "2月"],
            &["三月", "3月"],
            &["四月", "4月"],
            &["五月", "5月"],
            &["六月", "6月"],
            &["七月", "7月"],
            &["八月", "8月"],
            &["九月", "9月"],
            &["十月", "10月"],
            &["十一月", "11月"],
            &["十二月", "12月"],
        ],
        Language::Other => &[],
    }
}
