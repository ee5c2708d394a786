//! What has to be done to speak a whole text: who speaks, what is asked of the engine, and in which pieces.

use std::sync::Arc;
use std::time::Instant;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Result;
use crate::pipeline::Segmentation;
use crate::pipeline::account::Account;
use crate::pipeline::cast::Cast;
use crate::pipeline::cast::DEFAULT_MIN_CHARS;
use crate::pipeline::cast::Ensemble;
use crate::pipeline::event::Warning;
use crate::pipeline::event::WarningKind;
use crate::pipeline::manuscript::Manuscript;
use crate::pipeline::manuscript::Part;
use crate::pipeline::manuscript::Passage;
use crate::pipeline::source::Segments;
use crate::speech::Boundary;
use crate::speech::Format;
use crate::speech::Ledger;
use crate::speech::Manner;
use crate::speech::SegmentationMode;
use crate::speech::Utterance;
use crate::text;

/// What the first segment of a text aims at that is to be spoken eagerly.
const EAGER_CHARS: usize = 60;

/// A call, ready to be performed.
pub(super) struct Plan {
    /// Who speaks.
    pub(super) cast: Cast,
    /// What, in order. None if there is nothing to speak.
    pub(super) segments: Segments,
    /// What the caller receives.
    pub(super) format: Format,
    /// Everyone who may speak it.
    pub(super) ensemble: Ensemble,
    /// Where to book what it costs.
    pub(super) account: Account,
}

impl Plan {
    /// Plans `utterance` for `cast`.
    ///
    /// # Errors
    /// If the caller is strict and asks for what has no meaning for a whole text.
    pub(super) fn new(
        utterance: &Utterance,
        mut cast: Cast,
        segmentation: &Segmentation,
        deadline: Instant,
    ) -> Result<Self> {
        let ignored = ignored(&cast.manner)?;
        cast.warnings.extend(ignored);
        let mut manuscript = Manuscript::new(&cast.manner.processing.clone().unwrap_or_default());
        manuscript.write(&utterance.text);
        manuscript.settle();
        let (format, pieces) = script(manuscript.left(), &cast, limits(&cast, segmentation));
        let passages = passages(manuscript, pieces);
        let delivery = Arc::new(cast.delivery(format.asked_of_engine()));
        let ledger = Arc::new(Ledger::default());
        let mut ensemble = cast.ensemble(format, &ledger);
        let account = Account::new(utterance.chars, Arc::clone(&ledger), std::mem::take(&mut ensemble.bills));
        let part = Part { delivery, ledger, deadline };
        let segments =
            passages.enumerate().map(move |(index, (passage, closing))| passage.segment(index, closing, &part));
        Ok(Self { cast, segments: Box::new(segments), format, ensemble, account })
    }
}

/// The pieces of a text, cut only when they are wanted.
type Pieces = Box<dyn Iterator<Item = text::Piece> + Send>;

/// The format that is delivered, and the pieces in which the text is spoken for it.
///
/// An engine's own bytes pass through if nothing has to happen to them: it makes the encoding, no rate was asked for, the
/// text fits one call, and nobody asked for what takes samples to know. Otherwise the encoding is made here.
fn script(text: &str, cast: &Cast, limits: text::Limits) -> (Format, Pieces) {
    let manner = &cast.manner;
    let (wish, language) = (manner.format, manner.language.as_deref());
    if wish.rate_hertz().is_none() && cast.may_pass_through(wish) && !needs_samples(manner) {
        let whole = limits.max_chars;
        let limits = text::Limits { first_chars: whole, target_chars: whole, ..limits.clone() };
        let mut pieces = text::segment(text, language, limits);
        let only = pieces.next();
        if pieces.next().is_none() {
            return (wish, Box::new(only.into_iter()));
        }
    }
    (wish.made_here(), Box::new(text::segment(text, language, limits)))
}

/// What is said in each of `pieces`, into which what `manuscript` says was cut, and how it closes.
fn passages(mut manuscript: Manuscript, pieces: Pieces) -> impl Iterator<Item = (Passage, Boundary)> + Send {
    let mut before = 0;
    pieces.map(move |piece| {
        let skipped = manuscript.left().char_indices().nth(piece.start - before).map_or(0, |(byte, _)| byte);
        let end = skipped + piece.text.len();
        let passage = manuscript.passage(skipped..end);
        manuscript.cut(end);
        before = piece.end;
        (passage, piece.closing)
    })
}

/// Whether something was asked for that encoded bytes alone cannot give.
fn needs_samples(manner: &Manner) -> bool {
    manner.alignment.is_some() || manner.max_leading_silence.is_some() || manner.dispatch.pacing_lead.is_some()
}

/// How long the pieces of a text for `cast` may and should be.
fn limits(cast: &Cast, operator: &Segmentation) -> text::Limits {
    let most = cast.max_call_chars;
    let wish = cast.manner.segmentation.clone().unwrap_or_default();
    let max_chars = wish.max_chars.map_or(most, |max| max.min(most));
    let (first_chars, target_chars) = match wish.mode {
        SegmentationMode::Adaptive => (operator.first_segment_chars, operator.segment_chars),
        SegmentationMode::Sentence => (1, 1),
        SegmentationMode::Eager => (EAGER_CHARS, 1),
        SegmentationMode::Manual => (max_chars, max_chars),
    };
    let is_fine = matches!(wish.mode, SegmentationMode::Sentence | SegmentationMode::Eager);
    let min_chars = wish.min_chars.unwrap_or(if is_fine { DEFAULT_MIN_CHARS } else { 0 }).min(max_chars);
    text::Limits { max_chars, max_tokens: cast.max_tokens, first_chars, target_chars, min_chars }
}

/// What says how to wait for text means nothing where all of it is there.
fn ignored(manner: &Manner) -> Result<Vec<Warning>> {
    let Some(wish) = &manner.segmentation else { return Ok(Vec::new()) };
    let waits = [
        (wish.max_buffer_delay.is_some(), "config.segmentation.max_buffer_delay"),
        (wish.lookahead.is_some(), "config.segmentation.lookahead"),
    ];
    let asked = waits.into_iter().filter(|(is_asked, _)| *is_asked);
    asked
        .map(|(_, field)| {
            let message = "The whole text is there: nothing is waited for. This is for StreamingSynthesize.";
            if manner.strict {
                return Err(Error::new(Kind::OptionUnsupported, message).with_field(field));
            }
            Ok(Warning { kind: WarningKind::OptionIgnored, message: message.to_owned(), field: Some(field) })
        })
        .collect()
}
