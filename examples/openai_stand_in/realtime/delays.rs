//! When things happen on a realtime socket: knobs, or what was measured.

use std::time::Duration;

use super::options::Options;
use super::options::Timing;

/// The timing of one socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delays {
    /// Until the upgrade is answered.
    pub(crate) connect: Duration,
    /// Until `session.updated`.
    pub(crate) update: Duration,
    /// From `response.created` to the first words and the first audio.
    pub(crate) first_audio: Duration,
    /// Seconds of audio per second; none is at once.
    pub(crate) rate: Option<f64>,
    /// Audio deltas that leave together.
    pub(crate) burst: usize,
}

impl Delays {
    /// The knobs' values; where a knob is not set, nothing waits, or the times that users have measured.
    pub(crate) fn of(options: &Options) -> Self {
        let recorded = options.timing == Timing::Recorded;
        let delay = |knob: Option<u64>, measured: u64| {
            Duration::from_millis(knob.unwrap_or(if recorded { measured } else { 0 }))
        };
        let rate = options.realtime_rate.unwrap_or(if recorded { 4.0 } else { 0.0 });
        let burst = options.realtime_burst.unwrap_or(if recorded { 4 } else { 1 });
        Self {
            connect: delay(options.realtime_connect_ms, 300),
            update: delay(options.realtime_update_ms, 200),
            first_audio: delay(options.realtime_first_audio_ms, 600),
            rate: (rate > 0.0).then_some(rate),
            burst: usize::try_from(burst).unwrap_or(1),
        }
    }
}
