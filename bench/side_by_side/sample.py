"""One measurement of one target under one load."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from . import h2load, process
from .loads import Load
from .targets import Target

PROBES = 12
# One more connection every 40 ms, each with one call: whoever comes while the load is on.
PROBE_FLAGS = ["-c", str(PROBES), "-m", "1", "-r", "1", "--rate-period", "40ms"]
HEAD_START_SECONDS = 0.2
# Log lines and spans of the last calls are written a moment after their last byte.
SETTLE_SECONDS = 0.2


@dataclass(frozen=True)
class Sample:
    """What a target took for a load."""

    cpu_ms: float
    upstream_cpu_ms: float
    first_byte_ms: float
    calls_per_second: float
    peak_mb: float


@dataclass(frozen=True)
class Round:
    """A sample per load and target, by their names; first bytes without a load; the machine's load average after it."""

    samples: dict[str, dict[str, Sample]]
    idle_first_byte_ms: dict[str, float]
    load_average: str


def probe(target: Target, load: Load, directory: Path) -> h2load.Result:
    """A few callers, one after the other."""
    return h2load.run(target.url(load), target.headers, target.body(directory, load), PROBES, *PROBE_FLAGS)


def measure(target: Target, upstream: Target, load: Load, directory: Path) -> Sample:
    """Runs the load once, with a few more callers in the midst of it whose first byte is timed."""
    pid, upstream_pid = target.pids[load.name], upstream.pids[load.name]
    calls = load.slow_calls if target.slow else load.calls
    process.forget_peak(pid)
    before, upstream_before = process.cpu_seconds(pid), process.cpu_seconds(upstream_pid)
    late = _Late(lambda: probe(target, load, directory))
    flags = ["-c", str(load.clients), "-m", str(load.streams)]
    result = h2load.run(target.url(load), target.headers, target.body(directory, load), calls, *flags)
    probed = late.result()
    if min(result.bytes_per_call, probed.bytes_per_call) < load.audio_bytes:
        raise h2load.Failed(f"{target.name} lost audio: {result.bytes_per_call:.0f} bytes per call")
    time.sleep(SETTLE_SECONDS)
    all_calls = calls + PROBES
    return Sample(
        cpu_ms=1000 * (process.cpu_seconds(pid) - before) / all_calls,
        upstream_cpu_ms=1000 * (process.cpu_seconds(upstream_pid) - upstream_before) / all_calls,
        first_byte_ms=probed.first_byte_ms,
        calls_per_second=result.calls_per_second,
        peak_mb=process.peak_megabytes(pid),
    )


class _Late:
    """Work that begins a moment later, on a thread of its own."""

    def __init__(self, work) -> None:
        self._outcome: list = []
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()

    def _run(self, work) -> None:
        time.sleep(HEAD_START_SECONDS)
        try:
            self._outcome.append(work())
        except Exception as error:
            self._outcome.append(error)

    def result(self):
        """What became of it; raises what it raised."""
        self._thread.join()
        if isinstance(self._outcome[0], Exception):
            raise self._outcome[0]
        return self._outcome[0]
