"""cut: the master → the master of a part of it: some of its tracks (a stem), or a stretch of its time (a step)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from voicecoach.cache import key_of
from voicecoach.model.clip import Clip, Samples
from voicecoach.model.master import Master, Region, RegionKind
from voicecoach.model.timeline import BED_TRACK
from voicecoach.model.units import MP3_FRAME_FRAMES

_AROUND = 8 * MP3_FRAME_FRAMES
"""Frames around a region that its key tells of, too (see `model.master.Region`)."""
_SHORT = 10 * MP3_FRAME_FRAMES
"""Silence that is shorter is read with its neighbours."""


class TrackMaster(Master, Protocol):
    """A master that can be read by track."""

    def read(self, start: int, frames: int, tracks: Collection[str] | None = None) -> Samples:
        """Mix a stretch; ``tracks``: of these alone, each as it is in the sum of all. None: all."""
        ...


def cut(
    master: TrackMaster,
    start: int = 0,
    frames: int | None = None,
    *,
    tracks: Collection[str] | None = None,
    regions: Sequence[Region] | None = None,
) -> Cut:
    """Give a part of a session as a master of its own; nothing is read before it is asked for.

    Parts that follow one another have together exactly the samples of the whole; so has the sum of all tracks.

    Parameters
    ----------
    master
        The whole.
    start, frames
        The stretch; None: to the end.
    tracks
        Of ``voice``, ``earcons`` and ``bed`` those that are to be heard; None: all.
    regions
        The master's, where they are known already: to tell them takes time, and there may be many parts.

    Raises
    ------
    ValueError
        The stretch is not one of the session's.
    """
    length = master.frames - start if frames is None else frames
    if not 0 <= start <= start + length <= master.frames:
        message = f"a session of {master.frames} frames has no {length} from {start}"
        raise ValueError(message)
    heard = None if tracks is None else frozenset(tracks)
    return Cut(master, start, length, heard, tuple(master.regions() if regions is None else regions))


@dataclass(frozen=True)
class Cut:
    """A part of a session; a `model.master.Master`, made by `cut`."""

    whole: TrackMaster
    start: int
    frames: int
    tracks: frozenset[str] | None
    told: tuple[Region, ...]

    @property
    def channels(self) -> int:
        """As the whole."""
        return self.whole.channels

    @property
    def rate_hz(self) -> int:
        """As the whole."""
        return self.whole.rate_hz

    @property
    def loop(self) -> Clip | None:
        """The bed's loop, where its MP3 frames can be used: the part has the bed and begins on their grid."""
        return self.whole.loop if self._uses_loop else None

    @property
    def loop_key(self) -> str | None:
        """Hash of what makes the loop's samples; None where there is none."""
        return self.whole.loop_key if self._uses_loop else None

    def regions(self) -> Iterator[Region]:
        """All regions in order; the whole's, moved to this part's own grid of MP3 frames."""
        at = 0
        for region in self._touching(self.start, self.start + self.frames):
            first, last = max(0, region.start - self.start), min(self.frames, region.end - self.start)
            kind = self._kind(region.kind)
            if kind is RegionKind.ACTIVE:
                end = min(_up(last), self.frames)
                if end > at:
                    yield self._active(at, end)
                    at = end
                continue
            begin, end = max(at, _up(first)), last if last == self.frames else _down(last)
            if end - begin >= _SHORT:
                if begin > at:
                    yield self._active(at, begin)
                yield self._still(region, kind, begin, end)
                at = end
        if at < self.frames:
            yield self._active(at, self.frames)

    def read(self, start: int, frames: int) -> Samples:
        """Mix a stretch; zeros before frame 0 and after the end, whatever the whole has there."""
        samples = self.whole.read(self.start + start, frames, self.tracks)
        if start < 0 or start + frames > self.frames:
            samples = samples.copy()
            samples[: max(0, -start)] = 0
            samples[max(0, self.frames - start) :] = 0
        return samples

    def measure(self, samples: Samples, before: int, frames: int) -> bytes:
        """As the whole."""
        return self.whole.measure(samples, before, frames)

    @property
    def _is_on_grid(self) -> bool:
        return self.start % MP3_FRAME_FRAMES == 0

    @property
    def _has_bed(self) -> bool:
        return self.tracks is None or BED_TRACK in self.tracks

    @property
    def _uses_loop(self) -> bool:
        return self._is_on_grid and self._has_bed

    def _kind(self, kind: RegionKind) -> RegionKind:
        """What a region of the whole is here."""
        if kind is not RegionKind.BED or self._uses_loop:
            return kind
        return RegionKind.ACTIVE if self._has_bed else RegionKind.SILENCE

    def _still(self, region: Region, kind: RegionKind, begin: int, end: int) -> Region:
        phase = None
        if kind is RegionKind.BED:
            assert region.phase is not None
            phase = region.phase + self.start + begin - region.start
        return Region(kind, begin, end - begin, phase=phase)

    def _active(self, begin: int, end: int) -> Region:
        """Make an active region; its key tells where in the whole's regions it lies."""
        first, last = max(0, begin - _AROUND), min(self.frames, end + _AROUND)
        origin = self.start + begin
        seen = [replace(one, start=one.start - origin) for one in self._touching(self.start + first, self.start + last)]
        if any(one.key is None for one in seen if one.kind is RegionKind.ACTIVE):
            return Region(RegionKind.ACTIVE, begin, end - begin)
        heard = None if self.tracks is None else sorted(self.tracks)
        key = key_of("cut", repr(seen), f"{first - begin} {last - begin} {heard} {self.whole.loop_key}")
        return Region(RegionKind.ACTIVE, begin, end - begin, key)

    def _touching(self, start: int, end: int) -> Iterator[Region]:
        """Give the whole's regions that have a part in a stretch of it."""
        for region in self.told[max(0, bisect_right(self._starts, start) - 1) :]:
            if region.start >= end:
                return
            if region.end > start:
                yield region

    @cached_property
    def _starts(self) -> list[int]:
        return [region.start for region in self.told]


def _up(frames: int) -> int:
    return -(-frames // MP3_FRAME_FRAMES) * MP3_FRAME_FRAMES


def _down(frames: int) -> int:
    return frames // MP3_FRAME_FRAMES * MP3_FRAME_FRAMES
