//! A detector of clicks, tested on clicks.

use crate::speech::Boundary;

use super::MILLI;
use super::Style;
use super::levelled;
use super::stitch;
use super::voice::Dice;
use super::voice::recorded;
use super::voice::speech;

/// Where the bend from one sample to the next is far greater than any other within 15 ms, which spans a period of the voice.
pub(super) fn clicks(samples: &[i16]) -> Vec<usize> {
    const AROUND: usize = 15 * MILLI;
    const CENTRE: usize = 4;
    let value = |n: usize| i32::from(samples[n]);
    let bends: Vec<i32> =
        (1..samples.len().saturating_sub(1)).map(|n| (value(n - 1) - 2 * value(n) + value(n + 1)).abs()).collect();
    let is_click = |n: usize| {
        let near = n.saturating_sub(AROUND)..(n + AROUND).min(bends.len());
        let others = near.filter(|other| other.abs_diff(n) > CENTRE).map(|other| bends[other]);
        bends[n] > 50 && bends[n] > 50 + 5 * others.max().unwrap_or_default() / 2
    };
    (0..bends.len()).filter(|n| is_click(*n)).map(|n| n + 1).collect()
}

/// A vowel that begins and ends in its midst.
fn vowel(dice: &mut Dice) -> Vec<f64> {
    let (start, pitch) = (dice.between(0.0, 6.0), dice.between(100.0, 200.0));
    (0..300 * MILLI).map(|n| 0.4 * (start + n as f64 * std::f64::consts::TAU * pitch / 24_000.0).sin()).collect()
}

#[test]
fn the_detector_finds_planted_clicks_and_no_others() {
    let dice = &mut Dice::new(1);
    let sound = speech(dice, 5.0);
    let clean = recorded(dice, &sound, 9_000, 9_000, 0.0);
    assert!(clicks(&clean).is_empty());
    let mut step = clean.clone();
    step[5_000..].iter_mut().for_each(|sample| *sample = sample.saturating_add(150));
    assert!(clicks(&step).iter().any(|n| n.abs_diff(5_000) <= 2), "a step in silence");
    let mut spike = clean;
    spike[12_000] = spike[12_000].saturating_add(9_000);
    assert!(clicks(&spike).iter().any(|n| n.abs_diff(12_000) <= 2), "a spike in speech");
}

#[test]
fn segments_that_begin_and_end_on_any_sample_do_not_click() {
    for seed in 0..11 {
        let dice = &mut Dice::new(seed);
        let segments: Vec<_> = [Boundary::Word, Boundary::Clause, Boundary::Sentence, Boundary::Word]
            .into_iter()
            .map(|boundary| {
                let (sound, offset) = (vowel(dice), dice.between(-40.0, 40.0));
                (recorded(dice, &sound, 0, 0, offset), boundary)
            })
            .collect();
        let raw = segments.iter().map(|(segment, _)| segment.clone()).collect::<Vec<_>>().concat();
        assert!(!clicks(&raw).is_empty(), "the test would not notice a click");
        for style in [Style::default(), levelled()] {
            let stitched = stitch(style, &segments, 1_000);
            assert_eq!(clicks(&stitched.samples), Vec::<usize>::new(), "seed {seed}, {:?}", stitched.heard);
        }
    }
}

#[test]
fn a_cut_through_noise_does_not_click() {
    for seed in 0..5 {
        let dice = &mut Dice::new(seed);
        let segments: Vec<_> = (0..4)
            .map(|_| {
                let (sound, lead, trail) = (speech(dice, 1.0), dice.samples(900), dice.samples(900));
                (recorded(dice, &sound, lead, trail, 33.0), Boundary::Clause)
            })
            .collect();
        assert!(clicks(&stitch(levelled(), &segments, 777).samples).is_empty());
    }
}
