"""Hears the words of the stand-in's test voice again (examples/openai_stand_in/tone.rs): which ones, in which order."""

from array import array

RATE = 24_000
PER_CHARACTER = 1_600
# Clips are whole units of 50 ms.
GRANULE = 1_200
_SILENCE = 64
# Silence that separates words, samples; the slowest tone is never silent for that long.
_GAP = 100
_GRID = 50


def samples(text: str) -> int:
    """Length of the clip of a text."""
    return -(-len(text) * PER_CHARACTER // GRANULE) * GRANULE


def expected(text: str) -> list[int]:
    """The frequency of each word, Hz."""
    return [_frequency(word) for word in text.split()]


def heard(pcm: bytes) -> list[int]:
    """The frequencies in 24 kHz samples, on the grid, Hz."""
    tones, tone, quiet = [], [], _GAP
    for sample in [*array("h", pcm), *[0] * _GAP]:
        quiet = quiet + 1 if abs(sample) < _SILENCE else 0
        if quiet < _GAP:
            tone.append(sample)
        elif tone:
            tones.append(_pitch(tone))
            tone = []
    return tones


def _frequency(word: str) -> int:
    value = 0x811C9DC5
    for byte in word.encode():
        value = (value ^ byte) * 0x01000193 % 2**32
    return 300 + 50 * ((value ^ (value >> 16)) % 64)


def _pitch(tone: list[int]) -> int:
    """Rises through zero per second."""
    rises, was_below = [], False
    for at, sample in enumerate(tone):
        if was_below and sample > _SILENCE:
            rises.append(at)
            was_below = False
        was_below |= sample < -_SILENCE
    if len(rises) < 2:
        return 0
    return round((len(rises) - 1) * RATE / (rises[-1] - rises[0]) / _GRID) * _GRID
