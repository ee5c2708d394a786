"""Speak through Rhapsode: `rhapsode_tts.client` for any asyncio program, `rhapsode_tts.pipecat` for pipecat."""

from rhapsode_tts.client import Conversation, IncompleteStreamError, SpeechError, StreamClosedError, connect

__all__ = ["Conversation", "IncompleteStreamError", "SpeechError", "StreamClosedError", "connect"]
