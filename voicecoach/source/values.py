"""The small languages inside scalars: durations, ranges, counts, tempo, levels.

Every reader takes the raw text and gives an exact value, or raises `ValueFaultError` with what to write instead.
"""

from __future__ import annotations

import re
from fractions import Fraction

from voicecoach.model.exercise import Quantity, Tempo, Unit
from voicecoach.model.units import HOUR_S, MINUTE_S


class ValueFaultError(Exception):
    """A scalar does not read as what its field wants; carries code, message and hint of the diagnostic."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


NUMBER = r"\d+(?:\.\d+)?"
MAX_DIGITS = 9
MOST_ST = 12
"""An octave up or down: beyond it, no voice sounds like one."""
SOFTEST_DB, LOUDEST_DB = -12, 6
"""A voice that is much softer is not heard over the bed; a louder one presses the limiter."""
COUNT_WORDS = {
    Unit.REPS: r"reps?|repetitions?|times|x|×",
    Unit.BREATHS: r"breaths?",
    Unit.CYCLES: r"cycles?",
}
_BARE = re.compile(NUMBER)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,9}):(\d{2}(?:\.\d+)?)")
_PART = re.compile(rf"({NUMBER})\s*([a-z]+)\.?", re.IGNORECASE)
_RANGE = re.compile(r"(.+?)\s*(?:-|–|to)\s*(.+)", re.IGNORECASE)
_COUNTED = {unit: re.compile(rf"(.+?)\s*(?:{words})\.?", re.IGNORECASE) for unit, words in COUNT_WORDS.items()}
_UNITS_S = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE_S),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR_S),
}
_DURATION_HINT = "write a length such as 30s, 2 min or 1:30"
_RANGE_HINT = "write a length such as 30s, or a range such as 30-60s"


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


def durations(text: str) -> Quantity:
    """Read a length of time or a range of them: ``30s``, ``30-60s``, ``30s-1 min``."""
    raw = text.strip()
    match = _RANGE.fullmatch(raw)
    if match is None:
        return Quantity.of(duration(raw))
    low, high = match[1].strip(), match[2].strip()
    if _BARE.fullmatch(low) and _BARE.fullmatch(high):
        raise ValueFaultError("bare-number", f"'{raw}' has no unit", f"write {low}-{high}s")
    if not re.match(r"\d", low) or not re.match(r"\d", high):
        raise ValueFaultError("bad-duration", f"'{raw}' is not a length of time", _RANGE_HINT)
    most = duration(high)
    unit = re.sub(rf"^{NUMBER}", "", high) if _BARE.fullmatch(low) else ""
    return _ordered(duration(low + unit), most, raw)


def _ordered(least: Fraction, most: Fraction, raw: str) -> Quantity:
    if least > most:
        raise ValueFaultError("reversed-range", f"the range '{raw}' runs backwards", "write the smaller figure first")
    return Quantity(least, most)


def counts(text: str, unit: Unit, what: str = "number", least: int = 1) -> Quantity:
    """Read a count or a range of counts: ``10``, ``8-12``, ``10 reps``, ``5 breaths``."""
    raw = text.strip()
    hint = "write a number such as 10, or a range such as 8-12"
    match = _COUNTED[unit].fullmatch(raw) if unit in _COUNTED else None
    number = (match[1] if match else raw).strip()
    between = _RANGE.fullmatch(number)
    if between is None:
        return Quantity.of(whole(number, what, hint, least))
    low, high = whole(between[1], what, hint, least), whole(between[2], what, hint, least)
    return _ordered(Fraction(low), Fraction(high), number)


def amount(text: str) -> tuple[Quantity, Unit]:
    """Read a dose in its short form: a length of time, or a count with its word: ``30s``, ``10 reps``, ``5 breaths``.

    Raises
    ------
    ValueFaultError
        ``bare-number`` where nothing tells what is counted; ``bad-dose`` and others as the parts'.
    """
    raw = text.strip()
    for unit, pattern in _COUNTED.items():
        match = pattern.fullmatch(raw)
        if (
            match is not None
            and re.match(r"\d", raw)
            and not re.search(r"[a-z]", match[1].replace("to", ""), re.IGNORECASE)
        ):
            return counts(raw, unit, f"number of {unit.value}"), unit
    try:
        return durations(raw), Unit.SECONDS
    except ValueFaultError as fault:
        if fault.code == "bare-number":
            raise ValueFaultError("bare-number", fault.message, f"write {raw}s, {raw} min or {raw} reps") from None
        if fault.code == "bad-duration":
            hint = "write a length such as 30s or 2 min, or a count such as 10 reps or 5 breaths"
            message = f"'{raw}' is neither a length of time nor a count"
            raise ValueFaultError("bad-dose", message, hint) from None
        raise


def whole(text: str, what: str = "whole number", hint: str = "write a whole number such as 3", least: int = 1) -> int:
    """Read a whole number of at least ``least``."""
    raw = text.strip()
    if not re.fullmatch(rf"[0-9]{{1,{MAX_DIGITS}}}", raw) or int(raw) < least:
        raise ValueFaultError("bad-number", f"'{raw}' is not a {what}", hint)
    return int(raw)


def tempo(text: str) -> Tempo:
    """Read a tempo or breath, four parts in seconds: ``2-0-2-0``."""
    parts = [part.strip() for part in text.strip().split("-")]
    hint = "write four numbers of seconds, such as 2-0-2-0: down, hold, up, hold (of a breath: in, hold, out, hold)"
    if len(parts) != 4 or not all(_BARE.fullmatch(part) and len(part) <= MAX_DIGITS for part in parts):
        raise ValueFaultError("bad-tempo", f"'{text.strip()}' is not four numbers of seconds", hint)
    first, second, third, fourth = (Fraction(part) for part in parts)
    if first + second + third + fourth <= 0:
        raise ValueFaultError("bad-tempo", "it takes no time", hint)
    return Tempo(first, second, third, fourth)


def share(text: str) -> Fraction:
    """Read a percentage from 0 to 100 as a part of 1."""
    raw = text.strip()
    match = re.fullmatch(rf"({NUMBER})\s*%", raw)
    if match is None or Fraction(match[1]) > 100:
        raise ValueFaultError("bad-percentage", f"'{raw}' is not a percentage", "write 0% to 100%")
    return Fraction(match[1]) / 100


def level_db(text: str) -> Fraction:
    """Read a level in dB: ``-22 dB``, ``10 dB``."""
    raw = text.strip()
    match = re.fullmatch(rf"([+-]?{NUMBER})\s*dB", raw, re.IGNORECASE)
    if match is None or abs(Fraction(match[1])) > 120:
        raise ValueFaultError("bad-level", f"'{raw}' is not a level", "write a level such as -22 dB")
    return Fraction(match[1])


def semitones(text: str) -> Fraction:
    """Read a pitch in semitones above the usual: ``+2``, ``-3``, ``2 st``, ``-1.5 semitones``; -12 to 12."""
    raw = text.strip()
    match = re.fullmatch(rf"([+-]?{NUMBER})\s*(?:st|semitones?)?", raw.replace("−", "-"), re.IGNORECASE)
    pitch_st = Fraction(match[1]) if match is not None and len(raw) <= MAX_DIGITS + len(" semitones") else None
    if pitch_st is None or abs(pitch_st) > MOST_ST:
        hint = f"write semitones from -{MOST_ST} to +{MOST_ST}, such as +2 or -3"
        raise ValueFaultError("bad-pitch", f"'{raw}' is not a pitch", hint)
    return pitch_st


def volume_db(text: str) -> Fraction:
    """Read how much louder a voice is than usual: ``-6 dB``, ``+3 dB``; -12 to 6."""
    hint = f"write {SOFTEST_DB} dB to +{LOUDEST_DB} dB, such as -6 dB"
    try:
        volume = level_db(text.replace("−", "-"))
    except ValueFaultError as fault:
        raise ValueFaultError(fault.code, f"'{text.strip()}' is not a volume", hint) from None
    if not SOFTEST_DB <= volume <= LOUDEST_DB:
        raise ValueFaultError("bad-level", f"'{text.strip()}' is too {'loud' if volume > 0 else 'soft'}", hint)
    return volume


def factor(text: str) -> Fraction:
    """Read a factor for scaling: ``x1.25``, ``0.8``, ``80%``; 0.1 to 10."""
    raw = re.sub(r"^[x×]\s*", "", text.strip().lower())
    match = re.fullmatch(rf"({NUMBER})\s*(%?)", raw)
    value = Fraction(match[1]) / (100 if match[2] else 1) if match and len(raw) <= MAX_DIGITS else Fraction(0)
    if not Fraction(1, 10) <= value <= 10:
        raise ValueFaultError("bad-factor", f"'{text.strip()}' is not a factor", "write a factor such as x1.25 or x0.8")
    return value


def switch(text: str) -> bool:
    """Read yes or no, on or off, true or false."""
    raw = text.strip().casefold()
    if raw in {"yes", "on", "true"}:
        return True
    if raw in {"no", "off", "false"}:
        return False
    raise ValueFaultError("bad-switch", f"'{text.strip()}' is neither yes nor no", "write yes or no")
