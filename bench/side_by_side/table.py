"""Medians, ranges, and ratios within a round, as tables."""

from statistics import median

from .loads import LOADS, Load
from .sample import Round, Sample

BASE = "nginx"
COLUMNS = [
    ("cpu_ms", "CPU ms per call", 3),
    ("first_byte_ms", "first byte ms", 1),
    ("calls_per_second", "calls/s", 0),
    ("peak_mb", "peak RSS MB", 0),
    ("upstream_cpu_ms", "stand-in's CPU ms per call", 3),
]


def tables(rounds: list[Round]) -> str:
    """Every table."""
    parts = [_load_table(load, rounds) for load in LOADS if load.name in rounds[0].samples]
    return "\n\n".join([*parts, _idle_table(rounds)])


def _load_table(load: Load, rounds: list[Round]) -> str:
    samples = [one.samples[load.name] for one in rounds]
    absolute = [["", *(label for _, label, _ in COLUMNS)]]
    ratios = [[f"× {BASE}", *(label for _, label, _ in COLUMNS)]]
    for name in samples[0]:
        absolute.append([name, *(spread([getattr(one[name], key) for one in samples], digits) for key, _, digits in COLUMNS)])
        ratios.append([name, *(spread([_ratio(one, name, key) for one in samples], 2) for key, _, _ in COLUMNS)])
    title = f"**{load.name.capitalize()}**: {load.what}. Median (min–max) of the rounds."
    caption = f"The same as ratios to {BASE}, each taken within one round."
    return f"{title}\n\n{markdown(absolute)}\n\n{caption}\n\n{markdown(ratios)}"


def _ratio(samples: dict[str, Sample], name: str, key: str) -> float:
    base = getattr(samples[BASE], key)
    return getattr(samples[name], key) / base if base else float("nan")


def _idle_table(rounds: list[Round]) -> str:
    firsts = [one.idle_first_byte_ms for one in rounds]
    rows = [["", "first byte ms", f"× {BASE}"]]
    for name in firsts[0]:
        absolute = spread([one[name] for one in firsts], 2)
        rows.append([name, absolute, spread([one[name] / one[BASE] for one in firsts], 2)])
    return f"**Without a load**: one paced call every 40 ms.\n\n{markdown(rows)}"


def spread(values: list[float], digits: int) -> str:
    """`median (min–max)`."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def markdown(rows: list[list[str]]) -> str:
    """Rows as a table, the first one its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])
