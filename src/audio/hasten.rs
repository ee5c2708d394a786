//! Makes speech faster without raising its pitch.
//!
//! Overlapping windows are taken from the speech at longer steps than those at which they are put down again, each where it
//! fits best to what came before (WSOLA: Verhelst and Roelands, ICASSP 1993, <https://doi.org/10.1109/ICASSP.1993.319366>).
//! It is meant for what is beyond an engine's own speeds, between once and four times as fast.

use std::collections::VecDeque;

use bytes::Bytes;
use bytes::BytesMut;

use super::pcm::from_i16;
use super::pcm::samples;
use super::pcm::to_i16;

/// Step at which windows are put down: 10 ms of 24 kHz samples. A window is twice as long, and so holds a period of any voice.
const STEP: usize = 240;
const WINDOW: usize = 2 * STEP;

/// How far a window may be moved to fit, in samples to either side: 5 ms, half a period of a deep voice.
const REACH: usize = 120;

/// Shortens 24 kHz 16-bit mono PCM, a stream at a time.
pub struct Hasten {
    factor: f64,
    /// Samples from `start` on that may still be needed.
    heard: VecDeque<f32>,
    start: usize,
    /// Windows put down so far.
    windows: usize,
    /// Where the last window began.
    last: usize,
    /// The second half of what was put down last, which the next window overlaps.
    tail: Vec<f32>,
    fade: Vec<f32>,
}

impl Hasten {
    /// Shortens by `factor`, which lies between 1 and 4; others are brought there.
    pub fn new(factor: f64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a window has a few hundred samples")]
        let fade = |at: usize| {
            let angle = std::f32::consts::PI * (at as f32 + 0.5) / WINDOW as f32;
            angle.sin().powi(2)
        };
        Self {
            factor: factor.clamp(1.0, 4.0),
            heard: VecDeque::new(),
            start: 0,
            windows: 0,
            last: 0,
            tail: Vec::new(),
            fade: (0..STEP).map(fade).collect(),
        }
    }

    /// Takes whole samples, and gives those that are ready.
    pub fn push(&mut self, pcm: &[u8]) -> Bytes {
        self.heard.extend(samples(pcm).map(from_i16));
        let mut out = BytesMut::new();
        while self.has(self.due() + REACH + WINDOW) && self.has(self.last + STEP + WINDOW) {
            let at = self.best();
            self.put_down(at, &mut out);
        }
        self.forget();
        out.freeze()
    }

    /// The end: what was held back.
    pub fn finish(mut self) -> Bytes {
        let mut out = BytesMut::new();
        let end = self.start + self.heard.len();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "samples"
        )]
        let length = (end as f64 / self.factor).round() as usize;
        let made = self.windows * STEP;
        // What is left is too short to be searched; it is faded in from where it continues what was put down.
        let left = length.saturating_sub(made);
        let from = end.saturating_sub(left);
        for at in 0..left {
            let fresh = self.sample(from + at);
            let sample = match self.tail.get(at) {
                Some(old) => old * (1.0 - self.fade[at]) + fresh * self.fade[at],
                None => fresh,
            };
            out.extend_from_slice(&to_i16(sample).to_le_bytes());
        }
        self.heard.clear();
        out.freeze()
    }

    /// Where the next window would begin if it need not fit.
    fn due(&self) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "samples"
        )]
        let due = (self.windows as f64 * STEP as f64 * self.factor).round() as usize;
        due
    }

    fn has(&self, end: usize) -> bool {
        self.start + self.heard.len() >= end
    }

    fn sample(&self, at: usize) -> f32 {
        at.checked_sub(self.start).and_then(|at| self.heard.get(at)).copied().unwrap_or_default()
    }

    /// Where around its place the next window continues best what was put down last.
    fn best(&self) -> usize {
        let due = self.due();
        if self.windows == 0 {
            return due;
        }
        let wanted: Vec<f32> = (0..STEP).map(|at| self.sample(self.last + STEP + at)).collect();
        let places = due.saturating_sub(REACH).max(self.start)..=due + REACH;
        let likeness = |place: usize| {
            let (mut product, mut power) = (0.0_f32, 1e-9_f32);
            for (at, wanted) in wanted.iter().enumerate() {
                let sample = self.sample(place + at);
                product += wanted * sample;
                power += sample * sample;
            }
            product / power.sqrt()
        };
        let best = places.map(|place| (place, likeness(place))).max_by(|a, b| a.1.total_cmp(&b.1));
        best.map_or(due, |(place, _)| place)
    }

    /// Puts the window at `at` behind what there is: its first half fades in over the tail, its second half is the new tail.
    fn put_down(&mut self, at: usize, out: &mut BytesMut) {
        for step in 0..STEP {
            let fresh = self.sample(at + step);
            let sample = match self.tail.get(step) {
                Some(old) => old * (1.0 - self.fade[step]) + fresh * self.fade[step],
                None => fresh,
            };
            out.extend_from_slice(&to_i16(sample).to_le_bytes());
        }
        self.tail = (STEP..WINDOW).map(|step| self.sample(at + step)).collect();
        self.last = at;
        self.windows += 1;
    }

    /// Lets go of samples that no window can need any more.
    fn forget(&mut self) {
        let needed = self.due().saturating_sub(REACH).min(self.last + STEP);
        let gone = needed.saturating_sub(self.start).min(self.heard.len());
        self.heard.drain(..gone);
        self.start += gone;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    #![expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "samples and their times are small numbers"
    )]

    use std::f64::consts::TAU;

    use proptest::prelude::*;

    use super::Hasten;

    fn tone(hertz: f64, seconds: f64) -> Vec<u8> {
        let count = (seconds * 24_000.0) as usize;
        let sample = |at: usize| ((TAU * hertz * at as f64 / 24_000.0).sin() * 12_000.0) as i16;
        (0..count).flat_map(|at| sample(at).to_le_bytes()).collect()
    }

    fn hastened(pcm: &[u8], factor: f64, piece: usize) -> Vec<i16> {
        let mut hasten = Hasten::new(factor);
        let mut out = Vec::new();
        pcm.chunks(piece * 2).for_each(|piece| out.extend_from_slice(&hasten.push(piece)));
        out.extend_from_slice(&hasten.finish());
        out.chunks_exact(2).map(|sample| i16::from_le_bytes([sample[0], sample[1]])).collect()
    }

    /// Rising zero crossings per second.
    fn pitch(samples: &[i16]) -> f64 {
        let rising = samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
        rising as f64 * 24_000.0 / samples.len() as f64
    }

    #[test]
    fn it_takes_less_time_and_has_the_same_pitch_and_level() {
        for factor in [1.1, 4.0 / 3.0, 2.0, 2.7, 4.0] {
            for hertz in [90.0, 220.0, 440.0, 1000.0] {
                let fast = hastened(&tone(hertz, 3.0), factor, 777);
                let wanted = 72_000.0 / factor;
                assert!((fast.len() as f64 - wanted).abs() <= 1.0, "{factor}: {} samples", fast.len());
                // A second of it has so many periods, give or take the one at its edges.
                let off = (pitch(&fast) - hertz).abs();
                assert!(off < hertz * 0.01 + 24_000.0 / wanted, "{factor}: {} Hz of {hertz}", pitch(&fast));
                let power = fast.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / fast.len() as f64;
                let level = 20.0 * (power.sqrt() / (12_000.0 / 2.0_f64.sqrt())).log10();
                assert!(level.abs() < 0.5, "{factor}, {hertz} Hz: {level} dB");
            }
        }
    }

    #[test]
    fn it_does_not_click() {
        let fast = hastened(&tone(220.0, 2.0), 1.6, 480);
        // The steepest step of the tone itself.
        let steepest = 12_000.0 * TAU * 220.0 / 24_000.0;
        let most = fast.windows(2).map(|pair| (i32::from(pair[0]) - i32::from(pair[1])).abs()).max().unwrap();
        assert!(f64::from(most) < steepest * 1.5, "{most} of {steepest}");
    }

    #[test]
    fn nothing_and_little_pass() {
        assert!(hastened(&[], 2.0, 100).is_empty());
        assert_eq!(hastened(&tone(300.0, 0.01), 2.0, 100).len(), 120);
    }

    proptest! {
        #[test]
        fn how_it_is_cut_makes_no_difference(piece in 1_usize..4000, factor in 1.0..4.0_f64) {
            let pcm = tone(187.0, 0.7);
            prop_assert_eq!(hastened(&pcm, factor, piece), hastened(&pcm, factor, 100_000));
        }
    }
}
