"""What a finished session keeps of its promises, and where it breaks them.

The JSON is documented in README ("verify --json").
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from voicecoach.model.units import clock_ms, to_seconds

NO_NUMBERS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Breach:
    """One place where a promise is broken.

    Attributes
    ----------
    at
        Frame of the session that it concerns, as planned.
    message
        What is wrong, for people; without time and step.
    step, side
        Number of the step and ``left`` or ``right`` that it belongs to; None where it belongs to none.
    """

    at: int
    message: str
    step: int | None = None
    side: str | None = None

    @property
    def time(self) -> str:
        """When, as on a player: ``14:02.300``."""
        return clock_ms(to_seconds(self.at))

    @property
    def where(self) -> str:
        """Step and side in words: ``step 5, right``; nothing where it belongs to none."""
        return ", ".join(word for word in (f"step {self.step}" if self.step else "", self.side or "") if word)

    def __str__(self) -> str:
        return f"{self.time}{f' ({self.where})' if self.where else ''}: {self.message}"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "at": self.at,
            "time": self.time,
            "time_s": float(to_seconds(self.at)),
            "step": self.step,
            "side": self.side,
            "message": self.message,
        }


@dataclass(frozen=True)
class Promise:
    """One thing that a session promises.

    Attributes
    ----------
    name
        One word: ``file``, ``timeline``, ``length``, ``chapters``, ``level``, ``earcons``, ``holds``, ``sides``,
        ``speech``, ``silence``.
    title
        What was found, in one line with its figures: ``171 of 171 within 5 ms (worst 0.0 ms)``.
    checked
        How many things were looked at.
    broken
        Where it is broken, in the order of the session.
    numbers
        What was measured, by name; each name has its unit. An infinite number is one that was not there to measure
        (silence has no level).
    """

    name: str
    title: str
    checked: int
    broken: tuple[Breach, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=lambda: NO_NUMBERS)

    @property
    def kept(self) -> bool:
        """It is broken nowhere."""
        return not self.broken

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values; a number that there is not is null."""
        return {
            "name": self.name,
            "kept": self.kept,
            "title": self.title,
            "checked": self.checked,
            "numbers": {name: value if math.isfinite(value) else None for name, value in self.numbers.items()},
            "broken": [breach.to_json() for breach in self.broken],
        }


class Fault(NamedTuple):
    """A breach and the name of the promise that it breaks."""

    promise: str
    breach: Breach

    def __str__(self) -> str:
        return f"{self.breach} [{self.promise}]"


@dataclass(frozen=True)
class Verdict:
    """What one session keeps of its promises.

    Attributes
    ----------
    path
        The file, as it was named.
    title
        The session's title.
    frames
        Its length as planned, in frames at 48 kHz.
    promises
        All of them, in the order of the report.
    """

    path: str
    title: str
    frames: int
    promises: tuple[Promise, ...]

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """All that is broken, in the order of the session: the first is the root cause."""
        every = [Fault(promise.name, breach) for promise in self.promises for breach in promise.broken]
        return tuple(sorted(every, key=lambda fault: fault.breach.at))

    @property
    def first(self) -> Fault | None:
        """The first broken promise, or None: the session keeps all of them."""
        return self.faults[0] if self.faults else None

    @property
    def good(self) -> bool:
        """Every promise is kept."""
        return not self.faults

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        first = self.first
        return {
            "file": self.path,
            "good": self.good,
            "title": self.title,
            "frames": self.frames,
            "length_s": float(to_seconds(self.frames)),
            "first": None if first is None else {"promise": first.promise, **first.breach.to_json()},
            "promises": [promise.to_json() for promise in self.promises],
        }
