//! What listeners make of encoded bytes: decoders that have nothing in common with the encoders.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use claxon::FlacReader;
use nanomp3::decode_all;
use opus_rs::OpusDecoder;
use symphonia_codec_aac::AacDecoder;
use symphonia_core::audio::Channels;
use symphonia_core::audio::Position;
use symphonia_core::codecs::audio::AudioCodecParameters;
use symphonia_core::codecs::audio::AudioDecoder;
use symphonia_core::codecs::audio::AudioDecoderOptions;
use symphonia_core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia_core::packet::PacketRef;
use symphonia_core::units::Duration;
use symphonia_core::units::Timestamp;

use super::Packet;

/// Samples of a FLAC stream.
pub(super) fn flac(stream: &[u8], rate_hertz: u32) -> Vec<i16> {
    let mut reader = FlacReader::new(stream).unwrap();
    let info = reader.streaminfo();
    assert_eq!((info.sample_rate, info.channels, info.bits_per_sample), (rate_hertz, 1, 16));
    assert_eq!((info.samples, info.md5sum), (None, [0; 16]), "not known when the stream begins");
    reader.samples().map(|sample| i16::try_from(sample.unwrap()).unwrap()).collect()
}

/// Samples of MP3 frames, the codec's delay included.
pub(super) fn mp3(frames: &[Packet], rate_hertz: u32) -> Vec<i16> {
    let stream = frames.iter().flat_map(|frame| frame.data.to_vec()).collect::<Vec<_>>();
    let decoded = decode_all::<i16>(&stream);
    assert!(stream.is_empty() || decoded.sample_rate == rate_hertz);
    decoded.samples
}

/// Bytes of the header of an ADTS frame.
const ADTS_HEADER_BYTES: usize = 7;

/// Sample rates by their number in the header of ADTS, in Hz (ISO/IEC 14496-3, table 1.18).
const ADTS_RATES_HERTZ: [u32; 12] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000];

/// Samples of AAC in ADTS, one frame in each packet, the codec's delay included.
pub(super) fn aac(frames: &[Packet], rate_hertz: u32) -> Vec<i16> {
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(CODEC_ID_AAC).with_sample_rate(rate_hertz);
    parameters.with_channels(Channels::Positioned(Position::FRONT_CENTER));
    let mut decoder = AacDecoder::try_new(&parameters, &AudioDecoderOptions::default()).unwrap();
    let (mut heard, mut samples) = (Vec::new(), Vec::new());
    for frame in frames {
        let data = &frame.data;
        let bits = data[..ADTS_HEADER_BYTES].iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        let field = |at: u32, count: u32| bits >> (56 - at - count) & ((1 << count) - 1);
        assert_eq!((field(0, 12), field(13, 2), field(16, 2)), (0xFFF, 0, 1), "a frame of low complexity");
        assert_eq!(ADTS_RATES_HERTZ[usize::try_from(field(18, 4)).unwrap()], rate_hertz);
        assert_eq!((field(23, 3), field(54, 2)), (1, 0), "one channel, one block");
        assert_eq!(field(30, 13), data.len() as u64);
        let packet = PacketRef::new(0, Timestamp::ZERO, Duration::ZERO, &data[ADTS_HEADER_BYTES..]);
        decoder.decode_ref(&packet).unwrap().copy_to_vec_interleaved::<i16>(&mut samples);
        heard.append(&mut samples);
    }
    heard
}

/// Samples of Opus packets, the codec's delay included.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
pub(super) fn opus<'a>(packets: impl IntoIterator<Item = &'a [u8]>, rate_hertz: u32) -> Vec<i16> {
    let mut decoder = OpusDecoder::new(rate_hertz.cast_signed(), 1).unwrap();
    let mut block = vec![0.0; rate_hertz as usize / 50];
    let mut heard = Vec::new();
    for packet in packets {
        let samples = decoder.decode(packet, block.len(), &mut block).unwrap();
        heard.extend(block[..samples].iter().map(|sample| (sample * 32_768.0).round() as i16));
    }
    heard
}

/// A page of Ogg (RFC 3533).
#[derive(Debug)]
pub(super) struct Page {
    /// 2 for the first of a stream, 4 for the last.
    pub(super) flags: u8,
    pub(super) position: u64,
    pub(super) serial: u32,
    pub(super) number: u32,
    pub(super) packets: Vec<Vec<u8>>,
}

/// The pages of a stream whose packets end with a page.
pub(super) fn pages(mut stream: &[u8]) -> Vec<Page> {
    let mut pages = Vec::new();
    while !stream.is_empty() {
        assert_eq!(&stream[..5], b"OggS\0");
        let word = |at: usize| u32::from_le_bytes(stream[at..at + 4].try_into().unwrap());
        let (lacing, body) = stream[27..].split_at(stream[26].into());
        let length = lacing.iter().map(|bytes| usize::from(*bytes)).sum::<usize>();
        let page_bytes = 27 + lacing.len() + length;
        assert_eq!(checksum(&stream[..page_bytes]), word(22));
        let (mut packets, mut packet, mut at) = (Vec::new(), Vec::new(), 0);
        for bytes in lacing {
            packet.extend_from_slice(&body[at..at + usize::from(*bytes)]);
            at += usize::from(*bytes);
            if *bytes < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
        assert!(packet.is_empty(), "a packet goes on in the next page");
        let position = u64::from(word(10)) << 32 | u64::from(word(6));
        pages.push(Page { flags: stream[5], position, serial: word(14), number: word(18), packets });
        stream = &stream[page_bytes..];
    }
    pages
}

/// A page's checksum, for which its own field counts as zero (RFC 3533 §6).
fn checksum(page: &[u8]) -> u32 {
    page.iter().enumerate().fold(0, |sum, (at, byte)| {
        let byte = if (22..26).contains(&at) { 0 } else { *byte };
        (0..8).fold(sum ^ u32::from(byte) << 24, |sum, _| sum << 1 ^ if sum >> 31 == 1 { 0x04C1_1DB7 } else { 0 })
    })
}

/// Samples of Ogg Opus as a player gives them: without the delay in front, up to the last position.
pub(super) fn ogg_opus(stream: &[u8], rate_hertz: u32) -> Vec<i16> {
    let pages = pages(stream);
    let (head, last) = (&pages[0].packets[0], pages.last().unwrap().position);
    assert_eq!(&head[..10], b"OpusHead\x01\x01");
    assert_eq!(u32::from_le_bytes(head[12..16].try_into().unwrap()), rate_hertz);
    let skipped = usize::from(u16::from_le_bytes([head[10], head[11]])) * rate_hertz as usize / 48_000;
    let end = usize::try_from(last).unwrap() * rate_hertz as usize / 48_000;
    let decoded = opus(pages[2..].iter().flat_map(|page| &page.packets).map(Vec::as_slice), rate_hertz);
    decoded[skipped..end].to_vec()
}
