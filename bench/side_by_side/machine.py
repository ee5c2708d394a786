"""On what it was measured."""

import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path


def describe(rhapsode: str) -> str:
    """One line on the machine, one on the versions."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} × {processor[1] if processor else platform.machine()}, {memory:.0f} GiB, Linux {platform.release()}"
    versions = [
        _said([rhapsode, "--version"]),
        _said(["nginx", "-v"]).removeprefix("nginx version: "),
        _said(["h2load", "--version"]),
        f"Python {platform.python_version()}",
        *(f"{package} {metadata.version(package)}" for package in ("grpcio", "openai")),
    ]
    return f"Machine: {machine}.\nVersions: {', '.join(versions)}."


def load_average() -> str:
    """The load of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return (done.stdout or done.stderr).strip()
