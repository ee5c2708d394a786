//! Times of day: "4:30pm", "16:05", "9am-5pm", "12:00".

use super::cardinal::cardinal;
use super::word::Reading;
use super::word::View;

/// Reads a time, or two with a dash between them.
pub(super) fn read(view: &View<'_>) -> Option<Reading> {
    let core = view.core();
    if let Some(time) = Time::parse(core) {
        return Some(with_half(&time, view));
    }
    if let Some(hour) = Time::hour(core) {
        return Some(with_half(&hour, view)).filter(|reading| reading.words == 2);
    }
    let (from, to) = core.split_once(['-', '–'])?;
    let (mut from, to) = (Time::parse(from).or_else(|| Time::hour(from))?, Time::parse(to)?);
    from.before_another = to.half.is_some();
    let mut reading = with_half(&to, view);
    reading.spoken = format!("{} to {}", from.spoken(), reading.spoken);
    Some(reading)
}

/// The time of day that all of `text` is.
pub(super) fn spoken(text: &str) -> Option<String> {
    Time::parse(text).map(|time| time.spoken())
}

/// The time, and "am" or "pm" if it is the next word.
fn with_half(time: &Time, view: &View<'_>) -> Reading {
    match view.joined(1).filter(|word| word.len() > 1 && time.half.is_none()).and_then(half) {
        Some(half) => Reading::new(Time { half: Some(half), ..*time }.spoken(), 2).owning_period(),
        None => Reading::new(time.spoken(), 1).owning_period_if(time.half.is_some()),
    }
}

#[derive(Clone, Copy)]
struct Time {
    hour: u64,
    minute: u64,
    second: Option<u64>,
    half: Option<&'static str>,
    /// Whether another time with "am" or "pm" follows: then "o'clock" is left out.
    before_another: bool,
}

impl Time {
    /// Reads "h:mm", "h:mm:ss" or "h" with "am" or "pm"; the first two may have it.
    fn parse(text: &str) -> Option<Self> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
        let half = half(text.get(digits.len()..)?);
        if half.is_none() && digits.len() < text.len() {
            return None;
        }
        let mut parts = digits.split(':');
        let hour = part(parts.next()?, 1..=2, 24)?;
        let minute = parts.next().map(|minute| part(minute, 2..=2, 59));
        let second = parts.next().map(|second| part(second, 2..=2, 59));
        if parts.next().is_some() || minute.is_none() && half.is_none() || half.is_some() && !(1..=12).contains(&hour) {
            return None;
        }
        let second = second.map_or(Some(None), |second| second.map(Some))?;
        Some(Self { hour, minute: minute.unwrap_or(Some(0))?, second, half, before_another: false })
    }

    /// Reads an hour alone, as in "9-5pm".
    fn hour(text: &str) -> Option<Self> {
        let hour = part(text, 1..=2, 12)?;
        Some(Self { hour, minute: 0, second: None, half: None, before_another: false })
    }

    fn spoken(&self) -> String {
        let hour = cardinal(self.hour);
        let minute = match self.minute {
            0 if self.half.is_some() || self.second.is_some() || self.before_another => String::new(),
            0 if (1..=12).contains(&self.hour) => " o'clock".to_owned(),
            0 => " hundred hours".to_owned(),
            minute @ 1..10 => format!(" oh {}", cardinal(minute)),
            minute => format!(" {}", cardinal(minute)),
        };
        let second = self.second.map(|second| {
            let unit = if second == 1 { "second" } else { "seconds" };
            format!(" and {} {unit}", cardinal(second))
        });
        let half = self.half.map(|half| format!(" {half}"));
        format!("{hour}{minute}{}{}", second.unwrap_or_default(), half.unwrap_or_default())
    }
}

/// "am" and "pm" in the ways they are written.
fn half(text: &str) -> Option<&'static str> {
    match text {
        "am" | "AM" | "a.m" | "A.M" | "a.m." | "A.M." | "a" => Some("A.M."),
        "pm" | "PM" | "p.m" | "P.M" | "p.m." | "P.M." | "p" => Some("P.M."),
        _ => None,
    }
}

fn part(text: &str, digits: std::ops::RangeInclusive<usize>, highest: u64) -> Option<u64> {
    let plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().filter(|value| *value <= highest)
}
