"""The stand-in for OpenAI's endpoint, with its log and its clock."""

import json
import os
import time
from pathlib import Path

from support.environment import ROOT
from support.program import Program, fetch

KEY = "sk-acceptance-9f3b1c"
NAME = "openai_stand_in"


class StandIn(Program):
    """A running stand-in; its options are those of docs/stand-in.md."""

    def __init__(self, log: Path, *arguments: str):
        super().__init__(log, [binary(), "--port", "0", "--api-key", KEY, *arguments])
        self.wait_for(lambda: "\n" in self.output(), 30)
        self.base_url = self.output().split("OPENAI_BASE_URL=")[1].split()[0]
        self.control = self.base_url.removesuffix("/v1") + "/_control"

    def speak(self, text: str, response_format: str, **request: object) -> bytes:
        """Asks it directly, without Rhapsode in between."""
        body = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": text, "response_format": response_format}
        return fetch(
            f"{self.base_url}/audio/speech", json.dumps(body | request).encode(), authorization=f"Bearer {KEY}"
        )

    def records(self, ended: int) -> list[dict]:
        """The log, once `ended` requests have ended."""
        return json.loads(fetch(f"{self.control}/log?ended={ended}&timeout_ms=30000"))

    def reset(self) -> None:
        """Forgets the log."""
        fetch(f"{self.control}/reset", b"")

    def epoch(self) -> tuple[float, float]:
        """When its clock showed 0 on ours (`time.monotonic`, seconds), and how far that may be off.

        A request arrives after it was sent and before it is answered; the quickest of many says it best.
        """
        spans = []
        self.reset()
        for _ in range(30):
            sent = time.monotonic()
            self.speak("a", "pcm")
            spans.append((sent, time.monotonic()))
        arrivals = [record["received_ms"] / 1000 for record in self.records(len(spans))]
        # The epoch lies in [sent - arrival, answered - arrival] for every request, so within all of these.
        earliest = max(sent - arrival for (sent, _), arrival in zip(spans, arrivals))
        latest = min(answered - arrival for (_, answered), arrival in zip(spans, arrivals))
        self.reset()
        return (earliest + latest) / 2, (latest - earliest) / 2


def binary() -> Path:
    """The stand-in that is built: the one that OPENAI_STAND_IN names, or the newest under target."""
    if named := os.environ.get("OPENAI_STAND_IN"):
        return Path(named)
    built = [ROOT / "target" / profile / "examples" / NAME for profile in ("release", "debug")]
    built = sorted((path for path in built if path.exists()), key=lambda path: path.stat().st_mtime)
    if not built:
        raise SystemExit(f"run `cargo build --release --example {NAME}` first, or name one in OPENAI_STAND_IN")
    return built[-1]
