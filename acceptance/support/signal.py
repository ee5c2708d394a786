"""What can be told about speech without understanding it: level, silence, clicks. Samples are floats, full scale 1."""

import subprocess
from pathlib import Path

import numpy as np

RATE = 24_000
# The recogniser's.
HEARING_RATE = 16_000


def decoded(audio: Path, rate: int) -> np.ndarray:
    """The samples of any file that ffmpeg reads, as mono of `rate` Hz."""
    command = ["ffmpeg", "-v", "error", "-i", audio, "-f", "f32le", "-ac", "1", "-ar", str(rate), "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype=np.float32)


def rate(audio: Path) -> int:
    """Samples per second, as ffprobe reads the file."""
    entries = ["-show_entries", "stream=sample_rate", "-of", "csv=p=0"]
    command = ["ffprobe", "-v", "error", *entries, audio]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def resampled(sound: np.ndarray, hertz: int = RATE) -> np.ndarray:
    """From our rate, or another one, to the recogniser's."""
    command = ["ffmpeg", "-v", "error", "-f", "f32le", "-ar", str(hertz), "-ac", "1", "-i", "-"]
    command += ["-f", "f32le", "-ar", str(HEARING_RATE), "-"]
    done = subprocess.run(command, input=sound.astype("<f4").tobytes(), check=True, capture_output=True)
    return np.frombuffer(done.stdout, dtype=np.float32)


def samples(pcm: bytes) -> np.ndarray:
    """16-bit little-endian samples."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32_768


def dbfs(amplitude: float) -> float:
    """Relative to full scale, dB; silence is -120."""
    return 20 * np.log10(max(amplitude, 1e-6))


def block_levels(sound: np.ndarray, milliseconds: int) -> np.ndarray:
    """RMS of consecutive blocks."""
    size = RATE * milliseconds // 1000
    blocks = sound[: len(sound) // size * size].reshape(-1, size)
    return np.sqrt(np.mean(blocks**2, axis=1))


def active_level(sound: np.ndarray) -> float:
    """RMS of speech without its pauses, dBFS: of the 20 ms blocks within 35 dB of the loudest."""
    levels = block_levels(sound, 20)
    active = levels[levels > levels.max() * 10 ** (-35 / 20)]
    return dbfs(float(np.sqrt(np.mean(active**2))))


def longest_silence(sound: np.ndarray) -> float:
    """Seconds of the longest run below -54 dBFS, apart from the very start and end."""
    return max((end - begin for begin, end in silences(sound, 0.0)), default=0) / RATE


def clicks(sound: np.ndarray, floor: float = 0.01) -> list[int]:
    """Where sound jumps by more than `floor` (-40 dBFS) within one sample, out of silence or into it.

    This voice is full of leaps of full scale within a word, as its pulses are sharp, but it leaves and enters every
    silence of 30 ms softly: the steepest such step in 20 sentences was 0.003. So a step of -40 dBFS there is no speech.
    """
    edges = [edge for begin, end in silences(sound, 0.03) for edge in (begin, end - 1)]
    return [edge for edge in edges if abs(sound[edge + 1] - sound[edge]) > floor]


def ticks(sound: np.ndarray, floor: float = 10 ** (-62 / 20)) -> list[int]:
    """Where quiet sound jumps by more than `floor` within a sample, and by four times as much as around it.

    That is what a step of the offset sounds like, or a stray sample. In the hiss of a dying word jumps of this size stand
    side by side; 24 samples either side, 1 ms, have to be quieter.
    """
    jumps = np.abs(np.diff(sound))
    padded = np.pad(jumps, 24)
    around = np.lib.stride_tricks.sliding_window_view(padded, 22).max(axis=1)
    # From 24 to 3 samples before, and from 3 to 24 after.
    neighbours = np.maximum(around[: len(jumps)], around[27 : 27 + len(jumps)])
    return [int(place) for place in np.flatnonzero((jumps > floor) & (jumps > 4 * neighbours) & (neighbours < floor))]


def with_ticks(sound: np.ndarray, places: list[int]) -> tuple[np.ndarray, list[int]]:
    """`sound` with a fault at each of `places`, which are pauses, by turns: a stray sample, a step that stays for the rest
    of the pause, a word that is cut off hard. And where they are."""
    faulty, planted = sound.copy(), []
    for number, place in enumerate(places):
        match number % 3:
            case 0:
                faulty[place] += 0.002
                planted.append(place)
            case 1:
                faulty[place : place + RATE // 50] += 0.0015
                planted.append(place)
            case 2:
                loud = place - int(np.argmax(np.abs(faulty[place::-1]) > 0.05))
                faulty[loud + 1 : place] = 0.0
                planted.append(loud)
    return faulty, planted


def silences(sound: np.ndarray, seconds: float) -> list[tuple[int, int]]:
    """Runs below -54 dBFS of more than so many seconds, each from its last loud sample to its next one."""
    loud = np.flatnonzero(np.abs(sound) > 10 ** (-54 / 20))
    long = np.flatnonzero(np.diff(loud) > max(seconds * RATE, 1))
    return [(int(loud[index]), int(loud[index + 1])) for index in long]


def with_clicks(sound: np.ndarray, count: int) -> np.ndarray:
    """`sound` with `count` faults at its long pauses: a stray sample, a start and an end without a fade, by turns."""
    faulty = sound.copy()
    pauses = silences(sound, 0.15)
    for number in range(count):
        begin, end = pauses[number * len(pauses) // count]
        match number % 3:
            case 0:
                faulty[(begin + end) // 2] = 0.05
            case 1:
                faulty[end - RATE // 50 : end] = 0.0
                faulty[end : end + _to_peak(faulty[end:])] = 0.0
            case 2:
                faulty[begin - _to_peak(faulty[begin::-1]) + 1 : begin + 1] = 0.0
    return faulty


def _to_peak(sound: np.ndarray) -> int:
    """Samples before the first one of 0.05, which becomes the edge."""
    return int(np.argmax(np.abs(sound) > 0.05))


def energy_above(sound: np.ndarray, hertz: float) -> float:
    """Share of the energy above a frequency, dB."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    share = power[int(hertz / RATE * len(sound)) :].sum() / power.sum()
    return float(10 * np.log10(share + 1e-12))
