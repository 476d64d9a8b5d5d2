"""The pieces of a stream: each gives MP3 frames from anywhere in its stretch, and a few beyond where it is joined."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from voicecoach.mp3.splice import Numbers, Packer, Row, Slots
from voicecoach.stages.encode.layout import Stretch

OVERLAP = 3
"""MP3 frames that an active stretch has beyond its own, on both sides: as far a join may be moved."""
_LONG_MEMORY = 4096
"""So many MP3 frames of a loop later the reservoir is as full as if it had been empty before."""


@dataclass(frozen=True, eq=False)
class Piece(ABC):
    """MP3 frames for a stretch; places are in MP3 frames of the stream.

    Attributes
    ----------
    stretch
        What it is for.
    slots
        The stream's format.
    """

    stretch: Stretch
    slots: Slots

    @property
    def low(self) -> int:
        """The first MP3 frame that it can give."""
        return self.stretch.first

    @property
    def high(self) -> int:
        """The MP3 frame after the last that it can give."""
        return self.stretch.end

    @abstractmethod
    def need_bytes(self, at: int) -> int:
        """What must be free before its MP3 frame ``at``, `low` <= ``at`` <= `high`."""

    @abstractmethod
    def back_bytes(self, at: int, back_bytes: int, until: int) -> int:
        """What is free before the MP3 frame ``until`` where all from ``at`` to it are this piece's."""

    @abstractmethod
    def pour(self, packer: Packer, at: int, until: int) -> Iterator[bytes]:
        """Pour its MP3 frames from ``at`` to before ``until``."""


def lowest(stretch: Stretch) -> int:
    """Give the first MP3 frame that an active stretch has."""
    return max(0, stretch.begin - OVERLAP)


class SilentPiece(Piece):
    """Digital zero."""

    def need_bytes(self, at: int) -> int:  # noqa: D102, ARG002
        return 0

    def back_bytes(self, at: int, back_bytes: int, until: int) -> int:  # noqa: D102
        return min(self.slots.most_back_bytes, back_bytes + (until - at) * self.slots.room_bytes)

    def pour(self, packer: Packer, at: int, until: int) -> Iterator[bytes]:  # noqa: D102
        return packer.silence(until - at)


@dataclass(frozen=True, eq=False)
class Loop:
    """The bed's loop, encoded.

    Attributes
    ----------
    row
        Its MP3 frames.
    needs
        What must be free before each of them, bytes.
    """

    row: Row
    needs: Numbers

    @classmethod
    def of(cls, row: Row, slots: Slots) -> Loop:
        """Make the loop of its MP3 frames."""
        return cls(row, slots.needs(np.tile(row.lengths, 2))[: len(row)])


@dataclass(frozen=True, eq=False)
class LoopPiece(Piece):
    """A part of the bed's loop."""

    loop: Loop

    def need_bytes(self, at: int) -> int:  # noqa: D102
        return int(self.loop.needs[self._of_loop(at) % len(self.loop.row)])

    def back_bytes(self, at: int, back_bytes: int, until: int) -> int:  # noqa: D102
        if until - at > _LONG_MEMORY:
            at, back_bytes = until - _LONG_MEMORY, 0
        lengths = self.loop.row.lengths.take(np.arange(self._of_loop(at), self._of_loop(until)), mode="wrap")
        return int(self.slots.backs(lengths, back_bytes)[-1])

    def pour(self, packer: Packer, at: int, until: int) -> Iterator[bytes]:  # noqa: D102
        return map(packer.pour, self.loop.row.laps(self._of_loop(at), until - at))

    def _of_loop(self, at: int) -> int:
        return self.stretch.phase + at - self.stretch.begin


@dataclass(frozen=True, eq=False)
class ActivePiece(Piece):
    """Something that was mixed and encoded for this place.

    Attributes
    ----------
    row
        Its MP3 frames, `OVERLAP` of them before the stretch and behind it.
    """

    row: Row

    @property
    def low(self) -> int:  # noqa: D102
        return lowest(self.stretch)

    @property
    def high(self) -> int:  # noqa: D102
        return self.low + len(self.row)

    @cached_property
    def _needs(self) -> Numbers:
        return self.slots.needs(self.row.lengths)

    def need_bytes(self, at: int) -> int:  # noqa: D102
        return int(self._needs[at - self.low])

    def back_bytes(self, at: int, back_bytes: int, until: int) -> int:  # noqa: D102
        return int(self.slots.backs(self.row.lengths[at - self.low : until - self.low], back_bytes)[-1])

    def pour(self, packer: Packer, at: int, until: int) -> Iterator[bytes]:  # noqa: D102
        yield packer.pour(self.row.part(at - self.low, until - self.low))
