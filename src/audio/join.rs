//! Joins the segments of one utterance: their PCM follows without a gap, and the joint does not click.
//!
//! Engines end a clip on any sample, and begin with a small offset (recorded clips of one endpoint end on values such as
//! 38 or −27 and start on 6 or 33). A jump between two such values is a click. So the last and the first moment around a
//! joint are faded; the very first and the very last sample of the utterance stay as the engine made them.

use bytes::Bytes;
use bytes::BytesMut;

use crate::speech::SAMPLE_BYTES;

/// Samples faded on either side of a joint: 2 ms at 24 kHz, too short to be heard as a fade.
const FADE_SAMPLES: usize = 48;

const FADE_BYTES: usize = FADE_SAMPLES * SAMPLE_BYTES;

/// Joins segments of 16-bit mono PCM. It holds back at most 2 ms, and only where a joint may follow.
#[derive(Debug, Default)]
pub struct Joiner {
    /// The end of what came so far, kept until it is known whether a joint follows.
    held: BytesMut,
    /// Samples of the present segment that are still to be faded in.
    rising: usize,
}

impl Joiner {
    /// Takes the next whole samples of a segment; `is_last` says that no joint can follow it.
    pub fn push(&mut self, audio: Bytes, is_last: bool) -> Bytes {
        let audio = if self.rising > 0 { self.fade_in(audio) } else { audio };
        if is_last && self.held.is_empty() {
            return audio;
        }
        self.held.extend_from_slice(&audio);
        let keep = if is_last { 0 } else { FADE_BYTES.min(self.held.len()) };
        let ready = self.held.len() - keep;
        self.held.split_to(ready).freeze()
    }

    /// A joint: the segment has ended and another one follows. Returns its faded end.
    pub fn joint(&mut self) -> Bytes {
        let mut end = self.held.split();
        let samples = end.len() / SAMPLE_BYTES;
        scale(&mut end, |index| samples - index, samples + 1);
        self.rising = FADE_SAMPLES;
        end.freeze()
    }

    /// The end of the utterance. Returns what was held back.
    pub fn finish(&mut self) -> Bytes {
        self.held.split().freeze()
    }

    fn fade_in(&mut self, audio: Bytes) -> Bytes {
        let mut audio = BytesMut::from(audio);
        let samples = self.rising.min(audio.len() / SAMPLE_BYTES);
        let risen = FADE_SAMPLES - self.rising;
        scale(&mut audio[..samples * SAMPLE_BYTES], |index| risen + index + 1, FADE_SAMPLES + 1);
        self.rising -= samples;
        audio.freeze()
    }
}

/// Multiplies each sample by `numerator(index) / denominator`, a factor of at most one.
fn scale(audio: &mut [u8], numerator: impl Fn(usize) -> usize, denominator: usize) {
    for (index, sample) in audio.chunks_exact_mut(SAMPLE_BYTES).enumerate() {
        let value = i64::from(i16::from_le_bytes([sample[0], sample[1]]));
        let scaled = value * as_i64(numerator(index)) / as_i64(denominator);
        let scaled = i16::try_from(scaled).unwrap_or_default();
        sample.copy_from_slice(&scaled.to_le_bytes());
    }
}

fn as_i64(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::FADE_SAMPLES;
    use super::Joiner;

    fn pcm(samples: &[i16]) -> Bytes {
        samples.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<_>>().into()
    }

    fn samples(audio: &[u8]) -> Vec<i16> {
        audio.chunks_exact(2).map(|sample| i16::from_le_bytes([sample[0], sample[1]])).collect()
    }

    /// Joins `segments`, each pushed in pieces of `piece` samples.
    fn join(segments: &[Vec<i16>], piece: usize) -> Vec<i16> {
        let mut joiner = Joiner::default();
        let mut out = Vec::new();
        for (index, segment) in segments.iter().enumerate() {
            let is_last = index + 1 == segments.len();
            for part in segment.chunks(piece) {
                out.extend_from_slice(&joiner.push(pcm(part), is_last));
            }
            if !is_last {
                out.extend_from_slice(&joiner.joint());
            }
        }
        out.extend_from_slice(&joiner.finish());
        samples(&out)
    }

    #[test]
    fn a_single_segment_is_untouched() {
        let segment: Vec<i16> = (0..1000).map(|n| n * 7 - 3000).collect();
        assert_eq!(join(std::slice::from_ref(&segment), 33), segment);
    }

    #[test]
    fn a_joint_has_no_jump() {
        let joined = join(&[vec![12_000; 500], vec![-12_000; 500]], 64);
        assert_eq!(joined.len(), 1000);
        assert_eq!((joined[0], joined[999]), (12_000, -12_000));
        let steepest = joined.windows(2).map(|pair| i32::from(pair[1]) - i32::from(pair[0])).map(i32::abs).max();
        assert!(steepest < Some(600), "{steepest:?}");
    }

    proptest! {
        #[test]
        fn chunking_changes_nothing(lengths in prop::collection::vec(1_usize..200, 1..5), piece in 1_usize..70) {
            let segments: Vec<Vec<i16>> = lengths.iter().map(|&length| vec![1000; length]).collect();
            let joined = join(&segments, piece);
            prop_assert_eq!(joined.len(), lengths.iter().sum::<usize>());
            prop_assert_eq!(&joined, &join(&segments, 1));
            prop_assert!(joined.iter().all(|&sample| (0..=1000).contains(&sample)));
            prop_assert!(FADE_SAMPLES > 0);
        }
    }
}
