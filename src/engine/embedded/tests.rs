//! The voice as a whole: level, edges, pace, bounds.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::cast_precision_loss, reason = "sample counts are small")]

use std::sync::Arc;
use std::sync::LazyLock;

use super::Error;
use super::Voice;

static VOICE: LazyLock<Arc<Voice>> = LazyLock::new(|| Arc::new(Voice::load().unwrap()));

const SENTENCES: [&str; 6] = [
    "The harbor was quiet when the last boat came in.",
    "Could you tell me when the next bus leaves?",
    "Your order of 3 books, at $12.50 each, will ship on May 5.",
    "Watch out, the floor is wet!",
    "The engineers measured the bridge and wrote down every number.",
    "Thank you, and goodbye.",
];

fn speak(text: &str) -> Vec<i16> {
    VOICE.speak(text, 1.0).unwrap()
}

/// Level of the 20 ms blocks within 35 dB of the loudest, dBFS.
fn active_level(sound: &[i16]) -> f64 {
    let power = |block: &[i16]| block.iter().map(|s| (f64::from(*s) / 32_768.0).powi(2)).sum::<f64>() / 480.0;
    let blocks: Vec<f64> = sound.chunks_exact(480).map(power).collect();
    let loudest = blocks.iter().copied().fold(0.0, f64::max);
    let active: Vec<f64> = blocks.into_iter().filter(|block| *block > loudest * 10_f64.powf(-3.5)).collect();
    10.0 * (active.iter().sum::<f64>() / active.len() as f64).log10()
}

#[test]
fn speech_has_the_level_of_speech_and_never_clips() {
    let spoken = SENTENCES.map(speak);
    let mean = spoken.iter().map(|sound| active_level(sound)).sum::<f64>() / SENTENCES.len() as f64;
    assert!((mean + 16.0).abs() < 1.0, "{mean} dBFS");
    for sound in &spoken {
        let level = active_level(sound);
        assert!((level + 16.0).abs() < 2.5, "{level} dBFS");
        // -1 dBFS
        assert!(sound.iter().all(|sample| sample.unsigned_abs() <= 29_205));
    }
}

#[test]
fn pieces_begin_and_end_in_silence_and_sentences_with_a_pause() {
    for text in ["The harbor was quiet.", "It ends at 9 p.m."] {
        let sound = speak(text);
        assert_eq!((sound[0], sound[sound.len() - 1]), (0, 0));
        let pause = sound.iter().rev().take_while(|sample| **sample == 0).count();
        // 180 ms
        assert!((4_300..7_200).contains(&pause), "{text}: {pause}");
        let lead = sound.iter().take_while(|sample| sample.abs() < 300).count();
        assert!(lead < 2_400, "{text}: {lead}");
    }
}

#[test]
fn equal_text_gives_equal_sound_on_any_thread() {
    let expected: Vec<Vec<i16>> = SENTENCES[..4].iter().map(|text| speak(text)).collect();
    let spoken: Vec<Vec<i16>> = std::thread::scope(|scope| {
        let started: Vec<_> = SENTENCES[..4].iter().map(|text| scope.spawn(|| speak(text))).collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(spoken, expected);
}

#[test]
fn the_pace_follows_the_speed() {
    let length = |speed| VOICE.speak("Thank you, and goodbye.", speed).unwrap().len() as f64;
    let usual = length(1.0);
    for speed in [0.25, 0.5, 1.5, 2.0, 4.0] {
        let ratio = usual / length(speed);
        assert!((ratio / speed - 1.0).abs() < 0.15, "{speed}: {ratio}");
    }
}

#[test]
fn a_speed_out_of_range_is_refused() {
    for speed in [0.0, 0.2, 4.1, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(VOICE.speak("Hello.", speed), Err(Error::Speed { .. })), "{speed}");
    }
}

#[test]
fn letters_of_other_scripts_are_refused_and_the_text_is_not_in_the_message() {
    for (text, script) in [("Привет", "Cyrillic"), ("Say 你好 now", "Han"), ("مرحبا", "Arabic")] {
        let error = VOICE.speak(text, 1.0).unwrap_err();
        assert!(error.to_string().contains(script));
        assert!(!error.to_string().contains(text));
    }
}

#[test]
fn text_without_anything_to_say_is_no_sound() {
    for text in ["", "  \n", "...", "😀🎉", "\u{200b}", "\u{301}\u{301}", "-----", "\u{0}\u{7}"] {
        assert!(speak(text).is_empty(), "{text:?}");
    }
}

#[test]
fn longer_text_is_longer_sound_without_a_limit() {
    let digits = |count: usize| speak(&"4829017356".repeat(count)).len() as f64;
    let ratio = digits(9) / digits(3);
    assert!((2.7..3.3).contains(&ratio), "{ratio}");
}
