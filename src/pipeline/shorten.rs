//! Cutting a segment that turned out to be too long for its engine.
//!
//! The limits of a model are known beforehand, and segments are cut to them. A server may have others: a compatible one
//! with a shorter context, or OpenAI after a change. Then its refusal is answered with smaller segments, once.

use std::sync::Arc;

use crate::error::Error;
use crate::error::Kind;
use crate::speech::Encoding;
use crate::speech::Segment;
use crate::speech::Written;
use crate::text;

/// The parts of `segment`, about half as long, if `error` says that all of it is too long for one call and parts of it can
/// be joined.
pub(super) fn parts(segment: &Segment, error: &Error) -> Option<Vec<Segment>> {
    let is_too_long =
        error.kind() == Kind::UpstreamRejected && error.upstream().is_some_and(|upstream| upstream.text_too_long);
    if !is_too_long || segment.is_part || segment.delivery.encoding != Encoding::PcmS16le {
        return None;
    }
    let half = segment.text.chars().count().div_ceil(2);
    let limits = text::Limits {
        // Some room around the middle for the end of a sentence or a clause.
        max_chars: half + half / 4,
        max_tokens: None,
        first_chars: half,
        target_chars: half,
        min_chars: 0,
    };
    let pieces = text::segment(Arc::clone(&segment.text), segment.delivery.language.as_deref(), limits);
    let mut parts: Vec<_> = pieces.map(|piece| part(segment, piece)).collect();
    if let Some(last) = parts.last_mut() {
        last.closing = segment.closing;
    }
    (parts.len() > 1).then_some(parts)
}

fn part(segment: &Segment, piece: text::Piece) -> Segment {
    let spoken = piece.start..piece.end;
    let (start_char, quoted) = segment.quote(spoken.clone());
    let written = segment.written.as_ref().map(|written| {
        let tracks = written.tracks.part(spoken);
        Arc::new(Written { text: quoted.into(), tracks })
    });
    Segment {
        text: piece.text,
        start_char,
        chars: quoted.chars().count(),
        written,
        closing: piece.closing,
        is_part: true,
        ..segment.clone()
    }
}
