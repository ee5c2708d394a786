"""Programs that a check runs beside itself: started with a clean environment, stopped at the end, whatever happens."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

# What would change how the programs behave, and is no part of the check.
FOREIGN = ("OPENAI_", "OTEL_", "RHAPSODE", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Program:
    """A process group whose output goes to a file."""

    def __init__(self, log: Path, arguments: list[str | Path], **variables: str):
        self.log = log
        clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=clean | variables,
                start_new_session=True,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def output(self) -> str:
        """Everything that it has written so far."""
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        """Asks it to end, and ends it if it has not after ten seconds."""
        for ask in (signal.SIGINT, signal.SIGKILL):
            if self.process.poll() is not None:
                return
            os.killpg(self.process.pid, ask)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                continue

    def wait_for(self, ready: Callable[[], object], seconds: float) -> None:
        """Waits until `ready()` is true, at most so long and only while the program lives."""
        end = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise SystemExit(f"{self.process.args[0]} was not ready within {seconds:.0f} s:\n{self.output()}")
            time.sleep(0.05)


def free_port() -> int:
    """A TCP port of the loopback interface that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    """Whether `url` is answered with a success."""
    try:
        return fetch(url) is not None
    except (OSError, urllib.error.URLError):
        return False


def fetch(url: str, body: bytes | None = None, *, method: str | None = None, **headers: str) -> bytes:
    """The answer's body; a request with a body is a POST of JSON, unless `method` says otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        named.setdefault("content-type", "application/json")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(urllib.request.Request(url, data=body, headers=named, method=method), timeout=120) as answer:
        return answer.read()
