"""How far the listener has heard, as far as a transport tells.

A transport tells when it begins to play and when it stops, but not what. It plays in the order in which it was given
audio, without a pause as long as it has some, and it stops at the end of every context.
"""

from collections import deque
from dataclasses import dataclass

# The server remembers as many utterances that were sent whole.
_REMEMBERED = 16


@dataclass
class _Piece:
    """An utterance, as far as its audio was given to the transport; times in seconds."""

    stream: object
    utterance: int
    context_id: str
    given: float = 0.0
    heard: float = 0.0
    is_over: bool = False


class Playback:
    """Follows what was given to the transport, and when it began and ceased to play."""

    def __init__(self) -> None:
        self._pieces: deque[_Piece] = deque(maxlen=_REMEMBERED)
        self._since: float | None = None
        #: Whether there is a transport that tells of its playing.
        self._is_told = False

    def give(self, stream: object, utterance: int, context_id: str, seconds: float) -> None:
        """The transport was given so much audio of an utterance."""
        last = self._pieces[-1] if self._pieces else None
        if last is None or (last.stream, last.utterance) != (stream, utterance):
            last = _Piece(stream, utterance, context_id)
            self._pieces.append(last)
        last.given += seconds

    def end(self, context_id: str) -> None:
        """All of a context's audio was given."""
        for piece in self._pieces:
            piece.is_over |= piece.context_id == context_id

    def begin(self, now: float) -> None:
        """The transport has begun to play."""
        self._is_told = True
        self._since = now

    def rest(self) -> None:
        """The transport has nothing to play: it has come to the end of a context, or waits for more of it."""
        self._since = None
        if not self._pieces:
            return
        first = self._pieces[0]
        if first.is_over:
            self.forget({first.context_id})
        else:
            self._pieces = deque([self._pieces[-1]], maxlen=_REMEMBERED)
            self._pieces[0].heard = self._pieces[0].given

    def forget(self, contexts: set[str]) -> None:
        """These contexts are no longer played."""
        kept = (piece for piece in self._pieces if piece.context_id not in contexts)
        self._pieces = deque(kept, maxlen=_REMEMBERED)

    def clear(self) -> None:
        """Nothing of it is played any more."""
        self._pieces.clear()
        self._since = None

    def position(self, stream: object, now: float) -> tuple[int, float] | None:
        """The utterance of this stream that is being heard, and how much of it was; None if nobody knows."""
        if not self._is_told:
            return None
        passed = 0.0 if self._since is None else now - self._since
        for piece in self._pieces:
            left = piece.given - piece.heard
            if passed < left or piece is self._pieces[-1]:
                return (piece.utterance, piece.heard + min(passed, left)) if piece.stream is stream else None
            passed -= left
        return None
