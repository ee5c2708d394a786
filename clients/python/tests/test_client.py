"""The client itself: how streams end, well and badly."""

import asyncio

import pytest
from support.rhapsode import Rhapsode

from rhapsode.v1 import speech_pb2 as pb
from rhapsode_tts.client import Conversation, IncompleteStreamError, SpeechError, StreamClosedError, _Tally, connect


async def test_a_conversation_is_whole_with_its_summary(service: Rhapsode):
    async with connect(service.address) as channel, Conversation(channel) as talk:
        await talk.write("Nobody spoke.", "first")
        talk.end_utterance()
        talk.keep_alive()
        talk.done()
        events = [event async for event in talk]
    kinds = list(dict.fromkeys(type(event) for event in events))
    expected = [pb.StreamStarted, pb.UtteranceStarted, pb.AudioChunk, pb.UtteranceCompleted, pb.SynthesisSummary]
    assert kinds == expected
    assert talk.started == events[0] and talk.summary == events[-1]
    with pytest.raises(StreamClosedError):
        await talk.write("Nobody hears this.")


async def test_an_interrupt_is_answered_and_the_reader_may_pause_between(service: Rhapsode):
    async with connect(service.address) as channel, Conversation(channel) as talk:
        await talk.write("A thin mist lay on the harbor. ")
        talk.flush()
        async for event in talk:
            if isinstance(event, pb.AudioChunk):
                break
        talk.interrupt(0, 0.5)
        async for event in talk:
            if isinstance(event, pb.Interrupted):
                break
        assert event.text_spoken.startswith("A thin") and event.text_remaining.endswith("harbor. ")
        talk.done()
        rest = [event async for event in talk]
    assert rest == [talk.summary]
    assert talk.summary.finish_reason == pb.FINISH_REASON_INTERRUPTED


async def test_an_update_changes_the_fields_that_it_names(stand_in, service: Rhapsode):
    async with connect(service.address) as channel, Conversation(channel) as talk:
        talk.update(pb.SynthesisConfig(voice="coral", speed=2.0), "voice")
        await talk.write("Nobody spoke.")
        talk.done()
        assert [event async for event in talk]
    (record,) = await asyncio.to_thread(stand_in.records, 1)
    assert (record["request"]["voice"], record["request"]["speed"]) == ("coral", None)


async def test_a_failure_has_a_code_a_reason_and_what_was_heard(service: Rhapsode):
    config = pb.StreamingConfig(synthesis=pb.SynthesisConfig(voice="nobody"))
    async with connect(service.address) as channel, Conversation(channel, config) as talk:
        with pytest.raises(SpeechError) as caught:
            _ = [event async for event in talk]
    error = caught.value
    assert (error.code.name, error.reason) == ("INVALID_ARGUMENT", "VOICE_UNKNOWN")
    assert str(error).startswith("VOICE_UNKNOWN: ")
    assert error.failure.last_sequence == -1 and error.retry_after is None


async def test_nobody_there_is_a_failure_without_a_reason():
    async with connect("127.0.0.1:9") as channel, Conversation(channel) as talk:
        with pytest.raises(SpeechError) as caught:
            await anext(talk)
    assert (caught.value.code.name, caught.value.reason, caught.value.failure) == ("UNAVAILABLE", "", None)


async def test_cancelling_ends_the_iteration_and_lets_a_writer_go(service: Rhapsode):
    async with connect(service.address) as channel, Conversation(channel) as talk:

        async def write():
            while True:
                await talk.write("Nobody reads what is made of this. " * 100)

        writing = asyncio.create_task(write())
        await anext(talk)
        await asyncio.sleep(0.5)
        assert not writing.done(), "flow control stops who only writes"
        talk.cancel()
        with pytest.raises(StreamClosedError):
            await asyncio.wait_for(writing, 5)
        assert [event async for event in talk if isinstance(event, pb.SynthesisSummary)] == []


def test_a_chunk_that_is_missing_is_noticed():
    tally = _Tally()
    tally.add(pb.AudioChunk(data=b"12", sequence=0))
    tally.compare(pb.SynthesisSummary(chunk_count=1, audio_byte_count=2))
    with pytest.raises(IncompleteStreamError):
        tally.compare(pb.SynthesisSummary(chunk_count=2, audio_byte_count=2))
    with pytest.raises(IncompleteStreamError):
        tally.add(pb.AudioChunk(data=b"12", sequence=2))
