//! How long a text waits before its first segment is known, and what the whole cut costs.

use std::hint::black_box;

use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use rhapsode::text;
use rhapsode::text::Limits;

const SENTENCE: &str =
    "Dr. Smith paid $3.50 for the 98.6 degree bath at 5 p.m., and nobody in the U.S. embassy minded. ";

fn segmentation(criterion: &mut Criterion) {
    let novel: String = SENTENCE.chars().cycle().take(100_000).collect();
    text::tokens::warm();
    criterion.bench_function("first segment of 100,000 characters", |bencher| {
        bencher
            .iter(|| text::segment(black_box(novel.as_str()), None, Limits::default()).next().map(|piece| piece.end));
    });
    criterion.bench_function("all segments of 100,000 characters", |bencher| {
        bencher.iter(|| text::segment(black_box(novel.as_str()), None, Limits::default()).count());
    });
    criterion.bench_function("tokens of 4,096 characters", |bencher| {
        bencher.iter(|| text::tokens::count(black_box(&novel[..4096])));
    });
}

criterion_group!(benches, segmentation);
criterion_main!(benches);
