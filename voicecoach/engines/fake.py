"""The fake engine: tiny, real and deterministic, for tests and for trying a routine's timing without a voice.

At speed 1 every letter and digit is a tone of 50 ms, every space and comma 50 ms of silence, every full stop (and ``!``
and ``?``) 150 ms of silence; every other character is nothing. So a text's length is `length_s`, exactly.
"""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

import numpy as np

from voicecoach.engines.base import Capabilities, Mark, Speech, SpeechRequest, VoiceInfo
from voicecoach.engines.checks import check_request, shown
from voicecoach.errors import SpeechError, VoiceUnknownError
from voicecoach.model.clip import Samples
from voicecoach.model.diagnostic import did_you_mean

RATE_HZ = 24_000
UNIT_S = Fraction(1, 20)

_REVISION = 1
_LEVEL = 0.25
_EDGE_S = 0.005
_LOWEST_HZ = 220.0
_VOICES = (
    VoiceInfo("fake", "en", "Tones, English"),
    VoiceInfo("fake-de", "de", "Tones, German"),
    VoiceInfo("fake-es", "es", "Tones, Spanish"),
)


def length_s(text: str, speed: float | Fraction = 1) -> Fraction:
    """Return how long the fake engine speaks a text, in seconds: the sum of its characters' units over the speed.

    The samples are this long, rounded to a frame of 1/24,000 s.
    """
    return sum(map(_units, text)) * UNIT_S / Fraction(speed)


class FakeEngine:
    """Tones for letters: the same request gives the same samples everywhere."""

    name = "fake"
    capabilities = Capabilities(speed=True, marks=True, repeatable=True, max_chars=5000)

    def voices(self) -> tuple[VoiceInfo, ...]:
        """List the three voices, which differ in pitch."""
        return _VOICES

    def default_voice(self, language: str) -> str | None:
        """Name the voice of the language, whatever its region; None for any but English, German and Spanish."""
        base = re.split("[-_]", language.lower())[0]
        return next((voice.name for voice in _VOICES if voice.language == base), None)

    def fingerprint(self, voice: str) -> str:
        """Name the revision of the tones."""
        _pitch(voice)
        return f"fake/{_REVISION}"

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak a text as tones; float32, shape (frames, 1), 24 kHz, peak 0.25.

        Raises
        ------
        VoiceUnknownError
            There is no such voice.
        SpeechError
            The text has neither letter nor digit, or is no request that the protocol allows.
        """
        pitch = _pitch(request.voice)
        check_request(request, self.capabilities)
        if not any(map(str.isalnum, request.text)):
            raise SpeechError(f"the voice says nothing for {shown(request.text)}", hint="write it in words")
        unit = UNIT_S * RATE_HZ / Fraction(request.speed)
        edges = [round(unit * n) for n in itertools.accumulate(map(_units, request.text), initial=0)]
        samples = np.zeros((edges[-1], 1), np.float32)
        for character, start, end in zip(request.text, edges, edges[1:], strict=False):
            if character.isalnum():
                samples[start:end, 0] = _tone(character, pitch, end - start)
        words = re.finditer(r"\w+", request.text)
        marks = tuple(Mark(edges[word.start()] / RATE_HZ, word.start(), word.end()) for word in words)
        return Speech(samples, RATE_HZ, marks)

    def close(self) -> None:
        """Nothing to give back."""


def _pitch(voice: str) -> float:
    names = [known.name for known in _VOICES]
    if voice not in names:
        raise VoiceUnknownError(f"fake has no voice {voice!r}", hint=did_you_mean(voice, names))
    return 1.0 + 0.25 * names.index(voice)


def _units(character: str) -> int:
    if character.isalnum() or character == "," or character.isspace():
        return 1
    return 3 if character in ".!?" else 0


def _tone(character: str, pitch: float, frames: int) -> Samples:
    """Return one letter: a sine whose pitch is the letter's, with edges of 5 ms so that it does not click."""
    frequency_hz = _LOWEST_HZ * pitch * 2.0 ** (ord(character.lower()) % 36 / 24)
    edge = np.clip(np.minimum(np.arange(frames), np.arange(frames)[::-1]) / (_EDGE_S * RATE_HZ), 0.0, 1.0)
    tone: Samples = (_LEVEL * edge * np.sin(2 * np.pi * frequency_hz / RATE_HZ * np.arange(frames))).astype(np.float32)
    return tone
