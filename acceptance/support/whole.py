"""A long text, spoken in one call: whether it is whole, in order, and free of gaps and clicks."""

import difflib
from pathlib import Path

import numpy as np

from support import signal
from support.contract import Caller
from support.recogniser import Recogniser
from support.report import Report
from support.spoken import canonical
from support.story import story

LONG_TEXT = 20_000
WINDOWS = 8
WINDOW = 20.0


def long_text(report: Report, caller: Caller, recogniser: Recogniser, place: Path) -> None:
    """A text of many segments: whole, in order, without gaps or clicks."""
    sentences = story(LONG_TEXT)
    text = " ".join(sentences)
    heard = caller.hear(text, timeout=900)
    if heard.failure:
        report.check(f"{len(text)} characters", False, heard.failure.details(), "spoken")
        return
    (place / "long.s16le").write_bytes(heard.audio)
    speech = signal.samples(heard.audio)
    seconds = len(speech) / signal.RATE
    what = f"{len(text)} characters, {len(sentences)} sentences"
    measured = f"{seconds:.0f} s in {heard.ended - heard.begun:.1f} s, {len(heard.chunks)} chunks"
    report.check(f"{what}: length", 11 <= len(text) / seconds <= 22, measured, "11 to 22 characters per second")
    summed = heard.summary.audio_byte_count == len(heard.audio) and heard.summary.chunk_count == len(heard.chunks)
    report.check("  the summary's counts", summed, heard.summary.audio_byte_count, len(heard.audio))
    gap = signal.longest_silence(speech)
    report.check("  longest silence inside", gap <= 1.2, f"{gap:.2f} s", "at most 1.2 s")
    found = [round(at / signal.RATE, 2) for at in signal.clicks(speech)]
    report.check("  clicks at joints and pauses", not found, f"{len(found)} {found[:5] or ''}", 0)
    planted = 30
    seen = len(signal.clicks(signal.with_clicks(speech, planted)))
    report.check("  the same after 30 were planted", seen >= len(found) + planted, seen, f"at least {planted}")
    order(report, recogniser, sentences, speech)
    alone(report, caller, sentences, speech)


def order(report: Report, recogniser: Recogniser, sentences: list[str], speech: np.ndarray) -> None:
    """Whether windows spread over the recording hold the sentences that belong there, and the ends are the ends."""
    spelled = [canonical(sentence) for sentence in sentences]
    places, rates = [], []
    for begin, end in windows(speech):
        transcript = canonical(recogniser.transcript_of(signal.resampled(speech[begin:end]))).split()
        first, last, rate = locate(transcript, spelled)
        places.append((first, last))
        rates.append(rate)
    ascending = all(before[1] < after[0] for before, after in zip(places, places[1:]))
    whole = places[0][0] == 0 and places[-1][1] == len(sentences) - 1
    report.check(
        f"  sentences heard in {WINDOWS} windows of about {WINDOW:.0f} s",
        ascending and whole,
        " ".join(f"{first + 1}-{last + 1}" for first, last in places),
        f"ascending, 1 to {len(sentences)}",
    )
    measured = f"mean {np.mean(rates) * 100:.0f} %, least {min(rates) * 100:.0f} %"
    report.check("  words of these that were heard", min(rates) >= 0.9, measured, "each at least 90 %")


def windows(speech: np.ndarray) -> list[tuple[int, int]]:
    """Stretches between two pauses, evenly spread, the first from the start and the last to the end."""
    pauses = [(begin + end) // 2 for begin, end in signal.silences(speech, 0.15)]
    cuts = np.array([0, *pauses, len(speech)])

    def at(place: float) -> int:
        return int(cuts[np.argmin(np.abs(cuts - place))])

    length = WINDOW * signal.RATE
    return [(at(start), at(start + length)) for start in np.linspace(0, len(speech) - length, WINDOWS)]


def locate(transcript: list[str], sentences: list[str]) -> tuple[int, int, float]:
    """The run of sentences that is most like `transcript`, and which share of its words stand there, in order."""
    best = (0, 0, 0.0)
    for first in range(len(sentences)):
        for last in range(first, min(first + 8, len(sentences))):
            words = " ".join(sentences[first : last + 1]).split()
            matcher = difflib.SequenceMatcher(None, transcript, words, autojunk=False)
            if matcher.quick_ratio() <= best[2] or (likeness := matcher.ratio()) <= best[2]:
                continue
            best = (first, last, likeness)
    first, last, _ = best
    words = " ".join(sentences[first : last + 1]).split()
    matched = sum(
        block.size for block in difflib.SequenceMatcher(None, transcript, words, autojunk=False).get_matching_blocks()
    )
    return first, last, matched / max(len(transcript), 1)


def alone(report: Report, caller: Caller, sentences: list[str], whole: np.ndarray) -> None:
    """Whether the long recording is that of its sentences spoken one by one: nothing lost, doubled or moved anywhere.

    The last bits may differ, because floating-point sums do not always come in the same order.
    """
    position, difference = 0, 0.0
    for sentence in sentences:
        piece = signal.samples(caller.hear(sentence).audio)
        there = whole[position : position + len(piece)]
        difference = max(difference, float(np.abs(there - piece).max()) if len(there) == len(piece) else 1.0)
        position += len(piece)
    measured = f"{len(whole) - position} samples more, difference at most {signal.dbfs(difference):.0f} dBFS"
    met = position == len(whole) and difference <= 10 ** (-60 / 20)
    report.check("  against its sentences spoken one by one", met, measured, "as long, at most -60 dBFS")
