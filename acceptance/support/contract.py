"""The contract as a Python client sees it: stubs made from proto/ by grpcio-tools, and one call over them."""

import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_tools import protoc

from support.environment import CACHE, ROOT

SCHEMA = "rhapsode/v1/speech.proto"
# What OpenAI's endpoint makes, too, by its name there.
PASSED = {"pcm": "PCM_S16LE", "wav": "WAV", "mp3": "MP3", "opus": "OGG_OPUS", "aac": "AAC_ADTS", "flac": "FLAC"}
ENCODINGS = PASSED | {"mulaw": "MULAW", "alaw": "ALAW", "opus_packets": "OPUS_PACKETS"}


def _generate():
    import grpc_tools

    source = ROOT / "proto"
    target = CACHE / "stubs" / hashlib.sha256((source / SCHEMA).read_bytes()).hexdigest()[:16]
    target.mkdir(parents=True, exist_ok=True)
    well_known = f"{grpc_tools.__path__[0]}/_proto"
    status = protoc.main(
        ["", f"-I{source}", f"-I{well_known}", f"--python_out={target}", f"--grpc_python_out={target}", SCHEMA]
    )
    if status != 0:
        raise SystemExit("protoc cannot read the schema")
    sys.path.insert(0, str(target))
    return import_module("rhapsode.v1.speech_pb2"), import_module("rhapsode.v1.speech_pb2_grpc")


pb, pb_grpc = _generate()


@dataclass
class Heard:
    """What one call brought, and when, by `time.monotonic`."""

    begun: float
    chunks: list[tuple[float, bytes]] = field(default_factory=list)
    # Start and playing time of each chunk, seconds; none where an engine's bytes pass through.
    places: list[tuple[float, float] | None] = field(default_factory=list)
    spans: list = field(default_factory=list)
    started: object = None
    summary: object = None
    warnings: list = field(default_factory=list)
    failure: grpc.RpcError | None = None
    ended: float = 0.0

    @property
    def audio(self) -> bytes:
        """All audio, joined."""
        return b"".join(data for _, data in self.chunks)

    @property
    def first_audio(self) -> float:
        """Seconds from the call to its first audio."""
        return self.chunks[0][0] - self.begun

    def details(self) -> dict[str, object]:
        """The details of the failure's status, by the short names of their types."""
        status = status_pb2.Status()
        for name, value in self.failure.trailing_metadata() or ():
            if name == "grpc-status-details-bin":
                status.ParseFromString(value)
        found = {}
        for packed in status.details:
            name = packed.TypeName().rsplit(".", 1)[-1]
            detail = getattr(error_details_pb2, name, None) or getattr(pb, name)
            found[name] = detail()
            packed.Unpack(found[name])
        return found


class Caller:
    """A channel to the service."""

    def __init__(self, address: str):
        self.channel = grpc.insecure_channel(address)
        self.stub = pb_grpc.SpeechServiceStub(self.channel)
        grpc.channel_ready_future(self.channel).result(30)

    def start(self, text: str, encoding: str = "pcm", timeout: float = 120, metadata=(), rate: int = 0, **config):
        """Starts a call and leaves reading to the caller."""
        request = pb.SynthesizeRequest(text=text, config=_config(encoding, rate, config))
        return self.stub.Synthesize(request, timeout=timeout, metadata=metadata)

    def clip(self, text: str, encoding: str = "pcm", timeout: float = 120, rate: int = 0, **config):
        """The same as one message."""
        request = pb.SynthesizeClipRequest(text=text, config=_config(encoding, rate, config))
        return self.stub.SynthesizeClip(request, timeout=timeout)

    def hear(
        self, text: str, encoding: str = "pcm", timeout: float = 120, metadata=(), rate: int = 0, **config
    ) -> Heard:
        """Reads a whole call, to its summary or its failure."""
        heard = Heard(begun=time.monotonic())
        try:
            _collect(self.start(text, encoding, timeout, metadata, rate, **config), heard)
        except grpc.RpcError as failure:
            heard.failure = failure
        heard.ended = time.monotonic()
        return heard


def _config(encoding: str, rate: int, config: dict):
    wanted = pb.AudioFormat(encoding=f"AUDIO_ENCODING_{ENCODINGS[encoding]}", sample_rate_hertz=rate)
    return pb.SynthesisConfig(audio_format=wanted, **config)


def _place(chunk) -> tuple[float, float] | None:
    if not chunk.HasField("duration"):
        return None
    return seconds(chunk.start_offset), seconds(chunk.duration)


def seconds(duration) -> float:
    """A duration of the contract."""
    return duration.seconds + duration.nanos / 1e9


def _collect(events: Iterator, heard: Heard) -> None:
    for event in events:
        match event.WhichOneof("event"):
            case "audio":
                heard.chunks.append((time.monotonic(), event.audio.data))
                heard.places.append(_place(event.audio))
            case "alignment":
                heard.spans.extend(event.alignment.spans)
            case "started":
                heard.started = event.started
            case "warning":
                heard.warnings.append(event.warning)
            case "summary":
                heard.summary = event.summary
