"""Asking an engine to speak: its faults are told with voice and cue, and it is asked again where they may pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np

from voicecoach.engines.absurd import fault_of
from voicecoach.engines.base import Engine, Speech, SpeechRequest
from voicecoach.errors import EngineError, SpeechError, VoicecoachError, VoiceUnknownError
from voicecoach.model.clip import Voice

T = TypeVar("T")

SHOWN_CHARS = 120
KNOWN_CHARS = 40
"""An engine's message that holds this much of the text has said which cue it is."""


class AbsurdSoundError(SpeechError):
    """What came out cannot be the text."""


def spoken(engine: Engine, request: SpeechRequest) -> Speech:
    """Speak, once more where that may help: a voice that is not repeatable, or a fault that may pass.

    Returns
    -------
    Speech
        Of one channel, and nothing absurd.

    Raises
    ------
    EngineError
        The engine cannot, or what came out cannot be the text.
    """
    can = engine.capabilities
    try:
        return _tried(engine, request)
    except VoiceUnknownError:
        raise
    except EngineError as error:
        # Who is paid is not asked again for what it refuses.
        again = not can.repeatable and not can.paid if error.passing is None else error.passing
        if not again:
            raise
        return _tried(engine, request)


def _tried(engine: Engine, request: SpeechRequest) -> Speech:
    speech = guarded(lambda: engine.speak(request))
    fault = fault_of(speech, request)
    if fault is None and speech.samples.shape[1] > 1:
        speech = Speech(speech.samples.mean(axis=1, keepdims=True, dtype=np.float32), speech.rate_hz, speech.marks)
        fault = fault_of(speech, request)
    if fault is not None:
        raise AbsurdSoundError(fault, hint="try another voice", passing=not engine.capabilities.repeatable)
    return speech


def guarded(call: Callable[[], T]) -> T:
    """Call into an engine; what it raises that is not ours is told as its fault.

    Raises
    ------
    SpeechError
        It raised anything but a fault that we know.
    """
    try:
        return call()
    except VoicecoachError:
        raise
    except Exception as error:  # a stranger's engine
        raise SpeechError(f"{type(error).__name__}: {error}") from error


@contextmanager
def blamed_on(voice: Voice, text: str) -> Iterator[None]:
    """Tell an engine's fault with its voice and the cue that it happened to.

    Raises
    ------
    EngineError
        The fault, its ``voice`` filled in.
    """
    try:
        yield
    except VoiceUnknownError as error:
        error.voice = error.voice or str(voice)
        raise
    except EngineError as error:
        if error.voice:
            raise
        if isinstance(error, SpeechError) and text[:KNOWN_CHARS] in error.message:
            error.voice = str(voice)
            raise
        shown = text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
        cannot = "did not speak" if isinstance(error, AbsurdSoundError) else "cannot speak"
        message = f"{voice} {cannot} '{shown}': {error.message}"
        raise SpeechError(message, hint=error.hint, passing=error.passing, voice=str(voice)) from error
