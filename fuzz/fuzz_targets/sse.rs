//! The answer of a speech API in any chunks: what comes out does not depend on where the network cut it.
#![no_main]

use arbitrary::Arbitrary;
use bytes::Bytes;
use http::HeaderMap;
use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use rhapsode::engine::speech_api::Claim;
use rhapsode::engine::speech_api::Decoder;
use rhapsode::engine::speech_api::Defect;
use rhapsode::engine::speech_api::SseParser;
use rhapsode::speech::Encoding;

/// Largest event. Small, so that the bound is met.
const MAX_EVENT_BYTES: usize = 600;
/// The most that resampling makes of a byte: 8 kHz to 24 kHz; and what a filter may add at the ends of a run.
const MAX_GROWTH: usize = 3;
/// What a filter may add per run of samples, in bytes.
const FILTER_BYTES: usize = 16 * 1024;
const TYPES: [&str; 8] = [
    "text/event-stream",
    "audio/pcm",
    "audio/pcm;rate=8000",
    "audio/L16;rate=44100;channels=1",
    "audio/wav",
    "audio/mpeg",
    "application/octet-stream",
    "application/json",
];

#[derive(Arbitrary, Debug)]
struct Answer<'a> {
    media_type: u8,
    asked: u8,
    cuts: [u8; 4],
    body: &'a [u8],
}

fuzz_target!(|answer: Answer<'_>| {
    let media_type = TYPES[usize::from(answer.media_type) % TYPES.len()];
    let asked = Encoding::ALL[usize::from(answer.asked) % Encoding::ALL.len()];
    let whole = decode(media_type, asked, [answer.body].into_iter());
    let parts = decode(media_type, asked, cut(answer.body, answer.cuts));
    assert_eq!(whole, parts, "the chunks matter");
    assert_eq!(parse([answer.body].into_iter()), parse(cut(answer.body, answer.cuts)));
});

/// The audio, and how it ended: the name of the defect, or the tokens.
fn decode<'a>(media_type: &str, asked: Encoding, chunks: impl Iterator<Item = &'a [u8]>) -> (Vec<u8>, String) {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_str(media_type).unwrap());
    let (mut out, mut bytes) = (Vec::new(), 0);
    let result = (|| -> Result<_, Defect> {
        let mut decoder = Decoder::new(asked, Claim::read(&headers), MAX_EVENT_BYTES)?;
        for chunk in chunks {
            bytes += chunk.len();
            decoder.push(Bytes::copy_from_slice(chunk), &mut out)?;
        }
        decoder.finish(&mut out)?;
        Ok(decoder.tokens())
    })();
    assert!(out.iter().all(|run| !run.is_empty()), "an empty run");
    assert!(asked != Encoding::PcmS16le || out.iter().all(|run| run.len() % 2 == 0), "half a sample");
    let audio = out.concat();
    // Each header, of 44 bytes at least, may begin a run with a filter of its own.
    assert!(audio.len() <= bytes * MAX_GROWTH + (1 + bytes / 44) * FILTER_BYTES, "{bytes} made {}", audio.len());
    let ending = match result {
        Ok(tokens) => format!("{tokens:?}"),
        Err(defect) => format!("{defect:?}"),
    };
    (audio, ending)
}

fn parse<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> (Vec<Bytes>, bool) {
    let mut parser = SseParser::new(MAX_EVENT_BYTES);
    let mut events = Vec::new();
    for chunk in chunks {
        if parser.push(chunk, &mut events).is_err() {
            return (events, false);
        }
    }
    events.extend(parser.finish());
    assert!(events.iter().all(|event| event.len() <= MAX_EVENT_BYTES + 1));
    (events, true)
}

/// The body in chunks whose lengths repeat as `lengths` says, at least one byte each.
fn cut(body: &[u8], lengths: [u8; 4]) -> impl Iterator<Item = &[u8]> {
    let mut lengths = lengths.into_iter().cycle();
    let mut rest = body;
    std::iter::from_fn(move || {
        let length = usize::from(lengths.next()?).max(1).min(rest.len());
        let (chunk, tail) = rest.split_at_checked(length).filter(|(chunk, _)| !chunk.is_empty())?;
        rest = tail;
        Some(chunk)
    })
}
