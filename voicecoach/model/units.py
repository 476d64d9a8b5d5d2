"""All conversion of time, in one place.

Time is exact: durations are `fractions.Fraction` seconds until `place`, then integer frames at 48 kHz, rounded once.
(``int(ms / 1000 * 48000)`` with floats is one frame short for 3,729 of the first 60,000 milliseconds.)
"""

from __future__ import annotations

import math
from fractions import Fraction

SAMPLE_RATE_HZ = 48_000
"""The one sample rate of every timeline and session."""

MP3_FRAME_FRAMES = 1152
"""Frames in one MP3 frame (MPEG-1 layer III): exactly 24 ms at 48 kHz."""

MINUTE_S = 60
HOUR_S = 3600

MOST_PLACES = 9
"""Decimals of a number that an author can write."""


def to_frames(length_s: Fraction | int, rate_hz: int = SAMPLE_RATE_HZ) -> int:
    """Round exact seconds to the nearest whole frame, halves up.

    Parameters
    ----------
    length_s
        Seconds, exact; not negative.
    rate_hz
        Frames a second.
    """
    return math.floor(Fraction(length_s) * rate_hz + Fraction(1, 2))


def to_seconds(frames: int, rate_hz: int = SAMPLE_RATE_HZ) -> Fraction:
    """Exact seconds of a number of frames."""
    return Fraction(frames, rate_hz)


def to_ms(frames: int, rate_hz: int = SAMPLE_RATE_HZ) -> int:
    """Whole milliseconds, nearest, of a number of frames (for ID3 chapter times)."""
    return math.floor(Fraction(frames * 1000, rate_hz) + Fraction(1, 2))


def clock(length_s: Fraction | float) -> str:
    """Seconds as people read them on a player: ``1:05``, ``13:40``, ``1:02:03``; to the nearest second."""
    total = math.floor(length_s + Fraction(1, 2))
    hours, rest = divmod(total, HOUR_S)
    minutes, seconds = divmod(rest, MINUTE_S)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def clock_ms(length_s: Fraction | float) -> str:
    """Seconds with milliseconds, for a cue sheet: ``0:05.250``."""
    total_ms = math.floor(Fraction(length_s) * 1000 + Fraction(1, 2))
    seconds, ms = divmod(total_ms, 1000)
    hours, rest = divmod(seconds, HOUR_S)
    minutes, seconds = divmod(rest, MINUTE_S)
    head = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{head}:{seconds:02}.{ms:03}"


def decimal(value: Fraction | int) -> str:
    """Write a number as people do: ``30``, ``2.5``, ``-22``; exact wherever its decimals end, else to six figures."""
    exact = Fraction(value)
    places = 0
    while (exact * 10**places).denominator != 1:
        places += 1
        if places > MOST_PLACES:
            return f"{float(exact):g}"
    digits = f"{abs(int(exact * 10**places)):0{places + 1}}"
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{'-' if exact < 0 else ''}{whole}{f'.{part}' if part else ''}"


def short(length_s: Fraction) -> str:
    """Seconds as an author writes them: ``30s``, ``2 min``, ``1:30``, ``1:10:00``, ``2.5s``.

    `voicecoach.source.values.duration` reads the same number back, whatever can be written in milliseconds.
    """
    if length_s >= HOUR_S and length_s % HOUR_S == 0:
        return f"{length_s // HOUR_S} h"
    if length_s >= MINUTE_S and length_s.denominator == 1:
        if length_s % MINUTE_S == 0:
            return f"{length_s // MINUTE_S} min"
        minutes, seconds = divmod(int(length_s), MINUTE_S)
        hours, rest = divmod(minutes, MINUTE_S)
        return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{decimal(length_s)}s"
