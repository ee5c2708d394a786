"""One run of h2load, and what it says."""

import re
import subprocess
from dataclasses import dataclass

RUN_LIMIT_SECONDS = 90
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Failed(Exception):
    """A run in which a call failed or bytes were missing."""


@dataclass(frozen=True)
class Result:
    """What one run measured. Times are milliseconds."""

    calls: int
    calls_per_second: float
    first_byte_ms: float
    worst_first_byte_ms: float
    bytes_per_call: float


def run(url: str, headers: dict[str, str], body: str, calls: int, *flags: str) -> Result:
    """Makes `calls` calls over HTTP/2 with prior knowledge.

    A first byte is the first one of a connection's first answer body, counted from when the connection was begun.
    """
    command = ["h2load", "-n", str(calls), *flags, "-d", body]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(command + [url], capture_output=True, text=True, timeout=RUN_LIMIT_SECONDS, check=False)
    if done.returncode != 0:
        raise Failed(f"h2load ended with {done.returncode}: {done.stderr.strip() or done.stdout[-500:]}")
    return read(done.stdout, calls)


def read(text: str, calls: int) -> Result:
    """Reads h2load's report."""
    if f"{calls} succeeded, 0 failed, 0 errored, 0 timeout" not in text:
        raise Failed(f"calls failed:\n{text}")
    rate = re.search(r"finished in .*?, ([\d.]+) req/s", text)
    data = re.search(r"\((\d+)\) data", text)
    first = re.search(r"time to 1st byte:\s+(\S+)\s+(\S+)\s+(\S+)", text)
    if not (rate and data and first):
        raise Failed(f"h2load said something unknown:\n{text}")
    _, worst, mean = (milliseconds(word) for word in first.groups())
    return Result(calls, float(rate[1]), mean, worst, int(data[1]) / calls)


def milliseconds(word: str) -> float:
    """`1.26ms` as a number."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", word).groups()
    return float(number) * UNITS[unit]
