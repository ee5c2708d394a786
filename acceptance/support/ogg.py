"""Bare Opus packets put into an Ogg file (RFC 3533, RFC 7845), as a recorder of a call would do it."""

import struct

PACKET = 960
PER_PAGE = 50


def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7) if value & 0x80000000 else value << 1
        table.append(value & 0xFFFFFFFF)
    return table


CRC = _table()


def opus_file(packets: list[bytes], rate: int) -> bytes:
    """The packets of 20 ms as one file. Nothing is skipped at the start, as the packets say nothing of a pre-skip."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, rate, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"none" + struct.pack("<I", 0)
    pages = [_page([head], 2, 0, 0), _page([tags], 0, 0, 1)]
    for start in range(0, len(packets), PER_PAGE):
        some = packets[start : start + PER_PAGE]
        last = start + PER_PAGE >= len(packets)
        pages.append(_page(some, 4 if last else 0, (start + len(some)) * PACKET, len(pages)))
    return b"".join(pages)


def _page(packets: list[bytes], flags: int, granule: int, sequence: int) -> bytes:
    laces = b"".join(bytes([255] * (len(packet) // 255) + [len(packet) % 255]) for packet in packets)
    if len(laces) > 255:
        raise ValueError("more than a page holds")
    head = b"OggS" + struct.pack("<BBqIIIB", 0, flags, granule, 1, sequence, 0, len(laces)) + laces
    page = head + b"".join(packets)
    return page[:22] + struct.pack("<I", _crc(page)) + page[26:]


def _crc(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ CRC[crc >> 24 ^ byte]
    return crc
