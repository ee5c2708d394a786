//! RIFF headers and what is unwrapped from them: nothing is read past the end, nothing depends on the chunks.
#![no_main]

use arbitrary::Arbitrary;
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rhapsode::audio::Piece;
use rhapsode::audio::Unwrapper;
use rhapsode::audio::wav;
use rhapsode::audio::wav::Malformed;

#[derive(Arbitrary, Debug)]
struct Stream<'a> {
    /// Begins with `RIFF`, a size and `WAVE`, which a fuzzer is slow to guess.
    is_riff: bool,
    chunk: u8,
    bytes: &'a [u8],
}

fuzz_target!(|stream: Stream<'_>| {
    let mut bytes = if stream.is_riff { b"RIFF\xff\xff\xff\xffWAVE".to_vec() } else { Vec::new() };
    bytes.extend_from_slice(stream.bytes);
    parses(&bytes);
    let whole = unwrap(&bytes, bytes.len().max(1));
    let parts = unwrap(&bytes, usize::from(stream.chunk).max(1));
    assert_eq!(whole, parts, "the chunks matter");
    assert!(whole.1.len() <= bytes.len(), "samples from nowhere");
    seals(bytes);
});

/// A header found early is the header found with more bytes, and ends within what was there.
fn parses(bytes: &[u8]) {
    let found = wav::parse(bytes);
    if let Ok(Some(header)) = found {
        assert!(header.header_bytes <= bytes.len());
        assert_eq!(wav::parse(&bytes[..header.header_bytes]), found);
        assert!(header.header_bytes == 0 || wav::parse(&bytes[..header.header_bytes - 1]) == Ok(None));
    }
}

/// The headers, the samples, and what was wrong.
fn unwrap(stream: &[u8], chunk: usize) -> (Vec<wav::Header>, Vec<u8>, Option<Malformed>) {
    let (mut unwrapper, mut pieces) = (Unwrapper::default(), Vec::new());
    let fault = stream.chunks(chunk).find_map(|chunk| unwrapper.push(Bytes::copy_from_slice(chunk), &mut pieces).err());
    let (mut headers, mut samples) = (Vec::new(), Vec::new());
    for piece in pieces {
        match piece {
            Piece::Header(header) => headers.push(header),
            Piece::Samples(run) => samples.extend_from_slice(&run),
        }
    }
    if fault.is_none() {
        samples.extend_from_slice(&unwrapper.finish());
    }
    (headers, samples, fault)
}

/// Sealing fills in the sizes of our own header, and changes nothing else and nothing of anything else.
fn seals(clip: Vec<u8>) {
    let is_ours = clip.first_chunk().is_some_and(|head: &[u8; wav::HEADER_BYTES]| {
        wav::parse(head).is_ok_and(|found| found.is_some_and(|found| *head == wav::header(found.rate_hertz, None)))
    });
    sealed(&clip, is_ours);
    sealed(&[&wav::header(24_000, None)[..], &clip].concat(), true);
}

fn sealed(before: &[u8], is_ours: bool) {
    let mut after = before.to_vec();
    wav::seal(&mut after);
    if !is_ours {
        assert!(after == before, "this header is not ours");
        return;
    }
    let header = wav::parse(&after).unwrap().unwrap();
    let samples = &before[header.header_bytes..];
    assert_eq!(&after[header.header_bytes..], samples);
    assert!(samples.is_empty() || header.data_bytes == u32::try_from(samples.len()).ok());
}
