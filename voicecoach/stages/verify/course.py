"""Following a session from mark to mark: where each is heard, and where all that follows begins to be early or late.

A cut or an insertion moves everything behind it. Told once, it is one fault; so what follows is then looked for where
it is now. One mark that is out of its place while those behind it are in theirs is another fault: it alone was moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from voicecoach.model.timeline import PlacedClip
from voicecoach.sound.matched import Match
from voicecoach.stages.verify.listening import NEAR, TOLERANCE, Ear

AHEAD = 4
"""So many marks decide whether all that follows is moved."""
MOST_CHANGES = 20
"""A file with more is no session any more: what follows is looked for where it was last."""
CLEARLY = 0.2
"""So much more of a cue's outline fits where it is than where it is not."""


@dataclass(frozen=True)
class Change:
    """A place from which on everything is early or late.

    Attributes
    ----------
    after, before
        It lies between these two frames as planned: the first is that of the last thing in its place, the second that
        of the first thing out of it.
    by
        How many frames later everything is from there on; negative: earlier.
    """

    after: int
    before: int
    by: int


@dataclass(frozen=True)
class Heard:
    """A mark and where it is heard.

    Attributes
    ----------
    clip
        As planned.
    shift
        How much later everything is there.
    match
        Where it is heard; None: nowhere.
    gone
        Its place lies behind the end of the sound.
    instead
        The earcon that is heard in its place, or None.
    """

    clip: PlacedClip
    shift: int
    match: Match | None = None
    gone: bool = False
    instead: str | None = None

    @property
    def error(self) -> int:
        """How many frames after its place it is heard, what moves everything apart; 0 where it is not heard."""
        return 0 if self.match is None else self.match.at - self.clip.start - self.shift

    @property
    def exact(self) -> bool:
        """It is heard in its place, to 5 ms."""
        return self.match is not None and abs(self.error) <= TOLERANCE


@dataclass
class Course:
    """A session as it was followed.

    Attributes
    ----------
    heard
        Every mark, in order.
    changes
        Where all that follows is moved, in order.
    """

    heard: list[Heard] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def shift_at(self, planned: int) -> int:
        """How much later than planned everything is at a frame."""
        return sum(change.by for change in self.changes if change.before <= planned)

    def lost(self, planned: int) -> bool:
        """Whether what was planned at a frame may lie in a stretch that was cut out, which is told of already."""
        return any(change.after < planned < change.before - change.by for change in self.changes if change.by < 0)

    def planned_at(self, heard: int) -> int:
        """The frame as planned of one that is heard."""
        shift = 0
        for change in self.changes:
            if heard < change.before + shift + change.by:
                break
            shift += change.by
        return max(0, heard - shift)


def follow(ear: Ear) -> Course:
    """Follow a session that was listened to from its first mark to its last."""
    course, shift, index, length_off = Course(), 0, 0, ear.frames - ear.timeline.frames
    follower = _Follower(ear, length_off)
    while index < len(ear.marks):
        clip = ear.marks[index]
        if ear.fits(index, shift):
            course.heard.append(Heard(clip, shift, ear.near(index, shift)))
            index += 1
            continue
        by = follower.moved_by(index, shift) if len(course.changes) < MOST_CHANGES else None
        if by is None:
            course.heard.append(follower.alone(index, shift))
            index += 1
            continue
        shift += by
        while course.heard and course.heard[-1].shift == shift - by and ear.fits(index - 1, shift):
            course.heard.pop()  # what looked like its place was that of another of its kind
            index -= 1
        after = next((heard.clip.start for heard in reversed(course.heard) if heard.exact), 0)
        course.changes.append(_narrowed(ear, Change(after, ear.marks[index].start, by), shift))
    return course


@dataclass(frozen=True)
class _Follower:
    ear: Ear
    length_off: int

    def moved_by(self, index: int, shift: int) -> int | None:
        """How much later all that follows is, from this mark on, than before it; None: nothing but, perhaps, it."""
        here = self._fitting(index, shift)
        best, most = None, max(1, 2 * here)
        for by in self._candidates(index, shift):
            fitting = self._fitting(index, shift + by)
            if fitting > most:
                best, most = by, fitting
        return best

    def _candidates(self, index: int, shift: int) -> Iterable[int]:
        """Distances at which it, or the mark after it, is heard; and the one that the session's length tells of."""
        found: dict[int, None] = {}
        for number in range(index, min(index + 2, len(self.ear.marks))):
            if self.gone(number, shift):
                continue
            start = self.ear.marks[number].start + shift
            matches = self.ear.far(number, shift)
            near = self.ear.near(number, shift)
            found.update((match.at - start, None) for match in ([near] if near else []) + matches)
        if self.length_off != shift:
            found[self.length_off - shift] = None
        return [by for by in found if abs(by) > TOLERANCE]

    def _fitting(self, index: int, shift: int) -> int:
        """How many of the next marks, and of the session's end behind them, are where they should be then."""
        last = min(index + AHEAD, len(self.ear.marks))
        count = sum(self.ear.fits(number, shift) for number in range(index, last))
        return count + (last - index < AHEAD and abs(self.length_off - shift) <= TOLERANCE)

    def alone(self, index: int, shift: int) -> Heard:
        """Say what became of one mark that is not in its place, while all around it is."""
        ear, clip = self.ear, self.ear.marks[index]
        if self.gone(index, shift):
            return Heard(clip, shift, gone=True)
        near = ear.near(index, shift)
        if near is not None:
            return Heard(clip, shift, near)
        instead = ear.instead(index, shift)
        if instead is not None and instead != clip.earcon:
            return Heard(clip, shift, instead=instead)
        free = (match for match in ear.far(index, shift) if not self._planned(index, match.at - shift))
        return Heard(clip, shift, next(free, None))

    def gone(self, index: int, shift: int) -> bool:
        """Whether a mark's place lies behind the end of the sound."""
        return self.ear.marks[index].start + shift + self.ear.clean(index)[0] > self.ear.frames

    def _planned(self, index: int, at: int) -> bool:
        """Whether another of the same kind is planned there; of a breath tone, or over a bed, whether any other sounds.

        Few of them can be told apart then, and a breath tone is much like itself, and like its neighbours, all along.
        """
        marks, clip = self.ear.marks, self.ear.marks[index]
        alike = self.ear.bed or self.ear.is_tone(clip.earcon or "")
        first = bisect_left(marks, at - NEAR, key=lambda mark: mark.end if alike else mark.start)
        for other in marks[first:]:
            if other.start > at + NEAR:
                return False
            if other is not clip and (other.earcon == clip.earcon or alike):
                return True
        return False


def _narrowed(ear: Ear, change: Change, shift: int) -> Change:
    """Let the speech between two marks tell where between them a change lies."""
    after, before = change.after, change.before
    first = bisect_left(ear.voice, after, key=lambda said: said.start)
    for index in range(first, len(ear.voice)):
        clip = ear.voice[index]
        if clip.start >= before:
            break
        if not ear.outlined(index):
            continue
        old, new = (like.share(like.offset_db) for like in (ear.said(index, shift - change.by), ear.said(index, shift)))
        if new > old + CLEARLY:
            return Change(after, clip.start, change.by)
        if old > new + CLEARLY:
            after = clip.start
    return Change(after, before, change.by)
