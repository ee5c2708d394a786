"""The service under test, as a user runs it: `rhapsode serve` and `rhapsode say`."""

import os
import subprocess
from pathlib import Path

from support.environment import ROOT
from support.program import FOREIGN, Program, answers, fetch, free_port

BINARY = Path(os.environ.get("RHAPSODE") or ROOT / "target" / "release" / "rhapsode")


class Rhapsode(Program):
    """A running service on ports of its own."""

    def __init__(self, log: Path, *arguments: str | Path, **variables: str):
        if not BINARY.exists():
            raise SystemExit(f"{BINARY} is missing: run `cargo build --release`, or name another one in RHAPSODE")
        self.address = f"127.0.0.1:{free_port()}"
        self.http = f"http://127.0.0.1:{free_port()}"
        listen = ["--listen", self.address, "--http-listen", self.http.removeprefix("http://")]
        super().__init__(log, [BINARY, "serve", *listen, *arguments], **variables)
        self.wait_for(lambda: answers(f"{self.http}/readyz"), 30)

    def metrics(self) -> str:
        """What Prometheus would read."""
        return fetch(f"{self.http}/metrics").decode()

    def say(self, text: str, output: Path, *arguments: str) -> subprocess.CompletedProcess:
        """Runs `rhapsode say` into the file `output`."""
        command = [BINARY, "say", text, "--server", f"http://{self.address}", "-o", output, *arguments]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=300, check=False)
