"""A bed along a session: its loop going round, faded at the ends, ducked under the voice. Read by stretch.

A texture (rain, noise, a drone) is taken up anew under each passage of speech, at a place of its loop that depends on
what is said. The seam is a short cross-fade while the voice covers it. So what sounds around a passage does not depend
on where in the session it is: equal passages are equal, and an edit changes nothing but what is near it. Music goes on
as it is.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Samples
from voicecoach.model.units import MP3_FRAME_FRAMES
from voicecoach.sound.ducking import DuckCurve
from voicecoach.sound.energy import Energies
from voicecoach.sound.envelope import attack_curve

SEAM = 4 * MP3_FRAME_FRAMES
"""Frames of the cross-fade from one place of a texture's loop to another: 96 ms, over by the time HOLD ends."""


@dataclass(frozen=True)
class Turn:
    """Where a loop is taken up.

    Attributes
    ----------
    start
        Frame of the session: a multiple of an MP3 frame (1152 frames).
    phase
        Frame of the loop that sounds there: a multiple too.
    """

    start: int
    phase: int


@dataclass(frozen=True)
class Ends:
    """Where a bed begins and ends, and how long it is faded there, in frames."""

    start: int
    end: int
    fade_in: int = 0
    fade_out: int = 0


class Loop:
    """A loop that is made when it is first heard: where all of a session is in the cache, it is not.

    Parameters
    ----------
    make
        Gives float32, shape (frames, channels).
    frames, channels
        Its length, whole MP3 frames (1152 frames), and its form.
    """

    def __init__(self, make: Callable[[], Samples], frames: int, channels: int) -> None:
        self.frames = frames
        self.channels = channels
        self._make = make
        self._made: Samples | None = None
        self._lock = threading.Lock()

    def samples(self) -> Samples:
        """Give its samples; several threads may ask."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


class Bedding:
    """A bed, laid out.

    Parameters
    ----------
    loop
        The loop at its plain level.
    ends
        Where it is.
    curve
        How it is ducked.
    phase_of
        Of a texture: a number for the passage of speech that begins at a frame, from which the place of the loop is
        taken; None: the loop just goes on.
    """

    def __init__(self, loop: Loop, ends: Ends, curve: DuckCurve, phase_of: Callable[[int], int] | None = None) -> None:
        self.loop = loop
        self.ends = ends
        self.curve = curve
        self.turns = tuple(_turns(ends, curve, loop.frames, phase_of))
        self._starts = [turn.start for turn in self.turns]
        self._fade_in = attack_curve(ends.fade_in, ends.fade_in).astype(np.float32)
        self._fade_out = attack_curve(ends.fade_out, ends.fade_out)[::-1].astype(np.float32)
        quarter = np.pi / 2 * (np.arange(SEAM, dtype=np.float64)[:, np.newaxis] + 0.5) / SEAM
        self._old, self._new = np.cos(quarter).astype(np.float32), np.sin(quarter).astype(np.float32)

    def read(self, start: int, frames: int) -> Samples:
        """Read a stretch: float32, shape (frames, channels); zeros where the bed is not."""
        samples = np.zeros((frames, self.loop.channels), np.float32)
        first, last = max(start, self.ends.start), min(start + frames, self.ends.end)
        if first >= last:
            return samples
        inside = samples[first - start : last - start]
        for index in range(max(0, bisect_right(self._starts, first) - 1), len(self.turns)):
            if self._starts[index] >= last:
                break
            self._lay(inside, first, index)
        gains = self.curve.gains(first, last - first)
        for channel in range(inside.shape[1]):  # four times as fast as all at once
            inside[:, channel] *= gains
        _fade(inside, self.ends.start - first, self._fade_in)
        _fade(inside, self.ends.end - self.ends.fade_out - first, self._fade_out)
        return samples

    def energies(self, loop_energies: Energies, first: int, count: int) -> Energies:
        """Give the K-weighted energies of so many MP3 frames of the session (1152 frames) from those of the loop."""
        at = np.arange(first, first + count)
        starts = np.array(self._starts) // MP3_FRAME_FRAMES
        phases = np.array([turn.phase for turn in self.turns]) // MP3_FRAME_FRAMES
        turns = np.maximum(np.searchsorted(starts, at, side="right") - 1, 0)
        cells = np.take(loop_energies, phases[turns] + at - starts[turns], mode="wrap")
        middles = at * MP3_FRAME_FRAMES + MP3_FRAME_FRAMES // 2
        faded = _faded(middles - self.ends.start, self._fade_in) * _faded(
            self.ends.end - 1 - middles, self._fade_out[::-1]
        )
        energies: Energies = cells * np.square(self.curve.at(middles) * faded)
        return energies

    def phase(self, frame: int) -> int:
        """Tell which frame of the loop sounds at a frame of the session."""
        turn = self.turns[max(0, bisect_right(self._starts, frame) - 1)]
        return (turn.phase + frame - turn.start) % self.loop.frames

    def unlike(self) -> Iterator[tuple[int, int]]:
        """Give the stretches (first frame, end) in which it is not its plain loop: faded, or ducked."""
        yield self.ends.start, self.ends.start + self.ends.fade_in
        yield self.ends.end - self.ends.fade_out, self.ends.end
        if self.curve.depth_db:
            for one in self.curve.down:
                yield self.curve.span(one)
        for turn in self.turns[1:]:
            yield turn.start, turn.start + SEAM

    def touching(self, start: int, end: int) -> tuple[Turn, ...]:
        """The turns that make what sounds in the frames from ``start`` to ``end``, the first seen from ``start``.

        Where the seam of a turn reaches into them, the turn before it counts too.
        """
        first = max(0, bisect_right(self._starts, start - SEAM) - 1)
        return self.turns[first : bisect_right(self._starts, end - 1)]

    def _lay(self, inside: Samples, first: int, index: int) -> None:
        """Lay the loop from a turn on to the next, with the seam at its begin, into what begins at frame ``first``."""
        turn, last = self.turns[index], first + len(inside)
        end = self._starts[index + 1] if index + 1 < len(self.turns) else last
        begin, end = max(first, turn.start), min(end, last)
        inside[begin - first : end - first] = self._looped(turn, begin, end)
        seam_end = min(turn.start + SEAM, end)
        if index and begin < seam_end:
            part = slice(begin - turn.start, seam_end - turn.start)
            into = inside[begin - first : seam_end - first]
            into *= self._new[part]
            into += self._looped(self.turns[index - 1], begin, seam_end) * self._old[part]

    def _looped(self, turn: Turn, start: int, end: int) -> Samples:
        at = (turn.phase + start - turn.start) % self.loop.frames
        samples = self.loop.samples()
        if at + end - start <= len(samples):
            return samples[at : at + end - start]
        return np.take(samples, np.arange(at, at + end - start), axis=0, mode="wrap")


def _turns(ends: Ends, curve: DuckCurve, loop_frames: int, phase_of: Callable[[int], int] | None) -> Iterator[Turn]:
    yield Turn(ends.start // MP3_FRAME_FRAMES * MP3_FRAME_FRAMES, 0)
    if phase_of is None:
        return
    for one in curve.down:
        start = -(-one.voice // MP3_FRAME_FRAMES) * MP3_FRAME_FRAMES
        if ends.start < start < ends.end:
            yield Turn(start, phase_of(one.voice) * MP3_FRAME_FRAMES % loop_frames)


def _faded(inside: NDArray[np.int64], curve: Samples) -> NDArray[np.float32]:
    """The gain so many frames inside of an end at which a bed is faded along a curve; before it, none."""
    known = np.concatenate([[0.0], curve[:, 0], [1.0]]).astype(np.float32)
    gains: NDArray[np.float32] = known[np.clip(inside + 1, 0, len(known) - 1)]
    return gains


def _fade(samples: Samples, at: int, curve: Samples) -> None:
    first, last = max(0, -at), min(len(curve), len(samples) - at)
    if first < last:
        samples[at + first : at + last] *= curve[first:last]
