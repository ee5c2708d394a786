//! The beginning and the end of an utterance.

use super::MILLI;
use super::Stitcher;
use super::Style;
use super::clicks::clicks;
use super::levelled;
use super::pcm;
use super::stitch_sentences;
use super::trimmed;
use super::voice::Dice;
use super::voice::recorded;
use super::voice::speech;

#[test]
fn an_only_segment_is_not_even_copied() {
    let dice = &mut Dice::new(1);
    let sound = speech(dice, 0.5);
    let audio = pcm(&recorded(dice, &sound, 2_000, 3_000, 33.0));
    let mut stitcher = Stitcher::new(levelled());
    let mut at = 0;
    for length in [1_000, 2, 7_000] {
        let part = audio.slice(at..at + length);
        let passed = stitcher.push(part.clone(), true);
        assert_eq!((passed.as_ptr(), passed.len()), (part.as_ptr(), part.len()));
        at += length;
    }
    assert_eq!(stitcher.push(audio.slice(at..), true), audio.slice(at..));
    assert!(stitcher.finish().is_empty());
    assert!(stitcher.leading_silence().unwrap().abs_diff(2_000) <= 5);
    assert!(stitcher.ended().end.abs_diff(2_000 + sound.len() as u64) <= 120);
}

#[test]
fn silence_in_front_is_trimmed_to_what_may_stay() {
    let dice = &mut Dice::new(2);
    let sound = speech(dice, 0.5);
    for other_segments in [0, 1] {
        for (lead, max_millis) in [(24_000, 200), (24_000, 0), (3_000, 200), (0, 0), (0, 100)] {
            let segment = recorded(dice, &sound, lead, 3_000, 20.0);
            let rest = vec![segment.clone(); other_segments];
            let stitched = stitch_sentences(trimmed(max_millis), [vec![segment.clone()], rest].concat());
            let most = max_millis as usize * MILLI;
            let start = stitched.heard[0].start;
            assert!(start <= most && start.abs_diff(lead.min(most)) <= 120, "{start} of {lead}");
            assert!(stitched.leading_silence.unwrap().abs_diff(lead as u64) <= 120);
            assert!(clicks(&stitched.samples).is_empty());
            if other_segments == 0 {
                let kept = stitched.samples.len() - crate::audio::stitch::fade::FADE;
                assert_eq!(stitched.samples[stitched.samples.len() - kept..], segment[segment.len() - kept..]);
            }
        }
    }
}

#[test]
fn silence_at_both_ends_of_an_utterance_stays() {
    let dice = &mut Dice::new(3);
    let sound = speech(dice, 0.5);
    let segments: Vec<_> = (0..3).map(|_| recorded(dice, &sound, 7_000, 60_000, 0.0)).collect();
    for style in [Style::default(), levelled()] {
        let stitched = stitch_sentences(style, segments.clone());
        assert!(stitched.heard[0].start.abs_diff(7_000) <= 120);
        let behind = stitched.samples.len() - stitched.heard[2].end;
        assert!(behind.abs_diff(60_000) <= 240, "{behind}");
        let length = 7_000 + 3 * sound.len() + 2 * 8_400 + 60_000;
        assert!(stitched.samples.len().abs_diff(length) <= 5 * 240);
    }
}

#[test]
fn an_utterance_in_which_nothing_sounds_stays_silent() {
    for count in [1, 3] {
        let silent = vec![vec![1_i16; 5_000]; count];
        let stitched = stitch_sentences(levelled(), silent.clone());
        assert_eq!((stitched.leading_silence, stitched.samples.len()), (None, 5_000 * count));
        assert_eq!(stitch_sentences(trimmed(50), silent).samples.len(), 1_200);
    }
}
