"""Listening to a session once from front to back: what is where it was planned, and how loud everything is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voicecoach.model.timeline import EARCON_TRACK, VOICE_TRACK, PlacedClip, Timeline
from voicecoach.model.units import MP3_FRAME_FRAMES, SAMPLE_RATE_HZ
from voicecoach.sound.breath import TONES
from voicecoach.sound.files import SoundReel
from voicecoach.sound.gain import to_linear
from voicecoach.sound.matched import AROUND, Match, find, find_under, sifted
from voicecoach.sound.outline import CELL_FRAMES, Likeness, cell_levels, compare, outlined_levels
from voicecoach.sound.packs import Pack
from voicecoach.sound.sketch import narrowed, sketched
from voicecoach.stages.verify.peaks import CELL, CODE_0_DBFS, Levels, dbfs_of

TOLERANCE = SAMPLE_RATE_HZ * 5 // 1000
"""5 ms in frames: so exactly is every earcon to be where it was planned."""
NEAR = SAMPLE_RATE_HZ * 60 // 1000
"""How far around its place an earcon is looked for first, and"""
FAR = 2 * SAMPLE_RATE_HZ
"""how far when it is not there."""
ALIKE, ALIKE_SIFTED, ALIKE_COVERED = 0.8, 0.6, 0.4
"""From this likeness on it is the earcon. (Of the eleven, the two most alike have 0.6; in a file made by `encode` each
has 0.99 with itself.) Over a bed, with all else sifted out, each has 0.8; under speech, that takes from it."""
CLEAR_EVIDENCE, CLEAR_DB = 20.0, 3.0
"""Or under a loud bed, where likeness cannot tell: with so much evidence (see `sound.matched`), and as loud as it was
made but for this."""
LEAST_GAIN_DB = -20.0
"""Softer than this, it is not heard."""
MOST_KNOWN = 2 * SAMPLE_RATE_HZ
"""So much of a long sound is looked for."""
LEAST_CLEAN = SAMPLE_RATE_HZ * 50 // 1000
"""So much of an earcon, before speech begins over it, is enough to know it by."""
SMEAR = 3 * MP3_FRAME_FRAMES
"""A coder's reach around a sound: in what is so near to one, silence is not silent."""
BLOCK = 2000 * CELL
"""10 s: what is decoded at a time."""
_PEAKS = 6
TOUCH = SAMPLE_RATE_HZ * 35 // 100
"""The beginning of a breath tone, by which it is known; the rest is alike all along, and a floor under speech."""
TONE_FLOOR_DBFS = -26.0
"""No breath tone of ours is louder then."""
MUSIC_FLOOR_DBFS = -24.0
"""How loud a bed may be under speech where it is never heard alone."""


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
    pack
        The pack of earcons that it was made with; of sounds of the author's own, the timeline has sketches.

    Attributes
    ----------
    marks, voice
        The timeline's earcons that are known, and its speech.
    frames
        How long the sound is; known when all of it was listened to.
    levels
        How loud it is.
    """

    def __init__(self, reel: SoundReel, timeline: Timeline, pack: Pack) -> None:
        tracks = {track.name: track.clips for track in timeline.tracks}
        self.reel = reel
        self.timeline = timeline
        self._pack = pack
        self._wanted: dict[tuple[str, int], NDArray[np.float32]] = {}
        known = {*pack.clips, *TONES, *timeline.own_sounds}
        # What the timeline says in contradiction to itself is told by `planned`; here it is passed over.
        planned = {
            name: tuple(clip for clip in clips if clip.start >= 0 < clip.frames) for name, clips in tracks.items()
        }
        self.marks = tuple(clip for clip in planned.get(EARCON_TRACK, ()) if clip.earcon in known)
        self.voice = planned.get(VOICE_TRACK, ())
        self.bed = any(clips for name, clips in tracks.items() if name not in {VOICE_TRACK, EARCON_TRACK})
        self.levels = Levels()
        self._cells: list[NDArray[np.float64]] = []
        self._bed_dbfs: float | None = None
        self._near: dict[int, Match | None] = {}
        self._said: dict[int, Likeness] = {}

    @property
    def made_db(self) -> float:
        """How much louder than its clips the session was made."""
        return 0.0 if self.timeline.levels is None else self.timeline.levels.gain_db

    @property
    def _tones_db(self) -> float:
        """How much louder beside that its breath tones were made."""
        return 0.0 if self.timeline.levels is None else self.timeline.levels.tones_db or 0.0

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
            if self.bed:
                self._cells.append(cell_levels(block))
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
        """How much of an earcon nothing is said over, even if it is late; and whether it must be known under speech."""
        clip = self.marks[index]
        length = len(self._sound(clip.earcon or "", clip.frames))
        over = bisect_left(self.voice, clip.start, key=lambda said: said.end)
        if over == len(self.voice) or self.voice[over].start >= clip.start + length:
            return length, False
        free = self.voice[over].start - clip.start
        return (max(free - NEAR, min(free, 2 * LEAST_CLEAN)), False) if free >= LEAST_CLEAN else (length, True)

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
        clip = self.marks[index]
        return list(self._matches(clip, clip.start + shift, FAR, length, covered, _PEAKS))

    def _found(self, index: int, at: int, reach: int) -> Match | None:
        length, covered = self.clean(index)
        return next(self._matches(self.marks[index], at, reach, length, covered), None)

    def _matches(
        self,
        clip: PlacedClip,
        at: int,
        reach: int,
        length: int,
        covered: bool,  # noqa: FBT001
        most: int = 1,
    ) -> Iterator[Match]:
        name = clip.earcon or ""
        sound = self._sound(name, clip.frames)[:length]
        around = AROUND if self.bed else 0
        heard = self.reel.read(at - reach - around, 2 * (reach + around) + length).mean(axis=1)
        if name in self.timeline.own_sounds:
            heard = narrowed(heard)
        least = ALIKE_COVERED if covered else ALIKE_SIFTED if self.bed else ALIKE
        for match in self._under_bed(heard, sound, reach, most) if self.bed else find(heard, sound, most=most):
            if (match.likeness >= least or self._is_clear(match)) and match.gain_db >= LEAST_GAIN_DB:
                yield replace(match, at=at - reach - around + match.at)

    def _is_clear(self, match: Match) -> bool:
        """Whether there is no doubt of an earcon, though a bed is loud where it sounds: it is as loud as it was made.

        Another sound in its place, or a bed alone, is 5 dB softer as that earcon at least.
        """
        return match.evidence >= CLEAR_EVIDENCE and abs(match.gain_db - self.made_db) <= CLEAR_DB

    @staticmethod
    def _under_bed(heard: NDArray[np.float32], sound: NDArray[np.float32], reach: int, most: int) -> Iterator[Match]:
        """Find a sound under a bed: near its place at once; far from it roughly first."""
        around = heard[AROUND : len(heard) - AROUND]
        rough = [reach] if reach <= NEAR else [match.at for match in find(*sifted(around, sound), most=most)]
        for at in rough:
            match = find_under(heard, sound, AROUND + at, min(NEAR, at, 2 * reach - at))
            if match is not None:
                yield match

    def _sound(self, name: str, frames: int) -> NDArray[np.float32]:
        """What a mark of that name and length is known by: all of it, of what is long its beginning."""
        if (name, frames) not in self._wanted:
            own = self.timeline.own_sounds.get(name)
            sound = self._pack.clip(name, frames).samples if own is None else sketched(own)
            if self.is_tone(name):
                sound = sound[:TOUCH] * np.float32(to_linear(self._tones_db))
            self._wanted[name, frames] = sound[: min(frames, MOST_KNOWN), 0]
        return self._wanted[name, frames]

    def is_tone(self, name: str) -> bool:
        """Whether an earcon is a breath tone, and none of the author's own."""
        return name in TONES and name not in self.timeline.own_sounds

    def length_of(self, name: str | None) -> int:
        """Return how many frames an earcon has by itself; 0 for none."""
        return self._pack.frames.get(name or "", 0)

    def instead(self, index: int, shift: int) -> str | None:
        """Name the earcon that is heard in the place of another; None: none is."""
        clip = self.marks[index]
        best: tuple[float, str | None] = (0.0, None)
        for name, frames in self._pack.frames.items():
            other = PlacedClip(clip.start, frames, name, earcon=name)
            for match in self._matches(other, clip.start + shift, NEAR, frames, covered=False):
                best = max(best, (match.likeness, name))
        return best[1]

    def loudest_dbfs(self, start: int, end: int) -> float:
        """Peak between two frames of the sound."""
        codes = self.levels.codes[max(0, start) // CELL : max(0, end) // CELL + 1]
        return dbfs_of(int(codes.max(initial=0)))

    def said(self, index: int, shift: int = 0) -> Likeness:
        """Compare what is heard where something was to be said, or so many frames later, with its outline."""
        clip = self.voice[index]
        if shift or index not in self._said:
            samples = self.reel.read(clip.start + shift, clip.frames)
            covered, toned = self._covered(clip)
            likeness = compare(clip.outline or "", samples, covered=covered)
            likeness = replace(likeness, floor_dbfs=TONE_FLOOR_DBFS) if toned else likeness
            if shift:
                return self._over_bed(likeness)
            self._said[index] = likeness
        return self._over_bed(self._said[index])

    def _over_bed(self, likeness: Likeness) -> Likeness:
        """Allow for the bed, by how loud it is where it is heard alone; known when all was listened to."""
        if not self.bed:
            return likeness
        if self._bed_dbfs is None:
            cells = np.concatenate(self._cells)
            alone = np.ones(len(cells), np.bool_)
            for clip in (*self.voice, *self.marks):
                alone[max(0, clip.start // CELL_FRAMES - 2) : clip.end // CELL_FRAMES + 3] = False
            heard = cells[alone]
            self._bed_dbfs = float(np.quantile(heard, 0.99)) if len(heard) else MUSIC_FLOOR_DBFS
        return replace(likeness, floor_dbfs=max(likeness.floor_dbfs, self._bed_dbfs))

    def _covered(self, clip: PlacedClip) -> tuple[NDArray[np.bool_], bool]:
        """Where earcons sound over speech; and whether a breath tone goes on under it."""
        covered, toned = np.zeros(clip.frames, np.bool_), False
        first = bisect_left(self.marks, clip.start - MP3_FRAME_FRAMES, key=lambda mark: mark.end)
        for mark in self.marks[first:]:
            if mark.start >= clip.end + MP3_FRAME_FRAMES:
                break
            lasts = mark.frames
            if self.is_tone(mark.earcon or "") and lasts > TOUCH:
                lasts, toned = TOUCH, True
            start = mark.start - MP3_FRAME_FRAMES - clip.start
            covered[max(0, start) : max(0, start + lasts + 2 * MP3_FRAME_FRAMES)] = True
        return covered, toned

    def outlined(self, index: int) -> bool:
        """Whether the timeline tells how speech sounds in which something is to be heard."""
        text = self.voice[index].outline
        return bool(text) and bool((outlined_levels(text or "") > CODE_0_DBFS + 20).any())
