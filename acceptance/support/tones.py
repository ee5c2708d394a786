"""The stand-in's test voice, heard again: each word is a sine whose frequency is a hash of the word (examples/openai_stand_in/tone.rs)."""

import numpy as np

RATE = 24_000
# A sample below this is silence; a sine of 300 Hz or more is never silent for that many samples.
SILENCE, GAP = 64, 100
# Frequencies lie on this grid, Hz.
GRID = 50


def expected(text: str) -> list[int]:
    """The frequencies of a clip of `text`, Hz."""
    return [_frequency(word) for word in text.split()]


def heard(pcm: bytes) -> list[int]:
    """The frequencies in 24 kHz samples, to the grid, Hz; 0 for less of a tone than can be told."""
    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.int32)
    loud = np.flatnonzero(np.abs(samples) >= SILENCE)
    if not len(loud):
        return []
    edges = np.flatnonzero(np.diff(loud) > GAP)
    starts, ends = loud[np.r_[0, edges + 1]], loud[np.r_[edges, len(loud) - 1]] + 1
    return [_pitch(samples[start:end]) for start, end in zip(starts, ends)]


def is_beginning(pcm: bytes, text: str) -> bool:
    """Whether `pcm` is `text` up to where it breaks off, perhaps within a word."""
    tones, wanted = heard(pcm), expected(text)
    return tones[:-1] == wanted[: max(len(tones) - 1, 0)] and len(tones) <= len(wanted)


def _frequency(word: str) -> int:
    value = 0x811C9DC5
    for byte in word.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return 300 + GRID * ((value ^ value >> 16) % 64)


def _pitch(tone: np.ndarray) -> int:
    # Without what is near zero each change of sign is half a period.
    at = np.flatnonzero(np.abs(tone) > SILENCE)
    rises = at[1:][(tone[at[1:]] > 0) & (tone[at[:-1]] < 0)]
    if len(rises) < 2:
        return 0
    periods = (len(rises) - 1) / (rises[-1] - rises[0])
    return int(round(periods * RATE / GRID)) * GRID
