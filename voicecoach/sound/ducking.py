"""Ducking: a bed goes down before the voice begins and comes up after it has ended, without pumping between words.

The curve is reckoned from where the voice is, so it is exact: it is down before the first word, which no compressor can
do, and what it does at a moment depends on the voice around it alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.units import to_frames

ATTACK = to_frames(Fraction(2, 5))
"""Frames from up to down: 0.4 s."""
LEAD = to_frames(Fraction(1, 20))
"""Frames that the bed is down before the voice begins: 0.05 s."""
HOLD = to_frames(Fraction(1, 5))
"""Frames that it stays down after the voice has ended: 0.2 s."""
RELEASE = to_frames(Fraction(4, 5))
"""Frames from down to up: 0.8 s."""
SHORT_GAP = to_frames(Fraction(3, 2))
"""In a gap of less than 1.5 s the bed stays down: it would be up for no time at all."""


@dataclass(frozen=True)
class Down:
    """A stretch in which the bed is all down.

    Attributes
    ----------
    start, end
        Frames; ``start`` may be before the session's begin.
    voice
        Where the voice in it begins.
    """

    start: int
    end: int
    voice: int


def downs(voice: Iterable[tuple[int, int]]) -> tuple[Down, ...]:
    """Find where a bed has to be down.

    Parameters
    ----------
    voice
        First frame and end of each clip, in order.

    Returns
    -------
    tuple of Down
        In order; between two of them there is time for both ramps.
    """
    groups: list[tuple[int, int]] = []
    for start, end in voice:
        if groups and start - groups[-1][1] < SHORT_GAP:
            groups[-1] = (groups[-1][0], max(end, groups[-1][1]))
        else:
            groups.append((start, end))
    return tuple(Down(start - LEAD, end + HOLD, start) for start, end in groups)


class DuckCurve:
    """The gain of a bed, frame by frame.

    Parameters
    ----------
    down
        Where it is all down, as `downs` gives it.
    depth_db
        By how much; 0 or more.
    """

    def __init__(self, down: tuple[Down, ...], depth_db: float) -> None:
        self.down = down
        self.depth_db = depth_db
        self._starts = [one.start for one in down]
        self._ends = [one.end for one in down]
        # Tables: a gain that is looked up is the same to the last bit however a stretch is cut.
        self._attack = _ramp(ATTACK, depth_db)
        self._release = _ramp(RELEASE, depth_db)[::-1].copy()
        self._low = np.float32(10 ** (-depth_db / 20))

    def touching(self, start: int, end: int) -> tuple[Down, ...]:
        """Those whose ramps or floor reach into the frames from ``start`` to ``end``."""
        first = bisect_right(self._ends, start - RELEASE)
        return self.down[first : bisect_left(self._starts, end + ATTACK)]

    def at(self, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """Give the gain at some frames, in ascending order: float32, shape (places,)."""
        gains = np.ones(len(places), np.float32)
        for one in self.down:
            edges = (one.start - ATTACK, one.start, one.end, one.end + RELEASE)
            first, low, up, last = np.searchsorted(places, edges)
            gains[first:low] = self._attack[places[first:low] - edges[0]]
            gains[low:up] = self._low
            gains[up:last] = self._release[places[up:last] - one.end]
        return gains

    @staticmethod
    def span(one: Down) -> tuple[int, int]:
        """First frame and end of the stretch in which the bed is not all up."""
        return one.start - ATTACK, one.end + RELEASE

    def gains(self, start: int, frames: int) -> NDArray[np.float32]:
        """Give the gain of a stretch: float32, shape (frames,), over 0 to 1."""
        gains = np.ones(frames, np.float32)
        for one in self.touching(start, start + frames):
            _put(gains, one.start - ATTACK - start, self._attack)
            gains[max(0, one.start - start) : max(0, one.end - start)] = self._low
            _put(gains, one.end - start, self._release)
        return gains


def _ramp(frames: int, depth_db: float) -> NDArray[np.float32]:
    """Half a cosine in decibels, from 0 to the depth: ``-depth · (1 - cos(π n / frames)) / 2``."""
    down_db = depth_db * (1 - np.cos(np.pi * np.arange(frames) / frames)) / 2
    return (10 ** (-down_db / 20)).astype(np.float32)


def _put(gains: NDArray[np.float32], at: int, ramp: NDArray[np.float32]) -> None:
    first, last = max(0, -at), min(len(ramp), len(gains) - at)
    if first < last:
        gains[at + first : at + last] = ramp[first:last]
