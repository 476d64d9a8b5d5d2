"""What a cache did: how much was made, found and damaged, counted by all threads of a process."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, fields
from enum import StrEnum


class Kind(StrEnum):
    """What a content is."""

    REGION = "region"
    """A stretch of a session, or the loop of a bed, encoded."""
    FIGURES = "figures"
    """What was measured of something."""
    CLIP = "clip"
    """Speech."""


@dataclass(frozen=True)
class Counts:
    """What was done so far.

    Attributes
    ----------
    clips, regions, figures
        How many contents of each kind were made here; what was found is not counted.
    found
        How often a content was asked for that was there.
    damaged
        How many entries were damaged, and were taken away.
    """

    clips: int = 0
    regions: int = 0
    figures: int = 0
    found: int = 0
    damaged: int = 0

    def since(self, before: Counts) -> Counts:
        """What was done after ``before`` was counted."""
        return Counts(**{one.name: getattr(self, one.name) - getattr(before, one.name) for one in fields(Counts)})

    def and_of(self, other: Counts) -> Counts:
        """What both did."""
        return Counts(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)})


class Tally:
    """Counts, from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: Counter[str] = Counter()

    def made(self, kind: Kind) -> None:
        """Count a content that was made."""
        self._count("figures" if kind is Kind.FIGURES else f"{kind}s")

    def found(self) -> None:
        """Count a content that was there."""
        self._count("found")

    def damaged(self) -> None:
        """Count an entry that was damaged."""
        self._count("damaged")

    @property
    def counts(self) -> Counts:
        """What was counted so far."""
        with self._lock:
            return Counts(**self._of)

    def _count(self, name: str) -> None:
        with self._lock:
            self._of[name] += 1
