//! What a second of 24 kHz audio costs on its way through the service: each stage alone, and the whole path of each format.
//!
//! A path of N µs per second of audio takes N / 10,000 per cent of a core for each stream that is heard at the pace of
//! speech.

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use rhapsode::audio::Cut;
use rhapsode::audio::Encoder;
use rhapsode::audio::Packet;
use rhapsode::audio::Parceler;
use rhapsode::audio::Resampler;
use rhapsode::audio::Sizes;
use rhapsode::audio::Stitcher;
use rhapsode::audio::Style;
use rhapsode::speech::Boundary;
use rhapsode::speech::Encoding;
use rhapsode::speech::Format;

/// What an upstream sends at a time: 85 ms of 24 kHz 16-bit mono.
const FRAME_BYTES: usize = 4_096;

/// Seconds of something that sounds like a voice: a hum whose peaks come close to full scale, four syllables a second.
fn voice(seconds: u16) -> Bytes {
    let second = || (0..24_000_u16).map(f32::from);
    let sample = |n: f32| (n * 0.035).sin().powi(3) * (n * std::f32::consts::TAU / 12_000.0).sin();
    #[expect(clippy::cast_possible_truncation, reason = "at most full scale")]
    let bytes = |n: f32| ((sample(n) * 28_000.0) as i16).to_le_bytes();
    (0..seconds).flat_map(|_| second().flat_map(bytes)).collect::<Vec<_>>().into()
}

/// `audio` as it comes from an upstream.
fn frames(audio: &Bytes) -> impl Iterator<Item = Bytes> {
    let mut rest = audio.clone();
    std::iter::from_fn(move || {
        let frame = rest.split_to(rest.len().min(FRAME_BYTES));
        (!frame.is_empty()).then_some(frame)
    })
}

/// A stitcher in the midst of its third segment.
fn between_segments(even_level: bool) -> Stitcher {
    let mut stitcher = Stitcher::new(Style { even_level, ..Style::default() });
    for _ in 0..2 {
        stitcher.push(voice(3), false);
        stitcher.end_segment(Boundary::Sentence);
    }
    stitcher.push(voice(3), false);
    stitcher
}

fn stages(criterion: &mut Criterion) {
    let audio = voice(1);
    let mut group = criterion.benchmark_group("one second");
    group.throughput(Throughput::Elements(1));
    group.bench_function("stitched as the only segment", |bencher| {
        let mut stitcher = Stitcher::new(Style::default());
        bencher.iter(|| frames(&audio).map(|frame| stitcher.push(black_box(frame), true).len()).sum::<usize>());
    });
    for (name, even_level) in [("stitched between segments", false), ("stitched between segments and levelled", true)] {
        group.bench_function(name, |bencher| {
            let mut stitcher = between_segments(even_level);
            bencher.iter(|| frames(&audio).map(|frame| stitcher.push(black_box(frame), false).len()).sum::<usize>());
        });
    }
    for (from, to) in [(22_050, 24_000), (24_000, 8_000), (24_000, 48_000)] {
        group.bench_function(format!("resampled from {from} to {to} Hz"), |bencher| {
            let Ok(mut resampler) = Resampler::new(from, to) else { return };
            let second = audio.slice(..from as usize * 2);
            bencher
                .iter(|| frames(&second).map(|frame| resampler.push(&frame).map_or(0, |out| out.len())).sum::<usize>());
        });
    }
    group.finish();
}

/// What is made of audio that comes between two segments, and at which rates; the first is the usual one.
const MADE: [(Encoding, &[u32]); 9] = [
    (Encoding::PcmS16le, &[24_000, 8_000]),
    (Encoding::Wav, &[24_000]),
    (Encoding::Mulaw, &[8_000]),
    (Encoding::Alaw, &[8_000]),
    (Encoding::Mp3, &[24_000, 44_100]),
    (Encoding::AacAdts, &[24_000, 44_100]),
    (Encoding::OggOpus, &[24_000, 48_000]),
    (Encoding::OpusPackets, &[24_000, 48_000]),
    (Encoding::Flac, &[24_000, 44_100]),
];

fn paths(criterion: &mut Criterion) {
    let audio = voice(1);
    let mut group = criterion.benchmark_group("one second, stitched, levelled and made");
    group.throughput(Throughput::Elements(1));
    for (encoding, rates) in MADE {
        for rate in rates {
            let Some(format) = Format::new(encoding, Some(*rate)) else { continue };
            group.bench_function(format!("{} at {rate} Hz", encoding.name()), |bencher| {
                let Some(mut path) = Path::new(format) else { return };
                bencher.iter(|| path.push(black_box(&audio)));
            });
        }
    }
    group.finish();
}

/// All that happens to audio between an engine and a message.
struct Path {
    stitcher: Stitcher,
    encoder: Encoder,
    parceler: Parceler,
    packets: Vec<Packet>,
    parcels: Vec<Packet>,
}

impl Path {
    fn new(format: Format) -> Option<Self> {
        let run = format.samples(Duration::from_millis(20)).and_then(|run| usize::try_from(run).ok())?;
        let in_runs = |sample_bytes| Cut::InRuns { sample_bytes, run, silence: None };
        let cut = format.sample_bytes().map_or(Cut::BetweenPackets, in_runs);
        Some(Self {
            stitcher: between_segments(true),
            encoder: Encoder::new(format).ok()?,
            parceler: Parceler::new(Sizes { max_bytes: 32 * 1024, max_samples: u64::MAX, cut }),
            packets: Vec::new(),
            parcels: Vec::new(),
        })
    }

    /// How many parcels `audio` fills.
    fn push(&mut self, audio: &Bytes) -> usize {
        for frame in frames(audio) {
            let pcm = self.stitcher.push(frame, false);
            let _ = self.encoder.push(pcm, &mut self.packets);
            self.parceler.push(self.packets.drain(..), &mut self.parcels);
        }
        self.parcels.drain(..).count()
    }
}

criterion_group!(benches, stages, paths);
criterion_main!(benches);
