"""A conversation over `StreamingSynthesize`: what the caller says, what comes back, with the time of each, and which
upstream calls it made."""

import json
import math
import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import grpc

from support.contract import Caller, pb, seconds
from support.program import fetch
from support.stand_in import KEY, StandIn

# Behind the last message of the caller.
_END = None


@dataclass(frozen=True)
class Event:
    """One event of the stream, and when it had come, by `time.monotonic`."""

    at: float
    kind: str
    value: object


class Talk:
    """Both ends of one stream. A thread of its own reads, so that every event has the time at which it came."""

    def __init__(self, caller: Caller, metadata=(), timeout: float = 600, streaming: dict | None = None, **config):
        """`config` are the fields of `SynthesisConfig`, `streaming` the other ones of `StreamingConfig`."""
        self.events: list[Event] = []
        self.failure: grpc.RpcError | None = None
        self.ended: float | None = None
        self._changed = threading.Condition()
        self._messages: queue.SimpleQueue = queue.SimpleQueue()
        opening = pb.StreamingConfig(synthesis=pb.SynthesisConfig(**config), **(streaming or {}))
        self._send(config=opening)
        self.call = caller.stub.StreamingSynthesize(iter(self._messages.get, _END), metadata=metadata, timeout=timeout)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _send(self, **request) -> float:
        at = time.monotonic()
        self._messages.put(pb.StreamingSynthesizeRequest(**request))
        return at

    def _read(self) -> None:
        try:
            for response in self.call:
                kind = response.WhichOneof("event")
                event = Event(time.monotonic(), kind, getattr(response, kind))
                with self._changed:
                    self.events.append(event)
                    self._changed.notify_all()
        except grpc.RpcError as failure:
            self.failure = failure
        with self._changed:
            self.ended = time.monotonic()
            self._changed.notify_all()

    def write(self, text: str, utterance_id: str = "") -> float:
        """Appends to the open utterance, or opens one; tells when."""
        return self._send(text=pb.TextDelta(text=text, utterance_id=utterance_id))

    def flush(self) -> float:
        """Has everything spoken that was written."""
        return self._send(flush=pb.Flush())

    def end(self) -> float:
        """Closes the open utterance."""
        return self._send(end_utterance=pb.EndUtterance())

    def interrupt(self, utterance: int | None = None, offset: float = 0.0, keep_later: bool = False) -> float:
        """Begins to speak, having heard `offset` seconds of `utterance`; without one, no position is told."""
        interrupt = pb.Interrupt(keep_buffered_text=keep_later)
        if utterance is not None:
            interrupt.playback_position.utterance_index = utterance
            interrupt.playback_position.offset.FromNanoseconds(round(offset * 1e9))
        return self._send(interrupt=interrupt)

    def update(self, mask: list[str], **config) -> float:
        """Changes how the utterances are spoken that are opened from here on."""
        update = pb.ConfigUpdate(synthesis=pb.SynthesisConfig(**config))
        update.update_mask.paths.extend(mask)
        return self._send(config_update=update)

    def keep_alive(self) -> float:
        """Gives a sign of life."""
        return self._send(keep_alive=pb.KeepAlive())

    def close(self) -> None:
        """Says that there is no more text."""
        self._messages.put(_END)

    def cancel(self) -> None:
        """Hangs up."""
        self.call.cancel()
        self.close()

    def of(self, kind: str) -> list[Event]:
        """The events of one kind, so far."""
        with self._changed:
            return [event for event in self.events if event.kind == kind]

    def wait_for(self, met: Callable[[list[Event]], object], patience: float = 60.0) -> bool:
        """Waits until `met` of all events is true; false if the time is over or the stream is."""
        end = time.monotonic() + patience
        with self._changed:
            while not met(self.events):
                left = end - time.monotonic()
                if left <= 0 or self.ended is not None:
                    return bool(met(self.events))
                self._changed.wait(left)
        return True

    def await_kind(self, kind: str, patience: float = 60.0) -> Event | None:
        """The first event of a kind, as soon as there is one."""
        self.wait_for(lambda events: any(event.kind == kind for event in events), patience)
        return next(iter(self.of(kind)), None)

    def finish(self, patience: float = 600.0) -> object:
        """Says that there is no more text, and waits for the end of the stream; its summary, if it ended well."""
        self.close()
        self._reader.join(patience)
        return next((event.value for event in self.of("summary")), None)

    def audio(self, utterance: int | None = None) -> bytes:
        """All audio that has come, or all of one utterance."""
        return b"".join(event.value.data for event in self.chunks(utterance))

    def chunks(self, utterance: int | None = None) -> list[Event]:
        """The events of `audio`, or of those the ones of one utterance."""
        return [event for event in self.of("audio") if utterance in (None, event.value.utterance_index)]

    def spans(self, utterance: int) -> Iterator:
        """The timed texts of an utterance, in order."""
        for event in self.of("alignment"):
            if event.value.utterance_index == utterance:
                yield from event.value.spans

    def details(self) -> str:
        """How the stream failed, or that it did not."""
        return f"{self.failure.code().name}: {self.failure.details()}" if self.failure else "no failure"


def playing(event: Event) -> float:
    """Playing time of an event of `audio`, seconds."""
    return seconds(event.value.duration)


class Trace:
    """A trace context of its own, by which the upstream's log tells whose calls it saw."""

    def __init__(self):
        self.id = secrets.token_hex(16)
        self.parent = f"00-{self.id}-{secrets.token_hex(8)}-01"
        self.metadata = (("traceparent", self.parent),)

    def of(self, records: list[dict]) -> list[dict]:
        """The calls that belong to it, in order."""
        return [record for record in records if self.id in (record["headers"]["traceparent"] or "")]


def clock(upstream: StandIn) -> tuple[float, float]:
    """`StandIn.epoch` for one that takes its time: its answers are replaced by some that come at once."""
    at_once = {"x_stand_in_fault": json.dumps({"kind": "status", "status": 200}), "authorization": f"Bearer {KEY}"}
    body = json.dumps({"model": "gpt-4o-mini-tts", "voice": "alloy", "input": "a"}).encode()
    spans = []
    upstream.reset()
    for _ in range(30):
        sent = time.monotonic()
        fetch(f"{upstream.base_url}/audio/speech", body, **at_once)
        spans.append((sent, time.monotonic()))
    arrivals = [record["received_ms"] / 1000 for record in upstream.records(len(spans))]
    earliest = max(sent - arrival for (sent, _), arrival in zip(spans, arrivals, strict=True))
    latest = min(answered - arrival for (_, answered), arrival in zip(spans, arrivals, strict=True))
    upstream.reset()
    return (earliest + latest) / 2, (latest - earliest) / 2


def quantile(values: list[float], share: float) -> float:
    """The least of `values` that this share of them does not exceed."""
    return sorted(values)[math.ceil(len(values) * share) - 1]


def quantiles(waits: list[float]) -> str:
    """How long things took, for a table."""
    if not waits:
        return "none"
    named = (("p50", quantile(waits, 0.5)), ("p95", quantile(waits, 0.95)), ("max", max(waits)))
    return ", ".join(f"{name} {wait * 1000:.1f}" for name, wait in named) + " ms"
