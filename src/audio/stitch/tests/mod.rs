//! Whole utterances, stitched: what a listener would hear at the joints.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "signals of a few seconds"
)]

mod clicks;
mod edges;
mod joints;
mod levels;
mod voice;

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use crate::speech::Boundary;

use super::Stitcher;
use super::Style;

/// Samples in one millisecond.
const MILLI: usize = 24;

/// An utterance, stitched.
struct Stitched {
    samples: Vec<i16>,
    /// Where each segment is heard.
    heard: Vec<Range<usize>>,
    leading_silence: Option<u64>,
}

/// Stitches `segments`, each with the boundary behind it, pushed in pieces of `piece` samples.
fn stitch(style: Style, segments: &[(Vec<i16>, Boundary)], piece: usize) -> Stitched {
    let mut stitcher = Stitcher::new(style);
    let (mut out, mut heard) = (Vec::new(), Vec::new());
    for (index, (segment, boundary)) in segments.iter().enumerate() {
        let is_last = index + 1 == segments.len();
        for part in segment.chunks(piece) {
            out.extend_from_slice(&stitcher.push(pcm(part), is_last));
        }
        out.extend_from_slice(&if is_last { stitcher.finish() } else { stitcher.end_segment(*boundary) });
        let ended = stitcher.ended();
        heard.push(ended.start as usize..ended.end as usize);
    }
    assert!(stitcher.finish().is_empty(), "the end came twice");
    Stitched { samples: samples(&out), heard, leading_silence: stitcher.leading_silence() }
}

/// The same with sentences between segments, and in pieces of 100 ms.
fn stitch_sentences(style: Style, segments: impl IntoIterator<Item = Vec<i16>>) -> Stitched {
    let segments: Vec<_> = segments.into_iter().map(|segment| (segment, Boundary::Sentence)).collect();
    stitch(style, &segments, 100 * MILLI)
}

fn levelled() -> Style {
    Style { even_level: true, ..Style::default() }
}

fn trimmed(millis: u64) -> Style {
    Style { max_leading_silence: Some(Duration::from_millis(millis)), ..Style::default() }
}

fn pcm(samples: &[i16]) -> Bytes {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<_>>().into()
}

fn samples(pcm: &[u8]) -> Vec<i16> {
    pcm.chunks_exact(2).map(|pair| i16::from_le_bytes(pair.try_into().unwrap())).collect()
}
