//! When things happen: the delay of the first byte and the pace of the body.

use std::time::Duration;

use super::catalogue::Family;
use super::options::Options;
use super::options::Timing;
use super::random::Dice;

/// The part of the first byte's delay after which a WAV header leaves, ahead of its audio.
const HEADER_SHARE: f64 = 0.25;

/// The timing of one answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// From the request to the first audio byte.
    first_audio: Duration,
    /// Seconds of audio per second of time; none is as fast as the connection.
    rate: Option<f64>,
    /// Fixed time between writes, instead of a rate.
    interval: Option<Duration>,
}

impl Pace {
    /// Takes the knobs' values, and draws the others from the recorded distributions if those are wanted.
    pub(crate) fn draw(options: &Options, family: Family, dice: &mut Dice) -> Self {
        let (first_audio, rate) = recorded(family, dice);
        let wanted = options.timing == Timing::Recorded;
        Self {
            first_audio: options
                .first_byte_ms
                .map_or(if wanted { first_audio } else { Duration::ZERO }, Duration::from_millis),
            rate: options.rate.or(wanted.then_some(rate)),
            interval: options.chunk_interval_ms.map(Duration::from_millis),
        }
    }

    /// From the request to the response headers, which a WAV gets early.
    pub(crate) fn headers(&self, early: bool) -> Duration {
        if early { self.first_audio.mul_f64(HEADER_SHARE) } else { self.first_audio }
    }

    /// When the `index`th block of audio is ready, counted from the headers; `heard` is its end in the clip.
    pub(crate) fn block(&self, index: u32, heard: Duration, early: bool) -> Duration {
        let wait = self.first_audio.saturating_sub(self.headers(early));
        match (self.interval, self.rate) {
            (Some(interval), _) => wait + interval * index,
            (None, Some(rate)) => wait + heard.div_f64(rate),
            (None, None) => wait,
        }
    }
}

/// First byte and rate as measured in public recordings and reports.
fn recorded(family: Family, dice: &mut Dice) -> (Duration, f64) {
    let (share, within) = (dice.unit(), dice.unit());
    let spread = |low: f64, high: f64| low + (high - low) * within;
    let seconds = match family {
        Family::MiniTts if share < 0.85 => spread(0.55, 1.15),
        Family::MiniTts => spread(1.15, 2.5),
        Family::Tts1 | Family::Tts1Hd if share < 0.60 => spread(0.44, 0.52),
        Family::Tts1 | Family::Tts1Hd if share < 0.95 => spread(1.0, 1.4),
        Family::Tts1 | Family::Tts1Hd => spread(1.85, 1.95),
    };
    let rate = match family {
        Family::MiniTts => dice.between(5.5, 6.5),
        Family::Tts1 => 5.7,
        Family::Tts1Hd => 4.1,
    };
    (Duration::from_secs_f64(seconds), rate)
}
