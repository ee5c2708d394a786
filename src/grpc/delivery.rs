//! The delivery options of a request, checked.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::audio::wav;
use crate::error::Error;
use crate::error::Result;
use crate::grpc::convert;
use crate::proto;
use crate::speech::Alignment;
use crate::speech::Dispatch;
use crate::speech::Encoding;
use crate::speech::Format;

/// Largest audio message without a wish, in bytes: 0.68 s of PCM, and what tonic batches in one go.
const DEFAULT_CHUNK_BYTES: usize = 32 * 1024;
/// How far ahead of its playing audio is sent without a wish: enough for the jitter of any network.
const DEFAULT_PACING_LEAD: Duration = Duration::from_secs(1);

const CHUNK_DURATIONS: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(1);
const PACING_LEADS: RangeInclusive<Duration> = Duration::from_millis(20)..=Duration::from_mins(1);
const LEADING_SILENCES: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(5);

const CHUNK_DURATION: &str = "config.delivery.chunk_duration";
const PACING_MODE: &str = "config.delivery.pacing_mode";
const PACING_LEAD: &str = "config.delivery.pacing_lead";
const LEADING_SILENCE: &str = "config.delivery.max_leading_silence";

/// What leaves in which pieces and at which pace.
///
/// # Errors
/// The first option that is wrong, or that `format` has no use for.
pub(super) fn dispatch(options: &proto::DeliveryOptions, format: Format) -> Result<Dispatch> {
    let max_chunk_bytes = max_chunk_bytes(options.max_chunk_bytes)?;
    let chunk_duration = chunk_duration(options, format, max_chunk_bytes)?;
    if options.pad_final_chunk && chunk_duration.is_none() {
        let message = "The last chunk is padded to a whole chunk_duration: set that, too.";
        return Err(Error::invalid("config.delivery.pad_final_chunk", message));
    }
    let pacing_lead = pacing_lead(options)?;
    Ok(Dispatch { max_chunk_bytes, chunk_duration, pad_final_chunk: options.pad_final_chunk, pacing_lead })
}

/// The most silence that the audio may begin with.
///
/// # Errors
/// If it is out of range.
pub(super) fn max_leading_silence(options: &proto::DeliveryOptions) -> Result<Option<Duration>> {
    duration(LEADING_SILENCE, options.max_leading_silence.as_ref(), LEADING_SILENCES)
}

/// Whether segments are brought to one loudness.
///
/// # Errors
/// If the mode is unknown.
pub(super) fn even_level(options: &proto::DeliveryOptions) -> Result<bool> {
    match proto::LoudnessMode::try_from(options.loudness_mode) {
        Ok(proto::LoudnessMode::Unspecified) => Ok(true),
        Ok(proto::LoudnessMode::AsMade) => Ok(false),
        Err(_) => Err(unknown("config.delivery.loudness_mode", options.loudness_mode)),
    }
}

/// Which timing of the text is told.
///
/// # Errors
/// If the mode is unknown.
pub(super) fn alignment(mode: i32) -> Result<Option<Alignment>> {
    match proto::AlignmentMode::try_from(mode) {
        Ok(proto::AlignmentMode::Unspecified) => Ok(None),
        Ok(proto::AlignmentMode::Segment) => Ok(Some(Alignment::Segment)),
        Ok(proto::AlignmentMode::Word) => Ok(Some(Alignment::Word)),
        Err(_) => Err(unknown("config.alignment_mode", mode)),
    }
}

/// A clip comes whole.
///
/// # Errors
/// If it is to be paced.
pub(super) fn refuse_pacing(dispatch: &Dispatch) -> Result<()> {
    if dispatch.pacing_lead.is_none() {
        return Ok(());
    }
    Err(Error::invalid(PACING_MODE, "A clip comes whole, and not at a pace. Leave it unset, or use Synthesize."))
}

fn max_chunk_bytes(wish: i32) -> Result<usize> {
    match wish {
        0 => Ok(DEFAULT_CHUNK_BYTES),
        bytes @ 1024..=65536 => Ok(usize::try_from(bytes).unwrap_or(DEFAULT_CHUNK_BYTES)),
        _ => Err(Error::invalid(
            "config.delivery.max_chunk_bytes",
            "The largest chunk must lie between 1024 and 65536 bytes, or be unset.",
        )),
    }
}

fn chunk_duration(
    options: &proto::DeliveryOptions,
    format: Format,
    max_chunk_bytes: usize,
) -> Result<Option<Duration>> {
    let Some(wish) = duration(CHUNK_DURATION, options.chunk_duration.as_ref(), CHUNK_DURATIONS)? else {
        return Ok(None);
    };
    let Some((sample_bytes, samples)) = format.sample_bytes().zip(format.samples(wish)) else {
        let message = format!(
            "Only chunks of PCM, WAV and G.711 have a chosen length; {} has packets.",
            format.encoding().name()
        );
        return Err(Error::invalid(CHUNK_DURATION, message));
    };
    // A first chunk of WAV has its header on top.
    let header = if format.encoding() == Encoding::Wav { wav::HEADER_BYTES as u64 } else { 0 };
    let bytes = samples * sample_bytes as u64 + header;
    if bytes > max_chunk_bytes as u64 {
        let message =
            format!("A chunk of that length has {bytes} bytes, more than max_chunk_bytes ({max_chunk_bytes}).");
        return Err(Error::invalid(CHUNK_DURATION, message));
    }
    Ok(Some(wish))
}

fn pacing_lead(options: &proto::DeliveryOptions) -> Result<Option<Duration>> {
    let wish = duration(PACING_LEAD, options.pacing_lead.as_ref(), PACING_LEADS)?;
    match proto::PacingMode::try_from(options.pacing_mode) {
        Ok(proto::PacingMode::Unspecified) if wish.is_some() => {
            Err(Error::invalid(PACING_LEAD, "Without PACING_MODE_REALTIME nothing is paced: set that, too."))
        }
        Ok(proto::PacingMode::Unspecified) => Ok(None),
        Ok(proto::PacingMode::Realtime) => Ok(Some(wish.unwrap_or(DEFAULT_PACING_LEAD))),
        Err(_) => Err(unknown(PACING_MODE, options.pacing_mode)),
    }
}

/// A duration of the schema within `range`.
pub(super) fn duration(
    field: &'static str,
    wish: Option<&prost_types::Duration>,
    range: RangeInclusive<Duration>,
) -> Result<Option<Duration>> {
    let Some(wish) = wish else { return Ok(None) };
    match convert::time(wish) {
        Some(duration) if range.contains(&duration) => Ok(Some(duration)),
        _ => {
            let message = format!("It must lie between {:?} and {:?}, or be unset.", range.start(), range.end());
            Err(Error::invalid(field, message))
        }
    }
}

/// An enum of a schema that is newer than the server.
pub(super) fn unknown(field: &'static str, value: i32) -> Error {
    Error::invalid(field, format!("{value} is no value of this option that the server knows."))
}
