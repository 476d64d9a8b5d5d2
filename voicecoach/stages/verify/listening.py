"""Listening to a session once from front to back: what is where it was planned, and how loud everything is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.clip import Clip, Samples
from voicecoach.model.timeline import EARCON_TRACK, VOICE_TRACK, PlacedClip, Timeline
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.files import SoundReel
from voicecoach.sound.matched import Match, find
from voicecoach.sound.outline import Likeness, compare, outlined_levels

TOLERANCE = SAMPLE_RATE_HZ * 5 // 1000
"""5 ms in frames: so exactly is every earcon to be where it was planned."""
NEAR = SAMPLE_RATE_HZ * 60 // 1000
"""How far around its place an earcon is looked for first, and"""
FAR = 2 * SAMPLE_RATE_HZ
"""how far when it is not there."""
ALIKE, ALIKE_COVERED = 0.8, 0.4
"""From this likeness on it is the earcon. (Of the eleven, the two most alike have 0.6; in a file made by `encode` each
has 0.99 with itself.) Under speech or a bed, what else sounds takes from it."""
LEAST_GAIN_DB = -20.0
"""Softer than this, it is not heard."""
LEAST_CLEAN = SAMPLE_RATE_HZ * 50 // 1000
"""So much of an earcon, before speech begins over it, is enough to know it by."""
SMEAR = 3 * MP3_FRAME_FRAMES
"""A coder's reach around a sound: in what is so near to one, silence is not silent."""
CELL = SAMPLE_RATE_HZ // 200
"""5 ms: how fine the peaks of the whole session are kept."""
BLOCK = 2000 * CELL
"""10 s: what is decoded at a time."""
CODES_A_DB, CODE_0_DBFS = 2, -120.0
FULL_SCALE = 1.0
NEARLY_FULL, LONG_RUN = 0.98, 5
"""So many frames in a row at nearly full scale are a wave whose top was cut off."""
_PEAKS = 6


@dataclass
class Levels:
    """How loud the session is, from cell to cell of 5 ms, and what was clipped.

    Attributes
    ----------
    codes
        Peak of each cell, in half decibels above -120 dBFS: one byte a cell.
    peak
        The largest sample of all, linear.
    clipped
        Frames at or over full scale, or in a run just under it; ``clipped_at`` is the first of them.
    """

    codes: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    frames: int = 0
    peak: float = 0.0
    clipped: int = 0
    clipped_at: int | None = None

    def add(self, samples: Samples) -> NDArray[np.uint8]:
        """Take the next stretch in, of whole cells unless it is the last; return its codes."""
        loud = np.abs(samples).max(axis=1)
        peaks = np.maximum.reduceat(loud, np.arange(0, len(loud), CELL))
        dbfs = 20 * np.log10(np.maximum(peaks, 1e-9))
        self.peak = max(self.peak, float(peaks.max()))
        if peaks.max() >= NEARLY_FULL:
            self._count(loud)
        self.frames += len(samples)
        return np.clip(np.ceil((dbfs - CODE_0_DBFS) * CODES_A_DB), 0, 255).astype(np.uint8)

    def _count(self, loud: NDArray[np.float32]) -> None:
        edges = np.flatnonzero(np.diff(np.pad((loud >= NEARLY_FULL).view(np.int8), 1)))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            over = int(np.count_nonzero(loud[start:end] >= FULL_SCALE))
            if end - start >= LONG_RUN or over:
                self.clipped += int(end - start)
                if self.clipped_at is None:
                    self.clipped_at = self.frames + int(start)


def dbfs_of(code: int) -> float:
    """Level of a cell's code; minus infinity for none."""
    return CODE_0_DBFS + code / CODES_A_DB if code else -np.inf


class Ear:
    """Hears what is on the reel.

    What is measured where it was planned is remembered: listening goes over the reel once, and only where something is
    amiss is looked at again.

    Parameters
    ----------
    reel
        The decoded session.
    timeline
        What should be on it.
    earcons
        The clip of each earcon.

    Attributes
    ----------
    marks, voice
        The timeline's earcons that are known, and its speech.
    frames
        How long the sound is; known when all of it was listened to.
    levels
        How loud it is.
    """

    def __init__(self, reel: SoundReel, timeline: Timeline, earcons: Mapping[str, Clip]) -> None:
        tracks = {track.name: track.clips for track in timeline.tracks}
        self.reel = reel
        self.timeline = timeline
        self.sounds = {name: clip.samples.mean(axis=1) for name, clip in earcons.items()}
        # What the timeline says in contradiction to itself is told by `planned`; here it is passed over.
        planned = {
            name: tuple(clip for clip in clips if clip.start >= 0 < clip.frames) for name, clips in tracks.items()
        }
        self.marks = tuple(clip for clip in planned.get(EARCON_TRACK, ()) if clip.earcon in self.sounds)
        self.voice = planned.get(VOICE_TRACK, ())
        self.bed = any(clips for name, clips in tracks.items() if name not in {VOICE_TRACK, EARCON_TRACK})
        self.levels = Levels()
        self._near: dict[int, Match | None] = {}
        self._said: dict[int, Likeness] = {}

    @property
    def frames(self) -> int:
        """How long the sound is."""
        return self.levels.frames

    def listen(self, progress: Callable[[str, int, int], None] | None = None) -> None:
        """Go over the whole reel once."""
        planned = self.timeline.frames
        codes, mark, said = [self.levels.codes], 0, 0
        for block in self.reel.blocks(BLOCK):
            codes.append(self.levels.add(block))
            until = self.frames - NEAR
            while mark < len(self.marks) and self.marks[mark].end < until:
                self.near(mark)
                mark += 1
            while said < len(self.voice) and self.voice[said].end < until:
                self.said(said)
                said += 1
            if progress is not None:
                progress("verify", min(self.frames, planned), planned)
        self.levels.codes = np.concatenate(codes)
        if progress is not None:
            progress("verify", planned, planned)

    def clean(self, index: int) -> tuple[int, bool]:
        """How much of an earcon nothing is said over; and whether it must be known by that under speech."""
        clip = self.marks[index]
        length = len(self.sounds[clip.earcon or ""])
        over = bisect_left(self.voice, clip.start, key=lambda said: said.end)
        if over == len(self.voice) or self.voice[over].start >= clip.start + length:
            return length, self.bed
        free = self.voice[over].start - clip.start
        return (free, self.bed) if free >= LEAST_CLEAN else (length, True)

    def near(self, index: int, shift: int = 0) -> Match | None:
        """Find an earcon within 60 ms of where it was planned, or of so many frames later; None: it is not there."""
        if shift:
            return self._found(index, self.marks[index].start + shift, NEAR)
        if index not in self._near:
            self._near[index] = self._found(index, self.marks[index].start, NEAR)
        return self._near[index]

    def fits(self, index: int, shift: int) -> bool:
        """Whether an earcon is where it was planned, or so many frames later, within 5 ms."""
        match = self.near(index, shift)
        return match is not None and abs(match.at - self.marks[index].start - shift) <= TOLERANCE

    def far(self, index: int, shift: int) -> list[Match]:
        """Find all places within 2 s of where an earcon was planned at which it is heard, the likeliest first."""
        length, covered = self.clean(index)
        at = self.marks[index].start + shift
        return self._matches(self.marks[index].earcon or "", at, FAR, length, covered, _PEAKS)

    def _found(self, index: int, at: int, reach: int) -> Match | None:
        length, covered = self.clean(index)
        return next(iter(self._matches(self.marks[index].earcon or "", at, reach, length, covered)), None)

    def _matches(self, name: str, at: int, reach: int, length: int, covered: bool, most: int = 1) -> list[Match]:  # noqa: FBT001
        sound = self.sounds[name][:length]
        heard = self.reel.read(at - reach, 2 * reach + length).mean(axis=1)
        least = ALIKE_COVERED if covered else ALIKE
        return [
            Match(at - reach + match.at, match.likeness, match.gain_db)
            for match in find(heard, sound, most=most)
            if match.likeness >= least and match.gain_db >= LEAST_GAIN_DB
        ]

    def instead(self, index: int, shift: int) -> str | None:
        """Name the earcon that is heard in the place of another; None: none is."""
        clip = self.marks[index]
        best: tuple[float, str | None] = (0.0, None)
        for name in self.sounds:
            for match in self._matches(name, clip.start + shift, NEAR, len(self.sounds[name]), covered=False):
                best = max(best, (match.likeness, name))
        return best[1]

    def loudest_dbfs(self, start: int, end: int) -> float:
        """Peak between two frames of the sound."""
        codes = self.levels.codes[max(0, start) // CELL : max(0, end) // CELL + 1]
        return dbfs_of(int(codes.max(initial=0)))

    def said(self, index: int, shift: int = 0) -> Likeness:
        """Compare what is heard where something was to be said, or so many frames later, with its outline."""
        if not shift and index in self._said:
            return self._said[index]
        clip = self.voice[index]
        samples = self.reel.read(clip.start + shift, clip.frames)
        likeness = compare(clip.outline or "", samples, covered=self._covered(clip))
        if not shift:
            self._said[index] = likeness
        return likeness

    def _covered(self, clip: PlacedClip) -> NDArray[np.bool_]:
        """Where earcons sound over speech."""
        covered = np.zeros(clip.frames, np.bool_)
        first = bisect_left(self.marks, clip.start - MP3_FRAME_FRAMES, key=lambda mark: mark.end)
        for mark in self.marks[first:]:
            if mark.start >= clip.end + MP3_FRAME_FRAMES:
                break
            start, end = mark.start - MP3_FRAME_FRAMES - clip.start, mark.end + MP3_FRAME_FRAMES - clip.start
            covered[max(0, start) : max(0, end)] = True
        return covered

    def outlined(self, index: int) -> bool:
        """Whether the timeline tells how speech sounds in which something is to be heard."""
        text = self.voice[index].outline
        return bool(text) and bool((outlined_levels(text or "") > CODE_0_DBFS + 20).any())
