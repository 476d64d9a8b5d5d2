"""The order of exercises that needs the least getting up and down.

Works on plain values: what is done where. Which exercises may change places at all is told by `voicecoach.body.runs`.
"""

from __future__ import annotations

from bisect import bisect_left as bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from voicecoach.body.positions import getting_there_s, ups_and_downs

MOST_WORK = 900_000
"""Steps that the search may take. Twelve exercises that are all done differently need a third, and are ordered exactly.
"""
MOST_BEYOND = 20_000
"""Steps for longer runs, where it is not exact anyway."""
MOST_EXACT = 12
MOST_ORDERED = 200
"""Runs of more exercises stay as they are."""


@dataclass(frozen=True)
class Pose:
    """The position that one is in, None where nothing tells it, and the equipment that one has at hand."""

    position: str | None = None
    equipment: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Movement:
    """An exercise as far as its place in an order goes: where it begins, and the position that it ends in."""

    id: str
    start: Pose
    end_position: str | None = None

    def pose_after(self, before: Pose) -> Pose:
        """Where it leaves one who came from another pose; one without a position is done wherever one is."""
        return Pose(self.end_position or self.start.position or before.position, self.start.equipment)


Often = tuple[tuple[Pose, int], ...]
"""Poses, each with how often it comes."""


@dataclass(frozen=True)
class Run:
    """Exercises in a row that may change places.

    Attributes
    ----------
    movements
        In the order written.
    before, after
        The poses that one comes from and goes to, with how often; empty where nothing comes before, or after.
    times
        How often the whole is done.
    wraps
        How often its first exercise comes right after its last one.
    """

    movements: tuple[Movement, ...]
    before: Often = ()
    after: Often = ()
    times: int = 1
    wraps: int = 0


@dataclass(frozen=True, order=True)
class Effort:
    """What an order costs; the first figure counts most.

    Attributes
    ----------
    ups_and_downs
        How often one gets up from the floor or down to it.
    changes
        How often the position changes.
    getting_there_s
        Seconds that all of it takes, equipment included.
    """

    ups_and_downs: int = 0
    changes: int = 0
    getting_there_s: Fraction = Fraction(0)

    def __add__(self, other: Effort) -> Effort:
        return Effort(
            self.ups_and_downs + other.ups_and_downs,
            self.changes + other.changes,
            self.getting_there_s + other.getting_there_s,
        )

    def __mul__(self, times: int) -> Effort:
        return Effort(self.ups_and_downs * times, self.changes * times, self.getting_there_s * times)


def effort(run: Run, order: Sequence[int]) -> Effort:
    """Return what a run costs in an order of its movements."""
    if not order:
        return Effort()
    first = run.movements[order[0]].start
    pose, total = _came_from(run), _enter(run, first)
    for place, number in enumerate(order):
        movement = run.movements[number]
        if place:
            total += _way(pose, movement.start) * run.times
        pose = movement.pose_after(pose)
    return total + _leave(run, pose, first)


def best_order(run: Run) -> tuple[int, ...]:
    """Find the order of a run with the least effort; of those the one that is nearest to the order written.

    Exercises that are done alike keep their order; two of the same that were apart stay apart, since they
    were meant to be done in turn. Exact for any twelve exercises; beyond that the search keeps to the most promising
    orders. The same run always gives the same order.

    Returns
    -------
    tuple of int
        Which movement comes at each place, counted from 0.
    """
    written = tuple(range(len(run.movements)))
    now = effort(run, written)
    if now == Effort() or not 1 < len(written) <= MOST_ORDERED:
        return written
    found = _Search(run).best()
    return found if found is not None and effort(run, found) < now else written


def _came_from(run: Run) -> Pose:
    return run.before[0][0] if run.before else Pose()


def _enter(run: Run, first: Pose) -> Effort:
    before = run.before or ((Pose(), run.times - run.wraps),)
    return sum((_way(pose, first) * often for pose, often in before), Effort())


def _leave(run: Run, last: Pose, first: Pose) -> Effort:
    """Go on to what comes after, and to the beginning again as often as that is done."""
    again = _way(last, first) * run.wraps
    return sum((_way(last, pose) * often for pose, often in run.after), again)


@lru_cache(maxsize=4096)
def _way(start: Pose, end: Pose) -> Effort:
    new_equipment = not end.equipment <= start.equipment
    if start.position is None or end.position is None:
        return Effort(0, 0, getting_there_s(None, None, new_equipment=new_equipment))
    moving_s = getting_there_s(start.position, end.position, new_equipment=False)
    whole_s = getting_there_s(start.position, end.position, new_equipment=new_equipment)
    return Effort(int(ups_and_downs(start.position, end.position)), int(moving_s > 0), whole_s)


_BITS = 40


def _rank(cost: Effort) -> int:
    """Make one number of an effort, so that the lesser is the better; its last digits count pairs turned round."""
    getting_there_ms = round(cost.getting_there_s * 1000)
    return (((cost.ups_and_downs << _BITS) + cost.changes << _BITS) + getting_there_ms) << _BITS


@dataclass(frozen=True)
class _Branch:
    """An order begun: its rank so far, where it has led to, its last movement, and the branch that it grew from."""

    rank: int
    pose: Pose
    last: int
    before: _Branch | None = None

    def order(self) -> tuple[int, ...]:
        numbers: list[int] = []
        branch: _Branch | None = self
        while branch is not None:
            numbers.append(branch.last)
            branch = branch.before
        return tuple(reversed(numbers))


_Placed = tuple[int, ...]
"""Of each way to do exercises, how many are placed."""
_Layer = dict[tuple[_Placed, int, Pose], _Branch]
"""Branches of one length; of those that placed the same and ended alike, the best."""


class _Search:
    """Builds orders up, one exercise at a time.

    Those that are done alike are placed in the order written, so what is placed is told by a count of each.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        alike: dict[tuple[Pose, str | None], list[int]] = {}
        for number, movement in enumerate(run.movements):
            alike.setdefault((movement.start, movement.end_position), []).append(number)
        self.alike = list(alike.values())
        self.starts = [run.movements[numbers[0]].start for numbers in self.alike]
        self.earlier = [[bisect(numbers, n) for numbers in self.alike] for n in range(len(run.movements))]
        self.most = [len(numbers) for numbers in self.alike]
        self.ranks: dict[tuple[Pose, int], int] = {}
        self.rests: dict[tuple[Pose, tuple[bool, ...]], int] = {}
        self.exact = len(run.movements) <= MOST_EXACT
        tries = len(self.alike) if run.wraps and self.exact else 1
        work = MOST_WORK if self.exact else MOST_BEYOND
        self.width = max(8, work // (len(run.movements) * len(self.alike) * tries))

    def best(self) -> tuple[int, ...] | None:
        """Return the best order, or None where there is but one."""
        kinds = range(len(self.alike))
        if len(kinds) == 1:
            return None
        firsts = [[kind] for kind in kinds] if self.run.wraps and self.exact else [list(kinds)]
        ends = [end for some in firsts for end in self._ends(some)]
        return min(ends)[1] if ends else None

    def _ends(self, firsts: Iterable[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Give whole orders that begin with an exercise done in one of some ways, with their ranks."""
        layer: _Layer = {}
        for kind in firsts:
            number = self.alike[kind][0]
            rank = _rank(_enter(self.run, self.starts[kind]))
            self._add(layer, (0,) * len(self.alike), kind, _Branch(rank, _came_from(self.run), number))
        for _ in range(len(self.run.movements) - 1):
            layer = self._next(layer)
        for branch in layer.values():
            order = branch.order()
            yield branch.rank + _rank(_leave(self.run, branch.pose, self.run.movements[order[0]].start)), order

    def _next(self, layer: _Layer) -> _Layer:
        grown: _Layer = {}
        kept = list(layer.items())
        if len(kept) > self.width:
            kept = sorted(kept, key=lambda pair: pair[1].rank + self._at_least(pair[0][0], pair[1].pose))[: self.width]
        for (placed, _, _), branch in kept:
            for kind, numbers in enumerate(self.alike):
                if placed[kind] == len(numbers):
                    continue
                number = numbers[placed[kind]]
                if not self._brought_together(branch.last, number):
                    rank = branch.rank + self._step(branch.pose, kind)
                    self._add(grown, placed, kind, _Branch(rank, branch.pose, number, branch))
        return grown

    def _add(self, layer: _Layer, placed: _Placed, kind: int, branch: _Branch) -> None:
        """Do the last movement of a branch, of which only the way to it is counted, and keep it if it is the best."""
        earlier = self.earlier[branch.last]
        turned = sum(max(0, earlier[k] - placed[k]) for k in range(len(placed)) if k != kind)
        pose = self.run.movements[branch.last].pose_after(branch.pose)
        key = ((*placed[:kind], placed[kind] + 1, *placed[kind + 1 :]), kind, pose)
        known, rank = layer.get(key), branch.rank + turned
        if known is None or rank < known.rank:
            layer[key] = _Branch(rank, pose, branch.last, branch.before)

    def _step(self, pose: Pose, kind: int) -> int:
        found = self.ranks.get((pose, kind))
        if found is None:
            found = self.ranks[pose, kind] = _rank(_way(pose, self.starts[kind]) * self.run.times)
        return found

    def _at_least(self, placed: _Placed, pose: Pose) -> int:
        """Tell what is still to come at least: each other position once, and the floor or the feet once."""
        waits = tuple(done < most for done, most in zip(placed, self.most, strict=True))
        key = (pose, waits)
        found = self.rests.get(key)
        if found is None:
            waiting = [start for start, wait in zip(self.starts, waits, strict=True) if wait]
            ups = max((_way(pose, start).ups_and_downs for start in waiting), default=0)
            positions = {start.position for start in waiting} - {pose.position, None}
            found = self.rests[key] = _rank(Effort(ups, len(positions)) * self.run.times)
        return found

    def _brought_together(self, one: int, other: int) -> bool:
        return other != one + 1 and self.run.movements[one].id == self.run.movements[other].id
