"""A pipecat pipeline that a test drives: frames go in when it says so, and what comes out is kept."""

import asyncio
from collections.abc import Callable, Iterable

from pipecat.frames.frames import (
    EndFrame,
    ErrorFrame,
    Frame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    OutputAudioRawFrame,
    StartFrame,
    TTSAudioRawFrame,
    TTSStoppedFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.workers.runner import WorkerRunner

# Long enough for a machine that has other things to do; a test that waits for it has failed.
PATIENCE = 30.0


def tokens(text: str) -> list[str]:
    """A text in pieces of four characters, cut anywhere, as a language model gives it."""
    return [text[at : at + 4] for at in range(0, len(text), 4)]


class Tap(FrameProcessor):
    """Keeps what passes, and lets it pass."""

    def __init__(self, direction: FrameDirection):
        super().__init__(enable_direct_mode=True)
        self.frames: list[Frame] = []
        self._direction = direction
        self._passed = asyncio.Condition()

    async def process_frame(self, frame: Frame, direction: FrameDirection):
        await super().process_frame(frame, direction)
        if direction is self._direction:
            async with self._passed:
                self.frames.append(frame)
                self._passed.notify_all()
        await self.push_frame(frame, direction)

    async def until(self, is_there: Callable[[list[Frame]], object]) -> None:
        """Waits until `is_there` holds of the frames so far."""
        async with self._passed:
            await asyncio.wait_for(self._passed.wait_for(lambda: is_there(self.frames)), PATIENCE)


class Loudspeaker(BaseOutputTransport):
    """Plays at the pace of speech, and tells the pipeline about it as every transport does."""

    def __init__(self):
        super().__init__(TransportParams(audio_out_enabled=True))
        self.seconds = 0.0

    async def start(self, frame: StartFrame):
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        seconds = len(frame.audio) / 2 / frame.sample_rate
        self.seconds += seconds
        await asyncio.sleep(seconds)
        return True


class Stage:
    """`source | service | tap | behind`, running."""

    def __init__(self, service: FrameProcessor, *behind: FrameProcessor):
        self.service = service
        self._up = Tap(FrameDirection.UPSTREAM)
        self._down = Tap(FrameDirection.DOWNSTREAM)
        pipeline = Pipeline([self._up, service, self._down, *behind])
        params = PipelineParams(enable_metrics=True, enable_usage_metrics=True)
        self._worker = PipelineWorker(pipeline, cancel_on_idle_timeout=False, enable_rtvi=False, params=params)
        self.connections = 0

        @service.event_handler("on_connected")
        async def connected(_):
            self.connections += 1

    async def __aenter__(self) -> "Stage":
        started = asyncio.Event()

        @self._worker.event_handler("on_pipeline_started")
        async def begun(*_):
            started.set()

        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._worker)
        self._running = asyncio.create_task(runner.run())
        await asyncio.wait_for(started.wait(), PATIENCE)
        return self

    async def __aexit__(self, kind: type | None, *_: object) -> None:
        if kind is None:
            await self.push(EndFrame())
        else:
            await self._worker.cancel()
        await asyncio.wait_for(self._running, PATIENCE)

    async def push(self, *frames: Frame) -> None:
        """Sends frames down the pipeline."""
        for frame in frames:
            await self._worker.queue_frame(frame)

    async def reply(self, pieces: Iterable[str]) -> None:
        """A whole turn of the language model."""
        await self.push(LLMFullResponseStartFrame(), *map(LLMTextFrame, pieces), LLMFullResponseEndFrame())

    async def until(self, is_there: Callable[[list[Frame]], object]) -> None:
        """Waits for something to come out of the service."""
        await self._down.until(is_there)

    async def turns(self, count: int) -> None:
        """Waits until so many turns are over, whether or not anything was said in them."""
        await self.until(lambda frames: len(only(LLMFullResponseEndFrame, frames)) >= count)

    async def error(self, count: int = 1) -> str:
        """Waits for so many errors; the last one's text."""
        await self._up.until(lambda frames: len(only(ErrorFrame, frames)) >= count)
        return self.errors[count - 1].error

    @property
    def frames(self) -> list[Frame]:
        """What came out of the service so far."""
        return self._down.frames

    @property
    def errors(self) -> list[ErrorFrame]:
        """What went wrong so far."""
        return only(ErrorFrame, self._up.frames)

    def contexts(self) -> list[str]:
        """The contexts that had audio, in order."""
        return list(dict.fromkeys(frame.context_id for frame in only(TTSAudioRawFrame, self.frames)))

    def audio(self, turn: int = 0) -> bytes:
        """All audio of the context that sounded as the `turn`th."""
        context = self.contexts()[turn]
        return b"".join(frame.audio for frame in only(TTSAudioRawFrame, self.frames) if frame.context_id == context)


def only(kind: type, frames: list[Frame]) -> list:
    """The frames of a kind."""
    return [frame for frame in frames if isinstance(frame, kind)]


def stopped(count: int) -> Callable[[list[Frame]], bool]:
    """Whether so many contexts have come to their end."""
    return lambda frames: len(only(TTSStoppedFrame, frames)) >= count
