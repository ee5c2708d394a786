"""The two loads, and the requests that make them."""

import json
import struct
from dataclasses import dataclass
from pathlib import Path

MODEL = "gpt-4o-mini-tts"
VOICE = "alloy"
# The stand-in speaks 15 code points per second: these are 2.0 s and 1.4 s of audio.
PACED_TEXT = "The quick brown fox jumps over"
BURST_TEXT = "The quick brown foxes"


@dataclass(frozen=True)
class Load:
    """How calls come, and what each of them brings."""

    name: str
    what: str
    text: str
    chunks: int
    chunk_bytes: int
    interval_ms: int
    clients: int
    streams: int
    calls: int
    slow_calls: int

    @property
    def audio_bytes(self) -> int:
        """Bytes of PCM in one call."""
        return self.chunks * self.chunk_bytes

    def stand_in_flags(self) -> list[str]:
        """What makes the stand-in answer like this."""
        return ["--chunk-bytes", str(self.chunk_bytes), "--chunk-interval-ms", str(self.interval_ms)]


PACED = Load(
    "paced", "20 chunks of 4,800 B, 20 ms apart; 500 streams at once", PACED_TEXT, 20, 4_800, 20, 10, 50, 2_000, 500
)
BURST = Load(
    "burst", "16 chunks of 4,200 B at once; closed loop, 32 streams at once", BURST_TEXT, 16, 4_200, 0, 8, 4, 4_000, 400
)
LOADS = (PACED, BURST)


def chosen(name: str | None) -> list[Load]:
    """The load of that name, or all."""
    return [load for load in LOADS if name in (None, load.name)]


def write_bodies(directory: Path, stubs) -> None:
    """Writes each load's request twice: as gRPC frames it, and as JSON."""
    for load in LOADS:
        config = stubs.SynthesisConfig(model=MODEL, voice=VOICE)
        message = stubs.SynthesizeRequest(text=load.text, config=config).SerializeToString()
        # Not compressed, then the length: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
        (directory / f"{load.name}.grpc").write_bytes(struct.pack(">BI", 0, len(message)) + message)
        body = {"model": MODEL, "voice": VOICE, "input": load.text, "response_format": "pcm"}
        (directory / f"{load.name}.json").write_text(json.dumps(body))
