"""Time: exact until it is rounded, once, and read by people as they are used to."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.model.units import (
    MP3_FRAME_FRAMES,
    SAMPLE_RATE_HZ,
    clock,
    clock_ms,
    short,
    to_frames,
    to_ms,
    to_seconds,
)

seconds = st.fractions(0, 10**5, max_denominator=10**7)
rates_hz = st.sampled_from([8000, 11_025, 22_050, 24_000, 44_100, 48_000, 96_000])


# Frames


def test_every_millisecond_of_the_first_minute_is_exact() -> None:
    assert all(to_frames(Fraction(ms, 1000)) == 48 * ms for ms in range(60_001))


def test_floats_would_not_be() -> None:
    """Why lengths are fractions: the measured figure of the plain way."""
    assert sum(int(ms / 1000 * SAMPLE_RATE_HZ) != 48 * ms for ms in range(1, 60_001)) == 3729


@settings(deadline=None)
@given(length_s=seconds, rate_hz=rates_hz)
def test_frames_are_the_nearest(length_s: Fraction, rate_hz: int) -> None:
    frames = to_frames(length_s, rate_hz)
    assert isinstance(frames, int)
    off = frames - length_s * rate_hz
    assert -Fraction(1, 2) < off <= Fraction(1, 2), "nearest, halves up"


@settings(deadline=None)
@given(frame=st.integers(0, 10**10), rate_hz=rates_hz)
def test_halves_go_up(frame: int, rate_hz: int) -> None:
    half = Fraction(2 * frame + 1, 2 * rate_hz)
    assert to_frames(half, rate_hz) == frame + 1
    assert to_frames(half - Fraction(1, 10**15), rate_hz) == frame


@settings(deadline=None)
@given(frames=st.integers(0, 10**12), rate_hz=rates_hz)
def test_frames_and_seconds_are_inverse(frames: int, rate_hz: int) -> None:
    assert to_frames(to_seconds(frames, rate_hz), rate_hz) == frames


@settings(deadline=None)
@given(one=seconds, other=seconds)
def test_longer_is_not_shorter(one: Fraction, other: Fraction) -> None:
    assert (to_frames(one) <= to_frames(other)) or one > other


def test_whole_seconds_and_mp3_frames() -> None:
    assert to_frames(30) == 30 * SAMPLE_RATE_HZ
    assert to_seconds(MP3_FRAME_FRAMES) == Fraction(24, 1000)


@settings(deadline=None)
@given(frames=st.integers(0, 10**12), rate_hz=rates_hz)
def test_milliseconds_are_the_nearest(frames: int, rate_hz: int) -> None:
    off = to_ms(frames, rate_hz) - Fraction(frames * 1000, rate_hz)
    assert -Fraction(1, 2) < off <= Fraction(1, 2)


# For people


@pytest.mark.parametrize(
    ("length_s", "shown"),
    [
        (0, "0:00"),
        (5, "0:05"),
        (Fraction(59, 1), "0:59"),
        (Fraction(1199, 20), "1:00"),
        (Fraction(1189, 20), "0:59"),
        (Fraction(119, 2), "1:00"),
        (65.4, "1:05"),
        (820, "13:40"),
        (3599, "59:59"),
        (Fraction(7199, 2), "1:00:00"),
        (3723, "1:02:03"),
        (36_000, "10:00:00"),
    ],
)
def test_clock(length_s: Fraction | float, shown: str) -> None:
    assert clock(length_s) == shown


@pytest.mark.parametrize(
    ("length_s", "shown"),
    [
        (0, "0:00.000"),
        (Fraction(21, 4), "0:05.250"),
        (Fraction(59_999_6, 10_000), "1:00.000"),
        (Fraction(599_994, 10_000), "0:59.999"),
        (3723.5, "1:02:03.500"),
        (Fraction(1, 3), "0:00.333"),
        (Fraction(2, 3), "0:00.667"),
    ],
)
def test_clock_with_milliseconds(length_s: Fraction | float, shown: str) -> None:
    assert clock_ms(length_s) == shown


def seconds_of(shown: str) -> Fraction:
    whole = Fraction(0)
    for part in shown.split(":"):
        whole = whole * 60 + Fraction(part)
    return whole


@settings(deadline=None)
@given(length_s=seconds)
def test_what_the_clock_shows_is_the_nearest(length_s: Fraction) -> None:
    assert abs(seconds_of(clock(length_s)) - length_s) <= Fraction(1, 2)
    assert abs(seconds_of(clock_ms(length_s)) - length_s) <= Fraction(1, 2000)
    assert all(len(part) == 2 for part in clock(length_s).split(":")[1:])


@pytest.mark.parametrize(
    ("length_s", "shown"),
    [
        (Fraction(30), "30s"),
        (Fraction(5, 2), "2.5s"),
        (Fraction(1, 2), "0.5s"),
        (Fraction(59), "59s"),
        (Fraction(60), "1 min"),
        (Fraction(120), "2 min"),
        (Fraction(90), "1:30"),
        (Fraction(605), "10:05"),
        (Fraction(181, 2), "90.5s"),
        (Fraction(3600), "1 h"),
        (Fraction(7200), "2 h"),
        (Fraction(5400), "90 min"),
    ],
)
def test_short(length_s: Fraction, shown: str) -> None:
    assert short(length_s) == shown


def written(text: str) -> Fraction:
    """What an author's length means, in seconds: the plain reading of the forms that `short` gives."""
    if text.endswith(" min"):
        return Fraction(text.removesuffix(" min")) * 60
    if text.endswith(" h"):
        return Fraction(text.removesuffix(" h")) * 3600
    return Fraction(text.removesuffix("s")) if text.endswith("s") else seconds_of(text)


@settings(deadline=None)
@given(ms=st.integers(1, 8 * 3600 * 1000))
def test_short_is_exact_to_the_millisecond(ms: int) -> None:
    length_s = Fraction(ms, 1000)
    assert written(short(length_s)) == length_s


def test_a_length_that_no_decimal_can_write_is_near() -> None:
    assert float(written(short(Fraction(1, 3)))) == pytest.approx(1 / 3, abs=1e-5)
    assert not math.isnan(float(written(short(Fraction(1, 7)))))
