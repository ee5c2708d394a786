//! The segmentation of a request, checked.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;
use crate::grpc::delivery::duration;
use crate::grpc::delivery::unknown;
use crate::proto;
use crate::speech::Segmentation;
use crate::speech::SegmentationMode;

const BUFFER_DELAYS: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(5);
const LOOKAHEADS: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_mins(10);
const MIN_CHARS: RangeInclusive<usize> = 1..=1000;
const MAX_CHARS: RangeInclusive<usize> = 20..=4096;

const MODE: &str = "config.segmentation.mode";
const MAX_BUFFER_DELAY: &str = "config.segmentation.max_buffer_delay";
const MIN_SEGMENT_CHARS: &str = "config.segmentation.min_segment_chars";
const MAX_SEGMENT_CHARS: &str = "config.segmentation.max_segment_chars";
const LOOKAHEAD: &str = "config.segmentation.lookahead";

/// How a text is to be cut.
///
/// # Errors
/// The first option that is wrong.
pub(super) fn wish(policy: &proto::SegmentationPolicy) -> Result<Segmentation> {
    let wish = Segmentation {
        mode: mode(policy.mode)?,
        max_buffer_delay: duration(MAX_BUFFER_DELAY, policy.max_buffer_delay.as_ref(), BUFFER_DELAYS)?,
        min_chars: chars(MIN_SEGMENT_CHARS, policy.min_segment_chars, &MIN_CHARS)?,
        max_chars: chars(MAX_SEGMENT_CHARS, policy.max_segment_chars, &MAX_CHARS)?,
        lookahead: duration(LOOKAHEAD, policy.lookahead.as_ref(), LOOKAHEADS)?,
    };
    if let (Some(min), Some(max)) = (wish.min_chars, wish.max_chars)
        && min > max
    {
        return Err(Error::invalid(MIN_SEGMENT_CHARS, "It must not be more than max_segment_chars."));
    }
    Ok(wish)
}

fn mode(wish: i32) -> Result<SegmentationMode> {
    Ok(match proto::SegmentationMode::try_from(wish) {
        Ok(proto::SegmentationMode::Unspecified | proto::SegmentationMode::Adaptive) => SegmentationMode::Adaptive,
        Ok(proto::SegmentationMode::Sentence) => SegmentationMode::Sentence,
        Ok(proto::SegmentationMode::Eager) => SegmentationMode::Eager,
        Ok(proto::SegmentationMode::Manual) => SegmentationMode::Manual,
        Err(_) => return Err(unknown(MODE, wish)),
    })
}

fn chars(field: &'static str, wish: Option<i32>, range: &RangeInclusive<usize>) -> Result<Option<usize>> {
    let Some(wish) = wish else { return Ok(None) };
    let chars = usize::try_from(wish).ok().filter(|chars| range.contains(chars));
    let message = || format!("It must lie between {} and {}, or be unset.", range.start(), range.end());
    chars.map(Some).ok_or_else(|| Error::invalid(field, message()))
}
