"""Plots of joints, before and after, small enough for the documentation."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot

from support import loudness, signal

GREY, DARK, RED = "#b8bec6", "#1f4e79", "#b23a48"
COLUMNS = 900


def wave_pair(file: Path, before, after) -> None:
    """One text twice: its wave, its loudness, and where its segments begin and end."""
    figure, axes = pyplot.subplots(2, 1, figsize=(9, 4.4), sharex=False, layout="constrained")
    for axis, take, title in zip(axes, (before, after), ("as the upstream sent it, clip after clip", "as delivered")):
        times = np.linspace(0, len(take.sound) / signal.RATE, COLUMNS + 1)[:-1]
        blocks = np.array_split(take.sound, COLUMNS)
        low, high = [block.min() for block in blocks], [block.max() for block in blocks]
        axis.fill_between(times, low, high, color=GREY, linewidth=0)
        axis.set(ylim=(-1, 1), title=title, yticks=(-1, 0, 1))
        axis.margins(x=0)
        for left, right in zip(take.spans, take.spans[1:]):
            axis.axvspan(left.end / signal.RATE, right.begin / signal.RATE, color=RED, alpha=0.18, linewidth=0)
        curve = axis.twinx()
        at, level = loudness.short_term(take.sound, signal.RATE)
        curve.plot(at, np.where(level > -55, level, np.nan), color=DARK, linewidth=1)
        curve.set(ylim=(-50, -8), ylabel="LUFS, 400 ms")
    axes[-1].set_xlabel("seconds; pauses between segments are red")
    _save(figure, file)


def steps_and_pauses(file: Path, steps: dict[str, list[float]], pauses: dict, chosen: dict[str, float]) -> None:
    """All joints of all texts: how large the loudness steps are, and how long the pauses."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for name, found in steps.items():
        left.plot(np.sort(found), np.linspace(0, 100, len(found)), linewidth=1.4, label=name)
    left.axvline(1.5, color="black", linewidth=0.8, linestyle=":")
    left.set(xlabel="loudness step at a joint, LU", ylabel="% of joints with less", xlim=(0, 14), ylim=(0, 100))
    left.legend(fontsize=7, loc="lower right")
    for row, (name, color) in enumerate(zip(pauses, (GREY, DARK))):
        for column, kind in enumerate(chosen):
            heard = [silent for boundary, _, silent in pauses[name] if boundary == kind]
            spread = np.linspace(-0.12, 0.12, len(heard)) if heard else []
            place = column + (row - 0.5) * 0.36
            right.plot(
                place + np.array(spread), heard, ".", markersize=2.5, color=color, label=None if column else name
            )
    for column, pause in enumerate(chosen.values()):
        right.hlines(pause, column - 0.4, column + 0.4, color=RED, linewidth=0.8)
    right.set(xticks=range(len(chosen)), xticklabels=list(chosen), ylabel="pause as heard, s", ylim=(0, 2.5))
    right.plot([], [], ".", color=GREY, label="clip after clip")
    right.plot([], [], ".", color=DARK, label="delivered")
    right.legend(*_last_two(right), fontsize=7)
    _save(figure, file)


def _last_two(axis):
    handles, labels = axis.get_legend_handles_labels()
    return handles[-2:], labels[-2:]


def _save(figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=90, metadata={"Software": None})
    pyplot.close(figure)
