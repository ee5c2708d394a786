//! What is taken out of a text before it is spoken, and what is said instead.
//!
//! A text arrives in deltas that are cut anywhere, within a word, an emoji or a mark, and what is spoken does not
//! depend on how it was cut. So each [`Stage`] is an automaton over code points that holds back what it cannot decide
//! yet, never more than a fixed number of them. The order of the stages is that of reading: [`markdown`] is about
//! lines, [`emoji`] about pictures in them, [`pronounce`] about the words that are left.
//!
//! Every code point carries the place in the caller's text that it stands for ([`glyph`]), because a caller is told
//! when which of his words are heard; the [`Script`] keeps these places in runs ([`tracks`](crate::speech::tracks)).

mod emoji;
mod glyph;
mod markdown;
mod phrase;
mod pronounce;
mod script;

use std::mem;

use self::emoji::Emoji;
use self::glyph::Glyph;
use self::markdown::Markdown;
use self::pronounce::Pronounce;
pub use self::script::Script;
use crate::speech::Processing;

/// How many code points may wait for a decision at any time.
pub const MAX_HELD: usize = markdown::MAX_HELD + emoji::MAX_HELD + pronounce::MAX_HELD;

/// A step from the caller's text to what is spoken.
trait Stage: Send + Sync {
    /// Reads one more code point, and lets go of what is certain.
    fn push(&mut self, glyph: Glyph, out: &mut Vec<Glyph>);

    /// Lets go of everything, decided as it stands.
    fn settle(&mut self, out: &mut Vec<Glyph>);

    /// How many code points wait for a decision.
    fn held(&self) -> usize;
}

/// Cleans text as it comes.
pub struct Cleaner {
    stages: Vec<Box<dyn Stage>>,
    /// How many code points came so far.
    chars: usize,
    /// What goes from one stage to the next, and what comes out of that one; empty between calls.
    wave: (Vec<Glyph>, Vec<Glyph>),
}

impl Cleaner {
    /// One that does what `processing` says, for a text from its first code point on.
    pub fn new(processing: &Processing) -> Self {
        let mut stages: Vec<Box<dyn Stage>> = Vec::new();
        if processing.strip_markdown {
            stages.push(Box::new(Markdown::new()));
        }
        if processing.strip_emoji {
            stages.push(Box::new(Emoji::default()));
        }
        let pronounce = Pronounce::new(&processing.pronunciations);
        if !pronounce.is_idle() {
            stages.push(Box::new(pronounce));
        }
        Self { stages, chars: 0, wave: (Vec::new(), Vec::new()) }
    }

    /// Reads the next part of the text, appends what is certain to `script` and holds back the rest.
    pub fn push(&mut self, delta: &str, script: &mut Script) {
        if self.stages.is_empty() {
            let chars = delta.chars().count();
            script.put_own(delta, self.chars, chars);
            self.chars += chars;
            return;
        }
        for c in delta.chars() {
            self.wave.0.push(Glyph::own(c, self.chars));
            self.chars += 1;
            self.flow(script, |_, _| ());
        }
    }

    /// No more text for now: whatever is held back is decided as it stands (end of utterance, flush, a writer who
    /// pauses).
    pub fn settle(&mut self, script: &mut Script) {
        self.flow(script, |stage, out| stage.settle(out));
    }

    /// How many code points wait for a decision; at most [`MAX_HELD`], and none once they are settled.
    pub fn held_chars(&self) -> usize {
        self.stages.iter().map(|stage| stage.held()).sum()
    }

    /// Sends the wave through all stages, each of which may add to what comes out of it.
    fn flow(&mut self, script: &mut Script, finish: impl Fn(&mut dyn Stage, &mut Vec<Glyph>)) {
        let (wave, next) = &mut self.wave;
        for stage in &mut self.stages {
            wave.drain(..).for_each(|glyph| stage.push(glyph, next));
            finish(stage.as_mut(), next);
            mem::swap(wave, next);
        }
        wave.drain(..).for_each(|glyph| script.put(glyph));
    }
}

#[cfg(test)]
mod tests;
