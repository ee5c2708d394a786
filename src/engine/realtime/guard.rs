//! Holds back the beginning of a reading until it is the text that is read, and until there is something to hear.
//!
//! The model writes its transcript ahead of its audio, so that the first words can be compared before anybody hears them. A
//! reading that goes wrong there has cost nobody anything but time; what goes wrong later has been heard, and can only be told.

use std::collections::VecDeque;

use bytes::Bytes;
use tokio::time::Instant;

use crate::engine::upstream::Origin;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::speech::Deviation;
use crate::speech::playing_time;
use crate::telemetry::Metrics;
use crate::text::Verbatim;

use super::config;
use super::config::Policy;

/// A sample of this size is heard: -60 dBFS, well below the noise of any voice.
const AUDIBLE: u16 = 33;

/// Inaudible audio is taken for no audio at all after so many bytes: three seconds.
const MAX_SILENCE_BYTES: usize = 3 * 48_000;

/// What stands between a reading and its listener.
pub(super) struct Guard {
    config: config::Verbatim,
    /// The comparison, if there is to be one.
    verbatim: Option<Verbatim>,
    has_transcript: bool,
    held: VecDeque<Bytes>,
    held_bytes: usize,
    /// When there first was something to hear.
    audible_since: Option<Instant>,
    is_open: bool,
    /// What the comparison came to has been told.
    is_counted: bool,
    /// By the engine's own name.
    model: String,
    origin: Origin,
    metrics: Metrics,
}

impl Guard {
    /// Guards the reading of `text` by `model`; the text may be in `language` (BCP 47).
    pub(super) fn new(
        config: &config::Verbatim,
        text: &str,
        language: Option<&str>,
        model: &str,
        origin: Origin,
        metrics: Metrics,
    ) -> Self {
        let verbatim = (config.policy != Policy::Off).then(|| Verbatim::new(text, language));
        Self {
            config: config.clone(),
            verbatim,
            has_transcript: false,
            held: VecDeque::new(),
            held_bytes: 0,
            audible_since: None,
            is_open: false,
            is_counted: false,
            model: model.to_owned(),
            origin,
            metrics,
        }
    }

    /// More of the transcript.
    ///
    /// # Errors
    /// [`Kind::UpstreamDeviated`] if it is not the text and that is not to be heard.
    pub(super) fn read(&mut self, transcript: &str) -> Result<()> {
        self.has_transcript |= !transcript.trim().is_empty();
        if let Some(verbatim) = &mut self.verbatim {
            verbatim.hear(transcript);
        }
        self.judge()
    }

    /// More audio, which may have to wait.
    ///
    /// # Errors
    /// [`Kind::UpstreamEmptyAudio`] if nothing can be heard for too long.
    pub(super) fn hear(&mut self, pcm: Bytes) -> Result<()> {
        if pcm.is_empty() {
            return Ok(());
        }
        if self.audible_since.is_none() && is_audible(&pcm) {
            self.audible_since = Some(Instant::now());
        }
        self.held_bytes += pcm.len();
        self.held.push_back(pcm);
        if self.audible_since.is_none() && self.held_bytes > MAX_SILENCE_BYTES {
            return Err(self.origin.silent());
        }
        self.open_if_due();
        Ok(())
    }

    /// The end of the reading: where it is not the text, if so.
    ///
    /// # Errors
    /// As [`Self::read`] and [`Self::hear`].
    pub(super) fn finish(&mut self) -> Result<Option<Deviation>> {
        let Some(audible_since) = self.audible_since else { return Err(self.origin.silent()) };
        // Where a server writes no transcript there is nothing to compare.
        if self.has_transcript
            && let Some(verbatim) = &mut self.verbatim
        {
            verbatim.finish();
        }
        self.judge()?;
        self.open(audible_since);
        self.count();
        let Some(verbatim) = &self.verbatim else { return Ok(None) };
        let deviation = verbatim.deviation().filter(|_| self.has_transcript);
        Ok(deviation.map(|deviation| Deviation {
            wanted: deviation.wanted.clone(),
            said: deviation.said.clone(),
            at_char: deviation.at_char,
        }))
    }

    /// Audio that may be heard now.
    pub(super) fn let_go(&mut self) -> Option<Bytes> {
        if !self.is_open {
            return None;
        }
        let pcm = self.held.pop_front()?;
        self.held_bytes -= pcm.len();
        Some(pcm)
    }

    fn judge(&mut self) -> Result<()> {
        let Some(deviation) = self.verbatim.as_ref().and_then(Verbatim::deviation) else {
            self.open_if_due();
            return Ok(());
        };
        let is_fatal = match self.config.policy {
            Policy::Off | Policy::Warn => false,
            Policy::Retry => !self.is_open,
            Policy::Fail => true,
        };
        if !is_fatal {
            self.open_if_due();
            return Ok(());
        }
        let words = self.verbatim.as_ref().map_or(0, Verbatim::confirmed);
        let what =
            format!("the upstream said something else than the text behind {words} words ({:?})", deviation.kind);
        self.count();
        let error: Error = self.origin.failed(Kind::UpstreamDeviated, &what);
        Err(if self.config.policy == Policy::Fail { error.with_retry(false) } else { error })
    }

    /// Lets the audio go once enough words agree, or it has been held for long enough.
    fn open_if_due(&mut self) {
        let Some(audible_since) = self.audible_since else { return };
        let holds = matches!(self.config.policy, Policy::Retry | Policy::Fail);
        let is_agreed = self.verbatim.as_ref().is_none_or(|verbatim| {
            verbatim.deviation().is_none() && verbatim.confirmed() >= self.config.words.min(verbatim.words())
        });
        let is_long_enough = playing_time(self.held_bytes as u64) >= self.config.max_hold;
        if !holds || is_agreed || is_long_enough {
            self.open(audible_since);
        }
    }

    /// Tells once what the comparison came to, also of a reading that is given up or cut off.
    fn count(&mut self) {
        let Some(verbatim) = self.verbatim.as_ref().filter(|_| !self.is_counted) else { return };
        self.is_counted = true;
        self.metrics.compared(&self.model, verbatim.confirmed() as u64);
        if self.has_transcript && verbatim.deviation().is_some() {
            self.metrics.deviated(&self.model, self.is_open);
        }
    }

    fn open(&mut self, audible_since: Instant) {
        if !self.is_open && self.verbatim.is_some() {
            self.metrics.held_back(audible_since.elapsed());
        }
        self.is_open = true;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.count();
    }
}

fn is_audible(pcm: &[u8]) -> bool {
    pcm.chunks_exact(2).any(|sample| i16::from_le_bytes([sample[0], sample[1]]).unsigned_abs() >= AUDIBLE)
}
