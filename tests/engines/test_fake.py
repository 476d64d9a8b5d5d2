"""The fake engine's lengths are exact."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.engines.base import SpeechRequest
from voicecoach.engines.fake import RATE_HZ, FakeEngine, length_s


@pytest.mark.parametrize(
    ("text", "units"), [("a", 1), ("ab1", 3), ("a b", 3), ("a, b.", 7), ("a!?", 7), ("(a-b)", 2), ("é\n9", 3)]
)
def test_lengths(text: str, units: int) -> None:
    assert length_s(text) == Fraction(units, 20)
    assert len(FakeEngine().speak(SpeechRequest(text, "fake")).samples) == units * 1200


@given(st.text(min_size=1, max_size=60), st.floats(0.5, 2.0))
def test_samples_are_as_long_as_told(text: str, speed: float) -> None:
    speech = FakeEngine().speak(SpeechRequest(text + "a", "fake", speed))
    assert len(speech.samples) == round(length_s(text + "a", speed) * RATE_HZ)
    assert np.abs(speech.samples).max() <= 0.25


def test_silence_and_sound_stand_where_they_should() -> None:
    samples = FakeEngine().speak(SpeechRequest("a b.", "fake")).samples[:, 0]
    loud = [bool(np.abs(samples[start : start + 1200]).max() > 0.1) for start in range(0, len(samples), 1200)]
    assert loud == [True, False, True, False, False, False]
    assert np.abs(np.diff(samples)).max() < 0.1


def test_letters_and_voices_differ() -> None:
    requests = [("a", "fake"), ("b", "fake"), ("a", "fake-de"), ("a", "fake-es")]
    sounds = {FakeEngine().speak(SpeechRequest(*request)).samples.tobytes() for request in requests}
    assert len(sounds) == 4
