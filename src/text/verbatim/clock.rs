//! Times of day.

use super::fold::fold;
use super::graph::Graph;
use super::language::Language;
use super::quantity::Quantity;
use super::token::Token;

/// Lets each time of day be said in its other forms.
pub(super) fn say_times(graph: &mut Graph, tokens: &[Token], quantities: &[Quantity], language: Language) {
    for hour in quantities.iter().filter(|quantity| quantity.value().is_some_and(|value| value <= 24)) {
        for clock in clocks(tokens, quantities, hour, language) {
            clock.say(graph, language);
        }
    }
}

/// A time of day that stands in a text.
#[derive(Clone, Copy, Debug)]
struct Clock {
    from: usize,
    to: usize,
    hour: u64,
    minute: u64,
    /// The word for hours is written.
    is_named: bool,
}

fn clocks(tokens: &[Token], all: &[Quantity], hour: &Quantity, language: Language) -> Vec<Clock> {
    let Some(hours) = hour.value() else { return Vec::new() };
    let mut found = Vec::new();
    let names = hour_names(language);
    let is_joined = tokens.get(hour.to).is_some_and(|token| token.is_joint(':') || token.is_joint('.'));
    let is_named = tokens.get(hour.to).is_some_and(|token| names.iter().any(|name| fold(name) == token.folded));
    let is_plain = language == Language::English && hour.is_in_words;
    // "Las tres y diez".
    let is_spanish = language == Language::Spanish
        && hour.from.checked_sub(1).is_some_and(|before| tokens[before].is("las") || tokens[before].is("la"));
    let is_joined = is_joined || is_spanish && tokens.get(hour.to).is_some_and(|token| token.is("y"));
    let is_half_of_day = half_of_day(tokens, hour.to);
    let at = if is_joined || is_named { hour.to + 1 } else { hour.to };
    let clock = |to, minute| Clock { from: hour.from, to, hour: hours, minute, is_named };
    if is_half_of_day || is_spanish {
        found.push(clock(hour.to, 0));
    }
    if !(is_joined || is_named || is_plain) {
        return found;
    }
    // "十点零五分".
    let has_zero = tokens.get(at).is_some_and(|token| token.is("零"));
    let at = at + usize::from(has_zero);
    for minute in all.iter().filter(|minute| minute.from == at && minute.is_in_words == hour.is_in_words) {
        let Some(minutes) = minute.value().filter(|value| *value < 60) else { continue };
        if minute.is_in_words && minutes < 10 && !has_zero
            || !minute.is_in_words && is_joined && minute.whole.len() != 2
        {
            continue;
        }
        found.push(clock(minute.to, minutes));
        // "15:30 Uhr", "3 点 30 分".
        for name in names.iter().chain(&["分", "分钟", "минут", "минуты", "минута"]) {
            if tokens.get(minute.to).is_some_and(|token| fold(name) == token.folded) {
                found.push(clock(minute.to + 1, minutes));
            }
        }
    }
    if is_named {
        let (half, quarter) = fractions(language);
        for (words, minute) in [(half, 30), (quarter, 15)] {
            let mut joined = String::new();
            for (place, token) in tokens.iter().enumerate().skip(at).take(3) {
                joined.push_str(&token.folded);
                if words.iter().any(|word| fold(word) == joined) {
                    found.push(clock(place + 1, minute));
                }
            }
        }
        found.push(clock(at, 0));
    }
    found
}

impl Clock {
    fn say(&self, graph: &mut Graph, language: Language) {
        let (from, to, minute) = (self.from, self.to, self.minute);
        let hour = Quantity::new(from, to, self.hour);
        for mark in [":", ".", "h"] {
            for digits in [format!("{}{mark}{minute:02}", self.hour), format!("{:02}{mark}{minute:02}", self.hour)] {
                graph.edge(from, to, &digits);
                if language == Language::German {
                    graph.edge(from, to, &format!("{digits}uhr"));
                }
            }
        }
        let (said, behind_hour) = (graph.inner(from), graph.inner(from));
        hour.say(graph, from, said, language);
        let names = hour_names(language);
        for name in names {
            graph.edge(said, behind_hour, &fold(name));
        }
        if minute == 0 {
            graph.edge(behind_hour, to, "");
            for name in &["o'clock", "hundred", "hundred hours", "en punto"] {
                graph.edge(said, to, &fold(name));
            }
            // Only zeros may be left out; "o'clock" that is written is said.
            if !self.is_named {
                graph.edge(said, to, "");
            }
            return;
        }
        if language != Language::Chinese {
            graph.edge(said, behind_hour, "");
        }
        let behind = graph.inner(from);
        for and in ["", "und", "y", "et", "and"] {
            graph.edge(behind_hour, behind, and);
        }
        let last = graph.inner(from);
        let minutes = Quantity { whole: format!("{minute:02}"), ..Quantity::new(from, to, minute) };
        minutes.say(graph, behind, last, language);
        Quantity::new(from, to, minute).say(graph, behind, last, language);
        for name in ["", "分", "分钟", "минут", "минуты", "минута", "uhr", "minutes", "minutos", "minuten"]
        {
            graph.edge(last, to, name);
        }
        let (half, quarter) = fractions(language);
        match minute {
            30 => half.iter().for_each(|half| graph.edge(behind_hour, to, &fold(half))),
            15 => quarter.iter().for_each(|quarter| graph.edge(behind_hour, to, &fold(quarter))),
            _ => {}
        }
        self.say_past(graph, language);
    }

    /// "Half past three", "Viertel nach drei", "halb vier".
    fn say_past(&self, graph: &mut Graph, language: Language) {
        let (past, to_next): (&[&str], &[&str]) = match (language, self.minute) {
            (Language::English, 15) => (&["quarter past", "a quarter past", "quarter after"], &[]),
            (Language::English, 30) => (&["half past"], &[]),
            (Language::English, 45) => (&[], &["quarter to", "a quarter to", "quarter of"]),
            (Language::German, 15) => (&["viertel nach"], &["viertel"]),
            (Language::German, 30) => (&[], &["halb"]),
            (Language::German, 45) => (&[], &["viertel vor", "dreiviertel"]),
            (Language::Russian, 30) => (&[], &["половина", "полвторого"]),
            _ => return,
        };
        for (words, hour) in [(past, self.hour), (to_next, self.hour + 1)] {
            for word in words {
                let said = graph.inner(self.from);
                graph.edge(self.from, said, &fold(word));
                Quantity::new(self.from, self.to, hour).say(graph, said, self.to, language);
                if hour > 12 {
                    Quantity::new(self.from, self.to, hour - 12).say(graph, said, self.to, language);
                }
            }
        }
    }
}

/// Whether "a.m." or "p.m." stands at `at`.
fn half_of_day(tokens: &[Token], at: usize) -> bool {
    let letters: String =
        tokens.iter().skip(at).take(3).filter(|token| token.is_word()).map(|token| token.folded.as_str()).collect();
    letters.starts_with("am") || letters.starts_with("pm")
}

fn hour_names(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &["o'clock"],
        Language::German => &["Uhr"],
        Language::French => &["heures", "heure", "h"],
        Language::Spanish => &["horas", "hora", "h"],
        Language::Russian => &["часов", "часа", "час", "ч"],
        Language::Chinese => &["点", "點", "时", "点钟"],
        Language::Other => &[],
    }
}

/// How half an hour and a quarter of one are said behind the hour.
fn fractions(language: Language) -> (&'static [&'static str], &'static [&'static str]) {
    match language {
        Language::French => (&["et demie", "et demi"], &["et quart"]),
        Language::Spanish => (&["y media"], &["y cuarto"]),
        Language::Chinese => (&["半"], &["一刻"]),
        _ => (&[], &[]),
    }
}
