"""One long session without pipecat: every utterance in its place, nothing stale, and memory that does not grow."""

import asyncio
import gc
import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field

from support.rhapsode import Rhapsode
from support.story import story

from rhapsode.v1 import speech_pb2 as pb
from rhapsode_tts.client import Conversation, connect

UTTERANCES = 200
INTERRUPTS = 20
LEAST_SECONDS = 30 * 60
# How many utterances may be written beyond the one that is heard.
AHEAD = 4
MILLISECOND = 0.001
# What a client may hold beside the session: one read-ahead window, more or less.
CLIENT_SLACK = 256 * 1024
SERVER_SLACK_MIB = 2.0


@dataclass
class Ledger:
    """Holds the events to the contract as they come, and keeps numbers only."""

    begun: int = -1
    over: int = -1
    chunks: int = 0
    bytes: int = 0
    seconds: float = 0.0
    of_utterance: float = 0.0
    words_to: float = 0.0
    completed: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    dropped: int = 0
    is_sounding: bool = False
    has_started: bool = False
    summary: pb.SynthesisSummary | None = None

    def note(self, event: object) -> None:
        assert self.summary is None, "nothing comes behind the summary"
        assert self.has_started != isinstance(event, pb.StreamStarted), "started comes first, and once"
        match event:
            case pb.StreamStarted():
                self.has_started = True
            case pb.UtteranceStarted():
                self.begin(event)
            case pb.AudioChunk():
                self.sound(event)
            case pb.TextAlignment():
                self.time(event)
            case pb.UtteranceCompleted():
                self.complete(event)
            case pb.Interrupted():
                self.interrupted(event)
            case pb.SynthesisSummary():
                self.summary = event
            case _:
                raise AssertionError(event)

    def begin(self, event: pb.UtteranceStarted) -> None:
        assert not self.is_sounding, "the one before has been completed or interrupted"
        assert event.utterance_index > max(self.begun, self.over), "in order, and none twice"
        assert event.utterance_id == f"u{event.utterance_index}"
        assert near(event.start_offset, self.seconds), "it starts where the audio before it ends"
        self.begun, self.of_utterance, self.words_to = event.utterance_index, 0.0, self.seconds
        self.is_sounding = True

    def sound(self, chunk: pb.AudioChunk) -> None:
        assert self.is_sounding and chunk.utterance_index == self.begun, "audio lies between its utterance's events"
        assert chunk.sequence == self.chunks
        assert near(chunk.start_offset, self.seconds)
        seconds = len(chunk.data) / 2 / 24_000
        assert near(chunk.duration, seconds)
        self.chunks += 1
        self.bytes += len(chunk.data)
        self.seconds += seconds
        self.of_utterance += seconds

    def time(self, alignment: pb.TextAlignment) -> None:
        assert self.is_sounding and alignment.utterance_index == self.begun
        for span in alignment.spans:
            assert time(span.start_offset) <= self.seconds, "timing comes behind its audio"
            assert time(span.start_offset) >= self.words_to - MILLISECOND
            self.words_to = time(span.end_offset)

    def complete(self, event: pb.UtteranceCompleted) -> None:
        assert not event.HasField("error")
        assert self.is_sounding and event.utterance_index == self.begun
        assert near(event.audio_duration, self.of_utterance)
        self.completed.append(event.utterance_index)
        self.over = event.utterance_index
        self.is_sounding = False

    def interrupted(self, event: pb.Interrupted) -> None:
        assert event.utterance_index <= self.begun
        self.cut.append(event.utterance_index)
        self.dropped += event.dropped_utterance_count
        self.over = max(self.over, event.utterance_index + event.dropped_utterance_count)
        self.is_sounding = False


def time(duration) -> float:
    return duration.seconds + duration.nanos / 1e9


def near(duration, seconds: float) -> bool:
    return abs(time(duration) - seconds) < MILLISECOND


def utterances() -> Iterator[str]:
    """Texts of three sentences, each different from the others around it."""
    sentences = story(UTTERANCES * 3 * 80)
    for at in range(UTTERANCES):
        yield " ".join(sentences[at * 3 : at * 3 + 3])


class Writer:
    """Writes the utterances one by one, in pieces, a few ahead of what is heard."""

    def __init__(self, talk: Conversation):
        self._talk = talk
        self._room = asyncio.Semaphore(AHEAD)
        self.opened = 0

    async def write(self) -> None:
        for text in utterances():
            await self._room.acquire()
            name = f"u{self.opened}"
            self.opened += 1
            for at in range(0, len(text), 40):
                await self._talk.write(text[at : at + 40], name)
            self._talk.end_utterance()
        self._talk.done()

    def over(self, count: int = 1) -> None:
        """So many utterances are over: completed, cut or dropped."""
        for _ in range(count):
            self._room.release()


def resident(service: Rhapsode) -> float:
    """MiB of memory that the service holds itself; the voice in its binary comes and goes as the system likes."""
    with open(f"/proc/{service.process.pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


@dataclass
class Memory:
    """What the service, and what this client's Python objects, hold by the progress of the session."""

    service: Rhapsode
    server: list[float] = field(default_factory=list)
    client: list[int] = field(default_factory=list)

    def look(self) -> None:
        gc.collect()
        self.server.append(resident(self.service))
        self.client.append(tracemalloc.get_traced_memory()[0])


def config() -> pb.StreamingConfig:
    """Whole sentences as they come: nothing waits for the listener, so the session takes as long as the machine."""
    sentence = pb.SegmentationPolicy(mode=pb.SEGMENTATION_MODE_SENTENCE)
    return pb.StreamingConfig(
        synthesis=pb.SynthesisConfig(segmentation=sentence, alignment_mode=pb.ALIGNMENT_MODE_WORD)
    )


async def test_a_long_session_keeps_its_order_its_places_and_its_memory(service: Rhapsode):
    tracemalloc.start()
    try:
        async with connect(service.address) as channel, Conversation(channel, config()) as talk:
            ledger, memory, writer = Ledger(), Memory(service), Writer(talk)
            writing = asyncio.create_task(writer.write())
            async for event in talk:
                ledger.note(event)
                if isinstance(event, pb.UtteranceCompleted):
                    writer.over()
                    if event.utterance_index % 10 == 9:
                        memory.look()
            await writing
    finally:
        tracemalloc.stop()
    assert ledger.completed == list(range(UTTERANCES))
    assert_totals(ledger, UTTERANCES)
    assert ledger.summary.finish_reason == pb.FINISH_REASON_COMPLETED
    assert_steady(memory)


def assert_totals(ledger: Ledger, completed: int) -> None:
    summary = ledger.summary
    assert ledger.seconds >= LEAST_SECONDS
    assert near(summary.audio_duration, ledger.seconds)
    assert (summary.chunk_count, summary.audio_byte_count) == (ledger.chunks, ledger.bytes)
    assert summary.utterance_count == completed


def assert_steady(memory: Memory) -> None:
    half = len(memory.server) // 2
    server = max(memory.server[half:]) - max(memory.server[:half])
    assert server < SERVER_SLACK_MIB, f"the server grew by {server:.1f} MiB in the second half: {memory.server}"
    client = max(memory.client[half:]) - max(memory.client[:half])
    assert client < CLIENT_SLACK, f"the client grew by {client} bytes in the second half: {memory.client}"


async def test_nothing_stale_is_heard_behind_interrupts_at_random_places(service: Rhapsode):
    chance = random.Random(2_026)
    async with connect(service.address) as channel, Conversation(channel, config()) as talk:
        session = Interrupting(talk, chance)
        await asyncio.wait_for(session.run(), 100)
    ledger = session.ledger
    assert len(ledger.cut) == INTERRUPTS
    # Every utterance was completed, cut or dropped. What had been completed may have been cut all the same, because it
    # had not been heard; the ledger has seen to the order.
    assert session.settled == UTTERANCES
    assert len(ledger.completed) + len(ledger.cut) + ledger.dropped >= UTTERANCES
    assert_totals(ledger, len(ledger.completed))


class Interrupting:
    """A session whose listener cuts in at random places."""

    def __init__(self, talk: Conversation, chance: random.Random):
        self._talk = talk
        self._chance = chance
        self._writer = Writer(talk)
        # Chunks of the session behind which an interrupt is sent: anywhere in the first three quarters.
        self._due = sorted(chance.sample(range(10, 3_000), INTERRUPTS))
        self._is_waiting = False
        self._keeps = False
        self._sent_to = -1
        self.ledger = Ledger()
        #: How many utterances it is settled of what became of them.
        self.settled = 0

    async def run(self) -> None:
        writing = asyncio.create_task(self._writer.write())
        async for event in self._talk:
            self.ledger.note(event)
            match event:
                case pb.AudioChunk():
                    self._cut_in(event)
                case pb.UtteranceCompleted() if not self._is_waiting:
                    self._settle(event.utterance_index)
                case pb.Interrupted():
                    self._settle_cut(event)
        await writing

    def _cut_in(self, chunk: pb.AudioChunk) -> None:
        """Interrupts what is heard, if it is time."""
        if not self._due or self._is_waiting or self.ledger.chunks <= self._due[0]:
            return
        self._due.pop(0)
        self._is_waiting, self._keeps = True, self._chance.random() < 0.5
        self._sent_to = self._writer.opened - 1
        offset = self.ledger.of_utterance * self._chance.random()
        self._talk.interrupt(chunk.utterance_index, offset, keep=self._keeps)

    def _settle_cut(self, event: pb.Interrupted) -> None:
        """The cut utterance and those that were dropped with it are over; what is kept follows at once."""
        last = event.utterance_index + event.dropped_utterance_count
        if self._keeps:
            # Those that sounded until the server heard of it.
            assert last == self.ledger.begun
        else:
            # All that were open then.
            assert last == self._sent_to
        self._settle(last)
        self._is_waiting = False

    def _settle(self, last: int) -> None:
        self._writer.over(last + 1 - self.settled)
        self.settled = last + 1
