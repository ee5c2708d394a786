"""One conversation with Rhapsode: text in, bit by bit, and audio out at the same time.

    async with connect("127.0.0.1:50051") as channel, Conversation(channel) as conversation:
        await conversation.write("Please hold the line.")
        conversation.done()
        async for event in conversation:
            match event:
                case pb.AudioChunk(data=data):
                    play(data)

The events are the messages of the contract, `rhapsode.v1.speech_pb2`, in the order that it promises.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc import error_details_pb2, status_pb2
from grpc._cython import cygrpc

from rhapsode.v1 import speech_pb2 as pb
from rhapsode.v1 import speech_pb2_grpc

# Pieces of text that may wait for the connection; beyond that, writing waits. The server has a buffer of its own.
_OUTBOX = 64
# A peer that is gone without a word is noticed within 40 s.
_CHANNEL_OPTIONS = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
)

Event = (
    pb.StreamStarted
    | pb.AudioChunk
    | pb.TextAlignment
    | pb.Warning
    | pb.SynthesisSummary
    | pb.UtteranceStarted
    | pb.UtteranceCompleted
    | pb.Interrupted
)


class SpeechError(Exception):
    """The stream has failed: what the status and its details say."""

    def __init__(self, code: grpc.StatusCode, reason: str, message: str, details: Sequence[object] = ()):
        super().__init__(f"{reason}: {message}" if reason else f"{code.name}: {message}")
        self.code = code
        #: Reason as in google.rpc.ErrorInfo, such as "UPSTREAM_UNAVAILABLE"; empty if the server had no say.
        self.reason = reason
        self.message = message
        self._details = details

    @classmethod
    def of(cls, failure: grpc.aio.AioRpcError) -> "SpeechError":
        """What a failed call says."""
        details = _details(failure)
        reason = next((detail.reason for detail in details if isinstance(detail, error_details_pb2.ErrorInfo)), "")
        return cls(failure.code(), reason, failure.details() or "", details)

    @property
    def failure(self) -> pb.SynthesisFailure | None:
        """What was heard, and from which character to go on."""
        return next((detail for detail in self._details if isinstance(detail, pb.SynthesisFailure)), None)

    @property
    def retry_after(self) -> timedelta | None:
        """How long the server asks to wait."""
        delays = (detail.retry_delay for detail in self._details if isinstance(detail, error_details_pb2.RetryInfo))
        return next((delay.ToTimedelta() for delay in delays), None)


class IncompleteStreamError(Exception):
    """The stream ended well for gRPC, but something of it is missing."""


class StreamClosedError(Exception):
    """Nothing more can be said on this stream: it is over, or `done` was called."""


def connect(address: str, credentials: grpc.ChannelCredentials | None = None) -> grpc.aio.Channel:
    """A channel to the service, without encryption unless there are credentials."""
    if credentials is None:
        return grpc.aio.insecure_channel(address, options=_CHANNEL_OPTIONS)
    return grpc.aio.secure_channel(address, credentials, options=_CHANNEL_OPTIONS)


class Conversation:
    """A `StreamingSynthesize` call, which is opened at once.

    Reading and writing go on at the same time: whoever only writes is stopped by flow control in the end. A task of its
    own sends, so that writing may be cancelled without harm to the call; cancelling the iteration cancels the call.
    """

    def __init__(self, channel: grpc.aio.Channel, config: pb.StreamingConfig | None = None, *, metadata=None):
        stub = speech_pb2_grpc.SpeechServiceStub(channel)
        self._call = stub.StreamingSynthesize(metadata=metadata)
        self._outbox: asyncio.Queue[pb.StreamingSynthesizeRequest | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(_OUTBOX)
        self._is_done = False
        self._is_cancelled = False
        self._tally = _Tally()
        self._put(config=config or pb.StreamingConfig())
        self._sender = asyncio.create_task(self._send())
        #: Who speaks and in which format, once the first event was read.
        self.started: pb.StreamStarted | None = None
        #: The last event of a stream that is whole.
        self.summary: pb.SynthesisSummary | None = None

    async def __aenter__(self) -> "Conversation":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def write(self, text: str, utterance_id: str = "") -> None:
        """Appends to the current utterance, or opens one, which then has this name."""
        await self._room.acquire()
        self._put(text=pb.TextDelta(text=text, utterance_id=utterance_id))

    def flush(self) -> None:
        """Has spoken what there is as it stands; the utterance stays open."""
        self._put(flush=pb.Flush())

    def end_utterance(self) -> None:
        """Has spoken what there is and closes the utterance."""
        self._put(end_utterance=pb.EndUtterance())

    def interrupt(self, utterance: int | None = None, offset: float = 0.0, *, keep: bool = False) -> None:
        """The listener has begun to speak, `offset` seconds into `utterance`.

        All audio that comes before the `Interrupted` which answers this is stale. `keep` keeps the utterances behind
        that one of whose audio nothing was sent.
        """
        position = None
        if utterance is not None:
            position = pb.PlaybackPosition(utterance_index=utterance, offset=timedelta(seconds=offset))
        self._put(interrupt=pb.Interrupt(playback_position=position, keep_buffered_text=keep))

    def update(self, synthesis: pb.SynthesisConfig, *fields: str) -> None:
        """Changes how the next utterances are spoken: these fields of `synthesis`."""
        update = pb.ConfigUpdate(synthesis=synthesis, update_mask=FieldMask(paths=fields))
        self._put(config_update=update)

    def keep_alive(self) -> None:
        """A sign of life."""
        self._put(keep_alive=pb.KeepAlive())

    def done(self) -> None:
        """There is no more text; what is there is spoken, and the stream ends with a summary."""
        if not self._is_done:
            self._is_done = True
            self._outbox.put_nowait(None)

    def cancel(self) -> None:
        """Drops everything, at once; the iteration ends."""
        self._is_cancelled = True
        self._call.cancel()
        self._hush()

    async def close(self) -> None:
        """Drops whatever is not over yet, and waits until nothing is left of it."""
        self.cancel()
        await asyncio.wait([self._sender])

    def __aiter__(self) -> AsyncIterator[Event]:
        """The events, to the summary.

        Raises `SpeechError` if the stream fails, and `IncompleteStreamError` if it ends before it is whole.
        """
        return self

    async def __anext__(self) -> Event:
        try:
            response = await self._call.read()
        except grpc.aio.AioRpcError as failure:
            self._hush()
            raise SpeechError.of(failure) from None
        except asyncio.CancelledError:
            if self._is_cancelled and not asyncio.current_task().cancelling():
                raise StopAsyncIteration from None
            raise
        if response is grpc.aio.EOF:
            self._hush()
            if self.summary is None:
                raise IncompleteStreamError("the stream ended without its summary")
            raise StopAsyncIteration
        event = getattr(response, response.WhichOneof("event"))
        self._note(event)
        return event

    def _hush(self) -> None:
        """Nothing more is sent; whoever waits for room is let go."""
        self._is_done = True
        self._sender.cancel()
        for _ in range(_OUTBOX):
            self._room.release()

    def _note(self, event: Event) -> None:
        match event:
            case pb.StreamStarted():
                self.started = event
            case pb.AudioChunk():
                self._tally.add(event)
            case pb.SynthesisSummary():
                self._tally.compare(event)
                self.summary = event

    def _put(self, **request: object) -> None:
        if self._is_done:
            raise StreamClosedError
        self._outbox.put_nowait(pb.StreamingSynthesizeRequest(**request))

    async def _send(self) -> None:
        """Sends what is said, in order. How the call ends is told to whoever reads."""
        with contextlib.suppress(grpc.RpcError, asyncio.InvalidStateError):
            await self._call.write(await self._outbox.get())
            while (request := await self._outbox.get()) is not None and await self._get_across(request):
                if request.HasField("text"):
                    self._room.release()
            await self._call.done_writing()

    async def _get_across(self, request: pb.StreamingSynthesizeRequest) -> bool:
        """Sends one message; false if the server has ended the call and does not read it.

        `write` of grpc.aio (1.85) takes that for an internal error, and makes it the status of a call that has ended
        well: its last events, which are still to be read, would be lost. So this does what `write` does, without that.
        """
        try:
            await self._call._cython_call.send_serialized_message(request.SerializeToString())
        except cygrpc.InternalError:
            return False
        return True


class _Tally:
    """Counts the audio against what the summary says."""

    def __init__(self) -> None:
        self._chunks = 0
        self._bytes = 0

    def add(self, chunk: pb.AudioChunk) -> None:
        if chunk.sequence != self._chunks:
            raise IncompleteStreamError(f"chunk {self._chunks} is missing: {chunk.sequence} came instead")
        self._chunks += 1
        self._bytes += len(chunk.data)

    def compare(self, summary: pb.SynthesisSummary) -> None:
        counted = (self._chunks, self._bytes)
        sent = (summary.chunk_count, summary.audio_byte_count)
        if counted != sent:
            raise IncompleteStreamError(f"{counted} chunks and bytes came of {sent}")


def _details(failure: grpc.aio.AioRpcError) -> list[object]:
    """The details of a failed call's status, as far as their types are known here."""
    packed = dict(failure.trailing_metadata() or ()).get("grpc-status-details-bin")
    details = []
    for item in status_pb2.Status.FromString(packed).details if packed else ():
        name = item.TypeName().rsplit(".", 1)[-1]
        kind = getattr(error_details_pb2, name, None) or getattr(pb, name, None)
        if kind is not None:
            detail = kind()
            item.Unpack(detail)
            details.append(detail)
    return details
