//! Segment after segment: what lies between the last sound of one and the first of the next becomes a pause.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

use crate::speech::Boundary;

use super::Style;
use super::edge::Ear;
use super::fade::FADE;
use super::fade::Rise;
use super::fade::fall;
use super::of_millis;
use super::samples_of;
use super::sink::Sink;

/// Silence that is held back while nothing tells whether the segment goes on behind it: 2.5 s, where the longest that was
/// recorded at the end of an answer is 1.7 s. Of longer silence the beginning is sent, and counts as part of the pause.
const HELD_SILENCE: usize = of_millis(2_500);

/// Joins the segments of one utterance.
#[derive(Debug)]
pub(super) struct Several {
    style: Style,
    ear: Ear,
    /// What is sent before the present segment sounds, and what is held back.
    held: VecDeque<f32>,
    scratch: Vec<f32>,
    rise: Rise,
    /// Samples of the utterance behind which the next one is sent.
    position: u64,
    /// Silence that the utterance began with.
    leading: u64,
    has_sounded: bool,
    segment: Option<Sounding>,
    pause: Option<Pause>,
    ended: Range<u64>,
    is_over: bool,
    sink: Sink,
}

/// A segment that has been heard.
#[derive(Debug)]
struct Sounding {
    /// Position of its first audible sample.
    start: u64,
    /// Samples since its last audible one, held back or not.
    silence: usize,
    /// Those of them that are still held back. In front of them lies the last moment of sound.
    held_silence: usize,
}

/// A pause whose beginning is sent.
#[derive(Debug)]
struct Pause {
    whole: usize,
    /// Samples that are still to come.
    left: usize,
}

impl Several {
    pub(super) fn new(style: Style) -> Self {
        Self {
            sink: Sink::new(style.even_level),
            style,
            ear: Ear::default(),
            held: VecDeque::new(),
            scratch: Vec::new(),
            rise: Rise::default(),
            position: 0,
            leading: 0,
            has_sounded: false,
            segment: None,
            pause: None,
            ended: 0..0,
            is_over: false,
        }
    }

    pub(super) fn push(&mut self, audio: &[u8], is_last: bool) -> Bytes {
        let mut ear = std::mem::take(&mut self.ear);
        ear.hear(audio, |block, audible| self.take(block, audible, is_last));
        self.ear = ear;
        self.sink.take()
    }

    pub(super) fn end_segment(&mut self, boundary: Boundary) -> Bytes {
        std::mem::take(&mut self.ear).finish(|block, audible| self.take(block, audible, false));
        let whole = self.style.pauses.samples(boundary);
        match (self.segment.take(), &mut self.pause) {
            (Some(segment), _) => self.rest(&segment, whole),
            // A segment without a sound: of the pauses on either side only the longer is made.
            (None, Some(pause)) => {
                pause.left += whole.saturating_sub(pause.whole);
                pause.whole = pause.whole.max(whole);
                self.held.clear();
                self.ended = self.position..self.position;
            }
            // Nothing was heard yet; all of it is silence that the utterance begins with.
            (None, None) => {}
        }
        self.sink.take()
    }

    pub(super) fn finish(&mut self) -> Bytes {
        if std::mem::replace(&mut self.is_over, true) {
            return Bytes::new();
        }
        std::mem::take(&mut self.ear).finish(|block, audible| self.take(block, audible, true));
        let heard_to = if self.segment.is_some() { self.heard_to() } else { self.position };
        if self.segment.is_some() || self.pause.is_none() {
            self.send_held(self.held.len());
        }
        self.held.clear();
        self.ended = self.segment.take().map_or(heard_to..heard_to, |segment| segment.start..heard_to);
        self.sink.finish();
        self.sink.take()
    }

    pub(super) fn ended(&self) -> Range<u64> {
        self.ended.clone()
    }

    pub(super) fn begun(&self) -> Option<u64> {
        self.segment.as_ref().map(|segment| segment.start)
    }

    pub(super) fn leading_silence(&self) -> Option<u64> {
        self.has_sounded.then_some(self.leading)
    }

    /// One block of the present segment.
    fn take(&mut self, block: &[f32], audible: Option<Range<usize>>, is_last: bool) {
        let (sound, silence) = block.split_at(audible.as_ref().map_or(0, |audible| audible.end));
        let mut sound = sound;
        if self.segment.is_none()
            && let Some(audible) = audible
        {
            let (before, after) = sound.split_at(audible.start);
            self.await_sound(before);
            self.begin();
            sound = after;
        }
        if self.segment.is_none() {
            return self.await_sound(silence);
        }
        self.sound(sound);
        self.fall_silent(silence);
        if is_last {
            self.send_held(self.held.len());
        }
    }

    /// Silence before the present segment is heard: as much is kept as may still be wanted.
    fn await_sound(&mut self, silence: &[f32]) {
        self.held.extend(silence);
        let wanted = if let Some(pause) = &self.pause {
            pause.left
        } else {
            self.leading += silence.len() as u64;
            let Some(max) = self.style.max_leading_silence else {
                return self.send_held(self.held.len());
            };
            samples_of(max)
        };
        self.held.drain(..self.held.len().saturating_sub(wanted));
    }

    /// The present segment begins to be heard.
    fn begin(&mut self) {
        let kept = self.held.len();
        if let Some(pause) = self.pause.take() {
            self.send_zeros(pause.left.saturating_sub(kept));
            self.sink.begin();
            self.rise.begin();
        } else if self.position == 0 && self.leading > kept as u64 {
            self.rise.begin();
        }
        self.has_sounded = true;
        self.send_held(kept);
        self.segment = Some(Sounding { start: self.position, silence: 0, held_silence: 0 });
    }

    /// Sound of the present segment, and the silence before it which turns out to lie inside the segment.
    fn sound(&mut self, sound: &[f32]) {
        let Some(segment) = self.segment.as_mut().filter(|_| !sound.is_empty()) else {
            return;
        };
        (segment.silence, segment.held_silence) = (0, 0);
        self.held.extend(sound);
        self.send_held(self.held.len().saturating_sub(FADE));
    }

    fn fall_silent(&mut self, silence: &[f32]) {
        let Some(segment) = &mut self.segment else {
            return;
        };
        segment.silence += silence.len();
        segment.held_silence += silence.len();
        self.held.extend(silence);
        self.send_held(self.held.len().saturating_sub(HELD_SILENCE));
    }

    /// The present segment has ended, and a pause of `whole` samples begins, the first half of it with the silence that the
    /// segment ended with.
    fn rest(&mut self, segment: &Sounding, whole: usize) {
        let heard_to = self.position + self.held.len() as u64 - segment.silence as u64;
        let left = whole.saturating_sub(segment.silence - segment.held_silence);
        let kept = segment.held_silence.min(left / 2);
        self.held.truncate(self.held.len() - segment.held_silence + kept);
        fall(self.held.make_contiguous());
        self.send_held(self.held.len());
        self.sink.end();
        self.ended = segment.start..heard_to;
        self.pause = Some(Pause { whole, left: left - kept });
    }

    fn send_zeros(&mut self, count: usize) {
        self.scratch.resize(count, 0.0);
        self.sink.silence(&self.scratch);
        self.scratch.clear();
        self.position += count as u64;
    }

    /// Sends the first `count` samples of what is held.
    fn send_held(&mut self, count: usize) {
        let rise = &mut self.rise;
        self.scratch.extend(self.held.drain(..count).map(|sample| sample * rise.next()));
        if self.segment.is_some() {
            self.sink.speech(&self.scratch);
        } else {
            self.sink.silence(&self.scratch);
        }
        self.scratch.clear();
        self.position += count as u64;
        if let Some(segment) = &mut self.segment {
            segment.held_silence = segment.held_silence.min(self.held.len());
        }
    }

    /// Where the last audible sample of the present segment ends.
    fn heard_to(&self) -> u64 {
        let silence = self.segment.as_ref().map_or(0, |segment| segment.silence);
        self.position + self.held.len() as u64 - silence as u64
    }
}
