//! Makes one continuous recording of the segments of an utterance: no seam between them can be heard.
//!
//! Engines surround each answer with up to a second of silence, begin it with a small offset, end it on any sample, and
//! speak one answer 6 dB louder than the next. So the silence at a joint is cut and replaced by the pause that the text
//! asks for, cuts are faded, offsets removed, and every segment is brought to the loudness of those before it. An
//! utterance of one segment passes untouched.
//!
//! Of the first segment at most 9.8 ms are held back, apart from silence; of a later one, if the level is evened, the first
//! two seconds of sound. The result does not depend on how the audio was split.

mod alone;
mod edge;
mod fade;
mod gain;
mod high_pass;
mod limit;
mod loudness;
mod pauses;
mod several;
mod sink;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use crate::speech::Boundary;
use crate::speech::SAMPLE_RATE_HERTZ;

use alone::Alone;
pub use pauses::Pauses;
use several::Several;

/// How an utterance is put together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    /// Pauses between segments.
    pub pauses: Pauses,
    /// Whether segments are brought to one loudness, where there are several; the true peak stays below -1 dBTP then.
    pub even_level: bool,
    /// Most silence before the first sound; none cuts nothing.
    pub max_leading_silence: Option<Duration>,
}

/// Puts one utterance together, from 24 kHz 16-bit mono PCM to the same.
#[derive(Debug)]
pub struct Stitcher {
    style: Style,
    /// The only segment, if it is one.
    alone: Option<Alone>,
    several: Option<Box<Several>>,
}

impl Stitcher {
    /// A stitcher for one utterance.
    pub fn new(style: Style) -> Self {
        Self { style, alone: None, several: None }
    }

    /// Takes whole samples of the present segment and returns what is ready, whole samples too. `is_last` says that no
    /// segment follows this one; it is the same in every push of a segment.
    pub fn push(&mut self, audio: Bytes, is_last: bool) -> Bytes {
        if audio.is_empty() {
            return audio;
        }
        if is_last && self.several.is_none() {
            let max_leading = self.style.max_leading_silence.map(samples_of);
            return self.alone.get_or_insert_with(|| Alone::new(max_leading)).push(audio);
        }
        self.several().push(&audio, is_last)
    }

    /// The present segment is over, and another one follows after `boundary`. The segment may have been empty.
    pub fn end_segment(&mut self, boundary: Boundary) -> Bytes {
        self.several().end_segment(boundary)
    }

    /// The utterance is over: what was held back.
    pub fn finish(&mut self) -> Bytes {
        match (&mut self.alone, &mut self.several) {
            (_, Some(several)) => several.finish(),
            (Some(alone), None) => alone.finish(),
            (None, None) => Bytes::new(),
        }
    }

    /// Where the segment that ended last is heard in the output, from its first audible sample to behind its last one, in
    /// samples from the utterance's first. Empty if it was silent. Pauses lie between these ranges, exactly.
    ///
    /// A segment ends with [`Self::end_segment`] or [`Self::finish`].
    pub fn ended(&self) -> Range<u64> {
        match (&self.alone, &self.several) {
            (_, Some(several)) => several.ended(),
            (Some(alone), None) => alone.audible(),
            (None, None) => 0..0,
        }
    }

    /// Where the present segment began to be heard, in samples of the output; none if it has not.
    pub fn begun(&self) -> Option<u64> {
        match (&self.alone, &self.several) {
            (_, Some(several)) => several.begun(),
            (Some(alone), None) => alone.leading_silence().map(|_| alone.audible().start),
            (None, None) => None,
        }
    }

    /// Silence that the utterance's audio began with, in samples, whether it was sent or cut. `None` until something was
    /// heard.
    pub fn leading_silence(&self) -> Option<u64> {
        match (&self.alone, &self.several) {
            (_, Some(several)) => several.leading_silence(),
            (Some(alone), None) => alone.leading_silence(),
            (None, None) => None,
        }
    }

    fn several(&mut self) -> &mut Several {
        self.several.get_or_insert_with(|| Box::new(Several::new(self.style.clone())))
    }
}

const fn of_millis(millis: usize) -> usize {
    millis * SAMPLE_RATE_HERTZ as usize / 1_000
}

/// Samples that `time` takes, to the sample below.
fn samples_of(time: Duration) -> usize {
    usize::try_from(time.as_micros() * u128::from(SAMPLE_RATE_HERTZ) / 1_000_000).unwrap_or(usize::MAX)
}
