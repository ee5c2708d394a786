"""What the kernel says about a server: the CPU time and the memory of its process and of that one's children."""

import os
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and its descendants."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            pids += tree(int(child))
    return pids


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree, to 10 ms per process."""
    total = 0
    for member in tree(pid):
        # The name in parentheses may hold blanks; utime and stime are fields 14 and 15 (proc(5)).
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS_PER_SECOND


def forget_peak(pid: int) -> None:
    """Starts the peak of resident memory over."""
    for member in tree(pid):
        Path(f"/proc/{member}/clear_refs").write_text("5")


def peak_megabytes(pid: int) -> float:
    """Peak resident memory of the tree in MB; pages that its processes share count once for each of them."""
    kibibytes = 0
    for member in tree(pid):
        for line in Path(f"/proc/{member}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                kibibytes += int(line.split()[1])
    return kibibytes * 1024 / 1e6
