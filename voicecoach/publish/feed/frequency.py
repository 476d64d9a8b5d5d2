"""How often something comes: ``week``, ``2 days``, ``monday and thursday``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicecoach.model.diagnostic import did_you_mean
from voicecoach.source.values import ValueFaultError
from voicecoach.text.wording import Wording

MOST = 366
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_WORDS = {
    **dict.fromkeys(("day", "daily"), (1, "day")),
    **dict.fromkeys(("week", "weekly"), (1, "week")),
    **dict.fromkeys(("month", "monthly"), (1, "month")),
    **dict.fromkeys(("year", "yearly", "annually"), (1, "year")),
    **dict.fromkeys(("fortnight", "fortnightly", "biweekly", "other week", "second week"), (2, "week")),
    **dict.fromkeys(("other day", "second day"), (2, "day")),
}
_GROUPS = {"weekday": DAYS[:5], "workday": DAYS[:5], "weekend": DAYS[5:]}
_HINT = "write day, 2 days, week, month, or days such as monday and thursday"


@dataclass(frozen=True)
class Frequency:
    """How often.

    Attributes
    ----------
    count, unit
        Every so many ``day``, ``week``, ``month`` or ``year``.
    days
        Of weeks, on which days of them, in order; empty: it is not said.
    """

    count: int
    unit: str
    days: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The recurrence rule of RFC 5545, without ``RRULE:``."""
        every = f"FREQ={_UNITS[self.unit]}" + (f";INTERVAL={self.count}" if self.count > 1 else "")
        return every + (f";BYDAY={','.join(day[:2].upper() for day in self.days)}" if self.days else "")

    def words(self, words: Wording) -> str:
        """Say it in the words of a language, such as ``Every 2 weeks``."""
        if self.days:
            names = [words(f"every-{day}") for day in self.days]
            listed = ", ".join(names[:-1])
            text = words("every-days", days=words("every-and", first=listed, last=names[-1]) if listed else names[-1])
        else:
            text = words(f"every-{self.unit}", count=self.count)
        return text[:1].upper() + text[1:]


def read_frequency(text: str) -> Frequency:
    """Read how often something comes.

    Raises
    ------
    ValueFaultError
        ``bare-number`` where the unit is missing, else ``bad-choice`` or ``bad-number``.
    """
    raw = text.strip()
    word = re.sub(r"^every\s+", "", " ".join(raw.casefold().split()))
    if word in _WORDS:
        return Frequency(*_WORDS[word])
    if re.fullmatch(r"\d+", word):
        raise ValueFaultError("bare-number", f"'{raw}' has no unit", f"write {raw} days or {raw} weeks")
    counted = re.fullmatch(r"(\d+)\s*(day|week|month|year)s?", word)
    if counted is not None:
        count = int(counted[1]) if len(counted[1]) < 5 else 0
        if not 1 <= count <= MOST:
            raise ValueFaultError("bad-number", f"'{raw}' is not 1 to {MOST} of them", "write a number such as 2 weeks")
        return Frequency(count, counted[2])
    found = [_days(part) for part in re.split(r"\s*(?:,|\band\b|&|\+)\s*", word) if part]
    days = {day for some in found for day in some or ()}
    if not found or None in found:
        hint = did_you_mean(word, (*_WORDS, *_GROUPS, *DAYS)) or _HINT
        raise ValueFaultError("bad-choice", f"'{raw}' is not how often something can come", hint)
    return Frequency(1, "week", tuple(day for day in DAYS if day in days)) if len(days) < 7 else Frequency(1, "day")


def _days(word: str) -> tuple[str, ...] | None:
    singular = word.removesuffix("s")
    if singular in _GROUPS:
        return _GROUPS[singular]
    near = [day for day in DAYS if singular == day or (len(word) >= 2 and word.rstrip(".") in (day[:2], day[:3]))]
    return tuple(near) or None
