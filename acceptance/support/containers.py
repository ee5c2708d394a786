"""What containers look like from outside: headers, pages, frames and packets, read byte by byte and never decoded."""

import re
from dataclasses import dataclass

SIGNATURES = {
    "RIFF": re.compile(rb"RIFF.{4}WAVE", re.DOTALL),
    "fLaC": re.compile(rb"fLaC[\x00\x80]\x00\x00\x22"),
    "OggS": re.compile(rb"OggS\x00"),
    "ID3": re.compile(rb"ID3[\x02-\x04]\x00"),
}
# Bit rates of MPEG 1 and 2 layer III, kbit/s, and sample rates by version (ISO/IEC 11172-3 and 13818-3).
MP3_KILOBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
# Where a frame holds a Xing header if it holds one: behind the side information, whose length depends on the version and
# the channels.
MP3_TAGS = (13, 21, 36)


class Broken(Exception):
    """Bytes that are not what they should be, and where."""


@dataclass
class Page:
    """One Ogg page (RFC 3533)."""

    flags: int
    granule: int
    sequence: int
    packets: list[bytes]
    closed: bool


def headers(data: bytes) -> dict[str, list[int]]:
    """Where each signature stands in `data`, those that stand nowhere left out."""
    found = {name: [match.start() for match in pattern.finditer(data)] for name, pattern in SIGNATURES.items()}
    return {name: places for name, places in found.items() if places}


def ogg_pages(data: bytes) -> list[Page]:
    """All pages, which have to follow one another without a gap."""
    pages, at = [], 0
    while at < len(data):
        if data[at : at + 5] != b"OggS\x00":
            raise Broken(f"no page at byte {at}")
        table = data[at + 27 : at + 27 + data[at + 26]]
        body = at + 27 + len(table)
        packets, packet = [], b""
        for lace in table:
            packet += data[body : body + lace]
            body += lace
            if lace < 255:
                packets.append(packet)
                packet = b""
        granule = int.from_bytes(data[at + 6 : at + 14], "little", signed=True)
        sequence = int.from_bytes(data[at + 18 : at + 22], "little")
        pages.append(Page(data[at + 5], granule, sequence, packets, not packet))
        at = body
    if at != len(data):
        raise Broken("the last page is cut")
    return pages


def ogg_opus(data: bytes) -> str:
    """One logical stream with its two headers once (RFC 7845), its last page marked; what it is made of."""
    pages = ogg_pages(data)
    if [page.sequence for page in pages] != list(range(len(pages))):
        raise Broken("the pages are not numbered 0, 1, 2 …")
    if [page.flags & 2 for page in pages] != [2] + [0] * (len(pages) - 1):
        raise Broken("there is not exactly one first page")
    if [bool(page.flags & 4) for page in pages] != [False] * (len(pages) - 1) + [True]:
        raise Broken("the last page, and no other, has to be marked as such")
    granules = [page.granule for page in pages if page.granule >= 0]
    if granules != sorted(granules):
        raise Broken("granule positions go back")
    heads = [data.count(b"OpusHead"), data.count(b"OpusTags")]
    if heads != [1, 1]:
        raise Broken(f"OpusHead and OpusTags stand there {heads} times")
    return f"{len(pages)} pages"


def mp3(data: bytes) -> str:
    """Frames without a gap, all of one rate, no tag behind the first; what they are."""
    at, count, rates = 0, 0, set()
    while at < len(data):
        length, rate = _mp3_frame(data, at)
        if count and any(data[at + tag : at + tag + 4] in (b"Xing", b"Info") for tag in MP3_TAGS):
            raise Broken(f"a header in frame {count}")
        rates.add(rate)
        at += length
        count += 1
    if at != len(data):
        raise Broken("the last frame is cut")
    if len(rates) != 1:
        raise Broken(f"frames of {sorted(rates)} Hz")
    return f"{count} frames"


def _mp3_frame(data: bytes, at: int) -> tuple[int, int]:
    head = int.from_bytes(data[at : at + 4], "big")
    version, layer = head >> 19 & 3, head >> 17 & 3
    kilobits, rate = head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or kilobits in (0, 15) or rate == 3:
        raise Broken(f"no frame at byte {at}")
    hertz = MP3_RATES[version][rate]
    bits = MP3_KILOBITS[3 if version == 3 else 2][kilobits] * 1000
    return (144 if version == 3 else 72) * bits // hertz + (head >> 9 & 1), hertz


def adts(data: bytes) -> str:
    """Frames without a gap (ISO/IEC 13818-7), all of one rate and one channel; how many."""
    at, count, kinds = 0, 0, set()
    while at < len(data):
        if data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
            raise Broken(f"no frame at byte {at}")
        kinds.add((data[at + 2] >> 2 & 15, (data[at + 2] & 1) << 2 | data[at + 3] >> 6))
        at += (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        count += 1
    if at != len(data):
        raise Broken("the last frame is cut")
    if len(kinds) != 1 or kinds.pop()[1] != 1:
        raise Broken("frames of several rates, or of several channels")
    return f"{count} frames"


def opus_packets(packets: list[bytes]) -> str:
    """Each one frame of 20 ms, mono (RFC 6716, section 3.1), and none of them a header."""
    for number, packet in enumerate(packets):
        if packet.startswith(b"Opus"):
            raise Broken(f"packet {number} is a header")
        if _opus_milliseconds(packet[0] >> 3) != 20 or packet[0] & 7:
            raise Broken(f"packet {number} is not one mono frame of 20 ms")
    return f"{len(packets)} packets"


def _opus_milliseconds(configuration: int) -> float:
    if configuration < 12:
        return (10, 20, 40, 60)[configuration % 4]
    return (10, 20)[configuration % 2] if configuration < 16 else (2.5, 5, 10, 20)[configuration % 4]


def only_header(data: bytes, name: str | None) -> str:
    """At most the header `name`, at the very start and nowhere else."""
    found = headers(data)
    if found != ({name: [0]} if name else {}):
        raise Broken(f"headers at {found}")
    return "1 header" if name else "no header"
