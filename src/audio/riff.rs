//! Samples out of a stream that may wrap them in RIFF, once or many times.

use bytes::Buf;
use bytes::Bytes;
use bytes::BytesMut;

use super::wav;
use super::wav::Header;
use super::wav::Malformed;

/// Bytes after which a RIFF stream has shown itself: `RIFF`, a size, `WAVE`.
const SIGNATURE_BYTES: usize = 12;

/// A part of an unwrapped stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A header was there; the samples that follow are as it says.
    Header(Header),
    /// Bytes of samples, split anywhere.
    Samples(Bytes),
}

/// Strips the RIFF headers from a stream of PCM.
///
/// A stream without a header passes as it is. Servers that speak sentence by sentence send one WAV file after the other in
/// one body; each header is taken out, wherever the network has split it, because its bytes played as samples are a click.
/// Whatever follows the declared samples (`LIST`, padding) is not sound either and is dropped.
#[derive(Debug, Default)]
pub struct Unwrapper {
    state: State,
    /// Bytes that cannot be judged yet: fewer than [`wav::MAX_HEADER_BYTES`] and one chunk.
    held: BytesMut,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing is known yet.
    #[default]
    Opening,
    /// No header at the start, so none anywhere.
    Bare,
    /// In a header.
    Header,
    /// In samples, as many as the header said; without a number, until the next header.
    Samples(Option<u64>),
    /// Behind the samples that a header declared.
    Between,
}

impl Unwrapper {
    /// Unwraps the next bytes of the stream.
    ///
    /// # Errors
    /// [`Malformed`] if something that starts as a WAV header does not go on as one; pieces before it stay in `out`.
    pub fn push(&mut self, chunk: Bytes, out: &mut Vec<Piece>) -> Result<(), Malformed> {
        let mut rest = if self.held.is_empty() {
            chunk
        } else {
            self.held.extend_from_slice(&chunk);
            self.held.split().freeze()
        };
        while !rest.is_empty() {
            let before = (self.state, rest.len());
            self.step(&mut rest, out)?;
            if before == (self.state, rest.len()) {
                self.held.extend_from_slice(&rest);
                break;
            }
        }
        Ok(())
    }

    /// The end of the stream: bytes that had waited to become a header and were samples after all.
    pub fn finish(&mut self) -> Bytes {
        match self.state {
            State::Opening | State::Samples(_) => self.held.split().freeze(),
            State::Bare | State::Header | State::Between => Bytes::new(),
        }
    }

    /// Whether the last thing that came is a piece of a header.
    pub fn is_in_header(&self) -> bool {
        self.state == State::Header
    }

    /// Whether the last header told how many samples follow, and they have all come.
    pub fn is_past_samples(&self) -> bool {
        self.state == State::Between
    }

    /// Takes what can be judged from the front of `rest`; takes nothing and keeps the state if that needs more bytes.
    fn step(&mut self, rest: &mut Bytes, out: &mut Vec<Piece>) -> Result<(), Malformed> {
        match self.state {
            State::Opening if !wav::may_be_riff(rest) => self.state = State::Bare,
            State::Opening if rest.len() >= SIGNATURE_BYTES => self.state = State::Header,
            State::Opening => {}
            State::Bare => give(rest, rest.len(), out),
            State::Header => {
                if let Some(header) = wav::parse(rest)? {
                    rest.advance(header.header_bytes);
                    out.push(Piece::Header(header));
                    self.state = State::Samples(header.data_bytes.map(u64::from));
                }
            }
            State::Samples(Some(left)) => {
                let here = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                give(rest, here, out);
                let left = left - here as u64;
                self.state = if left == 0 { State::Between } else { State::Samples(Some(left)) };
            }
            State::Samples(None) => {
                let (samples, found) = next_header(rest);
                give(rest, samples, out);
                self.state = if found { State::Header } else { self.state };
            }
            State::Between => {
                let (padding, found) = next_header(rest);
                rest.advance(padding);
                self.state = if found { State::Header } else { self.state };
            }
        }
        Ok(())
    }
}

fn give(rest: &mut Bytes, count: usize, out: &mut Vec<Piece>) {
    if count > 0 {
        out.push(Piece::Samples(rest.split_to(count)));
    }
}

/// How many bytes come before the next header, or before what may turn out to be one; and whether it is one.
///
/// Sixty-four fixed bits do not occur in speech by chance.
fn next_header(bytes: &[u8]) -> (usize, bool) {
    memchr::memchr_iter(b'R', bytes)
        .find(|&at| wav::may_be_riff(&bytes[at..]))
        .map_or((bytes.len(), false), |at| (at, bytes.len() - at >= SIGNATURE_BYTES))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use bytes::Bytes;
    use proptest::prelude::*;

    use super::Piece;
    use super::Unwrapper;
    use crate::audio::wav;
    use crate::audio::wav::Malformed;

    fn unwrap_in_chunks(stream: &[u8], chunk: usize) -> (usize, Vec<u8>) {
        let mut unwrapper = Unwrapper::default();
        let mut pieces = Vec::new();
        for chunk in stream.chunks(chunk) {
            unwrapper.push(Bytes::copy_from_slice(chunk), &mut pieces).unwrap();
        }
        let headers = pieces.iter().filter(|piece| matches!(piece, Piece::Header(_))).count();
        let mut samples = Vec::new();
        for piece in pieces {
            if let Piece::Samples(run) = piece {
                samples.extend_from_slice(&run);
            }
        }
        samples.extend_from_slice(&unwrapper.finish());
        (headers, samples)
    }

    proptest! {
        #[test]
        fn bare_samples_pass_unchanged(samples in prop::collection::vec(any::<u8>(), 0..300), chunk in 1..40_usize) {
            prop_assert_eq!(unwrap_in_chunks(&samples, chunk), (0, samples));
        }

        #[test]
        fn every_header_goes_and_every_sample_stays(
            sentences in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..80), any::<bool>()), 1..5),
            chunk in 1..70_usize,
        ) {
            let (mut stream, mut samples) = (Vec::new(), Vec::new());
            for (sentence, sized) in &sentences {
                let size = sized.then(|| u32::try_from(sentence.len()).unwrap());
                stream.extend_from_slice(&wav::header(24_000, size));
                stream.extend_from_slice(sentence);
                samples.extend_from_slice(sentence);
            }
            prop_assert_eq!(unwrap_in_chunks(&stream, chunk), (sentences.len(), samples));
        }
    }

    #[test]
    fn what_follows_the_declared_samples_is_not_sound() {
        let stream =
            [&wav::header(24_000, Some(4))[..], b"abcd", b"LIST\x02\0\0\0R!", &wav::header(24_000, None), b"efR"]
                .concat();
        for chunk in 1..stream.len() {
            assert_eq!(unwrap_in_chunks(&stream, chunk), (2, b"abcdefR".to_vec()));
        }
    }

    #[test]
    fn a_short_stream_that_starts_like_riff_is_sound() {
        assert_eq!(unwrap_in_chunks(b"RIFF12", 1), (0, b"RIFF12".to_vec()));
    }

    #[test]
    fn it_knows_where_a_stream_stopped() {
        let (sized, unsized_) = (wav::header(24_000, Some(4)), wav::header(24_000, None));
        for (stream, where_it_stopped) in [
            (&b"samples"[..], (false, false)),
            (&sized[..30], (true, false)),
            (&[&sized[..], b"abc"].concat(), (false, false)),
            (&[&sized[..], b"abcd"].concat(), (false, true)),
            (&[&sized[..], b"abcd\0"].concat(), (false, true)),
            (&[&sized[..], b"abcd", &unsized_[..20]].concat(), (true, false)),
            (&[&unsized_[..], b"abcd"].concat(), (false, false)),
        ] {
            let mut unwrapper = Unwrapper::default();
            unwrapper.push(Bytes::copy_from_slice(stream), &mut Vec::new()).unwrap();
            assert_eq!((unwrapper.is_in_header(), unwrapper.is_past_samples()), where_it_stopped);
        }
    }

    #[test]
    fn a_broken_header_is_an_error() {
        let mut unwrapper = Unwrapper::default();
        let pushed = unwrapper.push(Bytes::from_static(b"RIFF\0\0\0\0WAVEdata\0\0\0\0"), &mut Vec::new());
        assert_eq!(pushed, Err(Malformed::DataBeforeFormat));
    }
}
