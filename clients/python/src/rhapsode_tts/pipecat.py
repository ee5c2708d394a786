"""Rhapsode as a text-to-speech service of pipecat.

    tts = RhapsodeTTSService(address="127.0.0.1:50051", settings=RhapsodeTTSService.Settings(voice="coral"))
    pipeline = Pipeline([transport.input(), stt, user, llm, tts, transport.output(), assistant])

The tokens of the language model go into one stream as they come; the server finds the sentences. A turn is an
utterance, and an interruption is a message on the same stream, so that the next turn finds everything warm.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import grpc
from loguru import logger
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    CancelFrame,
    EndFrame,
    Frame,
    InterruptionFrame,
    StartFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
)
from pipecat.metrics.metrics import MetricsData
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TextAggregationMode, TTSService
from pipecat.utils.errors import ErrorCategory
from pipecat.utils.types import NOT_GIVEN, NotGiven

from rhapsode.v1 import speech_pb2 as pb
from rhapsode_tts.client import Conversation, IncompleteStreamError, SpeechError, StreamClosedError, connect
from rhapsode_tts.playback import Playback

# Well below the smallest limit that an operator usually sets for a delta.
_PIECE = 2_000
# Every context is ended by the server's word; this only bounds what happens if that never comes.
_SILENCE_LIMIT = 120.0
# How long the server may take to answer a half-close before the stream is dropped.
_FAREWELL = 2.0
_BYTES_PER_SAMPLE = 2

# Ends after which a new stream goes on where the old one stopped.
_RENEWED = (pb.FINISH_REASON_IDLE_TIMEOUT, pb.FINISH_REASON_MAX_DURATION, pb.FINISH_REASON_DRAINING)

_CATEGORIES = {
    "INVALID_FIELD": ErrorCategory.INVALID_REQUEST,
    "MODEL_UNKNOWN": ErrorCategory.INVALID_REQUEST,
    "VOICE_UNKNOWN": ErrorCategory.INVALID_REQUEST,
    "OPTION_UNSUPPORTED": ErrorCategory.INVALID_REQUEST,
    "TEXT_TOO_LONG": ErrorCategory.APPLICATION,
    "CONTENT_REJECTED": ErrorCategory.APPLICATION,
    "UPSTREAM_RATE_LIMITED": ErrorCategory.RATE_LIMIT,
    "UPSTREAM_QUOTA_EXHAUSTED": ErrorCategory.QUOTA,
}

# Settings, and the fields of the contract that a change of them concerns.
_FIELDS = {
    "model": "model",
    "voice": "voice",
    "language": "language_code",
    "instructions": "instructions",
    "speed": "speed",
    "strip_markdown": "text_processing",
    "strip_emoji": "text_processing",
}


@dataclass
class RhapsodeTTSSettings(TTSSettings):
    """What can be changed while a pipeline runs; None leaves it to the server.

    Parameters:
        instructions: Style directions for models that take them.
        speed: Speaking rate, 1.0 being the voice's own.
        strip_markdown: Whether the marks of Markdown are taken out.
        strip_emoji: Whether emoji are taken out.
    """

    instructions: str | None | NotGiven = field(default_factory=lambda: NOT_GIVEN)
    speed: float | None | NotGiven = field(default_factory=lambda: NOT_GIVEN)
    strip_markdown: bool | None | NotGiven = field(default_factory=lambda: NOT_GIVEN)
    strip_emoji: bool | None | NotGiven = field(default_factory=lambda: NOT_GIVEN)


@dataclass
class _Context:
    """One of pipecat's audio contexts that is not over yet; usually one utterance."""

    #: Utterances of it that the server has not completed.
    waiting: int = 0
    #: Playing time of those that it has, seconds.
    seconds: float = 0.0
    #: No more text comes.
    is_ended: bool = False
    is_sounding: bool = False


@dataclass
class _Utterance:
    """What was written of an utterance that is not completed."""

    context_id: str
    text: str = ""
    is_ended: bool = False
    #: As the server counts it, once it has begun to sound.
    index: int | None = None
    #: Where its words count from in the stream, seconds.
    origin: float = 0.0


class RhapsodeTTSService(TTSService):
    """Speaks through one `StreamingSynthesize` stream per session.

    A stream that the server ends for its age, for silence or because it goes away is replaced, and what it had not read
    of the text is said on the next one. A stream that fails is told as an error; the turn ends there, and the next one
    opens a new stream.

    Event handlers, beside those of `TTSService`:
        on_interrupted: Called with the `Interrupted` of the contract, which tells the text that was heard and that
            which was not.
    """

    Settings = RhapsodeTTSSettings
    _settings: Settings

    def __init__(
        self,
        *,
        address: str = "127.0.0.1:50051",
        channel: grpc.aio.Channel | None = None,
        segmentation: pb.SegmentationPolicy | None = None,
        delivery: pb.DeliveryOptions | None = None,
        settings: Settings | None = None,
        **kwargs: Any,
    ):
        """Initialize the service.

        Args:
            address: Where Rhapsode listens, without encryption.
            channel: A channel to use in place of one to `address`; it is left open at the end.
            segmentation: How text is cut. Unset: the first sentence at once, and then as late as can be.
            delivery: Chunk size, pacing, and what is done to the sound.
            settings: What can be changed while the pipeline runs.
            **kwargs: Arguments of `TTSService`.
        """
        stored = self.Settings(
            model=None,
            voice=None,
            language=None,
            instructions=None,
            speed=None,
            strip_markdown=None,
            strip_emoji=None,
        )
        if settings is not None:
            stored.apply_update(settings)
        options = {
            "text_aggregation_mode": TextAggregationMode.TOKEN,
            "append_trailing_space": True,
            "stop_frame_timeout_s": _SILENCE_LIMIT,
        }
        # Words come with their times; a context begins when the server says so, not when there is text.
        super().__init__(push_text_frames=False, push_start_frame=False, settings=stored, **(options | kwargs))
        self._address = address
        self._channel = channel
        self._owns_channel = channel is None
        self._segmentation = segmentation
        self._delivery = delivery

        self._conversation: Conversation | None = None
        self._reader: asyncio.Task | None = None
        #: Utterances of the present stream that are not completed, in order.
        self._written: deque[_Utterance] = deque()
        #: What a stream that comes to its end has completed without reading all of it.
        self._unread: _Utterance | None = None
        self._contexts: dict[str, _Context] = {}
        #: Interrupts that are not answered yet: until then all that comes is stale.
        self._stale = 0
        #: A turn of which nothing more is said, because something of it has failed.
        self._muted: str | None = None
        #: Contexts that end without audio, for a reason that is known.
        self._explained: set[str] = set()
        self._playback = Playback()
        self._register_event_handler("on_interrupted")

    def can_generate_metrics(self) -> bool:
        """Whether the service measures: yes."""
        return True

    @property
    def supports_processing_metrics(self) -> bool:
        """Whether `run_tts` takes as long as the synthesis: no, it only writes."""
        return False

    async def start(self, frame: StartFrame):
        """Open the stream, so that the first turn finds it warm.

        Args:
            frame: The start frame.
        """
        await super().start(frame)
        self._open()

    async def stop(self, frame: EndFrame):
        """Speak what there is, then leave.

        Args:
            frame: The end frame.
        """
        for context_id in list(self._contexts):
            await self._end_text(context_id)
        await super().stop(frame)
        await self._leave(_FAREWELL)

    async def cancel(self, frame: CancelFrame):
        """Leave at once.

        Args:
            frame: The cancel frame.
        """
        await super().cancel(frame)
        await self._leave()

    async def cleanup(self):
        """Let go of the stream and the channel."""
        await super().cleanup()
        await self._leave()
        if self._channel and self._owns_channel:
            await self._channel.close()
            self._channel = None

    async def _update_settings(self, delta: TTSSettings) -> dict[str, Any]:
        changed = await super()._update_settings(delta)
        fields = {_FIELDS[name] for name in changed if name in _FIELDS}
        if fields and self._conversation:
            with suppress(StreamClosedError):
                self._conversation.update(self._synthesis(), *sorted(fields))
        return changed

    #
    # Text
    #

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Write text; its audio comes by another way.

        Args:
            text: A token, or more.
            context_id: The context that it belongs to.

        Yields:
            Nothing but None.
        """
        if context_id == self._muted:
            return
        await self._context(context_id)
        await self._write(context_id, text)
        if context_id != self._turn_context_id:
            # Text outside of a turn, which nobody is going to end.
            await self._end_text(context_id)
        yield None

    async def flush_audio(self, context_id: str | None = None):
        """End the text of a context.

        Args:
            context_id: Which; the one that plays if None.
        """
        context_id = context_id or self.get_active_audio_context_id()
        if context_id:
            await self._end_text(context_id)

    async def on_turn_context_completed(self):
        """End the turn's text, and forget what was left unsaid of a turn that failed."""
        context_id = self._turn_context_id
        await super().on_turn_context_completed()
        if context_id is not None and context_id == self._muted:
            self._forget_text(context_id)
            self._muted = None

    async def _context(self, context_id: str) -> _Context:
        if context_id not in self._contexts:
            await self.create_audio_context(context_id)
            await self.start_ttfb_metrics()
            self._contexts[context_id] = _Context()
        return self._contexts[context_id]

    async def _write(self, context_id: str, text: str) -> None:
        utterance = self._written[-1] if self._written else None
        if utterance is None or utterance.is_ended or utterance.context_id != context_id:
            self._end_utterance()
            utterance = _Utterance(context_id)
            self._written.append(utterance)
            self._contexts[context_id].waiting += 1
        utterance.text += text
        conversation = self._conversation or self._open()
        # A stream that is over has not read it; what becomes of it is decided where the end is read.
        with suppress(StreamClosedError):
            for at in range(0, len(text), _PIECE):
                await conversation.write(text[at : at + _PIECE], context_id)

    async def _end_text(self, context_id: str) -> None:
        """No more text comes of a context."""
        context = self._contexts.get(context_id)
        if context is None or context.is_ended:
            return
        context.is_ended = True
        if self._written and self._written[-1].context_id == context_id:
            self._end_utterance()
        await self._close_if_over(context_id)

    def _end_utterance(self) -> None:
        """Closes the utterance that is open, if there is one."""
        if self._written and not self._written[-1].is_ended:
            self._written[-1].is_ended = True
            if self._conversation:
                with suppress(StreamClosedError):
                    self._conversation.end_utterance()

    #
    # The stream
    #

    def _open(self) -> Conversation:
        if self._channel is None:
            self._channel = connect(self._address)
        config = pb.StreamingConfig(synthesis=self._synthesis(), isolate_utterance_failures=True)
        self._conversation = Conversation(self._channel, config)
        self._stale = 0
        self._reader = self.create_task(self._read(self._conversation), name="rhapsode_reader")
        return self._conversation

    def _synthesis(self) -> pb.SynthesisConfig:
        settings = self._settings
        synthesis = pb.SynthesisConfig(
            model=settings.model or "",
            voice=settings.voice or "",
            language_code=str(settings.language or ""),
            instructions=settings.instructions or "",
            speed=settings.speed,
            segmentation=self._segmentation,
            delivery=self._delivery,
            alignment_mode=pb.ALIGNMENT_MODE_WORD,
            audio_format=pb.AudioFormat(
                encoding=pb.AUDIO_ENCODING_PCM_S16LE,
                sample_rate_hertz=self.sample_rate,
            ),
        )
        if settings.strip_markdown is not None or settings.strip_emoji is not None:
            synthesis.text_processing.strip_markdown = bool(settings.strip_markdown)
            synthesis.text_processing.strip_emoji = bool(settings.strip_emoji)
        return synthesis

    async def _read(self, conversation: Conversation) -> None:
        try:
            async for event in conversation:
                await self._hear(conversation, event)
        except SpeechError as error:
            await self._fail(conversation, str(error), _category(error.code, error.reason))
        except IncompleteStreamError as error:
            await self._fail(conversation, str(error), ErrorCategory.SERVER)
        else:
            await self._renew(conversation)

    async def _hear(self, conversation: Conversation, event: object) -> None:
        match event:
            case pb.StreamStarted():
                self.set_core_metrics_data(MetricsData(processor=self.name, model=event.model))
                await self._call_event_handler("on_connected")
            case pb.Warning():
                logger.warning(f"{self}: {pb.WarningCode.Name(event.code)}: {event.message}")
            case pb.Interrupted():
                self._stale -= 1
                await self._call_event_handler("on_interrupted", event)
            case _ if self._stale:
                pass
            case pb.UtteranceStarted():
                await self._begin(event)
            case pb.AudioChunk():
                await self._sound(conversation, event)
            case pb.TextAlignment():
                await self._time(event)
            case pb.UtteranceCompleted():
                await self._complete(event)

    async def _begin(self, event: pb.UtteranceStarted) -> None:
        utterance = self._written[0]
        context = self._contexts.get(utterance.context_id)
        if context is None:
            return
        utterance.index = event.utterance_index
        utterance.origin = _seconds(event.start_offset) - context.seconds
        if not context.is_sounding:
            context.is_sounding = True
            await self.append_to_audio_context(utterance.context_id, TTSStartedFrame(context_id=utterance.context_id))

    async def _sound(self, conversation: Conversation, chunk: pb.AudioChunk) -> None:
        utterance = self._written[0]
        if utterance.context_id not in self._contexts:
            return
        rate = conversation.started.audio_format.sample_rate_hertz
        frame = TTSAudioRawFrame(chunk.data, rate, 1, context_id=utterance.context_id)
        frame.metadata["rhapsode"] = (conversation, chunk.utterance_index)
        await self.append_to_audio_context(utterance.context_id, frame)

    async def _time(self, alignment: pb.TextAlignment) -> None:
        utterance = self._written[0]
        words, has_spaces = _words(alignment.spans, utterance.text)
        times = [_seconds(span.start_offset) - utterance.origin for span in alignment.spans]
        await self.add_word_timestamps(
            list(zip(words, times, strict=True)), utterance.context_id, includes_inter_frame_spaces=has_spaces
        )

    async def _complete(self, event: pb.UtteranceCompleted) -> None:
        utterance = self._written.popleft()
        context = self._contexts.get(utterance.context_id)
        failed = event.HasField("error")
        if failed and not utterance.is_ended:
            # What is still written of it goes nowhere, until it is closed.
            self._written.appendleft(utterance)
            self._end_utterance()
            self._written.popleft()
        if context is None:
            return
        context.waiting -= 1
        context.seconds += _seconds(event.audio_duration)
        if failed:
            await self._say_error(event.error)
            await self._break_off(utterance.context_id)
            return
        unread = utterance.text[event.usage.input_character_count :]
        if unread:
            context.waiting += 1
            self._unread = _Utterance(utterance.context_id, unread, utterance.is_ended)
        await self._close_if_over(utterance.context_id)

    async def _close_if_over(self, context_id: str) -> None:
        """Ends an audio context of which nothing more comes."""
        context = self._contexts.get(context_id)
        if context and context.is_ended and not context.waiting:
            await self._close(context_id)

    async def _close(self, context_id: str) -> None:
        if self._contexts.pop(context_id).is_sounding:
            await self.append_to_audio_context(context_id, TTSStoppedFrame(context_id=context_id))
        else:
            await self.cancel_ttfb_metrics()
            self._explained.add(context_id)
        await self.remove_audio_context(context_id)

    async def _renew(self, conversation: Conversation) -> None:
        """The stream has ended well: what it has not read is said on a new one."""
        summary = conversation.summary
        if conversation is not self._conversation or summary is None:
            return
        self._conversation = None
        logger.debug(f"{self}: the stream has ended: {pb.FinishReason.Name(summary.finish_reason)}")
        await self._call_event_handler("on_disconnected")
        unread = [*([self._unread] if self._unread else []), *self._written]
        self._unread = None
        self._written.clear()
        if summary.finish_reason not in _RENEWED:
            return
        for utterance in unread:
            if context := self._contexts.get(utterance.context_id):
                context.waiting -= 1
                # As long as there is room this does not wait, so that no later text comes in between.
                await self._write(utterance.context_id, utterance.text)
                if utterance.is_ended:
                    self._end_utterance()

    async def _leave(self, patience: float = 0.0) -> None:
        conversation, self._conversation = self._conversation, None
        if conversation is None:
            return
        if patience:
            with suppress(StreamClosedError):
                conversation.done()
            await asyncio.wait([self._reader], timeout=patience)
        await conversation.close()
        await self.cancel_task(self._reader)
        await self.stop_all_metrics()

    #
    # Failures
    #

    async def _fail(self, conversation: Conversation, message: str, category: ErrorCategory) -> None:
        """The stream has failed, and with it what it had to say."""
        if conversation is not self._conversation:
            return
        self._conversation = None
        self._unread = None
        self._written.clear()
        await self._call_event_handler("on_connection_error", message)
        await self.push_error(f"Rhapsode: {message}", category=category)
        for context_id in [context_id for context_id, context in self._contexts.items() if context.waiting]:
            await self._break_off(context_id)

    async def _say_error(self, error: pb.UtteranceError) -> None:
        code = next((code for code in grpc.StatusCode if code.value[0] == error.code), grpc.StatusCode.UNKNOWN)
        await self.push_error(f"Rhapsode: {error.reason}: {error.message}", category=_category(code, error.reason))

    async def _break_off(self, context_id: str) -> None:
        """Ends a context that has failed. The rest of its turn stays unsaid, and out of the conversation's context."""
        self._forget_text(context_id)
        if context_id == self._turn_context_id:
            self._muted = context_id
        await self._close(context_id)

    def _forget_text(self, context_id: str) -> None:
        """Has the base class not take the text of a context for spoken."""
        others = {*self.get_audio_contexts(), *self._contexts} - {context_id}
        self._aggregated_frame_sequencer.clear(keep_contexts=others)

    async def _record_context_audio_outcome(self, context_id: str, received_audio: bool):
        if context_id in self._explained:
            # It had nothing that can be spoken, or its error was pushed; neither says that the service is broken.
            self._explained.remove(context_id)
        else:
            await super()._record_context_audio_outcome(context_id, received_audio)

    #
    # Interruptions
    #

    async def _handle_interruption(self, frame: InterruptionFrame, direction: FrameDirection):
        heard = self._playback.position(self._conversation, time.monotonic())
        await self.stop_all_metrics()
        await super()._handle_interruption(frame, direction)
        gone = {context_id for context_id in self._contexts if not self.audio_context_available(context_id)}
        is_all = len(gone) == len(self._contexts)
        for context_id in gone:
            del self._contexts[context_id]
        self._explained &= set(self.get_audio_contexts())
        self._muted = None
        if is_all:
            self._interrupt(heard)
        else:
            # The server would drop what cannot be interrupted, too; the rest is dropped here as it comes.
            self._playback.forget(gone)
            if self._written and self._written[-1].context_id in gone:
                self._end_utterance()

    def _interrupt(self, heard: tuple[int, float] | None) -> None:
        """Has the server drop what it speaks, and tells it how far the listener had heard."""
        is_busy = bool(self._written) or heard is not None
        self._written.clear()
        self._unread = None
        self._playback.clear()
        if is_busy and self._conversation:
            with suppress(StreamClosedError):
                self._conversation.interrupt(*(heard or ()))
                self._stale += 1

    async def process_frame(self, frame: Frame, direction: FrameDirection):
        """Process a frame, and learn from the transport what is being heard.

        Args:
            frame: The frame.
            direction: Its direction.
        """
        await super().process_frame(frame, direction)
        if isinstance(frame, BotStartedSpeakingFrame):
            self._playback.begin(time.monotonic())
        elif isinstance(frame, BotStoppedSpeakingFrame):
            self._playback.rest()

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM):
        """Push a frame, and note what the transport is given.

        Args:
            frame: The frame.
            direction: Its direction.
        """
        if isinstance(frame, TTSAudioRawFrame) and "rhapsode" in frame.metadata:
            seconds = len(frame.audio) / _BYTES_PER_SAMPLE / frame.sample_rate
            self._playback.give(*frame.metadata.pop("rhapsode"), frame.context_id, seconds)
        elif isinstance(frame, TTSStoppedFrame):
            self._playback.end(frame.context_id)
        await super().push_frame(frame, direction)


def _category(code: grpc.StatusCode, reason: str) -> ErrorCategory:
    """What pipecat calls such a failure. One that is its own fault, as it calls it, puts the service out of use."""
    if not reason:
        # The server had no say: it is gone, or was never there.
        return ErrorCategory.CONNECTIVITY if code is grpc.StatusCode.UNAVAILABLE else ErrorCategory.SERVER
    return _CATEGORIES.get(reason, ErrorCategory.SERVER)


def _words(spans, text: str) -> tuple[list[str], bool]:
    """The words of these spans, and whether they hold the spaces between them, as in a script that has none."""
    ends = [span.start_char + len(span.text) for span in spans]
    starts = [span.start_char for span in spans[1:]]
    if not any(end == start for end, start in zip(ends, starts, strict=False)):
        return [span.text for span in spans], False
    return [text[span.start_char : end] for span, end in zip(spans, [*starts, *ends[-1:]], strict=True)], True


def _seconds(duration) -> float:
    return duration.seconds + duration.nanos / 1e9
