"""Loudness and true peak after ITU-R BS.1770-4, for stretches of mono speech. Samples are floats, full scale 1."""

import subprocess

import numpy as np

# The K-weighting as the recommendation gives it: two filters of second order at 48 kHz, numerators and denominators.
WEIGHTING_RATE = 48_000
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
# Decimals of a second: a block, and from one block to the next.
BLOCK, STEP = 0.4, 0.1
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0
UNIT = -0.691


def weighted(sound: np.ndarray, rate: int) -> np.ndarray:
    """K-weighted sound, by the frequency response that the filters have at 48 kHz, whatever the rate of the sound."""
    padded = len(sound) + rate
    frequencies = np.fft.rfftfreq(padded, 1 / rate)
    # A high-pass at 38 Hz rings for far less than the second of padding.
    z = np.exp(-2j * np.pi * frequencies / WEIGHTING_RATE)
    response = np.ones_like(z)
    for numerator, denominator in (SHELF, HIGH_PASS):
        response *= np.polyval(numerator[::-1], z) / np.polyval(denominator[::-1], z)
    return np.fft.irfft(np.fft.rfft(sound, padded) * response, padded)[: len(sound)]


def loudness(sound: np.ndarray, rate: int) -> float:
    """Gated loudness of all of `sound`, LUFS; not a number if there is nothing to hear."""
    return gated(weighted(sound, rate), rate)


def gated(sound: np.ndarray, rate: int) -> float:
    """The same of sound that is weighted already."""
    energies = np.concatenate([[0.0], np.cumsum(sound.astype(np.float64) ** 2)])
    size, step = int(BLOCK * rate), int(STEP * rate)
    if len(sound) < size:
        size = max(len(sound), 1)
    starts = np.arange(0, len(sound) - size + 1, step)
    squares = (energies[starts + size] - energies[starts]) / size
    squares = squares[squares > _square(ABSOLUTE_GATE)]
    if not len(squares):
        return float("nan")
    squares = squares[squares > _square(_level(squares.mean()) + RELATIVE_GATE)]
    return _level(squares.mean())


def short_term(sound: np.ndarray, rate: int, seconds: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    """Ungated loudness around each tenth of a second, for a curve: times and LUFS."""
    energies = np.concatenate([[0.0], np.cumsum(weighted(sound, rate).astype(np.float64) ** 2)])
    times = np.arange(0, len(sound) / rate, STEP)
    begins = np.clip(((times - seconds / 2) * rate).astype(int), 0, len(sound))
    ends = np.clip(((times + seconds / 2) * rate).astype(int), 0, len(sound))
    squares = (energies[ends] - energies[begins]) / np.maximum(ends - begins, 1)
    return times, UNIT + 10 * np.log10(np.maximum(squares, 1e-9))


def true_peak(sound: np.ndarray) -> float:
    """Largest magnitude between the samples too, dBTP, four times oversampled without any loss up to half the rate.

    Meters let the highest frequencies fade; where a sound is full of them, this is up to a decibel stricter.
    """
    edge = np.zeros(256, dtype=sound.dtype)
    padded = np.concatenate([edge, sound, edge])
    fine = np.fft.irfft(np.fft.rfft(padded), 4 * len(padded)) * 4
    return float(20 * np.log10(max(np.abs(fine).max(), 1e-6)))


def by_ffmpeg(sound: np.ndarray, rate: int) -> tuple[float, float]:
    """Integrated loudness and true peak as ffmpeg has them, to hold ours against."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-f", "f32le", "-ar", str(rate), "-ac", "1", "-i", "-"]
    command += ["-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, input=sound.astype("<f4").tobytes(), check=True, capture_output=True).stderr.decode()
    summary = said[said.rindex("Summary:") :]

    def figure(name: str) -> float:
        return float(summary.split(name)[1].split()[0])

    return figure("I:"), figure("Peak:")


def _level(square: float) -> float:
    return float(UNIT + 10 * np.log10(square))


def _square(level: float) -> float:
    return 10 ** ((level - UNIT) / 10)
