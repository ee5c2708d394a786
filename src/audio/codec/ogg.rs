//! Opus in Ogg (RFC 7845), in pages short enough for a player to begin at once.

use std::mem;

use bytes::Bytes;
use ogg::PacketWriteEndInfo;
use ogg::PacketWriter;

use crate::error::Error;
use crate::error::Result;

use super::Codec;
use super::Packet;
use super::opus::Stream;

/// Packets in a page: 100 ms. A page costs 28 bytes, and a player waits for a whole one.
const PACKETS_PER_PAGE: u64 = 5;

/// Positions in Ogg count at this rate, whatever the audio's (RFC 7845 §4).
const POSITIONS_PER_SECOND: u64 = 48_000;

/// Who made the stream, in its comment header.
const VENDOR: &str = "rhapsode";

/// Opus packets in pages. The first page holds one packet only, so that it leaves with the first 20 ms.
pub(super) struct OggOpus {
    opus: Stream,
    pages: Pages,
}

/// The container, and how far it is.
struct Pages {
    writer: PacketWriter<'static, Vec<u8>>,
    serial: u32,
    rate_hertz: u64,
    frame_samples: u64,
    delay: u64,
    packets: u64,
    /// Samples that finished pages play.
    played: u64,
}

impl OggOpus {
    /// `serial` tells the stream from others, should somebody string files together.
    pub(super) fn new(rate_hertz: u32, serial: u32) -> Result<Self> {
        let opus = Stream::new(rate_hertz)?;
        let pages = Pages {
            writer: PacketWriter::new(Vec::new()),
            serial,
            rate_hertz: rate_hertz.into(),
            frame_samples: opus.frame_samples() as u64,
            delay: opus.delay() as u64,
            packets: 0,
            played: 0,
        };
        Ok(Self { opus, pages })
    }
}

impl Codec for OggOpus {
    fn head(&mut self) -> Result<Bytes> {
        let pages = &mut self.pages;
        pages.write(pages.identification(), PacketWriteEndInfo::EndPage, 0)?;
        pages.write(comments(), PacketWriteEndInfo::EndPage, 0)?;
        Ok(pages.take())
    }

    fn push(&mut self, pcm: &[u8], out: &mut Vec<Packet>) -> Result<()> {
        self.opus.push(pcm, |packet| self.pages.add(&packet, u64::MAX, out))
    }

    fn finish(&mut self, out: &mut Vec<Packet>) -> Result<()> {
        let input = self.opus.taken();
        self.opus.finish(|packet| self.pages.add(&packet, input, out))
    }
}

impl Pages {
    /// One packet; it ends the stream if it reaches behind the end of an input of `input` samples.
    fn add(&mut self, packet: &[u8], input: u64, out: &mut Vec<Packet>) -> Result<()> {
        self.packets += 1;
        let plays = (self.packets * self.frame_samples).saturating_sub(self.delay);
        let end = match (plays >= input, self.packets % PACKETS_PER_PAGE) {
            (true, _) => PacketWriteEndInfo::EndStream,
            (false, 1) => PacketWriteEndInfo::EndPage,
            (false, _) => PacketWriteEndInfo::NormalPacket,
        };
        // The last position is that of the input's end: a player drops the padding (RFC 7845 §4.4).
        let plays = plays.min(input);
        self.write(packet.to_vec(), end, (plays + self.delay) * POSITIONS_PER_SECOND / self.rate_hertz)?;
        if end != PacketWriteEndInfo::NormalPacket {
            out.push(Packet { data: self.take(), samples: plays - self.played });
            self.played = plays;
        }
        Ok(())
    }

    fn write(&mut self, packet: Vec<u8>, end: PacketWriteEndInfo, position: u64) -> Result<()> {
        let written = self.writer.write_packet(packet, self.serial, end, position);
        written.map_err(|cause| Error::internal("a page of Ogg cannot be written").with_source(cause))
    }

    fn take(&mut self) -> Bytes {
        mem::take(self.writer.inner_mut()).into()
    }

    /// The first packet of the stream (RFC 7845 §5.1).
    fn identification(&self) -> Vec<u8> {
        let delay = u16::try_from(self.delay * POSITIONS_PER_SECOND / self.rate_hertz).unwrap_or_default();
        let rate = u32::try_from(self.rate_hertz).unwrap_or_default();
        // Version 1, one channel; then no gain, and the plain order of channels.
        [&b"OpusHead\x01\x01"[..], &delay.to_le_bytes(), &rate.to_le_bytes(), &[0; 3]].concat()
    }
}

/// The second packet of the stream: the vendor, and no comments (RFC 7845 §5.2).
fn comments() -> Vec<u8> {
    let length = u32::try_from(VENDOR.len()).unwrap_or_default();
    [b"OpusTags", &length.to_le_bytes()[..], VENDOR.as_bytes(), &[0; 4]].concat()
}
