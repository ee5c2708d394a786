//! The audio of one answer: synthesised, encoded, and laid out as timed writes.

use std::time::Duration;

use bytes::Bytes;

use super::audio::SAMPLE_RATE;
use super::audio::at_22050;
use super::contract::SpeechRequest;
use super::encode::Format;
use super::encode::ogg_pages;
use super::encode::wav;
use super::encode::wav_with_list;
use super::faults::Dialect;
use super::faults::Fault;
use super::script::Script;
use super::sse::EventWriter;
use super::sse::Usage;
use super::timing::Pace;
use super::world::World;

/// Length of a WAV header, which is written by itself.
const WAV_HEADER: usize = 44;

/// An answer that is ready to be played.
#[derive(Debug)]
pub(crate) struct Performance {
    pub(crate) script: Script,
    pub(crate) content_type: String,
    /// Length to announce, for servers that do not stream.
    pub(crate) announced: Option<u64>,
    /// Value of `X-Sample-Rate`, for servers that tell it.
    pub(crate) sample_rate: Option<u32>,
    /// Whether the headers leave before the audio is there.
    pub(crate) early: bool,
}

/// The bytes of a clip and what they are.
struct Clip {
    audio: Bytes,
    format: Format,
    events: bool,
    announced: bool,
    /// Samples at 24 kHz.
    samples: usize,
}

/// Makes the audio of `request`; blocks, and fails only if the encoder does.
pub(crate) fn perform(
    world: &World,
    request: &SpeechRequest,
    faults: &[Fault],
    pace: Pace,
    pcm: &Bytes,
) -> Result<Performance, String> {
    let clip = encode(world, request, faults, pcm)?;
    let early = clip.format == Format::Wav && !clip.events;
    let content_type = if clip.events { "text/event-stream; charset=utf-8" } else { clip.format.content_type() };
    let script = if clip.events {
        let usage = Usage::of(request.tokens, clip.samples);
        events(&clip, usage, faults, pace, world.options.chunk_bytes)
    } else {
        raw(&clip, pace, early, world.options.chunk_bytes)
    };
    Ok(Performance {
        script: script.suffer(faults),
        content_type: other_content_type(faults).unwrap_or(content_type).to_owned(),
        announced: clip.announced.then_some(clip.audio.len() as u64),
        sample_rate: clip.announced.then_some(22_050),
        early,
    })
}

/// Encodes as asked, or as the scripted dialect would, and lets the faults shorten the result.
fn encode(world: &World, request: &SpeechRequest, faults: &[Fault], pcm: &Bytes) -> Result<Clip, String> {
    let speaks = |name| faults.contains(&Fault::Dialect { name });
    let (format, samples) = (request.format, pcm.len() / 2);
    let raw = |audio, format| Clip { audio, format, events: false, announced: false, samples };
    let mut clip = if speaks(Dialect::WavAlways) {
        raw(wav_with_list(pcm), Format::Wav)
    } else if speaks(Dialect::DoubleRiff) && format == Format::Wav {
        raw(two_wavs(pcm), Format::Wav)
    } else if speaks(Dialect::Pcm22050Header) && format == Format::Pcm {
        Clip { announced: true, ..raw(at_22050(pcm).into(), Format::Pcm) }
    } else {
        let audio = world.encoder.encode(pcm, format, request.family)?;
        Clip { events: request.events, ..raw(audio, format) }
    };
    for fault in faults {
        let length = clip.audio.len();
        match fault {
            Fault::OddLength => clip.audio.truncate(length.saturating_sub(1)),
            Fault::TruncatedClean { bytes } => clip.audio.truncate(bytes.unwrap_or(length / 2)),
            _ => {}
        }
    }
    Ok(clip)
}

/// The clip as two WAV files that each tell their own true size.
fn two_wavs(pcm: &Bytes) -> Bytes {
    let (first, second) = pcm.split_at((pcm.len() / 4) * 2);
    let whole = |part: &[u8]| wav(part, u32::try_from(part.len()).ok());
    [whole(first), whole(second)].concat().into()
}

/// The blocks in which the encoder hands the clip over.
fn block_lengths(clip: &Clip, chunk: usize) -> Vec<usize> {
    match clip.format {
        _ if clip.announced => vec![clip.audio.len()],
        Format::Opus if !clip.events => ogg_pages(&clip.audio),
        _ => {
            let count = clip.audio.len() / chunk;
            let rest = clip.audio.len() % chunk;
            std::iter::repeat_n(chunk, count).chain((rest > 0).then_some(rest)).collect()
        }
    }
}

/// When each block ends in the clip, and its bytes.
fn blocks(clip: &Clip, chunk: usize) -> Vec<(Duration, Bytes)> {
    let length = Duration::from_micros((clip.samples * 1_000_000 / SAMPLE_RATE) as u64);
    let total = u32::try_from(clip.audio.len()).unwrap_or(u32::MAX).max(1);
    let mut rest = clip.audio.clone();
    let mut end = 0_usize;
    let mut blocks = Vec::new();
    for size in block_lengths(clip, chunk) {
        end += size;
        let share = f64::from(u32::try_from(end).unwrap_or(u32::MAX)) / f64::from(total);
        blocks.push((length.mul_f64(share), rest.split_to(size)));
    }
    blocks
}

/// The body as the encoder's own bytes; a WAV header goes ahead of its samples.
fn raw(clip: &Clip, pace: Pace, early: bool, chunk: usize) -> Script {
    let mut script = Script::default();
    let mut clip = Clip { audio: clip.audio.clone(), ..*clip };
    if early {
        let header = clip.audio.split_to(WAV_HEADER.min(clip.audio.len()));
        script.write(Duration::ZERO, header);
    }
    for (index, (heard, bytes)) in (0..).zip(blocks(&clip, chunk)) {
        script.write(pace.block(index, heard, early), bytes);
    }
    script
}

/// The body as events, one per block.
fn events(clip: &Clip, usage: Usage, faults: &[Fault], pace: Pace, chunk: usize) -> Script {
    let name = Format::NAMES[clip.format as usize];
    let writer = EventWriter::new(faults, name);
    let failure = faults.iter().find_map(|fault| match fault {
        Fault::SseErrorAfter { bytes, shape } => Some((*bytes, *shape)),
        _ => None,
    });
    let mut script = Script::default();
    let mut last = Duration::ZERO;
    let mut sent = 0;
    for (index, (heard, bytes)) in (0..).zip(blocks(clip, chunk)) {
        last = pace.block(index, heard, false);
        let allowed = failure.map_or(usize::MAX, |(limit, _)| limit.saturating_sub(sent)).min(bytes.len());
        sent += allowed;
        if allowed > 0 {
            script.write(last, writer.delta(&bytes[..allowed]));
        }
        if allowed < bytes.len() {
            break;
        }
    }
    let end = match failure {
        Some((_, shape)) => vec![writer.error(shape)],
        None => writer.end(usage),
    };
    for event in end {
        script.write(last, event);
    }
    script
}

fn other_content_type(faults: &[Fault]) -> Option<&str> {
    faults.iter().find_map(|fault| match fault {
        Fault::WrongContentType { value } => Some(value.as_str()),
        _ => None,
    })
}
