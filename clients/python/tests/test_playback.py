"""How far a listener has heard, as far as a transport tells."""

from rhapsode_tts.playback import Playback

STREAM = object()


def playing() -> Playback:
    """Two contexts, the first of two utterances; 2, 3 and 4 s."""
    playback = Playback()
    playback.give(STREAM, 0, "a", 1.0)
    playback.give(STREAM, 0, "a", 1.0)
    playback.give(STREAM, 1, "a", 3.0)
    playback.give(STREAM, 2, "b", 4.0)
    playback.end("a")
    return playback


def test_without_a_transport_that_tells_nothing_is_known():
    assert playing().position(STREAM, 100.0) is None


def test_it_goes_on_from_utterance_to_utterance_at_the_pace_of_the_clock():
    playback = playing()
    playback.begin(100.0)
    for now, place in ((100.0, (0, 0.0)), (101.5, (0, 1.5)), (102.5, (1, 0.5)), (106.0, (2, 1.0)), (200.0, (2, 4.0))):
        assert playback.position(STREAM, now) == place, now


def test_at_the_end_of_a_context_all_of_it_was_heard():
    playback = playing()
    playback.begin(100.0)
    playback.rest()
    assert playback.position(STREAM, 200.0) == (2, 0.0)
    playback.begin(300.0)
    assert playback.position(STREAM, 301.0) == (2, 1.0)


def test_a_pause_in_the_midst_of_a_context_does_not_count():
    playback = Playback()
    playback.give(STREAM, 0, "a", 2.0)
    playback.begin(100.0)
    playback.rest()
    playback.give(STREAM, 0, "a", 2.0)
    assert playback.position(STREAM, 150.0) == (0, 2.0)
    playback.begin(200.0)
    assert playback.position(STREAM, 201.0) == (0, 3.0)


def test_what_was_heard_of_another_stream_is_no_place_in_this_one():
    playback = playing()
    playback.begin(100.0)
    assert playback.position(object(), 101.0) is None
    playback.clear()
    assert playback.position(STREAM, 101.0) is None


def test_what_is_dropped_is_not_waited_for():
    playback = playing()
    playback.begin(100.0)
    playback.forget({"a"})
    assert playback.position(STREAM, 101.0) == (2, 1.0)
