"""Engines that misbehave, for the command line in this process (`shelved`) or in one of its own (this module, run).

Each appends what it was asked for to the file that ``ODD_LOG`` names.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from voicecoach.engines import registry
from voicecoach.engines.base import Capabilities, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.fake import FakeEngine
from voicecoach.errors import EngineError, SpeechError, VoiceUnknownError


class Sound:
    """Speaks as fake does."""

    name = "sound"
    capabilities = Capabilities(speed=True, marks=False, repeatable=True, max_chars=5000)
    languages = ("en",)

    def __init__(self) -> None:
        self.fake = FakeEngine()

    def voices(self) -> tuple[VoiceInfo, ...]:
        return tuple(VoiceInfo(f"{self.name}-{language}", language) for language in self.languages)

    def default_voice(self, language: str) -> str | None:
        return f"{self.name}-{self.languages[0]}"

    def fingerprint(self, voice: str) -> str:
        if voice not in {info.name for info in self.voices()}:
            raise VoiceUnknownError(f"{self.name} has no voice {voice!r}")
        return f"{self.name}/1"

    def speak(self, request: SpeechRequest) -> Speech:
        if "ODD_LOG" in os.environ:
            with Path(os.environ["ODD_LOG"]).open("a", encoding="utf-8") as log:
                log.write(f"{self.name} {request.text}\n")
        return self.said(request)

    def said(self, request: SpeechRequest) -> Speech:
        return self.fake.speak(replace(request, voice="fake", pitch_st=0.0, phonemes=(), emphasis=()))

    def close(self) -> None:
        pass


class Never(Sound):
    """Never says a thing twice in the same way."""

    name = "never"
    capabilities = replace(Sound.capabilities, repeatable=False)

    def said(self, request: SpeechRequest) -> Speech:
        speech = super().said(request)
        rng = np.random.default_rng(int.from_bytes(os.urandom(8), "little"))
        longer = np.pad(speech.samples, ((0, int(rng.integers(100, 9000))), (0, 0)), mode="reflect")
        return Speech(longer * np.float32(rng.uniform(0.5, 1)), speech.rate_hz)


class Broken(Sound):
    """Its model is damaged, which shows when it is to speak."""

    name = "broken"

    def said(self, request: SpeechRequest) -> Speech:
        raise EngineError("the model file is damaged", hint="install the voice again")


class Middle(Sound):
    """Fails in the middle of a session."""

    name = "middle"

    def said(self, request: SpeechRequest) -> Speech:
        if request.text == "Well done.":
            raise SpeechError("the server went away")
        return super().said(request)


class Missing(Sound):
    """Lacks a package."""

    name = "missing"

    def voices(self) -> tuple[VoiceInfo, ...]:
        raise EngineError("the package 'missing' is not installed", hint="pip install voicecoach[missing]")

    def default_voice(self, language: str) -> str | None:
        raise EngineError("the package 'missing' is not installed", hint="pip install voicecoach[missing]")


class Paid(Sound):
    """Costs money."""

    name = "paid"
    capabilities = replace(Sound.capabilities, paid=True, repeatable=False)


class Pitched(Sound):
    """Honours everything, and tells what it was asked for by its log."""

    name = "pitched"
    capabilities = replace(Sound.capabilities, pitch=True, phonemes=True, emphasis=True)
    languages = ("en", "de")


ENGINES = (Sound, Never, Broken, Middle, Missing, Paid, Pitched)


@contextmanager
def shelved() -> Iterator[None]:
    """Let the command line find these engines beside the installed ones."""
    found = registry._found

    def with_ours() -> dict[str, EntryPoint]:
        ours = {
            one.name: EntryPoint(one.name, f"tests.cli.odd_engines:{one.__name__}", registry.GROUP) for one in ENGINES
        }
        return {**found(), **ours}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_found", with_ours)
        yield


if __name__ == "__main__":
    from voicecoach.cli.app import run

    with shelved():
        sys.exit(run(sys.argv[1:]))
