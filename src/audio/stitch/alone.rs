//! The only segment of an utterance: it passes untouched, but for silence in front that nobody asked for.

use std::ops::Range;

use bytes::Buf;
use bytes::Bytes;
use bytes::BytesMut;

use crate::audio::pcm::from_i16;
use crate::audio::pcm::to_i16;
use crate::speech::SAMPLE_BYTES;

use super::edge::BLOCK;
use super::edge::Ear;
use super::fade::Rise;

/// Passes one segment on.
#[derive(Debug, Default)]
pub(super) struct Alone {
    ear: Ear,
    /// Most silence in front, in samples, if any is too much.
    max_leading: Option<usize>,
    /// Silence in front that may have to go.
    held: BytesMut,
    /// Samples that were judged.
    judged: usize,
    /// From the first audible sample to the last, as made.
    audible: Option<Range<usize>>,
    /// Samples that were cut off.
    cut: usize,
    rise: Rise,
    has_begun: bool,
}

impl Alone {
    pub(super) fn new(max_leading: Option<usize>) -> Self {
        Self { max_leading, has_begun: max_leading.is_none(), ..Self::default() }
    }

    pub(super) fn push(&mut self, audio: Bytes) -> Bytes {
        self.listen(|ear, each| ear.hear(&audio, each));
        if self.has_begun {
            return self.raised(audio);
        }
        self.held.extend_from_slice(&audio);
        self.begin()
    }

    pub(super) fn finish(&mut self) -> Bytes {
        self.listen(|ear, each| ear.finish(each));
        if self.has_begun {
            return Bytes::new();
        }
        let first = self.begin();
        if !first.is_empty() {
            return first;
        }
        self.trim(self.max_leading.unwrap_or(usize::MAX));
        self.held.split().freeze()
    }

    /// Silence in front as it was made, in samples.
    pub(super) fn leading_silence(&self) -> Option<u64> {
        self.audible.as_ref().map(|audible| audible.start as u64)
    }

    /// From the first audible sample to the last, as sent.
    pub(super) fn audible(&self) -> Range<u64> {
        let sent = |index: usize| (index - self.cut) as u64;
        self.audible.as_ref().map_or(0..0, |audible| sent(audible.start)..sent(audible.end))
    }

    fn listen(&mut self, hear: impl FnOnce(&mut Ear, &mut dyn FnMut(&[f32], Option<Range<usize>>))) {
        let (judged, heard) = (&mut self.judged, &mut self.audible);
        hear(&mut self.ear, &mut |block, audible| {
            if let Some(audible) = audible {
                let start = heard.as_ref().map_or(*judged + audible.start, |heard| heard.start);
                *heard = Some(start..*judged + audible.end);
            }
            *judged += block.len();
        });
    }

    /// Lets go of what was held once something sounds; until then only as much is kept as could still be wanted.
    fn begin(&mut self) -> Bytes {
        let max = self.max_leading.unwrap_or(usize::MAX);
        let Some(audible) = &self.audible else {
            self.trim(max.saturating_add(BLOCK));
            return Bytes::new();
        };
        let excess = audible.start.saturating_sub(max);
        self.held.advance((excess - self.cut) * SAMPLE_BYTES);
        self.cut = excess;
        self.has_begun = true;
        if excess > 0 {
            self.rise.begin();
        }
        let held = self.held.split().freeze();
        self.raised(held)
    }

    fn trim(&mut self, samples: usize) {
        let excess = (self.held.len() / SAMPLE_BYTES).saturating_sub(samples);
        self.held.advance(excess * SAMPLE_BYTES);
        self.cut += excess;
    }

    fn raised(&mut self, audio: Bytes) -> Bytes {
        if self.rise.left() == 0 {
            return audio;
        }
        let mut audio = BytesMut::from(audio);
        let length = audio.len().min(self.rise.left() * SAMPLE_BYTES);
        for sample in audio[..length].chunks_exact_mut(SAMPLE_BYTES) {
            let value = from_i16(i16::from_le_bytes([sample[0], sample[1]]));
            sample.copy_from_slice(&to_i16(value * self.rise.next()).to_le_bytes());
        }
        audio.freeze()
    }
}
