//! How the speech is coming on, for somebody who watches a terminal.

use std::time::Duration;
use std::time::Instant;

use crate::cli::output;
use crate::proto::AudioChunk;
use crate::proto::Cost;
use crate::proto::FinishReason;
use crate::proto::StreamStarted;
use crate::proto::SynthesisSummary;

/// One call, from its request on.
#[derive(Debug)]
pub(super) struct Progress {
    begun: Instant,
    first_audio: Option<Duration>,
    audio: Duration,
    bytes: usize,
    speaker: String,
}

impl Progress {
    pub(super) fn begin() -> Self {
        let (begun, audio) = (Instant::now(), Duration::ZERO);
        Self { begun, first_audio: None, audio, bytes: 0, speaker: String::new() }
    }

    pub(super) fn started(&mut self, started: &StreamStarted) {
        self.speaker = format!("{}, {}", started.model, started.voice);
    }

    pub(super) fn heard(&mut self, chunk: &AudioChunk) {
        let elapsed = self.begun.elapsed();
        self.first_audio.get_or_insert(elapsed);
        let playing_time = chunk.duration.and_then(|duration| Duration::try_from(duration).ok());
        self.audio += playing_time.unwrap_or(Duration::ZERO);
        self.bytes += chunk.data.len();
        output::progress(&self.line(elapsed));
    }

    /// The last line stays.
    pub(super) fn ended(&self, summary: &SynthesisSummary) {
        if summary.finish_reason() == FinishReason::NoSpeakableText {
            output::note("nothing in this text can be spoken; there is no audio, and nothing is written");
            return;
        }
        if output::is_interactive() {
            let cost = summary.cost.as_ref().map_or_else(String::new, |cost| format!(" · {}", price(cost)));
            output::note(&format!("{} · {}{cost}", self.line(self.begun.elapsed()), self.speaker));
        }
    }

    fn line(&self, elapsed: Duration) -> String {
        let first = self
            .first_audio
            .map_or_else(|| "no audio".to_owned(), |first| format!("first audio after {} ms", first.as_millis()));
        if self.audio.is_zero() {
            return format!("{first} · {} KiB", self.bytes.div_ceil(1024));
        }
        let factor = elapsed.as_secs_f64() / self.audio.as_secs_f64();
        format!("{first} · {:.1} s of audio · real-time factor {factor:.3}", self.audio.as_secs_f64())
    }
}

/// Such as `USD 0.000526`, to a millionth, which is finer than any call costs.
fn price(cost: &Cost) -> String {
    let about = if cost.estimated { "about " } else { "" };
    let millionths = cost.amount_nanos.div_euclid(1000);
    format!("{about}{} {}.{:06}", cost.currency_code, millionths / 1_000_000, millionths % 1_000_000)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Progress;
    use super::price;
    use crate::proto::Cost;

    #[test]
    fn the_line_tells_time_to_first_audio_and_pace() {
        let mut progress = Progress::begin();
        assert_eq!(progress.line(Duration::ZERO), "no audio · 0 KiB");
        progress.first_audio = Some(Duration::from_millis(37));
        progress.bytes = 4097;
        assert_eq!(progress.line(Duration::from_secs(1)), "first audio after 37 ms · 5 KiB");
        progress.audio = Duration::from_millis(4_200);
        let expected = "first audio after 37 ms · 4.2 s of audio · real-time factor 0.500";
        assert_eq!(progress.line(Duration::from_millis(2_100)), expected);
    }

    #[test]
    fn a_price_is_shown_to_a_millionth() {
        let mut cost = Cost { currency_code: "USD".to_owned(), amount_nanos: 526_200, ..Default::default() };
        assert_eq!(price(&cost), "USD 0.000526");
        cost.estimated = true;
        cost.amount_nanos = 12_000_000_999;
        assert_eq!(price(&cost), "about USD 12.000000");
    }
}
