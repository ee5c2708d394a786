"""The service in a pipeline of pipecat, before a real server and the stand-in's tones."""

import asyncio
import json
from array import array
from datetime import timedelta
from pathlib import Path

import pytest
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    InterruptionFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    MetricsFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
    TTSTextFrame,
    TTSUpdateSettingsFrame,
)
from pipecat.metrics.metrics import TTFBMetricsData, TTSUsageMetricsData
from support.program import Program, answers, fetch
from support.rhapsode import BINARY, Rhapsode
from support.stand_in import KEY, StandIn

import tones
from rhapsode.v1 import speech_pb2 as pb
from rhapsode_tts.client import Conversation, connect
from rhapsode_tts.pipecat import RhapsodeTTSService
from stage import Loudspeaker, Stage, only, stopped, tokens

SENTENCES = (
    "The rain had stopped before anybody woke.",
    "A thin mist lay on the harbor, and the boats seemed to hang in it.",
    "Nobody spoke.",
    "Then the first bell rang across the water.",
)
REPLY = " ".join(SENTENCES)
# One segment for each sentence, whenever its tokens come.
BY_SENTENCE = pb.SegmentationPolicy(
    mode=pb.SEGMENTATION_MODE_SENTENCE, min_segment_chars=1, max_buffer_delay=timedelta(seconds=5)
)


def service_at(address: str, **options) -> RhapsodeTTSService:
    """A service that cuts at sentences, so that a test knows what is asked of the upstream."""
    return RhapsodeTTSService(address=address, segmentation=BY_SENTENCE, **options)


def records(stand_in: StandIn) -> list[dict]:
    """What the stand-in was asked so far."""
    return json.loads(fetch(f"{stand_in.control}/log"))


def texts(stand_in: StandIn) -> list[str]:
    return [record["request"]["text"] for record in records(stand_in)]


def script(stand_in: StandIn, *faults: object) -> None:
    """What becomes of the next requests."""
    fetch(f"{stand_in.control}/faults", json.dumps(faults).encode())


async def spoken(address: str, text: str) -> bytes:
    """The audio of an utterance as a plain client hears it."""
    synthesis = pb.SynthesisConfig(segmentation=BY_SENTENCE)
    async with connect(address) as channel, Conversation(channel, pb.StreamingConfig(synthesis=synthesis)) as talk:
        for token in tokens(text):
            await talk.write(token)
        talk.done()
        return b"".join([event.data async for event in talk if isinstance(event, pb.AudioChunk)])


async def test_a_reply_is_heard_whole_while_it_is_being_written(stand_in: StandIn, service: Rhapsode):
    expected = await spoken(service.address, REPLY)
    stand_in.reset()
    async with Stage(service_at(service.address)) as stage:
        *most, last = tokens(REPLY)
        await stage.push(LLMFullResponseStartFrame(), *map(LLMTextFrame, most))
        # Nothing but the sentences that are there can be spoken: the last one has no end yet.
        await stage.until(lambda frames: only(TTSAudioRawFrame, frames))
        assert SENTENCES[-1] not in texts(stand_in)
        await stage.push(LLMTextFrame(last), LLMFullResponseEndFrame())
        await stage.turns(1)
    assert texts(stand_in) == list(SENTENCES)
    assert stage.audio() == expected
    assert tones.heard(expected) == tones.expected(REPLY)
    order = [type(frame) for frame in stage.frames if not isinstance(frame, MetricsFrame)]
    landmarks = (LLMFullResponseStartFrame, TTSStartedFrame, TTSAudioRawFrame, TTSStoppedFrame, LLMFullResponseEndFrame)
    assert [kind for kind in dict.fromkeys(order) if kind in landmarks] == list(landmarks)
    assert order.count(TTSStartedFrame) == order.count(TTSStoppedFrame) == 1
    assert order.index(TTSStoppedFrame) > max(at for at, kind in enumerate(order) if kind is TTSAudioRawFrame)
    assert len({frame.context_id for frame in only((TTSStartedFrame, TTSAudioRawFrame), stage.frames)}) == 1
    assert not stage.errors


@pytest.mark.parametrize("text", ["Nobody spoke.", "A thin mist lay on the harbor and hung there for hours."])
async def test_the_audio_of_a_sentence_is_that_of_its_characters_to_the_sample(service: Rhapsode, text: str):
    async with Stage(service_at(service.address)) as stage:
        await stage.reply(tokens(text))
        await stage.turns(1)
    assert len(stage.audio()) == 2 * tones.samples(text)


async def test_the_words_are_told_with_their_times_and_the_metrics_are_measured(service: Rhapsode):
    async with Stage(service_at(service.address)) as stage:
        await stage.reply(tokens(REPLY))
        await stage.turns(1)
    words = only(TTSTextFrame, stage.frames)
    assert [word.text for word in words] == REPLY.split()
    times = [word.pts for word in words]
    assert times == sorted(times)
    # Each sentence begins where the alignment says: behind the clips before it, with a pause of 350 ms at each joint.
    fourth = words[-len(SENTENCES[3].split())].pts - times[0]
    clips = sum(len(sentence) * tones.PER_CHARACTER / tones.RATE for sentence in SENTENCES[:3]) + 3 * 0.35
    assert abs(fourth / 1e9 - clips) < 0.1
    measured = [data for frame in only(MetricsFrame, stage.frames) for data in frame.data]
    first = [data for data in measured if isinstance(data, TTFBMetricsData) and data.value > 0]
    usage = [data.value for data in measured if isinstance(data, TTSUsageMetricsData)]
    assert [data.model for data in first] == ["gpt-4o-mini-tts"]
    assert usage == [len(REPLY)]


async def test_words_without_spaces_stay_without(service: Rhapsode):
    async with Stage(service_at(service.address)) as stage:
        await stage.reply(["今天天气很好。", "明天也是。"])
        await stage.turns(1)
    words = only(TTSTextFrame, stage.frames)
    assert all(word.includes_inter_frame_spaces for word in words)
    assert "".join(word.text for word in words) == "今天天气很好。明天也是。"


async def test_an_interruption_stops_the_audio_and_the_upstream_and_the_stream_goes_on(tmp_path: Path):
    # The upstream is twice as fast as speech, so it is still speaking when the listener cuts in.
    with StandIn(tmp_path / "stand_in.log", "--rate", "2", "--chunk-bytes", "4800") as stand_in:
        with Rhapsode(tmp_path / "r.log", OPENAI_BASE_URL=stand_in.base_url, OPENAI_API_KEY=KEY) as service:
            await _interrupted(stand_in, service)


async def _interrupted(stand_in: StandIn, service: Rhapsode) -> None:
    loudspeaker, told = Loudspeaker(), []
    tts = service_at(service.address)
    tts.add_event_handler("on_interrupted", lambda _, event: told.append(event))
    async with Stage(tts, loudspeaker) as stage:
        long = "A thin mist lay on the harbor and " * 8 + "nobody spoke."
        await stage.push(LLMFullResponseStartFrame(), *map(LLMTextFrame, tokens(long)), LLMFullResponseEndFrame())
        await stage.until(lambda frames: only(TTSAudioRawFrame, frames))
        while loudspeaker.seconds < 1.5:
            await asyncio.sleep(0.01)
        await stage.push(InterruptionFrame())
        await stage.until(lambda frames: only(InterruptionFrame, frames))
        at = stage.frames.index(only(InterruptionFrame, stage.frames)[0])
        played = loudspeaker.seconds
        (record,) = await asyncio.to_thread(stand_in.records, 1)
        assert record["end"]["kind"] == "client_closed"
        await stage.reply(tokens("Nobody spoke."))
        await stage.until(stopped(1))
    after = only(TTSAudioRawFrame, stage.frames[at:])
    assert {frame.context_id for frame in after} == {stage.contexts()[1]}
    assert len(stage.audio(1)) == 2 * tones.samples("Nobody spoke.")
    assert tones.heard(stage.audio(1)) == tones.expected("Nobody spoke.")
    assert stage.connections == 1 and not stage.errors
    (cut,) = told
    assert cut.text_spoken + cut.text_remaining == long
    # What was heard, at fifteen characters a second, to a word's length.
    assert abs(len(cut.text_spoken) - 15 * played) <= 8, (cut.text_spoken, played)


async def test_an_interruption_before_the_first_audio_leaves_nothing_behind(stand_in: StandIn, service: Rhapsode):
    script(stand_in, {"kind": "hang_before_headers"})
    async with Stage(service_at(service.address)) as stage:
        await stage.push(LLMFullResponseStartFrame(), LLMTextFrame("This is never heard. And"))
        while not await asyncio.to_thread(records, stand_in):
            await asyncio.sleep(0.01)
        await stage.push(InterruptionFrame())
        await stage.reply(tokens("Nobody spoke."))
        await stage.turns(1)
    assert len(stage.contexts()) == 1 and tones.heard(stage.audio()) == tones.expected("Nobody spoke.")
    assert stage.connections == 1 and not stage.errors


async def test_turns_follow_each_other_on_one_stream_and_an_empty_one_is_nothing(service: Rhapsode):
    async with Stage(service_at(service.address)) as stage:
        await stage.reply(tokens(SENTENCES[0]))
        await stage.reply([])
        # A tool call, and nothing that could be spoken.
        await stage.reply(["… "])
        await stage.reply(tokens(SENTENCES[1]))
        await stage.turns(4)
    assert [len(stage.audio(turn)) for turn in (0, 1)] == [2 * tones.samples(text) for text in SENTENCES[:2]]
    sounds = only((TTSStartedFrame, TTSStoppedFrame), stage.frames)
    assert [type(frame) for frame in sounds] == [TTSStartedFrame, TTSStoppedFrame] * 2
    assert stage.connections == 1 and not stage.errors


async def test_markdown_is_stripped_if_asked_for(stand_in: StandIn, service: Rhapsode):
    settings = RhapsodeTTSService.Settings(strip_markdown=True, strip_emoji=True)
    async with Stage(service_at(service.address, settings=settings)) as stage:
        await stage.reply(tokens("It is **very** [quiet](http://example.com) here 🙂."))
        await stage.turns(1)
    assert texts(stand_in) == ["It is very quiet here."]
    words = [word.text for word in only(TTSTextFrame, stage.frames)]
    # What pipecat finds between two words in the model's text goes with the second one.
    assert words[:4] == ["It", "is", "very", "quiet"] and "here" in words[4]


async def test_a_setting_holds_from_the_next_turn_on(stand_in: StandIn, service: Rhapsode):
    async with Stage(service_at(service.address)) as stage:
        await stage.reply(["Nobody spoke."])
        await stage.turns(1)
        await stage.push(TTSUpdateSettingsFrame(delta=RhapsodeTTSService.Settings(voice="coral")))
        await stage.reply(["Nobody spoke."])
        await stage.turns(2)
    assert [record["request"]["voice"] for record in records(stand_in)] == ["alloy", "coral"]
    assert stage.connections == 1


async def test_what_is_said_in_the_midst_of_a_turn_is_heard_behind_it(service: Rhapsode):
    async with Stage(service_at(service.address)) as stage:
        await stage.push(LLMFullResponseStartFrame(), LLMTextFrame("Nobody spoke. "))
        await stage.push(TTSSpeakFrame("One moment."))
        await stage.push(LLMTextFrame("Then the first bell rang."), LLMFullResponseEndFrame())
        await stage.turns(1)
    assert tones.heard(stage.audio(0)) == tones.expected("Nobody spoke. Then the first bell rang.")
    assert tones.heard(stage.audio(1)) == tones.expected("One moment.")
    words = only(TTSTextFrame, stage.frames)
    assert [word.text for word in words] == "Nobody spoke. Then the first bell rang. One moment.".split()
    first_clip = tones.samples("Nobody spoke.") / tones.RATE
    assert abs((words[2].pts - words[0].pts) / 1e9 - first_clip) < 0.1


async def test_what_must_not_be_interrupted_is_heard_and_the_rest_is_not(tmp_path: Path):
    with StandIn(tmp_path / "stand_in.log", "--rate", "4", "--chunk-bytes", "4800") as stand_in:
        with Rhapsode(tmp_path / "r.log", OPENAI_BASE_URL=stand_in.base_url, OPENAI_API_KEY=KEY) as service:
            async with Stage(service_at(service.address)) as stage:
                notice = TTSSpeakFrame("This call is recorded.")
                notice.interruptible = False
                await stage.push(notice)
                await stage.push(LLMFullResponseStartFrame(), *map(LLMTextFrame, tokens(SENTENCES[1])))
                await stage.until(lambda frames: only(TTSAudioRawFrame, frames))
                await stage.push(InterruptionFrame())
                await stage.reply(["Nobody spoke."])
                await stage.until(stopped(2))
    heard = [tones.heard(stage.audio(turn)) for turn in range(len(stage.contexts()))]
    assert heard == [tones.expected("This call is recorded."), tones.expected("Nobody spoke.")]


async def test_a_failure_of_the_upstream_is_told_with_its_reason_and_ends_its_turn_alone(
    stand_in: StandIn, service: Rhapsode
):
    refusal = {"kind": "status", "status": 400, "message": "no", "code": "invalid_value"}
    async with Stage(service_at(service.address)) as stage:
        # One more than pipecat puts up with in silence.
        for turn in range(1, 5):
            script(stand_in, refusal)
            await stage.push(LLMFullResponseStartFrame(), LLMTextFrame("Nobody spoke. Then"))
            assert "UPSTREAM_REJECTED" in await stage.error(turn)
            await stage.push(LLMTextFrame("This is never said."), LLMFullResponseEndFrame())
            await stage.turns(turn)
        await stage.reply(["Nobody spoke."])
        await stage.turns(5)
    assert tones.heard(stage.audio()) == tones.expected("Nobody spoke.")
    assert texts(stand_in) == ["Nobody spoke."] * 5
    assert [word.text for word in only(TTSTextFrame, stage.frames)] == ["Nobody", "spoke."]
    assert stage.connections == 1 and len(stage.errors) == 4


async def test_a_wrong_setting_puts_the_service_out_of_use_until_it_is_mended(service: Rhapsode):
    tts = service_at(service.address, settings=RhapsodeTTSService.Settings(voice="nobody"))
    async with Stage(tts) as stage:
        assert "VOICE_UNKNOWN" in await stage.error()
        assert not tts.is_usable
        await stage.push(TTSUpdateSettingsFrame(delta=RhapsodeTTSService.Settings(voice="coral")))
        await stage.reply(["Nobody spoke."])
        await stage.turns(1)
    assert tones.heard(stage.audio()) == tones.expected("Nobody spoke.")
    assert len(stage.errors) == 1


class At(Rhapsode):
    """A service at an address that another one had."""

    def __init__(self, log: Path, former: Rhapsode, **variables: str):
        self.address, self.http = former.address, former.http
        listen = ["--listen", self.address, "--http-listen", self.http.removeprefix("http://")]
        Program.__init__(self, log, [BINARY, "serve", *listen], **variables)
        self.wait_for(lambda: answers(f"{self.http}/readyz"), 30)


async def test_a_server_that_is_gone_is_an_error_and_its_successor_speaks(stand_in: StandIn, tmp_path: Path):
    upstream = {"OPENAI_BASE_URL": stand_in.base_url, "OPENAI_API_KEY": KEY}
    script(stand_in, {"kind": "stall_after", "bytes": 40_000, "ms": 60_000})
    with Rhapsode(tmp_path / "first.log", **upstream) as first:
        async with Stage(service_at(first.address)) as stage:
            await stage.push(LLMFullResponseStartFrame(), LLMTextFrame("Nobody spoke. Then"))
            await stage.until(lambda frames: only(TTSAudioRawFrame, frames))
            first.process.kill()
            error = await stage.error()
            assert error.startswith("Rhapsode: ") and stage.errors[0].category.name == "CONNECTIVITY", error
            await stage.push(LLMTextFrame("This is never said."), LLMFullResponseEndFrame())
            await stage.until(stopped(1))
            # As long as nobody answers, each turn is one error.
            await stage.reply(tokens("Nobody hears this."))
            await stage.error(2)
            await stage.turns(2)
            with At(tmp_path / "second.log", first, **upstream):
                await _until_heard(stage, "Then the first bell rang.")
    assert stage.audio(1) and tones.heard(stage.audio(1)) == tones.expected("Then the first bell rang.")
    assert texts(stand_in)[-1] == "Then the first bell rang."


async def _until_heard(stage: Stage, text: str) -> None:
    """Says `text` in turn after turn until it is heard: gRPC waits a moment before it tries an address again."""
    for _ in range(20):
        failed, sounded = len(stage.errors), len(stage.contexts())
        await stage.reply(tokens(text))
        while len(stage.errors) == failed and len(only(TTSStoppedFrame, stage.frames)) <= sounded:
            await asyncio.sleep(0.05)
        if len(stage.contexts()) > sounded:
            return
        await asyncio.sleep(0.5)


async def test_a_stream_that_ends_for_its_age_or_for_silence_is_replaced_without_loss(
    stand_in: StandIn, tmp_path: Path
):
    limits = {"RHAPSODE__CONVERSATION__MAX_STREAM_DURATION": "2s", "RHAPSODE__CONVERSATION__IDLE_TIMEOUT": "1s"}
    upstream = {"OPENAI_BASE_URL": stand_in.base_url, "OPENAI_API_KEY": KEY}
    with Rhapsode(tmp_path / "r.log", **upstream, **limits) as service:
        async with Stage(service_at(service.address)) as stage:
            # It falls silent, and ends for it, before anything is said.
            await asyncio.sleep(1.5)
            await stage.push(LLMFullResponseStartFrame())
            # A token every 20 ms, for about six seconds.
            for token in tokens(REPLY * 6):
                await stage.push(LLMTextFrame(token))
                await asyncio.sleep(0.02)
            await stage.push(LLMFullResponseEndFrame())
            await stage.turns(1)
    assert not stage.errors
    assert stage.connections >= 3
    # A word may have been cut where a stream ended; no character is lost.
    assert "".join("".join(texts(stand_in)).split()) == "".join((REPLY * 6).split())
    assert len(stage.contexts()) == 1


async def test_a_server_that_drains_finishes_the_turn_and_the_next_one_goes_elsewhere(
    stand_in: StandIn, tmp_path: Path
):
    upstream = {"OPENAI_BASE_URL": stand_in.base_url, "OPENAI_API_KEY": KEY}
    with Rhapsode(tmp_path / "first.log", **upstream) as first:
        async with Stage(service_at(first.address)) as stage:
            await stage.push(LLMFullResponseStartFrame(), LLMTextFrame("Nobody spoke. Then the"))
            await stage.until(lambda frames: only(TTSAudioRawFrame, frames))
            leaving = asyncio.create_task(asyncio.to_thread(first.stop))
            await asyncio.sleep(0.3)
            await stage.push(LLMTextFrame(" first bell rang."), LLMFullResponseEndFrame())
            await stage.turns(1)
            await leaving
            assert not stage.errors
            with At(tmp_path / "second.log", first, **upstream):
                await _until_heard(stage, "One moment.")
    assert tones.heard(stage.audio(0)) == tones.expected("Nobody spoke. Then the first bell rang.")
    assert tones.heard(stage.audio(1)) == tones.expected("One moment.")


async def test_the_built_in_voice_speaks_too(tmp_path: Path):
    with Rhapsode(tmp_path / "r.log") as service:
        async with Stage(RhapsodeTTSService(address=service.address), loudspeaker := Loudspeaker()) as stage:
            await stage.reply(tokens("Please hold the line."))
            await stage.turns(1)
            await stage.until(stopped(1))
    assert 0.8 < len(stage.audio()) / 2 / tones.RATE < 4
    assert max(array("h", stage.audio())) > 3_000
    assert loudspeaker.seconds > 0.8 and only(BotStartedSpeakingFrame, stage.frames) == []
    assert [word.text for word in only(TTSTextFrame, stage.frames)] == ["Please", "hold", "the", "line."]
