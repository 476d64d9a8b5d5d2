"""When each thing is said that has a window: a small scheduler with priorities, exact in frames.

Spoken cues come in by priority, higher ones first; among equals, the one wanted sooner. What is in stays in, in its
order: each keeps the earliest and the latest moment at which it can begin so that all others still fit, and a newcomer
is let in where it fits between those. So whether something fits is known at once, without trying; and letting it in
moves these moments of its neighbours only as far as it pushes them. In the end each begins as near to its wanted moment
as it can, those of higher priority first.

What keeps the work linear in the number of cues: nothing is moved further than `FURTHEST` from where it is wanted, so
nothing pushes others further than that; and a newcomer looks past at most `REACH` neighbours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from voicecoach.model.clip import Utterance
from voicecoach.model.cuescript import Priority
from voicecoach.model.units import to_frames
from voicecoach.stages.place.sounds import Sounds
from voicecoach.stages.place.wishes import Wish

FURTHEST = to_frames(30)
"""Frames by which a cue is moved at most; who hears it later than that does not know any more what it is about."""
REACH = 8
"""Neighbours that a cue may change places with, on either side of its wanted moment."""
BESIDE = 3
"""Places, from its wanted moment outward, at which neighbours are shortened for a cue."""
LATER_COUNTS = 2
"""Being late counts so many times as much as being early."""


@dataclass
class Schedule:
    """What is said in one exact span.

    Attributes
    ----------
    sounds
        The earcons to keep clear of.
    length
        Frames of an utterance.
    said
        What found room, in order.
    dropped
        What did not.
    looked
        How often a moment for something was looked for: the measure of the work done.
    """

    sounds: Sounds
    length: Callable[[Utterance], int]
    said: list[Wish] = field(default_factory=list)
    dropped: list[Wish] = field(default_factory=list)
    looked: int = 0
    _order: list[tuple[int, int]] = field(default_factory=list)

    def fill(self, wishes: Iterable[Wish]) -> None:
        """Let in what fits, by priority; then settle when each is said."""
        waiting = sorted((-wish.cue.priority, *self._key(wish), wish) for wish in wishes)
        for priority in sorted({-key for key, *_ in waiting}, reverse=True):
            missed = [wish for key, *_, wish in waiting if -key == priority and not self._let_in(wish)]
            # Once more: one that came later may have shortened what stood in the way.
            self.dropped += [wish for wish in missed if not self._let_in(wish)]
        for index, wish in enumerate(self.said):
            self._restore(index, wish)
        self._settle()

    def wanted(self, wish: Wish) -> int:
        """Return when the form that is chosen is wanted to begin."""
        if wish.wanted is not None:
            return wish.wanted
        last = wish.limit
        if wish.cue.late:
            found = self.sounds.last(last, wish.frames, wish.earliest)
            return last if found is None else found
        found = self.sounds.first(wish.earliest, wish.frames, last)
        return wish.earliest if found is None else found

    def _key(self, wish: Wish) -> tuple[int, int]:
        return self.wanted(wish), wish.index

    # Letting in

    def _let_in(self, wish: Wish) -> bool:
        """Find room for a cue: in full, in brief, beside a neighbour in brief."""
        if self._let_in_as(wish, brief=False) or (len(self._forms(wish)) > 1 and self._let_in_as(wish, brief=True)):
            return True
        if self._let_in_beside_brief(wish):
            return True
        self._choose(wish, brief=False)
        return False

    def _let_in_as(self, wish: Wish, *, brief: bool) -> bool:
        self._choose(wish, brief=brief)
        for at in self._places(wish):
            room = self._room(wish, self._at(at - 1), self._at(at))
            if room is not None:
                self._put(wish, at, room)
                return True
        return False

    def _let_in_beside_brief(self, wish: Wish) -> bool:
        """Find room for a cue where neighbours of no higher priority are said in brief: one, or two."""
        self._choose(wish, brief=False)
        for at in tuple(islice(self._places(wish), BESIDE)):
            for before, behind in ((1, 0), (0, 1), (1, 1), (2, 0), (0, 2)):
                # The outer ones first: the moments of the inner ones come from theirs.
                beside = [*range(max(0, at - before), at), *reversed(range(at, min(len(self.said), at + behind)))]
                yielding = [n for n in beside if self._yields(self.said[n], wish)]
                if yielding and self._let_in_between(wish, at, beside, yielding):
                    return True
        return False

    def _let_in_between(self, wish: Wish, at: int, beside: list[int], yielding: list[int]) -> bool:
        for brief in self._forms(wish):
            self._choose(wish, brief=brief)
            if self._fits_beside(wish, at, beside, yielding):
                for n in yielding:
                    self._choose(self.said[n], brief=True)
                    self.said[n].made_room_for = wish.cue
                    self._refit(n)
                room = self._room(wish, self._at(at - 1), self._at(at))
                assert room is not None
                self._put(wish, at, room)
                return True
        return False

    def _yields(self, other: Wish, wish: Wish) -> bool:
        return other.cue.priority <= wish.cue.priority and not other.brief and len(self._forms(other)) > 1

    def _fits_beside(self, wish: Wish, at: int, beside: list[int], yielding: list[int]) -> bool:
        """Whether it fits once those neighbours are in brief; they are left as they are."""
        kept = [(other.begin, other.latest) for other in map(self.said.__getitem__, beside)]
        for n in beside:
            other = self.said[n]
            self._choose(other, brief=other.brief or n in yielding)
            room = self._room(other, self._at(n - 1) if n < at else None, self._at(n + 1) if n >= at else None)
            assert room is not None, "in brief it fits wherever it fits in full"
            other.begin, other.latest = room
        fits = self._room(wish, self._at(at - 1), self._at(at)) is not None
        for n, (begin, latest) in zip(beside, kept, strict=True):
            self.said[n].begin, self.said[n].latest = begin, latest
            if n in yielding:
                self._choose(self.said[n], brief=False)
        return fits

    def _forms(self, wish: Wish) -> tuple[bool, ...]:
        """The forms there are: False for the full one, True for the brief one where that is shorter."""
        brief = wish.cue.brief
        return (False, True) if brief is not None and self.length(brief.utterance) < wish.full_frames else (False,)

    def _choose(self, wish: Wish, *, brief: bool) -> None:
        wish.brief = brief
        shorter = wish.cue.brief if brief else None
        wish.frames = wish.full_frames if shorter is None else self.length(shorter.utterance)

    def _places(self, wish: Wish) -> Iterator[int]:
        """Places in the row, from the one of its wanted moment outward, as far as its window goes."""
        at = bisect_left(self._order, self._key(wish))
        yield at
        before, after = at - 1, at + 1
        for _ in range(REACH):
            if before >= 0 and self.said[before].latest - wish.frames >= wish.earliest:
                yield before
                before -= 1
            if after <= len(self.said) and self.said[after - 1].begin <= wish.limit:
                yield after
                after += 1

    def _at(self, index: int) -> Wish | None:
        return self.said[index] if 0 <= index < len(self.said) else None

    def _room(self, wish: Wish, left: Wish | None, right: Wish | None) -> tuple[int, int] | None:
        """Return the earliest and latest begin between two neighbours, or None where there is no room."""
        self.looked += 1
        low, high = wish.earliest, wish.limit
        if left is not None:
            low = max(low, left.begin + left.frames + left.gap(wish))
        if right is not None:
            high = min(high, right.latest - right.gap(wish) - wish.frames)
        begin = self.sounds.first(low, wish.frames, high)
        latest = None if begin is None else self.sounds.last(high, wish.frames, begin)
        return None if begin is None or latest is None else (begin, latest)

    def _put(self, wish: Wish, at: int, room: tuple[int, int]) -> None:
        wish.begin, wish.latest = room
        key = self._key(wish)
        if at < len(self._order):
            key = min(key, self._order[at])
        if at > 0:
            key = max(key, self._order[at - 1])
        self.said.insert(at, wish)
        self._order.insert(at, key)
        self._push(at)

    def _restore(self, at: int, wish: Wish) -> None:
        """Say in full after all what has the room for it by now."""
        if wish.brief:
            self._choose(wish, brief=False)
            if self._room(wish, self._at(at - 1), self._at(at + 1)) is None:
                self._choose(wish, brief=True)
            else:
                wish.made_room_for = None
                self._refit(at)

    # The earliest and latest begin of each

    def _push(self, at: int) -> None:
        """After one came in: those behind it begin later at the earliest, those before it sooner at the latest."""
        for index in range(at + 1, len(self.said)):
            if not self._begin_after(self.said[index], self.said[index - 1], keep=self.said[index].begin):
                break
        for index in range(at - 1, -1, -1):
            if not self._end_before(self.said[index], self.said[index + 1], keep=self.said[index].latest):
                break

    def _refit(self, at: int) -> None:
        """After one changed its length: find the moments of it and of those around it anew, as far as they change."""
        room = self._room(self.said[at], self._at(at - 1), self._at(at + 1))
        assert room is not None
        self.said[at].begin, self.said[at].latest = room
        for index in range(at + 1, len(self.said)):
            if not self._begin_after(self.said[index], self.said[index - 1], keep=self.said[index].earliest):
                break
        for index in range(at - 1, -1, -1):
            if not self._end_before(self.said[index], self.said[index + 1], keep=self.said[index].limit):
                break

    def _begin_after(self, wish: Wish, before: Wish, *, keep: int) -> bool:
        """Set its earliest begin, at ``keep`` or as much later as the one before it makes it; whether that changed."""
        self.looked += 1
        low = max(keep, before.begin + before.frames + before.gap(wish))
        begin = wish.begin if low == wish.begin else self.sounds.first(low, wish.frames, wish.latest)
        assert begin is not None
        changed, wish.begin = begin != wish.begin, begin
        return changed

    def _end_before(self, wish: Wish, after: Wish, *, keep: int) -> bool:
        self.looked += 1
        high = min(keep, after.latest - after.gap(wish) - wish.frames)
        latest = wish.latest if high == wish.latest else self.sounds.last(high, wish.frames, wish.begin)
        assert latest is not None
        changed, wish.latest = latest != wish.latest, latest
        return changed

    # Settling

    def _settle(self) -> None:
        """Let each begin as near to its wanted moment as the others leave it, those of higher priority first."""
        settled: set[int] = set()
        for priority in sorted({wish.cue.priority for wish in self.said}, reverse=True):
            self._settle_those(priority, settled)
        assert len(settled) == len(self.said)

    def _settle_those(self, priority: Priority, settled: set[int]) -> None:
        before: Wish | None = None
        for wish in self.said:
            if wish.index not in settled:
                if before is not None:
                    self._begin_after(wish, before, keep=wish.begin)
                if wish.cue.priority == priority:
                    wish.begin = wish.latest = self._nearest(wish)
                    settled.add(wish.index)
            before = wish
        after: Wish | None = None
        for wish in reversed(self.said):
            if after is not None and wish.index not in settled:
                self._end_before(wish, after, keep=wish.latest)
            after = wish

    def _nearest(self, wish: Wish) -> int:
        self.looked += 1
        wanted = self.wanted(wish)
        aim = min(max(wanted, wish.begin), wish.latest)
        sooner = self.sounds.last(aim, wish.frames, wish.begin)
        later = self.sounds.first(aim, wish.frames, wish.latest)
        found = [begin for begin in (sooner, later) if begin is not None]
        return min(found, key=lambda begin: wanted - begin if begin <= wanted else (begin - wanted) * LATER_COUNTS)
