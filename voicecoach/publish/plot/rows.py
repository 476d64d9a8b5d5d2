"""How time is laid out: rows of one length, below one another, each from left to right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.timeline import Timeline
from voicecoach.model.units import HOUR_S, MINUTE_S

ROW_LENGTHS_S = (15, 30, *(n * MINUTE_S for n in (1, 2, 3, 4, 5, 10, 15, 20, 30)), HOUR_S)
"""What a row may last; beyond the last of these, powers of two of it."""

RULER_STEPS_S = (1, 2, 5, 10, 15, 30, *(n * MINUTE_S for n in (1, 2, 5, 10, 15, 30)), HOUR_S)
RULER_ROOM = 60
"""Least distance between two times on the ruler."""
LANE_NAME_ROOM = 50
"""What the names of lanes take."""

DETAIL_PER_S = 1.5
"""From this many units a second on, single words and sounds are shown; below it, how much of them there is."""

BRIEF_S, LONG_S = 15 * MINUTE_S, 2 * HOUR_S + MINUTE_S


@dataclass(frozen=True)
class Format:
    """The size of a picture.

    Attributes
    ----------
    width
        Of the whole picture.
    left, right
        Margins beside the rows; the names of the lanes stand in the left one where it is wide enough.
    most_rows
        How many rows a session of up to 15 min, of up to 2 h, and a longer one may have.
    """

    width: float
    left: float
    right: float
    most_rows: tuple[int, int, int]

    @property
    def named_lanes(self) -> bool:
        """The left margin has room for the names of lanes."""
        return self.left > LANE_NAME_ROOM

    @property
    def room(self) -> float:
        """Width of a row."""
        return self.width - self.left - self.right


WIDE = Format(width=1200, left=74, right=20, most_rows=(3, 8, 20))
"""For a desk, a page of paper, a picture file."""
NARROW = Format(width=384, left=12, right=12, most_rows=(8, 12, 32))
"""For a telephone held upright."""


@dataclass(frozen=True)
class Row:
    """One row of time.

    Attributes
    ----------
    start, end
        The frames that it shows; the last row of a session ends with it.
    frames
        How long a whole row is.
    rate_hz
        Frames a second.
    left, room
        Where it begins, and how wide a whole row is.
    """

    start: int
    end: int
    frames: int
    rate_hz: int
    left: float
    room: float

    def x(self, frame: int) -> float:
        """Where a frame stands."""
        return self.left + (frame - self.start) * self.room / self.frames

    def cut(self, start: int, end: int) -> tuple[float, float] | None:
        """Return from where to where a stretch of time lies in this row, or None where it does not."""
        first, last = max(start, self.start), min(end, self.end)
        return (self.x(first), self.x(last)) if last > first else None

    def has(self, frame: int) -> bool:
        """Tell whether a moment stands in this row."""
        return self.start <= frame < self.end

    @property
    def per_s(self) -> float:
        """Units a second."""
        return self.room * self.rate_hz / self.frames

    @property
    def detailed(self) -> bool:
        """There is room for single words and sounds."""
        return self.per_s >= DETAIL_PER_S

    @property
    def ruler_step_s(self) -> int:
        """Seconds between two times on the ruler."""
        for step_s in RULER_STEPS_S:
            if step_s * self.per_s >= RULER_ROOM:
                return step_s
        return HOUR_S * math.ceil(RULER_ROOM / (HOUR_S * self.per_s))


def row_length_s(session_s: Fraction, page: Format) -> int:
    """How long a row lasts, in seconds: as short as the number of rows allows."""
    brief, usual, long = page.most_rows
    most = brief if session_s <= BRIEF_S else usual if session_s <= LONG_S else long
    for length_s in ROW_LENGTHS_S:
        if session_s <= length_s * most:
            return length_s
    length_s = HOUR_S
    while session_s > length_s * most:
        length_s *= 2
    return length_s


def rows(timeline: Timeline, page: Format) -> Iterator[Row]:
    """Cut a session into rows; an empty one has one row."""
    frames = row_length_s(timeline.length_s, page) * timeline.sample_rate
    for start in range(0, max(1, timeline.frames), frames):
        end = min(start + frames, timeline.frames)
        yield Row(start, end, frames, timeline.sample_rate, page.left, page.room)
