//! Which kind of bytes an answer holds: what its headers claim and what its first bytes show.

use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http::header::CONTENT_TYPE;

use crate::speech::Encoding;

/// Bytes that [`Kind::of_first_bytes`] wants to see, if there are as many.
pub(super) const SNIFF_BYTES: usize = 12;

/// What bytes are, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Samples without a header.
    Pcm,
    /// RIFF/WAVE.
    Wav,
    /// MPEG layer III.
    Mp3,
    /// Ogg, for speech that is Opus.
    Ogg,
    /// AAC in ADTS.
    Aac,
    /// FLAC.
    Flac,
    /// JSON, HTML or text: not audio, whatever the status says.
    Text,
}

impl Kind {
    /// What the first bytes show; `None` if they could be anything, as the first samples of PCM could.
    ///
    /// The eleven bits that open an MP3 or ADTS frame are a plausible pair of samples too, so for PCM they prove nothing.
    pub fn of_first_bytes(bytes: &[u8], asked: Encoding) -> Option<Self> {
        let text = [&b"{\"error\""[..], b"{\"detail\"", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML"];
        match bytes {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            [b'I', b'D', b'3', ..] => Some(Self::Mp3),
            _ if text.iter().any(|start| bytes.starts_with(start)) => Some(Self::Text),
            _ if asked == Encoding::PcmS16le => None,
            // Layer 0 is reserved in MPEG audio, and what ADTS has there.
            [0xFF, second, ..] if second & 0xF6 == 0xF0 => Some(Self::Aac),
            [0xFF, second, ..] if second & 0xE0 == 0xE0 => Some(Self::Mp3),
            _ => None,
        }
    }

    /// Whether bytes of this kind are an answer to what was asked.
    pub fn answers(self, asked: Encoding) -> bool {
        match asked {
            Encoding::PcmS16le | Encoding::Wav | Encoding::Mulaw | Encoding::Alaw | Encoding::OpusPackets => {
                matches!(self, Self::Pcm | Self::Wav)
            }
            Encoding::Mp3 => self == Self::Mp3,
            Encoding::OggOpus => self == Self::Ogg,
            Encoding::AacAdts => self == Self::Aac,
            Encoding::Flac => self == Self::Flac,
        }
    }

    fn of_essence(essence: &str) -> Option<Self> {
        match essence {
            // RFC 2586 has L16 big-endian, but speech servers label their little-endian samples with it, as we do.
            "audio/pcm" | "audio/l16" | "audio/x-pcm" | "audio/raw" => Some(Self::Pcm),
            "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => Some(Self::Wav),
            "audio/mpeg" | "audio/mp3" | "audio/x-mpeg" => Some(Self::Mp3),
            "audio/ogg" | "audio/opus" | "application/ogg" => Some(Self::Ogg),
            "audio/aac" | "audio/aacp" | "audio/x-aac" => Some(Self::Aac),
            "audio/flac" | "audio/x-flac" => Some(Self::Flac),
            _ if essence.starts_with("text/") || essence.ends_with("json") || essence.ends_with("xml") => {
                Some(Self::Text)
            }
            _ => None,
        }
    }
}

/// What the headers of an answer claim about its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The body is a stream of server-sent events that hold the bytes.
    pub events: bool,
    /// The kind of the bytes; `None` if the type is missing, unknown or says nothing (`application/octet-stream`).
    pub kind: Option<Kind>,
    /// Samples per second of PCM: the `rate` of the type (RFC 2586), else `X-Sample-Rate`.
    pub rate_hertz: Option<u32>,
    /// The `channels` of the type.
    pub channels: Option<u32>,
    /// The body went through a compressor, which nobody asked for.
    pub compressed: bool,
}

impl Claim {
    /// Reads the headers of an answer.
    pub fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let media_type = text(CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
        let mut parts = media_type.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let parameter = |wanted: &str| {
            let (_, value) =
                parts.clone().filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim() == wanted)?;
            value.trim().trim_matches('"').parse().ok()
        };
        let events = essence == "text/event-stream";
        Self {
            events,
            kind: if events { None } else { Kind::of_essence(essence) },
            rate_hertz: parameter("rate").or_else(|| text("x-sample-rate")?.trim().parse().ok()),
            channels: parameter("channels"),
            compressed: text(CONTENT_ENCODING.as_str()).is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use http::HeaderMap;

    use super::Claim;
    use super::Kind;
    use crate::speech::Encoding;

    fn claim(media_type: &str) -> Claim {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", media_type.parse().unwrap());
        Claim::read(&headers)
    }

    #[test]
    fn types_are_read_by_their_essence() {
        for (media_type, kind) in [
            ("audio/pcm", Some(Kind::Pcm)),
            ("AUDIO/MPEG", Some(Kind::Mp3)),
            ("audio/x-wav ; charset=binary", Some(Kind::Wav)),
            ("application/json; charset=utf-8", Some(Kind::Text)),
            ("application/problem+json", Some(Kind::Text)),
            ("text/html", Some(Kind::Text)),
            ("application/octet-stream", None),
            ("audio/surprise", None),
        ] {
            assert_eq!(claim(media_type).kind, kind, "{media_type}");
        }
        let events = claim("Text/Event-Stream; charset=utf-8");
        assert!(events.events && events.kind.is_none());
        assert_eq!(Claim::read(&HeaderMap::new()).kind, None);
    }

    #[test]
    fn the_rate_is_in_the_type_or_beside_it() {
        let stated = claim("audio/L16;channels=1; rate=\"16000\"");
        assert_eq!((stated.rate_hertz, stated.channels), (Some(16_000), Some(1)));
        let mut headers = HeaderMap::new();
        headers.insert("x-sample-rate", "22050".parse().unwrap());
        assert_eq!(Claim::read(&headers).rate_hertz, Some(22_050));
        assert_eq!(claim("audio/pcm; rate=fast").rate_hertz, None);
    }

    #[test]
    fn first_bytes_tell_what_is_certain() {
        for (bytes, asked, kind) in [
            (&b"RIFF\xff\xff\xff\xffWAVEfmt "[..], Encoding::PcmS16le, Some(Kind::Wav)),
            (b"RIFF is a word", Encoding::PcmS16le, None),
            (b"\xff\xf3\xc4\xc4", Encoding::Mp3, Some(Kind::Mp3)),
            (b"\xff\xf3\xc4\xc4", Encoding::PcmS16le, None),
            (b"\xff\xf1\x58\x40", Encoding::AacAdts, Some(Kind::Aac)),
            (b"\xff\xf9\x58\x40", Encoding::AacAdts, Some(Kind::Aac)),
            (b"ID3\x04", Encoding::PcmS16le, Some(Kind::Mp3)),
            (b"OggS\0\x02", Encoding::OggOpus, Some(Kind::Ogg)),
            (b"fLaC", Encoding::Flac, Some(Kind::Flac)),
            (b"{\"error\":{", Encoding::PcmS16le, Some(Kind::Text)),
            (b"<!DOCTYPE html>", Encoding::Mp3, Some(Kind::Text)),
            (b"", Encoding::Mp3, None),
        ] {
            assert_eq!(Kind::of_first_bytes(bytes, asked), kind, "{bytes:?}");
        }
    }

    #[test]
    fn wav_answers_a_wish_for_pcm_and_nothing_else_does() {
        assert!(Kind::Wav.answers(Encoding::PcmS16le));
        assert!(!Kind::Mp3.answers(Encoding::PcmS16le));
        assert!(!Kind::Wav.answers(Encoding::Mp3));
        assert!(Encoding::ALL.into_iter().all(|asked| !Kind::Text.answers(asked)));
    }
}
