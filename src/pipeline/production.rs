//! What becomes of an engine's audio before it leaves: stitched, encoded, put into parcels and timed; or passed through.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use crate::audio::Cut;
use crate::audio::Encoder;
use crate::audio::Law;
use crate::audio::Packet;
use crate::audio::Parcel;
use crate::audio::Parceler;
use crate::audio::Sizes;
use crate::audio::Stitcher;
use crate::audio::Style;
use crate::error::Result;
use crate::pipeline::event::Span;
use crate::speech::Boundary;
use crate::speech::Dispatch;
use crate::speech::Encoding;
use crate::speech::Format;
use crate::speech::SAMPLE_BYTES;
use crate::speech::playing_time;

/// Longest parcel of paced audio without a wish: a tenth of a second, so that the lead is kept closely.
const PACED_PARCEL: Duration = Duration::from_millis(100);

/// The audio of one call, from an engine's bytes to parcels.
pub(super) struct Production {
    format: Format,
    making: Option<Making>,
    parceler: Parceler,
    /// Samples in all parcels so far, at the rate of the format.
    samples: u64,
    packets: Vec<Packet>,
    parcels: Vec<Parcel>,
}

/// What makes the format out of PCM.
struct Making {
    stitcher: Stitcher,
    encoder: Encoder,
}

/// A parcel, and when it plays where that is known.
pub(super) struct Run {
    pub(super) data: Bytes,
    pub(super) span: Option<Span>,
}

impl Production {
    /// Makes `format`, or passes an engine's bytes through if it has no rate of ours.
    ///
    /// # Errors
    /// [`crate::error::Kind::Internal`] if the format cannot be made, which would be a bug.
    pub(super) fn new(format: Format, dispatch: &Dispatch, style: Style) -> Result<Self> {
        let making = match format.rate_hertz() {
            Some(_) => Some(Making { stitcher: Stitcher::new(style), encoder: Encoder::new(format)? }),
            None => None,
        };
        let parceler = Parceler::new(sizes(format, dispatch));
        Ok(Self { format, making, parceler, samples: 0, packets: Vec::new(), parcels: Vec::new() })
    }

    /// The playing time of nothing, where bytes map to time.
    pub(super) fn no_time(&self) -> Option<Duration> {
        self.format.playing_time(0)
    }

    /// The next bytes of the present segment; `is_last` says that no segment follows it.
    pub(super) fn push(&mut self, audio: Bytes, is_last: bool) -> Result<()> {
        let Some(making) = &mut self.making else {
            self.packets.push(Packet { data: audio, samples: 0 });
            self.pack();
            return Ok(());
        };
        let pcm = making.stitcher.push(audio, is_last);
        self.encode(pcm)
    }

    /// The end of a segment, behind which another one follows after `boundary`, or none. Says where its speech lies, from
    /// the first sample that a decoder hears, if it was made here.
    pub(super) fn end_segment(&mut self, boundary: Option<Boundary>) -> Result<Option<Range<Duration>>> {
        let Some(making) = &mut self.making else { return Ok(None) };
        let pcm = match boundary {
            Some(boundary) => making.stitcher.end_segment(boundary),
            None => making.stitcher.finish(),
        };
        let (spoken, delay) = (making.stitcher.ended(), making.encoder.delay());
        self.encode(pcm)?;
        Ok(Some(delay + time(spoken.start)..delay + time(spoken.end)))
    }

    /// The end of the call, whole or not: whatever is still held back.
    pub(super) fn finish(&mut self) -> Result<()> {
        if let Some(making) = &mut self.making {
            let pcm = making.stitcher.finish();
            making.encoder.push(pcm, &mut self.packets)?;
            making.encoder.finish(&mut self.packets)?;
        }
        self.pack();
        self.parceler.finish(&mut self.parcels);
        Ok(())
    }

    /// What is ready to leave.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Run> {
        let (format, samples) = (self.format, &mut self.samples);
        self.parcels.drain(..).map(move |parcel| {
            let start = format.playing_time(*samples);
            *samples += parcel.samples;
            let end = format.playing_time(*samples);
            let span = start.zip(end).map(|(start, end)| Span { start, duration: end.saturating_sub(start) });
            Run { data: parcel.data, span }
        })
    }

    /// When the present segment begins to be heard, from the first sample that a decoder hears; none if it has not come to
    /// that, or the audio is not made here.
    pub(super) fn begun(&self) -> Option<Duration> {
        let making = self.making.as_ref()?;
        Some(making.encoder.delay() + time(making.stitcher.begun()?))
    }

    /// The silence that the audio began with, left in or not, once it is over and if it was looked for.
    pub(super) fn leading_silence(&self) -> Option<Duration> {
        Some(time(self.making.as_ref()?.stitcher.leading_silence()?))
    }

    fn encode(&mut self, pcm: Bytes) -> Result<()> {
        if let Some(making) = &mut self.making {
            making.encoder.push(pcm, &mut self.packets)?;
        }
        self.pack();
        Ok(())
    }

    fn pack(&mut self) {
        self.parceler.push(self.packets.drain(..), &mut self.parcels);
    }
}

/// How long so many samples of the service's own PCM play.
fn time(samples: u64) -> Duration {
    playing_time(samples * SAMPLE_BYTES as u64)
}

/// How `format` is cut into parcels.
fn sizes(format: Format, dispatch: &Dispatch) -> Sizes {
    let paced = dispatch.pacing_lead.and_then(|lead| format.samples(lead.min(PACED_PARCEL)));
    let max_samples = paced.map_or(u64::MAX, |samples| samples.max(1));
    Sizes { max_bytes: dispatch.max_chunk_bytes, max_samples, cut: cut(format, dispatch) }
}

fn cut(format: Format, dispatch: &Dispatch) -> Cut {
    let Some(sample_bytes) = format.sample_bytes() else {
        let is_single = format.encoding() == Encoding::OpusPackets;
        return match (format.rate_hertz(), is_single) {
            (None, _) => Cut::Anywhere,
            (_, true) => Cut::AroundPackets,
            (_, false) => Cut::BetweenPackets,
        };
    };
    let run = dispatch.chunk_duration.and_then(|duration| format.samples(duration));
    match run.and_then(|run| usize::try_from(run).ok()) {
        Some(run) => {
            Cut::InRuns { sample_bytes, run: run.max(1), silence: dispatch.pad_final_chunk.then(|| silence(format)) }
        }
        None => Cut::AtSamples(sample_bytes),
    }
}

/// The byte that silence consists of.
fn silence(format: Format) -> u8 {
    match format.encoding() {
        Encoding::Mulaw => Law::Mu.silence(),
        Encoding::Alaw => Law::A.silence(),
        _ => 0,
    }
}
