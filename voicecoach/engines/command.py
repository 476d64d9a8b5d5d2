"""The command engine."""

from __future__ import annotations

from collections.abc import Sequence

from voicecoach.engines.base import Capabilities, Speech, SpeechRequest, VoiceInfo
from voicecoach.errors import EngineError


class CommandEngine:
    """Not yet."""

    name = "command"
    capabilities = Capabilities(speed=False, marks=False, repeatable=True, max_chars=4000)

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices."""
        return ()

    def default_voice(self, language: str) -> str | None:  # noqa: ARG002
        """Name the voice of a language."""
        return None

    def fingerprint(self, voice: str) -> str:
        """Name everything that changes the sound."""
        raise EngineError(f"there is no voice {voice!r}")

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one text."""
        raise EngineError(f"there is no voice {request.voice!r}")

    def close(self) -> None:
        """Give everything back."""
