//! How fast a voice speaks, and so how much audio is still to come of what it was given.

use std::collections::VecDeque;
use std::time::Duration;

use crate::text;

/// How long a letter takes that nothing is known of: fifteen of them make a second.
const PER_LETTER: Duration = Duration::from_micros(66_667);

/// The tempo of one utterance.
#[derive(Debug)]
pub(super) struct Tempo {
    /// How long a letter takes as long as nothing was heard.
    per_letter: Duration,
    letters: usize,
    spoken: Duration,
    /// What is still expected of each segment that is being spoken, in order.
    coming: VecDeque<Duration>,
}

impl Tempo {
    /// That of a voice at so many times its own pace.
    pub(super) fn new(speed: f64) -> Self {
        let per_letter = PER_LETTER.div_f64(speed.clamp(0.1, 10.0));
        Self { per_letter, letters: 0, spoken: Duration::ZERO, coming: VecDeque::new() }
    }

    /// How long `text` takes to say.
    pub(super) fn of(&self, text: &str) -> Duration {
        let letters = u32::try_from(text::weight(text)).unwrap_or(u32::MAX);
        match u32::try_from(self.letters) {
            Ok(known) if known > 0 => self.spoken.saturating_mul(letters) / known,
            _ => self.per_letter.saturating_mul(letters),
        }
    }

    /// `text` is going to be spoken.
    pub(super) fn expect(&mut self, text: &str) {
        self.coming.push_back(self.of(text));
    }

    /// So much audio was sent.
    pub(super) fn hear(&mut self, playing: Duration) {
        if let Some(first) = self.coming.front_mut() {
            *first = first.saturating_sub(playing);
        }
    }

    /// `text` has been spoken, in this much audio; `is_over` says that it is the last of a segment.
    pub(super) fn end(&mut self, text: &str, spoken: Duration, is_over: bool) {
        if !spoken.is_zero() {
            self.letters += text::weight(text);
            self.spoken += spoken;
        }
        if is_over {
            self.coming.pop_front();
        }
    }

    /// How much audio is still to come.
    pub(super) fn coming(&self) -> Duration {
        self.coming.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Tempo;

    #[test]
    fn what_is_to_come_is_guessed_from_what_came() {
        let mut tempo = Tempo::new(1.0);
        assert_eq!(tempo.of("fifteen letters").as_millis(), 1_000);
        tempo.expect("fifteen letters");
        tempo.expect("fifteen letters");
        tempo.hear(Duration::from_millis(600));
        assert_eq!(tempo.coming().as_millis(), 1_400);
        tempo.end("fifteen letters", Duration::from_secs(3), true);
        assert_eq!(tempo.coming().as_millis(), 1_000);
        assert_eq!(tempo.of("five!").as_millis(), 1_000);
        tempo.end("fifteen letters", Duration::from_secs(3), true);
        assert!(tempo.coming().is_zero());
        assert_eq!(Tempo::new(0.5).of("fifteen letters").as_millis(), 2_000);
    }
}
