//! The bytes of an answer, turned into the audio that was asked for. Pure, so that it can be fuzzed.

use bytes::Bytes;
use bytes::BytesMut;

use crate::speech::Encoding;
use crate::speech::SAMPLE_RATE_HERTZ;
use crate::speech::Tokens;

use super::defect::Defect;
use super::event::Event;
use super::intake::Intake;
use super::media::Claim;
use super::media::Kind;
use super::media::SNIFF_BYTES;
use super::sse::SseParser;

/// Decodes one answer.
pub struct Decoder {
    asked: Encoding,
    /// Events around the bytes, if the answer's type says so.
    parser: Option<SseParser>,
    events: Vec<Bytes>,
    /// The first bytes, until they show what they are.
    held: Option<BytesMut>,
    /// Turns PCM into our PCM; encodings pass untouched.
    intake: Option<Intake>,
    tokens: Option<Tokens>,
    /// The server said that all audio was sent.
    done: bool,
}

impl Decoder {
    /// A decoder for an answer that claims `claim`, where `asked` was asked for.
    ///
    /// # Errors
    /// [`Defect`] if the claim alone shows that the body cannot be that.
    pub fn new(asked: Encoding, claim: Claim, max_event_bytes: usize) -> Result<Self, Defect> {
        check(asked, claim.kind)?;
        if claim.compressed {
            return Err(Defect::Compressed);
        }
        let intake = if asked == Encoding::PcmS16le {
            if let Some(channels) = claim.channels.filter(|channels| *channels != 1) {
                return Err(Defect::Channels(channels));
            }
            Some(Intake::new(claim.rate_hertz.unwrap_or(SAMPLE_RATE_HERTZ))?)
        } else {
            None
        };
        Ok(Self {
            asked,
            parser: claim.events.then(|| SseParser::new(max_event_bytes)),
            events: Vec::new(),
            held: Some(BytesMut::new()),
            intake,
            tokens: None,
            done: false,
        })
    }

    /// Takes the next bytes of the body and adds the audio that is ready to `out`, never empty.
    ///
    /// # Errors
    /// [`Defect`]; the audio before it stays in `out`.
    pub fn push(&mut self, chunk: Bytes, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        let Some(parser) = &mut self.parser else {
            return self.encoded(chunk, out);
        };
        let parsed = parser.push(&chunk, &mut self.events);
        // Taken out and put back, so that its memory serves for every chunk.
        let mut events = std::mem::take(&mut self.events);
        for data in events.drain(..) {
            self.event(Event::read(&data).map_err(Defect::Unreadable)?, out)?;
        }
        self.events = events;
        parsed.map_err(Defect::TooLarge)
    }

    /// The end of the body: what was still held back.
    ///
    /// # Errors
    /// [`Defect::NoEnd`], [`Defect::HalfSample`] or [`Defect::HalfHeader`] if the answer stopped before its end; the audio
    /// stays in `out`.
    pub fn finish(&mut self, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        if let Some(data) = self.parser.as_mut().and_then(SseParser::finish) {
            // What was cut in the middle of an event cannot be read, and is no more than the missing end.
            if let Ok(event) = Event::read(&data) {
                self.event(event, out)?;
            }
        }
        if let Some(held) = self.held.take() {
            self.open(held.freeze(), out)?;
        }
        if let Some(intake) = &mut self.intake {
            intake.finish(out)?;
        }
        if self.parser.is_some() && !self.done { Err(Defect::NoEnd) } else { Ok(()) }
    }

    /// Whether the server itself said that all audio was sent; a raw body ends where it ends.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// What the server reported to have used.
    pub fn tokens(&self) -> Option<Tokens> {
        self.tokens
    }

    /// Bytes without a partner that had to be dropped from PCM in front of a WAV header, or by a header's own account.
    pub fn lone_bytes(&self) -> u32 {
        self.intake.as_ref().map_or(0, Intake::lone_bytes)
    }

    fn event(&mut self, event: Event, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        match event {
            Event::Audio(audio) => self.encoded(audio, out)?,
            Event::Done(tokens) => {
                self.tokens = tokens.or(self.tokens);
                self.done = true;
            }
            Event::End => self.done = true,
            Event::Failed(value) => return Err(Defect::Failed(value)),
            Event::Other => {}
        }
        Ok(())
    }

    /// Bytes of the encoding, out of their events: looked at until they show what they are.
    fn encoded(&mut self, chunk: Bytes, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        let Some(held) = &mut self.held else {
            return self.accepted(chunk, out);
        };
        if held.is_empty() && chunk.len() >= SNIFF_BYTES {
            self.held = None;
            return self.open(chunk, out);
        }
        held.extend_from_slice(&chunk);
        if held.len() >= SNIFF_BYTES {
            let held = held.split().freeze();
            self.held = None;
            return self.open(held, out);
        }
        Ok(())
    }

    fn open(&mut self, first: Bytes, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        check(self.asked, Kind::of_first_bytes(&first, self.asked))?;
        self.accepted(first, out)
    }

    fn accepted(&mut self, chunk: Bytes, out: &mut Vec<Bytes>) -> Result<(), Defect> {
        match &mut self.intake {
            Some(intake) => intake.push(chunk, out)?,
            None if chunk.is_empty() => {}
            None => out.push(chunk),
        }
        Ok(())
    }
}

fn check(asked: Encoding, sent: Option<Kind>) -> Result<(), Defect> {
    match sent {
        Some(Kind::Text) => Err(Defect::Text),
        Some(sent) if !sent.answers(asked) => Err(Defect::Kind { sent, asked }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use bytes::Bytes;
    use http::HeaderMap;
    use proptest::prelude::*;

    use super::Claim;
    use super::Decoder;
    use super::Defect;
    use super::Encoding;
    use super::Kind;
    use super::Tokens;
    use crate::audio::wav;

    const DONE: &str =
        r#"{"type":"speech.audio.done","usage":{"input_tokens":10,"output_tokens":93,"total_tokens":103}}"#;

    fn claim(media_type: &str) -> Claim {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", media_type.parse().unwrap());
        Claim::read(&headers)
    }

    /// Decodes `body` in chunks; what was heard, and how it ended.
    fn decode(
        media_type: &str,
        asked: Encoding,
        body: &[u8],
        chunk: usize,
    ) -> (Vec<u8>, Result<Option<Tokens>, Defect>) {
        let mut out = Vec::new();
        let result = (|| {
            let mut decoder = Decoder::new(asked, claim(media_type), 10_000)?;
            for chunk in body.chunks(chunk) {
                decoder.push(Bytes::copy_from_slice(chunk), &mut out)?;
            }
            decoder.finish(&mut out)?;
            Ok(decoder.tokens())
        })();
        assert!(out.iter().all(|run| !run.is_empty()), "an empty run");
        assert!(asked != Encoding::PcmS16le || out.iter().all(|run| run.len() % 2 == 0), "half a sample");
        (out.concat(), result)
    }

    fn events(audio: &[u8], per_event: usize, end: &[&str]) -> Vec<u8> {
        let delta =
            |part: &[u8]| format!(r#"{{"type":"speech.audio.delta","audio":"{}"}}"#, BASE64_STANDARD.encode(part));
        let mut stream = String::new();
        for data in audio.chunks(per_event).map(delta).chain(end.iter().map(|&end| end.to_owned())) {
            stream.extend(["data: ", &data, "\r\n\r\n"]);
        }
        stream.into()
    }

    proptest! {
        #[test]
        fn events_give_their_pcm_however_they_are_cut(
            samples in prop::collection::vec(any::<i16>(), 6..200),
            per_event in 1..70_usize,
            chunk in 1..400_usize,
            header in any::<bool>(),
        ) {
            let pcm: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
            prop_assume!(!pcm.starts_with(b"ID3"));
            let sent = if header { [&wav::header(24_000, None)[..], &pcm].concat() } else { pcm.clone() };
            let (heard, end) = decode("text/event-stream", Encoding::PcmS16le, &events(&sent, per_event, &[DONE, "[DONE]"]), chunk);
            prop_assert_eq!(heard, pcm);
            prop_assert_eq!(end.unwrap(), Some(Tokens { input: 10, output: 93, ..Tokens::default() }));
        }

        #[test]
        fn nothing_that_is_sent_makes_it_panic(
            body in prop::collection::vec(prop::sample::select(b"data: {}\"[]\r\nRIFFWAVEfmt \x00\x01\x10\xff".to_vec()), 0..300),
            chunk in 1..50_usize,
            media_type in prop::sample::select(vec!["text/event-stream", "audio/pcm", "audio/wav", "audio/mpeg", "x/y"]),
            asked in prop::sample::select(Encoding::ALL.to_vec()),
        ) {
            let _ = decode(media_type, asked, &body, chunk);
        }
    }

    #[test]
    fn encodings_pass_untouched_raw_and_in_events() {
        let mp3 = b"\xff\xf3\xc4\xc4 and the rest of the frame";
        assert_eq!(decode("audio/mpeg", Encoding::Mp3, mp3, 5).0, mp3);
        assert_eq!(decode("application/octet-stream", Encoding::Mp3, mp3, 1).0, mp3);
        assert_eq!(decode("text/event-stream", Encoding::Mp3, &events(mp3, 7, &["[DONE]"]), 9).0, mp3);
        assert_eq!(decode("audio/mpeg", Encoding::Mp3, b"\xff\xf3", 1).0, b"\xff\xf3", "shorter than its signature");
    }

    #[test]
    fn something_else_than_asked_is_refused() {
        use Encoding::Mp3;
        use Encoding::PcmS16le;
        let refused = |media_type, asked, body: &[u8]| decode(media_type, asked, body, 100).1.unwrap_err();
        assert!(matches!(refused("audio/mpeg", PcmS16le, b""), Defect::Kind { sent: Kind::Mp3, .. }));
        assert!(matches!(refused("audio/pcm", Mp3, b""), Defect::Kind { sent: Kind::Pcm, .. }));
        assert!(matches!(refused("audio/mpeg", Mp3, &wav::header(24_000, None)), Defect::Kind { sent: Kind::Wav, .. }));
        assert!(matches!(refused("application/octet-stream", PcmS16le, b"OggS"), Defect::Kind { sent: Kind::Ogg, .. }));
        assert!(matches!(refused("application/json", PcmS16le, b"{}"), Defect::Text));
        assert!(matches!(refused("audio/pcm", PcmS16le, b"<!DOCTYPE html>"), Defect::Text));
        assert!(matches!(refused("audio/pcm;rate=96000", PcmS16le, b""), Defect::Rate(96_000)));
        assert!(matches!(refused("audio/L16;rate=24000;channels=2", PcmS16le, b""), Defect::Channels(2)));
        let mut stereo = wav::header(24_000, None);
        stereo[22] = 2;
        assert!(matches!(refused("audio/wav", PcmS16le, &stereo), Defect::Layout { channels: 2, .. }));
    }

    #[test]
    fn compression_that_nobody_asked_for_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert("content-encoding", "gzip".parse().unwrap());
        let decoder = Decoder::new(Encoding::Mp3, Claim::read(&headers), 1_000);
        assert!(matches!(decoder.err(), Some(Defect::Compressed)));
    }

    #[test]
    fn events_must_come_to_an_end() {
        let pcm = [1; 24];
        let end = |end: &[&str]| decode("text/event-stream", Encoding::PcmS16le, &events(&pcm, 8, end), 50);
        assert!(end(&[DONE]).1.is_ok());
        assert!(end(&["[DONE]"]).1.is_ok());
        assert!(matches!(end(&[]), (heard, Err(Defect::NoEnd)) if heard == pcm));
        let failed = r#"{"error":{"code":"server_error"}}"#;
        assert!(matches!(end(&[failed]), (heard, Err(Defect::Failed(_))) if heard == pcm));
        assert!(matches!(end(&["{"]), (_, Err(Defect::Unreadable(_)))));
        let long = "x".repeat(11_000);
        assert!(matches!(end(&[&long]), (_, Err(Defect::TooLarge(_)))));
        // A cut in the middle of an event is a missing end, not a broken event.
        let whole = events(&pcm, 8, &[DONE]);
        assert!(matches!(decode("text/event-stream", Encoding::PcmS16le, &whole[..100], 7).1, Err(Defect::NoEnd)));
    }

    #[test]
    fn the_rate_comes_from_the_header_before_the_type() {
        let mut header = wav::header(24_000, None);
        header[24..28].copy_from_slice(&48_000_u32.to_le_bytes());
        let body = [&header[..], &[0; 9_600]].concat();
        assert_eq!(decode("audio/wav;rate=8000", Encoding::PcmS16le, &body, 1_000).0.len(), 4_800);
        assert_eq!(decode("audio/pcm;rate=8000", Encoding::PcmS16le, &[0; 1_600], 1_000).0.len(), 4_800);
        // Two sentences of different rates: 0.1 s each.
        let two = [&body[..], &wav::header(24_000, None), &[0; 4_800]].concat();
        assert_eq!(decode("audio/wav", Encoding::PcmS16le, &two, 999).0.len(), 9_600);
    }

    #[test]
    fn an_answer_must_not_end_on_half_a_sample() {
        let pcm = [7; 25];
        let body = |header: &[u8]| [header, &pcm].concat();
        let unsized_ = body(&wav::header(24_000, None));
        let cut = body(&wav::header(24_000, Some(26)));
        let two = [&body(&wav::header(24_000, Some(25))), &b"\0"[..], &unsized_].concat();
        for (media_type, body) in [
            ("audio/pcm", &pcm[..]),
            ("audio/wav", &unsized_),
            ("audio/wav", &cut),
            ("audio/wav", &two),
            ("text/event-stream", &events(&pcm, 8, &[DONE])),
        ] {
            let (heard, end) = decode(media_type, Encoding::PcmS16le, body, 9);
            assert!(matches!(end, Err(Defect::HalfSample)), "{media_type}: {end:?}");
            assert_eq!(heard, vec![7; heard.len()], "only whole samples, and all of them");
        }
        assert!(
            matches!(decode("audio/pcm", Encoding::PcmS16le, b"x", 1), (heard, Err(Defect::HalfSample)) if heard.is_empty())
        );
        // An encoding may have any length.
        assert!(decode("audio/mpeg", Encoding::Mp3, b"\xff\xf3\xc4", 2).1.is_ok());
    }

    #[test]
    fn what_a_header_says_about_an_odd_length_is_believed() {
        let mut decoder = Decoder::new(Encoding::PcmS16le, claim("audio/wav"), 1_000).unwrap();
        let mut out = Vec::new();
        // Of odd length as declared, with the byte of padding that RIFF asks for, and without.
        let file = [&wav::header(24_000, Some(25))[..], &[7; 25], b"\0"].concat();
        decoder.push(Bytes::from([&file[..], &file[..file.len() - 1]].concat()), &mut out).unwrap();
        decoder.finish(&mut out).unwrap();
        assert_eq!((out.concat(), decoder.lone_bytes()), (vec![7; 48], 2));
    }

    #[test]
    fn an_answer_must_not_end_in_a_header() {
        let header = wav::header(24_000, Some(4));
        let two = [&header[..], b"abcd", &header[..30]].concat();
        let (heard, end) = decode("audio/wav", Encoding::PcmS16le, &two, 7);
        assert!(matches!(end, Err(Defect::HalfHeader)));
        assert_eq!(heard, b"abcd");
        assert!(matches!(decode("audio/wav", Encoding::PcmS16le, &header[..30], 30).1, Err(Defect::HalfHeader)));
        // Fewer samples than were declared: the size was invented.
        let placeholder = [&wav::header(24_000, Some(10_240_000))[..], b"abcd"].concat();
        assert!(decode("audio/wav", Encoding::PcmS16le, &placeholder, 7).1.is_ok());
    }
}
