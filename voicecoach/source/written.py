"""Typed values to the text that an author would write: the way back of `values`."""

from __future__ import annotations

from fractions import Fraction

from voicecoach.model.exercise import Quantity, Tempo, Unit
from voicecoach.model.units import HOUR_S, MINUTE_S, decimal, short

_PLAIN_SECONDS_S = 2 * MINUTE_S
"""A range up to here is written in seconds: ``30-90s``."""


def written_lengths(quantity: Quantity) -> str:
    """Write a length of time or a range of them: ``30s``, ``30-60s``, ``2-3 min``, ``1:30-4 min``."""
    least, most = quantity.least, quantity.most
    if least == most:
        return short(least)
    if least >= MINUTE_S and most < HOUR_S and least % MINUTE_S == most % MINUTE_S == 0:
        return f"{least // MINUTE_S}-{most // MINUTE_S} min"
    if most <= _PLAIN_SECONDS_S:
        return f"{decimal(least)}-{decimal(most)}s"
    return f"{short(least)}-{short(most)}"


def written_counts(quantity: Quantity) -> str:
    """Write a count or a range of them without its word: ``10``, ``8-12``."""
    least, most = decimal(quantity.least), decimal(quantity.most)
    return least if least == most else f"{least}-{most}"


def written_amount(quantity: Quantity, unit: Unit) -> str:
    """Write a dose in its short form: ``30s``, ``30-60s``, ``10 reps``, ``1 rep``, ``3-5 cycles``."""
    if unit is Unit.SECONDS:
        return written_lengths(quantity)
    word = unit.value.removesuffix("s") if quantity.most == 1 else unit.value
    return f"{written_counts(quantity)} {word}"


def written_tempo(tempo: Tempo) -> str:
    """Write a tempo or breath, exact: ``2-0-2-0``, ``1.25-0-2-0``."""
    return "-".join(decimal(part) for part in tempo.parts_s)


def written_share(share: Fraction) -> str:
    """Write a part of 1 as a percentage: ``75%``."""
    return f"{decimal(share * 100)}%"


def written_level(level_db: Fraction) -> str:
    """Write a level: ``-22 dB``."""
    return f"{decimal(level_db)} dB"


def written_pitch(pitch_st: Fraction) -> str:
    """Write a pitch in semitones, with its sign: ``+2``, ``-3``."""
    return f"{'+' if pitch_st > 0 else ''}{decimal(pitch_st)}"
