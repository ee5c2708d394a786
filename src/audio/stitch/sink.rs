//! The last stretch of several segments: levelled, limited, and as 16-bit samples again.

use bytes::BufMut;
use bytes::Bytes;
use bytes::BytesMut;

use crate::audio::pcm::to_i16;

use super::gain::Leveller;
use super::limit::Limiter;

/// Turns sound from -1 to 1 into samples.
#[derive(Debug)]
pub(super) struct Sink {
    level: Option<Level>,
    out: BytesMut,
}

/// What evening the level takes.
#[derive(Debug, Default)]
struct Level {
    leveller: Leveller,
    limiter: Limiter,
    /// Levelled, and soon limited.
    levelled: Vec<f32>,
}

impl Sink {
    /// A sink that evens the level, or leaves it as it is.
    pub(super) fn new(even_level: bool) -> Self {
        Self { level: even_level.then(Level::default), out: BytesMut::new() }
    }

    /// Sound that belongs to a segment.
    pub(super) fn speech(&mut self, sound: &[f32]) {
        self.send(sound, Leveller::push);
    }

    /// Sound that lies between segments, or before the first.
    pub(super) fn silence(&mut self, sound: &[f32]) {
        self.send(sound, Leveller::pass);
    }

    /// A segment begins that is not the first to sound.
    pub(super) fn begin(&mut self) {
        if let Some(level) = &mut self.level {
            level.leveller.begin();
        }
    }

    /// The present segment ends.
    pub(super) fn end(&mut self) {
        self.send(&[], |leveller, _, out| leveller.end(out));
    }

    /// The utterance ends.
    pub(super) fn finish(&mut self) {
        self.end();
        if let Some(level) = &mut self.level {
            let out = &mut self.out;
            level.limiter.finish(|sample| out.put_i16_le(to_i16(sample)));
        }
    }

    /// What is ready.
    pub(super) fn take(&mut self) -> Bytes {
        self.out.split().freeze()
    }

    fn send(&mut self, sound: &[f32], level: impl FnOnce(&mut Leveller, &[f32], &mut Vec<f32>)) {
        let out = &mut self.out;
        let Some(Level { leveller, limiter, levelled }) = &mut self.level else {
            out.extend(sound.iter().flat_map(|sample| to_i16(*sample).to_le_bytes()));
            return;
        };
        level(leveller, sound, levelled);
        limiter.push(levelled, |sample| out.put_i16_le(to_i16(sample)));
        levelled.clear();
    }
}
