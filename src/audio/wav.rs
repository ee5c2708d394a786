//! RIFF/WAVE headers: found by parsing what others send, written for what we send.
//!
//! Layout after the "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991), chapter 3,
//! and `WAVEFORMATEXTENSIBLE` as Microsoft documents it.

use thiserror::Error;

use crate::speech::SAMPLE_BYTES;

/// Bytes of the header that we write: `RIFF`, `fmt ` and the head of `data`.
pub const HEADER_BYTES: usize = 44;

/// How far into a stream the samples may begin. Tags and padding of honest files stay far below it.
pub const MAX_HEADER_BYTES: usize = 64 * 1024;

/// The size that a writer puts down when it cannot know better.
const UNKNOWN_SIZE: u32 = u32::MAX;

/// Sizes from here on are placeholders too: 12 hours of 24 kHz speech; `SoX` writes `0x7FFF_F000` into a pipe.
const FIRST_IMPLAUSIBLE_SIZE: u32 = 0x7FFF_0000;

const FORMAT_PCM: u16 = 1;
const FORMAT_EXTENSIBLE: u16 = 0xFFFE;

/// What a header says about the samples behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Format tag; 1 is integer PCM, and that of an extensible header is already looked through.
    pub format: u16,
    /// Interleaved channels.
    pub channels: u16,
    /// Samples per second and channel.
    pub rate_hertz: u32,
    /// Bits of one sample.
    pub bits: u16,
    /// Bytes of samples that follow, `None` if the writer did not know.
    pub data_bytes: Option<u32>,
    /// Where the samples begin, counted from `RIFF`.
    pub header_bytes: usize,
}

impl Header {
    /// Whether the samples are 16-bit integers of one channel, at whatever rate.
    pub fn is_mono_s16(&self) -> bool {
        self.format == FORMAT_PCM && self.channels == 1 && self.bits == 16
    }
}

/// Why bytes are not a WAV header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// Something else than `RIFF`, any size, `WAVE` at the start.
    #[error("the stream does not start with RIFF and WAVE")]
    NotRiff,
    /// A `fmt ` chunk too short to say anything.
    #[error("the fmt chunk is shorter than 16 bytes")]
    ShortFormat,
    /// `data` came before `fmt `.
    #[error("the data chunk comes before the fmt chunk")]
    DataBeforeFormat,
    /// No samples within [`MAX_HEADER_BYTES`].
    #[error("no data chunk within 64 KiB")]
    TooLong,
}

/// Reads the header at the start of `bytes`; `None` asks for more bytes.
///
/// # Errors
/// [`Malformed`] as soon as no further byte could make it right.
pub fn parse(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    if !may_be_riff(bytes) {
        return Err(Malformed::NotRiff);
    }
    let mut at = 12;
    let mut format = None;
    while let (Some(id), Some(size)) = (bytes.get(at..at + 4), u32_at(bytes, at + 4)) {
        let body = at + 8;
        match id {
            b"data" => {
                return format.ok_or(Malformed::DataBeforeFormat).map(|format| Some(complete(format, size, body)));
            }
            b"fmt " => match read_format(bytes, body, size)? {
                Some(read) => format = Some(read),
                None => return Ok(None),
            },
            _ => {}
        }
        // Chunks are padded to even length.
        let step = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(8);
        at = at.saturating_add(step).saturating_add(step % 2);
        if at > MAX_HEADER_BYTES {
            return Err(Malformed::TooLong);
        }
    }
    Ok(None)
}

/// Whether `bytes`, as far as they go, start like a RIFF/WAVE stream.
pub fn may_be_riff(bytes: &[u8]) -> bool {
    let agrees = |at: usize, expected: &[u8]| {
        let seen = bytes.get(at..).unwrap_or_default();
        seen.iter().zip(expected).all(|(seen, expected)| seen == expected)
    };
    agrees(0, b"RIFF") && agrees(8, b"WAVE")
}

/// The header of 16-bit mono PCM. `None`, or more than a RIFF size can say, becomes the streaming placeholder.
pub fn header(rate_hertz: u32, data_bytes: Option<u32>) -> [u8; HEADER_BYTES] {
    // What RIFF counts beside the samples: everything after its own size.
    let riff_bytes = data_bytes.and_then(|bytes| bytes.checked_add(36));
    let data_bytes = riff_bytes.and(data_bytes);
    let sample_bytes = u16::from(SAMPLE_BYTES.to_le_bytes()[0]);
    let fields: [&[u8]; 13] = [
        b"RIFF",
        &riff_bytes.unwrap_or(UNKNOWN_SIZE).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &FORMAT_PCM.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &rate_hertz.to_le_bytes(),
        &rate_hertz.saturating_mul(u32::from(sample_bytes)).to_le_bytes(),
        &sample_bytes.to_le_bytes(),
        &16_u16.to_le_bytes(),
        b"data",
        &data_bytes.unwrap_or(UNKNOWN_SIZE).to_le_bytes(),
    ];
    let mut header = [0; HEADER_BYTES];
    for (slot, byte) in header.iter_mut().zip(fields.concat()) {
        *slot = byte;
    }
    header
}

/// Writes the true sizes into a finished clip that begins with the streaming header; leaves any other clip alone.
pub fn seal(clip: &mut [u8]) {
    if let Some((head, samples)) = clip.split_at_mut_checked(HEADER_BYTES)
        && let Ok(Some(ours)) = parse(head)
        && *head == header(ours.rate_hertz, None)
    {
        head.copy_from_slice(&header(ours.rate_hertz, u32::try_from(samples.len()).ok()));
    }
}

/// The `fmt ` chunk at `body`: `data_bytes` and `header_bytes` are still to come. `None` asks for more bytes.
fn read_format(bytes: &[u8], body: usize, size: u32) -> Result<Option<Header>, Malformed> {
    if size < 16 {
        return Err(Malformed::ShortFormat);
    }
    let (Some(tag), Some(channels), Some(rate_hertz), Some(bits)) =
        (u16_at(bytes, body), u16_at(bytes, body + 2), u32_at(bytes, body + 4), u16_at(bytes, body + 14))
    else {
        return Ok(None);
    };
    let format = if tag == FORMAT_EXTENSIBLE && size >= 26 {
        // The sub-format GUID begins with the plain tag.
        match u16_at(bytes, body + 24) {
            Some(tag) => tag,
            None => return Ok(None),
        }
    } else {
        tag
    };
    Ok(Some(Header { format, channels, rate_hertz, bits, data_bytes: None, header_bytes: 0 }))
}

fn complete(format: Header, size: u32, header_bytes: usize) -> Header {
    let known = size != 0 && size < FIRST_IMPLAUSIBLE_SIZE;
    Header { data_bytes: known.then_some(size), header_bytes, ..format }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use proptest::prelude::*;

    use super::HEADER_BYTES;
    use super::Malformed;
    use super::header;
    use super::parse;

    /// `RIFF`, `WAVE` and the chunks given.
    fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut bytes = b"RIFF\xff\xff\xff\xffWAVE".to_vec();
        for (id, body) in chunks {
            bytes.extend_from_slice(*id);
            bytes.extend_from_slice(&u32::try_from(body.len()).unwrap().to_le_bytes());
            bytes.extend_from_slice(body);
            bytes.resize(bytes.len() + body.len() % 2, 0);
        }
        bytes
    }

    const FMT: &[u8] = b"\x01\x00\x01\x00\x22\x56\x00\x00\x44\xac\x00\x00\x02\x00\x10\x00";

    #[test]
    fn the_streaming_header_is_the_one_openai_sends() {
        let (head, tail) = (b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0", b"\x02\0\x10\0data\xff\xff\xff\xff");
        assert_eq!(header(24_000, None)[..], [&head[..], b"\xc0\x5d\0\0\x80\xbb\0\0", tail].concat());
    }

    #[test]
    fn an_exact_header_reads_back() {
        let read = parse(&header(24_000, Some(4_800))).unwrap().unwrap();
        assert_eq!((read.data_bytes, read.rate_hertz, read.header_bytes), (Some(4_800), 24_000, HEADER_BYTES));
        assert!(read.is_mono_s16());
        assert_eq!(header(24_000, Some(4_800))[4..8], 4_836_u32.to_le_bytes());
        assert_eq!(
            header(24_000, Some(u32::MAX - 1)),
            header(24_000, None),
            "a size past 32 bits becomes the placeholder"
        );
    }

    #[test]
    fn chunks_around_the_format_are_skipped() {
        let bytes = riff(&[(b"JUNK", &[0; 27]), (b"fmt ", FMT), (b"LIST", b"INFOodd"), (b"data", b"ab")]);
        let read = parse(&bytes).unwrap().unwrap();
        assert_eq!((read.rate_hertz, read.data_bytes), (22_050, Some(2)));
        assert_eq!(&bytes[read.header_bytes..], b"ab");
    }

    #[test]
    fn an_extensible_format_is_looked_through() {
        let mut fmt = FMT.to_vec();
        fmt[..2].copy_from_slice(&0xFFFE_u16.to_le_bytes());
        fmt.extend_from_slice(
            b"\x16\x00\x10\x00\x04\x00\x00\x00\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71",
        );
        assert!(parse(&riff(&[(b"fmt ", &fmt), (b"data", b"")])).unwrap().unwrap().is_mono_s16());
        fmt[24] = 3;
        assert!(!parse(&riff(&[(b"fmt ", &fmt), (b"data", b"")])).unwrap().unwrap().is_mono_s16());
    }

    #[test]
    fn placeholder_sizes_are_unknown_sizes() {
        for size in [0_u32, 0x7FFF_F000, 0x7FFF_FFFF, u32::MAX] {
            let mut bytes = header(24_000, None);
            bytes[40..].copy_from_slice(&size.to_le_bytes());
            assert_eq!(parse(&bytes).unwrap().unwrap().data_bytes, None, "{size:#x}");
        }
    }

    #[test]
    fn hostile_headers_are_refused() {
        let faults = [
            (b"RIFX".to_vec(), Malformed::NotRiff),
            (b"RIFF\0\0\0\0AVI ".to_vec(), Malformed::NotRiff),
            (riff(&[(b"fmt ", &FMT[..14])]), Malformed::ShortFormat),
            (riff(&[(b"data", b"")]), Malformed::DataBeforeFormat),
            (b"RIFF\0\0\0\0WAVELIST\xff\xff\xff\xff".to_vec(), Malformed::TooLong),
            (riff(&[(b"LIST", &vec![0; 70_000])]), Malformed::TooLong),
        ];
        for (bytes, fault) in faults {
            assert_eq!(parse(&bytes), Err(fault));
        }
        // Chunks of no length make no endless loop either.
        assert_eq!(parse(&riff(&vec![(b"JUNK", &b""[..]); 9_000])), Err(Malformed::TooLong));
    }

    proptest! {
        #[test]
        fn never_panics_and_never_reads_past_the_end(tail in prop::collection::vec(any::<u8>(), 0..200), good in any::<bool>()) {
            let mut bytes = if good { b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec() } else { Vec::new() };
            bytes.extend_from_slice(&tail);
            if let Ok(Some(read)) = parse(&bytes) {
                prop_assert!(read.header_bytes <= bytes.len());
            }
        }

        #[test]
        fn a_prefix_only_asks_for_more(cut in 0..HEADER_BYTES) {
            prop_assert_eq!(parse(&header(24_000, None)[..cut]), Ok(None));
        }
    }
}
