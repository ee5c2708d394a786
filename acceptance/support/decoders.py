"""Decoders that others wrote, from the bytes of one call to 16-bit samples, by encoding."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

Decoder = Callable[[Path, int], bytes]

OPUS_RATE = 48_000


def decoders(encoding: str) -> dict[str, Decoder]:
    """The independent decoders of an encoding, by their programs' names."""
    return DECODERS[encoding]


def decoded_rate(encoding: str, rate: int) -> int:
    """Samples per second of what the decoders give."""
    return OPUS_RATE if encoding in ("opus", "opus_packets") else rate


def samples(pcm: bytes) -> np.ndarray:
    """As floats, full scale 1; a decoder that was given half a file may end within a sample."""
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float32) / 32_768


def _run(*command: object) -> bytes:
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout


def _ffmpeg(*kind: object) -> Decoder:
    def decode(file: Path, rate: int) -> bytes:
        source = [str(rate) if part == "RATE" else part for part in kind]
        return _run("ffmpeg", "-v", "error", *source, "-i", file, "-f", "s16le", "-ac", "1", "-")

    return decode


def _sox(*kind: object) -> Decoder:
    def decode(file: Path, rate: int) -> bytes:
        source = [str(rate) if part == "RATE" else part for part in kind]
        return _run("sox", "-V1", *source, file, "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-")

    return decode


def _flac(file: Path, _: int) -> bytes:
    return _run("flac", "-s", "-d", "-c", "--force-raw-format", "--endian=little", "--sign=signed", file)


def _opusdec(file: Path, _: int) -> bytes:
    return _run("opusdec", "--quiet", "--rate", OPUS_RATE, file, "-")


RAW = ("-ac", "1", "-ar", "RATE")
DECODERS: dict[str, dict[str, Decoder]] = {
    "pcm": {
        "ffmpeg": _ffmpeg("-f", "s16le", *RAW),
        "sox": _sox("-t", "raw", "-r", "RATE", "-e", "signed", "-b", "16", "-c", "1"),
    },
    "mulaw": {"ffmpeg": _ffmpeg("-f", "mulaw", *RAW), "sox": _sox("-t", "ul", "-r", "RATE", "-c", "1")},
    "alaw": {"ffmpeg": _ffmpeg("-f", "alaw", *RAW), "sox": _sox("-t", "al", "-r", "RATE", "-c", "1")},
    "wav": {"ffmpeg": _ffmpeg(), "sox": _sox("--ignore-length", "-t", "wav")},
    "flac": {"flac": _flac, "ffmpeg": _ffmpeg("-f", "flac")},
    "mp3": {"ffmpeg": _ffmpeg("-f", "mp3")},
    "aac": {"ffmpeg": _ffmpeg("-f", "aac")},
    "opus": {"opusdec": _opusdec, "ffmpeg": _ffmpeg("-f", "ogg")},
    "opus_packets": {"opusdec": _opusdec, "ffmpeg": _ffmpeg("-f", "ogg")},
}
