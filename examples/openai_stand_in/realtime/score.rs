//! A response as a list of timed acts, and the faults that cut that list short.

use std::time::Duration;

use bytes::Bytes;

use super::delays::Delays;
use super::options::Options;
use super::rendition::Format;
use super::rendition::Piece;

/// Words and code points that a transcript delta has at most.
const DELTA_WORDS: usize = 3;
const DELTA_CHARACTERS: usize = 32;

/// One act, due a time after `response.created`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) at: Duration,
    pub(crate) act: Act,
}

/// What a response can do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    /// It is there.
    Create,
    /// An event that no client knows.
    Noise,
    /// A message begins.
    Open {
        phase: &'static str,
    },
    Words(String),
    Sound(Bytes),
    /// The message ends as `completed` or `incomplete`.
    Shut {
        status: &'static str,
    },
    /// The response ends.
    Done(Outcome),
    /// The connection ends without a word.
    Cut {
        reset: bool,
    },
    /// The server closes the socket.
    Close {
        code: u16,
    },
}

/// How a response ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Completed,
    Cancelled,
    Incomplete { reason: String },
    Failed { code: String, message: String },
}

impl Outcome {
    /// The acts by which a response in the midst of a message ends so.
    pub(crate) fn early(self) -> Vec<Act> {
        vec![Act::Shut { status: "incomplete" }, Act::Done(self)]
    }
}

/// How sound and words are cut and timed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    delays: Delays,
    format: Format,
    /// Bytes of an audio delta, and of the first one.
    delta: usize,
    first_delta: usize,
    /// Every cut lies within a sample.
    odd: bool,
    /// Transcript deltas that precede the first audio.
    words_ahead: usize,
}

impl Layout {
    /// The knobs' layout; `words_ahead` depends on whose manners are wanted.
    pub(crate) fn new(options: &Options, format: Format, words_ahead: usize) -> Self {
        let bytes = |ms: u32| usize::try_from(ms).unwrap_or(1) * format.bytes_per_ms();
        Self {
            delays: Delays::of(options),
            format,
            delta: bytes(options.realtime_delta_ms),
            first_delta: bytes(options.realtime_first_delta_ms),
            odd: options.realtime_odd,
            words_ahead,
        }
    }

    /// A response that ends before it has said anything.
    pub(crate) fn only(&self, outcome: Outcome) -> Step {
        Step { at: self.delays.first_audio, act: Act::Done(outcome) }
    }

    /// When the audio that begins at byte `start` of all audio is due.
    fn due(&self, start: usize) -> Duration {
        let heard = u32::try_from(start / self.format.bytes_per_ms()).unwrap_or(u32::MAX);
        let heard = Duration::from_millis(heard.into());
        self.delays.first_audio + self.delays.rate.map_or(Duration::ZERO, |rate| heard.div_f64(rate))
    }

    /// Cuts a message's audio: small at first, so that a listener hears something early.
    fn deltas(&self, mut audio: Bytes) -> Vec<Bytes> {
        let mut size = self.first_delta;
        let mut shift = usize::from(self.odd);
        let mut deltas = Vec::new();
        while !audio.is_empty() {
            // One byte more in the first delta puts every later cut into the midst of a sample.
            deltas.push(audio.split_to((size.min(self.delta) + shift).min(audio.len())));
            size = size.saturating_mul(2);
            shift = 0;
        }
        deltas
    }
}

/// The acts of a response that goes well.
pub(crate) fn score(pieces: Vec<Piece>, layout: &Layout) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut heard = 0;
    let mut at = layout.due(0);
    for piece in pieces {
        steps.push(Step { at, act: Act::Open { phase: piece.phase } });
        let mut words = in_deltas(&piece.transcript).into_iter();
        let (many_words, sounds) = (words.len(), layout.deltas(piece.audio));
        let mut told = 0;
        let mut tell_up_to = |steps: &mut Vec<Step>, wanted: usize, at: Duration| {
            let more = wanted.saturating_sub(told);
            told += more;
            steps.extend(words.by_ref().take(more).map(|words| Step { at, act: Act::Words(words) }));
        };
        tell_up_to(&mut steps, layout.words_ahead, at);
        let many = sounds.len();
        for (index, sound) in sounds.into_iter().enumerate() {
            if index % layout.delays.burst == 0 {
                at = layout.due(heard);
            }
            heard += sound.len();
            steps.push(Step { at, act: Act::Sound(sound) });
            tell_up_to(&mut steps, layout.words_ahead + (index + 1) * many_words / many, at);
        }
        tell_up_to(&mut steps, many_words, at);
        steps.push(Step { at, act: Act::Shut { status: "completed" } });
    }
    steps.push(Step { at, act: Act::Done(Outcome::Completed) });
    steps
}

/// Lets nothing follow the first `limit` bytes of audio but `end`.
pub(crate) fn interrupt(steps: &mut Vec<Step>, limit: usize, end: Vec<Act>) {
    let mut left = limit;
    let mut stop = None;
    for (index, step) in steps.iter_mut().enumerate() {
        let Act::Sound(bytes) = &mut step.act else { continue };
        if bytes.len() > left {
            bytes.truncate(left);
            stop = Some(if left > 0 { index + 1 } else { index });
            break;
        }
        left -= bytes.len();
    }
    // With less audio than that, the last message is the one that does not end.
    let last_shut = || steps.iter().rposition(|step| matches!(step.act, Act::Shut { .. }));
    let stop = stop.or_else(last_shut).unwrap_or(steps.len());
    let at = steps.get(stop).or(steps.last()).map_or(Duration::ZERO, |step| step.at);
    steps.truncate(stop);
    steps.extend(end.into_iter().map(|act| Step { at, act }));
}

/// Cuts a transcript into a few words each, none of which is lost; scripts without spaces are cut by length.
fn in_deltas(transcript: &str) -> Vec<String> {
    let mut deltas: Vec<String> = Vec::new();
    let (mut words, mut characters) = (DELTA_WORDS, 0);
    let mut after_space = true;
    for character in transcript.chars() {
        // A word takes the space before it along, as the service's deltas do.
        let begins = character.is_whitespace() && !after_space;
        words += usize::from(begins);
        after_space = character.is_whitespace();
        if deltas.is_empty() || words >= DELTA_WORDS && begins || characters == DELTA_CHARACTERS {
            deltas.push(String::new());
            (words, characters) = (0, 0);
        }
        characters += 1;
        if let Some(delta) = deltas.last_mut() {
            delta.push(character);
        }
    }
    deltas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_is_cut_and_nothing_is_lost() {
        assert_eq!(in_deltas("One two  three four five six seven."), ["One two  three", " four five six", " seven."]);
        assert_eq!(in_deltas(""), Vec::<String>::new());
        let long = "あ".repeat(70);
        let lengths: Vec<usize> = in_deltas(&long).iter().map(|delta| delta.chars().count()).collect();
        assert_eq!(lengths, [32, 32, 6]);
    }
}
