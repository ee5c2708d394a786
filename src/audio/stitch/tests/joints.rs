//! Pauses, and that nothing of the speech is lost around them.

use proptest::prelude::*;

use crate::speech::Boundary;

use super::MILLI;
use super::Stitched;
use super::Stitcher;
use super::Style;
use super::levelled;
use super::pcm;
use super::stitch;
use super::stitch_sentences;
use super::trimmed;
use super::voice::Dice;
use super::voice::recorded;
use super::voice::speech;

const BOUNDARIES: [Boundary; 4] = [Boundary::Word, Boundary::Clause, Boundary::Sentence, Boundary::Paragraph];

fn pause(boundary: Boundary) -> usize {
    Style::default().pauses.samples(boundary)
}

/// The silence around `position`, in samples: the run in which nothing is louder than the noise of an engine.
fn silence_around(samples: &[i16], position: usize) -> usize {
    let is_loud = |sample: &i16| sample.unsigned_abs() > 60;
    let before = samples[..position].iter().rev().position(is_loud).unwrap();
    before + samples[position..].iter().position(is_loud).unwrap()
}

#[test]
fn every_pause_is_that_of_its_boundary_whatever_silence_came() {
    for seed in 0..16 {
        let dice = &mut Dice::new(seed);
        let mut spoken = || {
            let (sound, lead, trail) = (speech(dice, 0.7), dice.samples(2_000), dice.samples(2_000));
            recorded(dice, &sound, lead, trail, 20.0)
        };
        let segments: Vec<_> = BOUNDARIES.into_iter().chain([Boundary::Word]).map(|b| (spoken(), b)).collect();
        let style = if seed % 2 == 0 { Style::default() } else { levelled() };
        let Stitched { samples, heard, .. } = stitch(style, &segments, 2_400);
        for (pair, boundary) in heard.windows(2).zip(BOUNDARIES) {
            assert_eq!(pair[1].start - pair[0].end, pause(boundary));
            let measured = silence_around(&samples, pair[0].end.midpoint(pair[1].start));
            assert!(measured.abs_diff(pause(boundary)) <= 10 * MILLI, "{boundary:?}: {measured} samples");
        }
    }
}

#[test]
fn nothing_of_the_speech_is_lost_or_changed_but_its_offset() {
    let dice = &mut Dice::new(7);
    let spoken: Vec<Vec<f64>> = (0..4).map(|_| speech(dice, 1.5)).collect();
    let segments = spoken.iter().map(|sound| recorded(dice, sound, 4_000, 4_000, 33.0)).collect::<Vec<_>>();
    let stitched = stitch_sentences(Style::default(), segments.clone());
    for (segment, heard) in segments.iter().zip(&stitched.heard) {
        let start = segment.iter().position(|sample| sample.abs_diff(33) > 60).unwrap();
        let sent = &stitched.samples[heard.start - 4..heard.end];
        let likeness = (0..8).map(|shift| likeness(&segment[start - shift..], sent)).fold(0.0, f64::max);
        assert!(likeness > 0.998, "{likeness}");
        assert!(heard.len().abs_diff(segment.len() - 8_000) <= 10 * MILLI);
    }
}

/// The correlation of two sounds as far as both go.
fn likeness(a: &[i16], b: &[i16]) -> f64 {
    let product = |a: &[i16], b: &[i16]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let length = a.len().min(b.len());
    product(a, b) / (product(&a[..length], &a[..length]) * product(&b[..length], &b[..length])).sqrt()
}

#[test]
fn the_offset_is_gone() {
    let dice = &mut Dice::new(3);
    let segments: Vec<_> = [33.0, -27.0, 60.0]
        .map(|offset| {
            let sound = speech(dice, 2.0);
            recorded(dice, &sound, 5_000, 5_000, offset)
        })
        .into();
    let stitched = stitch_sentences(Style::default(), segments);
    let mean = |samples: &[i16]| samples.iter().map(|sample| f64::from(*sample)).sum::<f64>() / samples.len() as f64;
    for pair in stitched.heard.windows(2) {
        let rest = mean(&stitched.samples[pair[0].end + 50 * MILLI..pair[1].start]);
        assert!(rest.abs() < 1.5, "{rest}");
    }
    let whole = mean(&stitched.samples);
    assert!(whole.abs() < 1.0, "{whole}");
}

#[test]
fn silence_inside_a_segment_keeps_its_length_however_long() {
    let dice = &mut Dice::new(5);
    for millis in [300, 2_400, 4_000] {
        let sound = [speech(dice, 0.5), vec![0.0; millis * MILLI], speech(dice, 0.5)].concat();
        let (length, next) = (sound.len(), speech(dice, 0.5));
        let segments = [recorded(dice, &sound, 500, 30_000, 9.0), recorded(dice, &next, 500, 500, 9.0)];
        let stitched = stitch_sentences(levelled(), segments);
        assert!(stitched.heard[0].len().abs_diff(length) <= 10 * MILLI);
    }
}

#[test]
fn silence_longer_than_can_be_held_back_is_the_pause() {
    let dice = &mut Dice::new(6);
    let sound = speech(dice, 0.5);
    let segments = [recorded(dice, &sound, 0, 3_000 * MILLI, 0.0), recorded(dice, &sound, 0, 0, 0.0)];
    let heard = stitch_sentences(Style::default(), segments).heard;
    let made = heard[1].start - heard[0].end;
    assert!(made.abs_diff(500 * MILLI) <= 10 * MILLI, "{made}");
}

#[test]
fn a_silent_segment_adds_no_pause_of_its_own() {
    let dice = &mut Dice::new(8);
    let sound = speech(dice, 0.5);
    let mut spoken = |boundary| (recorded(dice, &sound, 3_000, 3_000, 0.0), boundary);
    let silent = |samples: usize, boundary| (vec![2; samples], boundary);
    for (length, boundary) in [(0, Boundary::Word), (50_000, Boundary::Sentence), (7, Boundary::Paragraph)] {
        let segments = [spoken(Boundary::Clause), silent(length, boundary), spoken(Boundary::Clause)];
        let heard = stitch(levelled(), &segments, 500).heard;
        assert!(heard[1].is_empty());
        assert_eq!(heard[2].start - heard[0].end, pause(Boundary::Clause).max(pause(boundary)));
    }
}

#[test]
fn segments_of_a_few_samples_pass() {
    for length in [1, 5, 47, 48, 49, 119, 121] {
        let segments = vec![vec![9_000_i16; length]; 4];
        let stitched = stitch_sentences(levelled(), segments);
        assert_eq!(stitched.heard.len(), 4);
        assert!(stitched.heard.iter().all(|heard| heard.len() <= length));
        assert!(stitched.samples.iter().any(|sample| *sample != 0));
    }
}

#[test]
fn nothing_at_all_is_nothing() {
    assert!(Stitcher::new(levelled()).finish().is_empty());
    let mut stitcher = Stitcher::new(levelled());
    assert!(stitcher.end_segment(Boundary::Sentence).is_empty());
    assert!(stitcher.push(pcm(&[]), true).is_empty());
    assert!(stitcher.finish().is_empty());
    assert_eq!((stitcher.ended(), stitcher.leading_silence()), (0..0, None));
}

#[test]
fn the_first_segment_is_held_back_by_less_than_ten_milliseconds() {
    let dice = &mut Dice::new(9);
    let sound = speech(dice, 3.0);
    let mut stitcher = Stitcher::new(levelled());
    let (mut taken, mut given) = (0, 0);
    for part in sound[..speech_before_rest(&sound)].chunks(50) {
        taken += part.len();
        given += stitcher.push(pcm(&recorded(dice, part, 0, 0, 0.0)), false).len() / 2;
        assert!(taken - given <= 10 * MILLI, "{} of {taken} samples are held back", taken - given);
    }
    assert!(given > 0);
}

/// How much is spoken before the voice rests for the first time.
fn speech_before_rest(sound: &[f64]) -> usize {
    sound.windows(100).position(|run| run.iter().all(|sample| *sample == 0.0)).unwrap_or(sound.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_output_is_the_same_however_the_input_is_split(
        seed in any::<u64>(),
        lengths in prop::collection::vec((0_usize..900, 0..30_000_usize, 0_usize..3), 1..4),
        piece in 1_usize..5_000,
        even_level in any::<bool>(),
        max_leading in prop::option::of(0..400_u64),
    ) {
        let dice = &mut Dice::new(seed);
        let segments: Vec<_> = lengths
            .into_iter()
            .map(|(edge, speech_samples, boundary)| {
                let mut sound = speech(dice, 0.2);
                sound.resize(sound.len().min(speech_samples), 0.0);
                let (lead, trail) = (dice.samples(edge + 1), dice.samples(edge + 1));
                (recorded(dice, &sound, lead, trail, 6.0), BOUNDARIES[boundary])
            })
            .collect();
        let trim = max_leading.map(trimmed).unwrap_or_default();
        let style = Style { even_level, ..trim };
        let split = stitch(style.clone(), &segments, piece);
        let whole = stitch(style, &segments, usize::MAX);
        prop_assert!(split.samples == whole.samples);
        prop_assert_eq!(split.heard, whole.heard);
        prop_assert_eq!(split.leading_silence, whole.leading_silence);
    }
}
