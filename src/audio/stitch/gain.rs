//! Brings each further segment to the loudness of what was sent before it.
//!
//! A segment's first two seconds of sound are held back to learn how loud it is. With real speech of uneven level that leaves
//! steps above 1.5 LU at 5 joints of 1000, where 1.5 s leave 10, one second leaves 90 and three gain next to nothing. From
//! then on nothing is held back, and the gain follows what is learned later so slowly that nobody hears it move. The first
//! segment stays as it was made: nobody waits for it.

use super::loudness::Blocks;
use super::loudness::Meter;
use super::loudness::STEP;
use super::loudness::loudness;

/// Sound that is held back at the beginning of a further segment, in steps of 100 ms.
const HELD_SOUND_STEPS: usize = 20;

/// The most that is held back, sound or not, in steps: a voice may well fall silent after its first word.
const HELD_STEPS: usize = 30;

/// Steps that a segment stays at the level of its beginning: 3 s.
const BEGINNING_STEPS: usize = 30;

/// A step counts as sound above this, in LUFS.
const SOUND: f64 = -50.0;

/// Blocks that set the level of the utterance: the first 20 s. A level that went on moving with what is sent would be
/// carried away by voices that begin each segment louder than they end it.
const ANCHOR_BLOCKS: usize = 200;

/// Blocks that tell what a listener has just heard: 3 s. A segment begins at their level, lest the end of a falling sentence
/// be followed by a leap to the mean of the voice.
const RECENT_BLOCKS: usize = 30;

/// How far the beginning of a segment is aimed away from the level of the utterance at most, in LU.
const REACH: f64 = 1.5;

/// Blocks of the present segment by which it is judged: the last minute.
const HEARD_BLOCKS: usize = 600;

/// Largest gain up or down, in dB: twice the spread of a speech endpoint's own answers, with a little to spare. More
/// would raise the noise of a recording, or what is meant to be a whisper.
const LARGEST: f64 = 12.0;

/// Differences that nobody hears, in LU. They are left alone.
const UNHEARD: f64 = 0.3;

/// How far the gain moves in one step, in dB: 1.5 dB per second, which is less than a voice itself moves in a sentence.
const SLEW: f64 = 0.15;

/// What a segment is to the gain.
#[derive(Debug, PartialEq)]
enum Stage {
    /// It sets the level.
    Reference,
    /// It is held back until it is known how loud it is.
    Listening,
    /// It is sent as it comes.
    Following,
}

/// Levels the segments of one utterance.
#[derive(Debug)]
pub(super) struct Leveller {
    stage: Stage,
    meter: Meter,
    /// Blocks of the present segment, as made.
    heard: Blocks,
    /// Blocks of the utterance, as sent: the first and the latest.
    anchor: Blocks,
    recent: Blocks,
    /// What the present segment is brought to, in LUFS: its beginning, and the rest of it.
    beginning: f64,
    level: f64,
    gain: Gain,
    held: Vec<f32>,
    /// Steps of the present segment so far, and those of them that are sound.
    steps: usize,
    sound_steps: usize,
}

impl Default for Leveller {
    fn default() -> Self {
        Self {
            stage: Stage::Reference,
            meter: Meter::default(),
            heard: Blocks::new(HEARD_BLOCKS),
            anchor: Blocks::new(ANCHOR_BLOCKS),
            recent: Blocks::new(RECENT_BLOCKS),
            beginning: 0.0,
            level: 0.0,
            gain: Gain::default(),
            held: Vec::new(),
            steps: 0,
            sound_steps: 0,
        }
    }
}

impl Leveller {
    /// What belongs to no segment, or to a pause: passes with the present gain and is not measured.
    pub(super) fn pass(&mut self, sound: &[f32], out: &mut Vec<f32>) {
        if self.stage == Stage::Listening {
            self.held.extend_from_slice(sound);
        } else {
            self.gain.apply(sound, out);
        }
    }

    /// A further segment begins.
    pub(super) fn begin(&mut self) {
        let (Some(level), Some(recent)) = (self.anchor.loudness(), self.recent.loudness()) else {
            return;
        };
        self.level = level;
        self.beginning = recent.clamp(level - REACH, level + REACH);
        self.stage = Stage::Listening;
    }

    /// Takes sound of the present segment and returns what may be sent.
    pub(super) fn push(&mut self, sound: &[f32], out: &mut Vec<f32>) {
        let mut rest = sound;
        while !rest.is_empty() {
            let (part, later) = rest.split_at(rest.len().min(self.meter.room()));
            rest = later;
            self.meter.measure(part);
            self.pass(part, out);
            if self.meter.room() == 0 {
                self.step(out);
            }
        }
    }

    /// The present segment is over.
    pub(super) fn end(&mut self, out: &mut Vec<f32>) {
        if let Some(block) = std::mem::take(&mut self.meter).finish() {
            self.learn(block);
        }
        self.settle(out);
        self.gain.rest();
        self.heard.clear();
        (self.steps, self.sound_steps) = (0, 0);
    }

    fn step(&mut self, out: &mut Vec<f32>) {
        let is_sound = loudness(self.meter.step()) > SOUND;
        self.steps += 1;
        self.sound_steps += usize::from(is_sound);
        if let Some(block) = self.meter.block() {
            self.learn(block);
        }
        match self.stage {
            Stage::Reference => {}
            Stage::Listening => {
                if self.sound_steps >= HELD_SOUND_STEPS || self.steps >= HELD_STEPS {
                    self.settle(out);
                }
            }
            Stage::Following => {
                let wanted = self.wanted();
                self.gain.approach(wanted);
            }
        }
    }

    fn learn(&mut self, block: f64) {
        if self.stage != Stage::Reference {
            self.heard.push(block);
        }
        if self.stage != Stage::Listening {
            self.book(block);
        }
    }

    /// A block was sent.
    fn book(&mut self, block: f64) {
        let sent = block * self.gain.power();
        self.recent.push(sent);
        if !self.anchor.is_full() {
            self.anchor.push(sent);
        }
    }

    /// Chooses the gain of a segment that was held back, and lets go of it.
    fn settle(&mut self, out: &mut Vec<f32>) {
        if self.stage != Stage::Listening {
            return;
        }
        self.gain.set(self.wanted());
        let heard = std::mem::replace(&mut self.heard, Blocks::new(HEARD_BLOCKS));
        heard.iter().for_each(|block| self.book(block));
        self.heard = heard;
        self.gain.apply(&self.held, out);
        self.held.clear();
        self.stage = Stage::Following;
    }

    /// The gain that brings the present segment to its target, as far as it is known, in dB.
    fn wanted(&self) -> f64 {
        let target = if self.steps <= BEGINNING_STEPS { self.beginning } else { self.level };
        let gain = target - self.heard.loudness().unwrap_or(target);
        if gain.abs() < UNHEARD { 0.0 } else { gain.clamp(-LARGEST, LARGEST) }
    }
}

/// A factor that moves without steps.
#[derive(Debug)]
struct Gain {
    /// Where it is going, in dB; it arrives a step of 100 ms after it was told.
    decibels: f64,
    factor: f32,
    /// What it moves by per sample.
    slope: f32,
}

impl Default for Gain {
    fn default() -> Self {
        Self { decibels: 0.0, factor: 1.0, slope: 0.0 }
    }
}

impl Gain {
    fn set(&mut self, decibels: f64) {
        self.decibels = decibels;
        self.rest();
    }

    /// Stays where it was going.
    fn rest(&mut self) {
        (self.factor, self.slope) = (factor(self.decibels), 0.0);
    }

    /// Moves towards `wanted` during the next step, unless the difference is too small to be heard.
    fn approach(&mut self, wanted: f64) {
        self.rest();
        let missing = wanted - self.decibels;
        if missing.abs() >= UNHEARD {
            self.decibels += missing.clamp(-SLEW, SLEW);
            self.slope = (factor(self.decibels) - self.factor) / PER_STEP;
        }
    }

    fn power(&self) -> f64 {
        f64::from(self.factor).powi(2)
    }

    fn apply(&mut self, sound: &[f32], out: &mut Vec<f32>) {
        for sample in sound {
            out.push(sample * self.factor);
            self.factor += self.slope;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "2400 is exact")]
const PER_STEP: f32 = STEP as f32;

#[expect(clippy::cast_possible_truncation, reason = "a factor between a quarter and four")]
fn factor(decibels: f64) -> f32 {
    10.0_f64.powf(decibels / 20.0) as f32
}
