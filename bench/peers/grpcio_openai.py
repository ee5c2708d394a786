"""The service that a team would write by hand: grpcio's asyncio server in front of the official openai client.

It streams (`with_streaming_response`), counts what it sends, and does nothing else: no deadline, no retry before the
first audio, no spans, no metrics, no log line.

    python grpcio_openai.py STUBS LISTEN BASE_URL
"""

import asyncio
import sys
import uuid

sys.path.insert(0, sys.argv[1])

import grpc  # noqa: E402
from openai import AsyncOpenAI, DefaultAsyncHttpxClient  # noqa: E402
from rhapsode.v1 import speech_pb2 as pb  # noqa: E402
from rhapsode.v1 import speech_pb2_grpc as pb_grpc  # noqa: E402

try:
    from httpx2 import Limits
except ImportError:
    from httpx import Limits


class Speech(pb_grpc.SpeechServiceServicer):
    """Text in, the upstream's PCM out as it arrives."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self.client = client

    async def Synthesize(self, request, context):
        """One call of the upstream, one message per read."""
        name = str(uuid.uuid4())
        begun = False
        sequence = sent = 0
        speech = self.client.audio.speech.with_streaming_response
        async with speech.create(
            model=request.config.model, voice=request.config.voice, input=request.text, response_format="pcm"
        ) as answer:
            async for data in answer.iter_bytes():
                if not begun:
                    begun = True
                    yield pb.SynthesizeResponse(started=pb.StreamStarted(request_id=name))
                yield pb.SynthesizeResponse(audio=pb.AudioChunk(data=data, sequence=sequence))
                sequence += 1
                sent += len(data)
        summary = pb.SynthesisSummary(request_id=name, audio_byte_count=sent, chunk_count=sequence)
        yield pb.SynthesizeResponse(summary=summary)


async def main() -> None:
    """Serves until it is stopped."""
    _, _, listen, base_url = sys.argv
    limits = Limits(max_connections=1000, max_keepalive_connections=512)
    client = AsyncOpenAI(api_key="sk-bench", base_url=base_url, http_client=DefaultAsyncHttpxClient(limits=limits))
    server = grpc.aio.server(options=[("grpc.max_concurrent_streams", 1000)])
    pb_grpc.add_SpeechServiceServicer_to_server(Speech(client), server)
    server.add_insecure_port(listen)
    await server.start()
    await server.wait_for_termination()


asyncio.run(main())
