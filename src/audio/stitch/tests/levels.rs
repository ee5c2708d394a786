//! Loudness and true peak, as an independent meter sees them.

use ebur128::EbuR128;
use ebur128::Mode;

use super::Stitched;
use super::levelled;
use super::stitch_sentences;
use super::voice::Dice;
use super::voice::louder;
use super::voice::recorded;
use super::voice::speech;

/// Three seconds, in samples.
const AROUND: usize = 72_000;

fn loudness(samples: &[i16]) -> f64 {
    let mut meter = EbuR128::new(1, 24_000, Mode::I).unwrap();
    meter.add_frames_i16(samples).unwrap();
    meter.loudness_global().unwrap()
}

fn true_peak(samples: &[i16]) -> f64 {
    let mut meter = EbuR128::new(1, 24_000, Mode::TRUE_PEAK).unwrap();
    meter.add_frames_i16(samples).unwrap();
    20.0 * meter.true_peak(0).unwrap().log10()
}

/// Five segments of six seconds, each up to `decibels` louder or softer than the voice.
fn uneven(seed: u64, decibels: f64) -> Vec<Vec<i16>> {
    let dice = &mut Dice::new(seed);
    (0..5)
        .map(|_| {
            let (sound, gain) = (speech(dice, 6.0), dice.between(-decibels, decibels));
            let (lead, trail) = (dice.samples(1_000), dice.samples(1_000));
            recorded(dice, &louder(&sound, gain), lead, trail, 6.0)
        })
        .collect()
}

/// The largest step from the three seconds before a joint to those behind it, in LU.
fn largest_step(stitched: &Stitched) -> f64 {
    let step = |(end, start): (usize, usize)| {
        let (before, after) = (&stitched.samples[end - AROUND..end], &stitched.samples[start..start + AROUND]);
        (loudness(after) - loudness(before)).abs()
    };
    stitched.heard.windows(2).map(|pair| step((pair[0].end, pair[1].start))).fold(0.0, f64::max)
}

#[test]
fn no_joint_is_a_step_in_loudness_and_nothing_clips() {
    let mut largest_before = 0.0_f64;
    for seed in 0..6 {
        let segments = uneven(seed, 6.0);
        let before = stitch_sentences(super::Style::default(), segments.clone());
        largest_before = largest_before.max(largest_step(&before));
        let stitched = stitch_sentences(levelled(), segments);
        let step = largest_step(&stitched);
        assert!(step <= 1.5, "{step} LU with seed {seed}");
        let peak = true_peak(&stitched.samples);
        assert!(peak <= -1.0, "{peak} dBTP");
    }
    assert!(largest_before > 5.0, "the segments were even before: {largest_before} LU");
}

#[test]
fn the_level_does_not_wander() {
    let segments: Vec<_> = (0..4).flat_map(|seed| uneven(100 + seed, 6.0)).collect();
    let stitched = stitch_sentences(levelled(), segments);
    let levels: Vec<f64> = stitched.heard.iter().map(|heard| loudness(&stitched.samples[heard.clone()])).collect();
    for level in &levels {
        assert!((level - levels[0]).abs() <= 1.5, "{levels:?}");
    }
}

#[test]
fn the_first_segment_keeps_its_level_to_the_sample() {
    let segments = uneven(5, 3.0);
    let plain = stitch_sentences(super::Style::default(), segments.clone());
    let stitched = stitch_sentences(levelled(), segments);
    let end = plain.heard[0].end;
    assert_eq!(stitched.samples[..end], plain.samples[..end]);
    assert_eq!(stitched.heard, plain.heard);
}

#[test]
fn a_short_word_is_levelled_too() {
    let dice = &mut Dice::new(11);
    let (long, word) = (speech(dice, 4.0), speech(dice, 0.3));
    let soft = louder(&word, -8.0);
    let segments = [recorded(dice, &long, 0, 0, 0.0), recorded(dice, &soft, 100, 100, 0.0)];
    let stitched = stitch_sentences(levelled(), segments);
    let peak = |samples: &[i16]| samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
    let raised = 20.0 * (f64::from(peak(&stitched.samples[stitched.heard[1].clone()])) / 32_768.0).log10();
    let before = 20.0 * soft.iter().fold(0.0_f64, |peak, sample| peak.max(sample.abs())).log10();
    assert!(raised - before > 4.0, "{before} to {raised} dBFS");
}

#[test]
fn an_engine_that_clips_is_limited_from_the_first_sample_on() {
    let dice = &mut Dice::new(12);
    let sound = louder(&speech(dice, 3.0), 12.0);
    let segments: Vec<_> = (0..2).map(|_| recorded(dice, &sound, 10, 10, 0.0)).collect();
    assert!(true_peak(&segments[0]) > 0.0);
    let stitched = stitch_sentences(levelled(), segments);
    let peak = true_peak(&stitched.samples);
    assert!(peak <= -1.0, "{peak} dBTP");
}
