"""Where speech may not be, since an earcon begins there: the moments between, found fast."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from voicecoach.model.units import to_frames

AFTER_ONSET = to_frames(Fraction(15, 100))
"""Frames from the onset of an earcon to speech, and from the end of one that nothing hurries."""
BEFORE_ONSET = to_frames(Fraction(10, 100))
"""Frames from the end of speech to the onset of an earcon."""


@dataclass(frozen=True)
class Sound:
    """An earcon that speech keeps clear of.

    Attributes
    ----------
    earcon
        Which one.
    onset
        The frame at which it begins.
    until
        The frame from which there may be speech.
    """

    earcon: str
    onset: int
    until: int


class Sounds:
    """The earcons in and around an exact span, by their onsets.

    Parameters
    ----------
    sounds
        In the order of their onsets.
    """

    def __init__(self, sounds: Iterable[Sound]) -> None:
        self.sounds = tuple(sounds)
        self._from = [sound.onset - BEFORE_ONSET for sound in self.sounds]
        self._until: list[int] = []
        for sound in self.sounds:
            self._until.append(max(sound.until, self._until[-1] if self._until else 0))

    def first(self, begin: int, frames: int, limit: int) -> int | None:
        """Return the earliest begin from ``begin`` to ``limit`` at which so many frames are clear; None: there is none.

        Parameters
        ----------
        begin, limit
            Frames of the session.
        frames
            How long the speech is.
        """
        index = bisect_right(self._until, begin)
        while begin <= limit:
            if index == len(self._from) or begin + frames <= self._from[index]:
                return begin
            begin = self._until[index]
            index += 1
        return None

    def last(self, begin: int, frames: int, limit: int) -> int | None:
        """Return the latest begin from ``begin`` back to ``limit`` at which so many frames are clear."""
        index = bisect_left(self._from, begin + frames) - 1
        while begin >= limit:
            if index < 0 or begin >= self._until[index]:
                return begin
            begin = self._from[index] - frames
            index -= 1
        return None

    def within(self, begin: int, end: int) -> tuple[Sound, ...]:
        """Return those that speech from ``begin`` to ``end`` would be too near to."""
        return self.sounds[bisect_right(self._until, begin) : bisect_left(self._from, end)]

    def from_onset(self, frame: int) -> Sound | None:
        """Return the first whose onset is at that frame or later."""
        index = bisect_left(self._from, frame - BEFORE_ONSET)
        return self.sounds[index] if index < len(self.sounds) else None
