"""Sound and what is to be spoken, as values."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.model.clip import Clip, Utterance, Voice


@settings(deadline=None)
@given(
    frames=st.integers(0, 50),
    channels=st.integers(1, 3),
    rate_hz=st.sampled_from([8000, 22_050, 48_000]),
    seed=st.integers(0, 99),
)
def test_bytes_and_back(frames: int, channels: int, rate_hz: int, seed: int) -> None:
    samples = np.random.default_rng(seed).normal(0, 1, (frames, channels)).astype(np.float32)
    clip = Clip.from_bytes(Clip(samples, rate_hz).to_bytes())
    assert clip.rate_hz == rate_hz
    assert clip.samples.dtype == np.float32
    assert clip.samples.shape == (frames, channels)
    assert np.array_equal(clip.samples, samples)


def test_samples_that_hold_a_line_end() -> None:
    """0x0A in the samples is no second line of the header."""
    samples = np.frombuffer(b"\n" * 32, "<f4").reshape(-1, 2)
    assert np.array_equal(Clip.from_bytes(Clip(samples, 48_000).to_bytes()).samples, samples)


@pytest.mark.parametrize("layout", ["every second", "backwards", "columns first", "big-endian", "doubles"])
def test_samples_laid_out_in_any_way(layout: str) -> None:
    plain = np.arange(24, dtype=np.float32).reshape(12, 2) / 32
    samples = {
        "every second": plain[::2],
        "backwards": plain[::-1],
        "columns first": np.asfortranarray(plain),
        "big-endian": plain.astype(">f4"),
        "doubles": plain.astype(np.float64),
    }[layout]
    clip = Clip.from_bytes(Clip(samples, 48_000).to_bytes())
    assert np.array_equal(clip.samples, samples)
    assert clip.samples.dtype == np.dtype("<f4")


def test_the_same_samples_give_the_same_bytes() -> None:
    samples = np.arange(12, dtype=np.float32).reshape(6, 2)
    assert Clip(samples, 48_000).to_bytes() == Clip(np.asfortranarray(samples), 48_000).to_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no line end",
        b"\n",
        b"48000\n\0\0\0\0",
        b"48000 1 2\n\0\0\0\0",
        b"fast 1\n\0\0\0\0",
        b"48000 one\n\0\0\0\0",
        b"48000 1\n\0\0\0",
        b"48000 2\n\0\0\0\0",
        b"48000 0\n",
        b"48000 0\n\0\0\0\0",
        b"48000 -1\n\0\0\0\0",
        b"\xff\xfe\n\0\0\0\0",
    ],
)
def test_what_is_no_clip(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - numpy's own words
        Clip.from_bytes(data)


def test_lengths() -> None:
    clip = Clip(np.zeros((1001, 2), np.float32), 44_100)
    assert clip.frames == 1001
    assert type(clip.frames) is int
    assert clip.length_s == Fraction(1001, 44_100)


def test_a_voice_is_written_as_it_is_asked_for() -> None:
    assert str(Voice("espeak", "en-us", "en-us")) == "espeak:en-us"


def test_utterances_are_equal_by_what_is_heard() -> None:
    voice = Voice("espeak", "en-us", "en-us")
    one, same = Utterance("Breathe.", voice), Utterance("Breathe.", voice, Fraction(2, 2))
    others = {Utterance("breathe.", voice), Utterance("Breathe.", voice, Fraction(9, 10))}
    assert one == same
    assert hash(one) == hash(same)
    assert one not in others
    assert len(others) == 2
