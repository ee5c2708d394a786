//! The beginning and end of a piece: how long it is silent, and that it does not click.

use super::SAMPLE_RATE;

/// Below this a sample counts as silence, relative to full scale before amplification (-66 dBFS).
const SILENT: f32 = 0.0005;
/// Kept of the silence that the network makes before and after speech, milliseconds.
const KEPT_MS: u32 = 20;
/// Over this time a piece rises from and falls to zero, milliseconds.
const FADE_MS: u32 = 5;

/// What follows a piece, which decides the pause after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    /// The end of a sentence.
    Sentence,
    /// The end of a clause: a comma or the like.
    Clause,
    /// Nothing: the piece was cut between two words.
    Word,
}

impl Boundary {
    /// The boundary after a sequence of phonemes or a text.
    pub(super) fn after(text: &str) -> Self {
        match text.trim_end().chars().next_back() {
            Some('.' | '!' | '?' | '…') => Self::Sentence,
            Some(',' | ';' | ':' | '—') => Self::Clause,
            _ => Self::Word,
        }
    }

    /// The pause at the usual pace, milliseconds.
    fn pause_ms(self) -> f32 {
        match self {
            Self::Sentence => 180.0,
            Self::Clause => 110.0,
            Self::Word => 30.0,
        }
    }
}

/// Cuts the silence around speech, fades both ends and adds the pause of `boundary`,
/// which is shorter for fast speech. Sound without any speech becomes empty.
pub(super) fn trim(sound: &[f32], boundary: Boundary, speed: f32) -> Vec<f32> {
    let loud = |sample: &f32| sample.abs() > SILENT;
    let (Some(first), Some(last)) = (sound.iter().position(loud), sound.iter().rposition(loud)) else {
        return Vec::new();
    };
    let kept = samples(KEPT_MS);
    let end = (last + kept + 1).min(sound.len());
    let mut speech = sound[first.saturating_sub(kept)..end].to_vec();
    fade(&mut speech);
    speech.resize(speech.len() + pause(boundary, speed), 0.0);
    speech
}

fn fade(speech: &mut [f32]) {
    let length = samples(FADE_MS).min(speech.len() / 2);
    let total = speech.len();
    for step in 0..length {
        #[expect(clippy::cast_precision_loss, reason = "a fade has few samples")]
        let gain = step as f32 / length as f32;
        speech[step] *= gain;
        speech[total - 1 - step] *= gain;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "small and positive"
)]
fn pause(boundary: Boundary, speed: f32) -> usize {
    (boundary.pause_ms() / speed * SAMPLE_RATE as f32 / 1000.0) as usize
}

fn samples(milliseconds: u32) -> usize {
    (milliseconds * SAMPLE_RATE / 1000) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn padded(silence: usize) -> Vec<f32> {
        [vec![0.0; silence], vec![0.3; 2400], vec![0.0; silence]].concat()
    }

    #[test]
    fn long_silence_is_cut_and_the_pause_is_that_of_the_boundary() {
        let piece = trim(&padded(9000), Boundary::Sentence, 1.0);
        assert_eq!(piece.len(), 2400 + 2 * samples(KEPT_MS) + 4320);
    }

    #[test]
    fn the_pause_follows_the_speed() {
        assert_eq!(pause(Boundary::Clause, 2.0) * 2, pause(Boundary::Clause, 1.0));
    }

    #[test]
    fn both_ends_are_zero_even_without_silence() {
        let piece = trim(&padded(0), Boundary::Word, 1.0);
        assert_eq!(piece[0].to_bits(), 0);
        assert!(piece.iter().zip(&piece[1..]).all(|(a, b)| (a - b).abs() < 0.01));
    }

    #[test]
    fn silence_alone_becomes_nothing() {
        assert!(trim(&vec![0.0; 5000], Boundary::Sentence, 1.0).is_empty());
    }

    #[test]
    fn the_boundary_is_read_from_the_last_mark() {
        assert_eq!(Boundary::after("həlˈO. "), Boundary::Sentence);
        assert_eq!(Boundary::after("həlˈO,"), Boundary::Clause);
        assert_eq!(Boundary::after("həlˈO"), Boundary::Word);
    }
}
