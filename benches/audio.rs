//! What a second of 24 kHz audio costs on its way through the service.

use std::hint::black_box;

use bytes::Bytes;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use rhapsode::audio::Chunker;
use rhapsode::audio::Joiner;
use rhapsode::audio::Resampler;

/// One second of 24 kHz 16-bit mono.
const SECOND: usize = 48_000;

fn second() -> Bytes {
    (0..SECOND).map(|index| u8::try_from(index % 251).unwrap_or_default()).collect::<Vec<_>>().into()
}

fn paths(criterion: &mut Criterion) {
    let audio = second();
    let mut group = criterion.benchmark_group("one second of audio");
    group.throughput(Throughput::Elements(1));
    group.bench_function("joined as the only segment and cut", |bencher| {
        bencher.iter(|| Chunker::new(32 * 1024, 2).cut(Joiner::default().push(black_box(audio.clone()), true)).count());
    });
    group.bench_function("joined between two segments and cut", |bencher| {
        bencher.iter(|| {
            let mut joiner = Joiner::default();
            let first = joiner.push(black_box(audio.clone()), false);
            (Chunker::new(32 * 1024, 2).cut(first).count(), joiner.joint())
        });
    });
    group.bench_function("resampled from 22,050 Hz", |bencher| {
        bencher.iter(|| {
            let mut resampler = Resampler::new(22_050, 24_000).ok()?;
            let head = resampler.push(black_box(&audio)).ok()?;
            Some(head.len() + resampler.finish().ok()?.len())
        });
    });
    group.finish();
}

criterion_group!(benches, paths);
criterion_main!(benches);
