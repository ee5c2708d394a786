"""A stream that the server ends well before it has read everything, which a real one seldom does on time."""

from collections.abc import AsyncIterator

import grpc
import pytest

from rhapsode.v1 import speech_pb2 as pb
from rhapsode.v1 import speech_pb2_grpc
from rhapsode_tts.pipecat import RhapsodeTTSService
from stage import Stage, tokens

TEXT = "Nobody spoke. Then the first bell rang across the water."


class Leaving(speech_pb2_grpc.SpeechServiceServicer):
    """Ends its first stream behind the first text, which it has not read, and is silent on the second."""

    def __init__(self, reason: int):
        self._reason = reason
        #: What each stream was told.
        self.streams: list[list[pb.StreamingSynthesizeRequest]] = []

    async def StreamingSynthesize(  # noqa: N802
        self, request_iterator: AsyncIterator, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[pb.StreamingSynthesizeResponse]:
        heard = []
        self.streams.append(heard)
        yield pb.StreamingSynthesizeResponse(started=pb.StreamStarted(model="none"))
        async for request in request_iterator:
            heard.append(request)
            if request.HasField("text") and len(self.streams) == 1:
                yield pb.StreamingSynthesizeResponse(summary=pb.SynthesisSummary(finish_reason=self._reason))
                return
            if request.HasField("end_utterance"):
                yield pb.StreamingSynthesizeResponse(utterance_completed=self._completed(heard))
        yield pb.StreamingSynthesizeResponse(summary=pb.SynthesisSummary(finish_reason=pb.FINISH_REASON_COMPLETED))

    def _completed(self, heard: list) -> pb.UtteranceCompleted:
        usage = pb.Usage(input_character_count=len(text_of(heard)))
        name = next(request.text.utterance_id for request in heard if request.HasField("text"))
        return pb.UtteranceCompleted(utterance_id=name, usage=usage)


def text_of(heard: list) -> str:
    """All text of a stream."""
    return "".join(request.text.text for request in heard)


@pytest.mark.parametrize("reason", ["IDLE_TIMEOUT", "MAX_DURATION", "DRAINING"])
async def test_what_was_not_read_is_said_on_the_next_stream(reason: str):
    server, leaving = grpc.aio.server(), Leaving(pb.FinishReason.Value(f"FINISH_REASON_{reason}"))
    speech_pb2_grpc.add_SpeechServiceServicer_to_server(leaving, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with Stage(RhapsodeTTSService(address=f"127.0.0.1:{port}")) as stage:
            await stage.reply(tokens(TEXT))
            await stage.turns(1)
    finally:
        await server.stop(0)
    assert len(leaving.streams) == 2
    assert text_of(leaving.streams[1]) == TEXT
    assert [request.WhichOneof("request") for request in leaving.streams[1]].count("end_utterance") == 1
    assert not stage.errors
