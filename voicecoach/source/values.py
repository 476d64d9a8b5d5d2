"""The small languages inside scalars: durations, repetitions, tempo.

Every reader takes the raw text and gives an exact value, or raises `ValueFaultError` with what to write instead.
"""

from __future__ import annotations

import re
from fractions import Fraction

from voicecoach.model.routine import Tempo
from voicecoach.model.units import HOUR_S, MINUTE_S


class ValueFaultError(Exception):
    """A scalar does not read as what its field wants; carries code, message and hint of the diagnostic."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


NUMBER = r"\d+(?:\.\d+)?"
_BARE = re.compile(rf"{NUMBER}")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,9}):(\d{2}(?:\.\d+)?)")
_PART = re.compile(rf"({NUMBER})\s*([a-z]+)\.?", re.IGNORECASE)
_REPS = re.compile(r"(\d+)\s*(?:reps?|repetitions?|times|x|×)\.?", re.IGNORECASE)
_UNITS_S = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE_S),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR_S),
}
_DURATION_HINT = "write a length such as 30s, 2 min or 1:30"
MAX_DIGITS = 9


def duration(text: str) -> Fraction:
    """Read a length of time in seconds: ``30s``, ``2 min``, ``1:30``, ``1 min 30 s``.

    Raises
    ------
    ValueFaultError
        ``bare-number`` without a unit, ``bad-duration`` otherwise; never zero or below.
    """
    raw = text.strip()
    if _BARE.fullmatch(raw):
        raise ValueFaultError("bare-number", f"'{raw}' has no unit", f"write {raw}s or {raw} min")
    if re.search(rf"\d{{{MAX_DIGITS + 1},}}", raw):
        raise ValueFaultError("bad-duration", "the number is absurdly long", _DURATION_HINT)
    length_s = _clock_s(raw) if ":" in raw else _parts_s(raw)
    if length_s is None:
        raise ValueFaultError("bad-duration", f"'{raw}' is not a length of time", _DURATION_HINT)
    if length_s <= 0:
        raise ValueFaultError("bad-duration", "the length is zero", "a length must be more than nothing")
    return length_s


def _clock_s(raw: str) -> Fraction | None:
    match = _CLOCK.fullmatch(raw)
    if match is None or Fraction(match[3]) >= MINUTE_S or (match[1] and int(match[2]) >= MINUTE_S):
        return None
    return int(match[1] or 0) * HOUR_S + int(match[2]) * MINUTE_S + Fraction(match[3])


def _parts_s(raw: str) -> Fraction | None:
    """Sum ``1 min 30 s``; units must come from large to small, each once."""
    total, place, last = Fraction(0), 0, 2 * HOUR_S
    for match in _PART.finditer(raw):
        between = raw[place : match.start()].strip().casefold()
        unit_s = _UNITS_S.get(match[2].casefold())
        if between not in {"", "and"} or unit_s is None or unit_s >= last or (between and not place):
            return None
        total, place, last = total + Fraction(match[1]) * unit_s, match.end(), unit_s
    return total if place and not raw[place:].strip() else None


def is_reps(text: str) -> bool:
    """Tell whether text counts repetitions (``10 reps``) rather than time."""
    return _REPS.fullmatch(text.strip()) is not None


def reps(text: str) -> int:
    """Read a number of repetitions: ``10 reps``, ``10x`` or, where only a count can stand, ``10``."""
    raw = text.strip()
    match = _REPS.fullmatch(raw)
    return whole(match[1] if match else raw, "number of repetitions", "write 10 or 10 reps")


def whole(text: str, what: str = "whole number", hint: str = "write a whole number such as 3", least: int = 1) -> int:
    """Read a whole number of at least ``least``."""
    raw = text.strip()
    if not re.fullmatch(rf"\d{{1,{MAX_DIGITS}}}", raw) or int(raw) < least:
        raise ValueFaultError("bad-number", f"'{raw}' is not a {what}", hint)
    return int(raw)


def tempo(text: str) -> Tempo:
    """Read a tempo, down-hold-up-hold in seconds: ``2-0-2-0``."""
    parts = [part.strip() for part in text.strip().split("-")]
    hint = "write four numbers of seconds, down-hold-up-hold, such as 2-0-2-0"
    if len(parts) != 4 or not all(_BARE.fullmatch(part) and len(part) <= MAX_DIGITS for part in parts):
        raise ValueFaultError("bad-tempo", f"'{text.strip()}' is not a tempo", hint)
    down_s, low_s, up_s, high_s = (Fraction(part) for part in parts)
    if down_s + low_s + up_s + high_s <= 0:
        raise ValueFaultError("bad-tempo", "a repetition that takes no time", hint)
    return Tempo(down_s, low_s, up_s, high_s)


def switch(text: str) -> bool:
    """Read yes or no, on or off, true or false."""
    raw = text.strip().casefold()
    if raw in {"yes", "on", "true"}:
        return True
    if raw in {"no", "off", "false"}:
        return False
    raise ValueFaultError("bad-switch", f"'{text.strip()}' is neither yes nor no", "write yes or no")
