"""What h2load does not see: that a target streams, ends with status 0, and loses no byte."""

import os
import subprocess
import time

import grpc

from .loads import MODEL, PACED, VOICE, Load
from .targets import HTTP, Target

CALL_LIMIT_SECONDS = 15


class Wrong(Exception):
    """A target that must not be measured."""


def check(target: Target, load: Load, stubs, services, directory) -> float:
    """Makes one call and returns the time to its first byte in ms, or says what is wrong."""
    reads = _grpc(target, load, stubs, services) if target.speaks_grpc else _http(target, load, directory)
    received = sum(size for _, size in reads)
    if received != load.audio_bytes:
        raise Wrong(f"{target.name}, {load.name}: {received} bytes of audio instead of {load.audio_bytes}")
    span = 1000 * (reads[-1][0] - reads[0][0])
    expected = load.interval_ms * (load.chunks - 1)
    if load is PACED and span < 0.8 * expected:
        raise Wrong(f"{target.name} does not stream: all audio came within {span:.0f} ms instead of {expected} ms")
    return 1000 * reads[0][0]


def _grpc(target: Target, load: Load, stubs, services) -> list[tuple[float, int]]:
    """Arrival and size of each run of audio; grpcio raises unless the status is 0."""
    config = stubs.SynthesisConfig(model=MODEL, voice=VOICE)
    with grpc.insecure_channel(f"127.0.0.1:{target.ports[load.name]}") as channel:
        grpc.channel_ready_future(channel).result(timeout=CALL_LIMIT_SECONDS)
        request = stubs.SynthesizeRequest(text=load.text, config=config)
        start, reads, summary = time.monotonic(), [], None
        call = services.SpeechServiceStub(channel).Synthesize(request, timeout=CALL_LIMIT_SECONDS)
        for event in call:
            if event.HasField("audio"):
                reads.append((time.monotonic() - start, len(event.audio.data)))
            elif event.HasField("summary"):
                summary = event.summary
    if summary is None or summary.audio_byte_count != load.audio_bytes or summary.chunk_count != len(reads):
        raise Wrong(f"{target.name}, {load.name}: the summary does not fit the audio: {summary}")
    return reads


def _http(target: Target, load: Load, directory) -> list[tuple[float, int]]:
    """The same over plain HTTP/2, by curl's unbuffered output."""
    command = ["curl", "--http2-prior-knowledge", "--silent", "--show-error", "--fail", "--no-buffer"]
    command += ["--max-time", str(CALL_LIMIT_SECONDS), "--data-binary", f"@{target.body(directory, load)}"]
    for name, value in HTTP.items():
        command += ["-H", f"{name}: {value}"]
    start, reads = time.monotonic(), []
    with subprocess.Popen(command + [target.url(load)], stdout=subprocess.PIPE) as curl:
        while data := os.read(curl.stdout.fileno(), 1 << 16):
            reads.append((time.monotonic() - start, len(data)))
    if curl.returncode != 0 or not reads:
        raise Wrong(f"{target.name}, {load.name}: curl ended with {curl.returncode}")
    return reads
