"""Which exercises of a routine may change places, and the order of them that needs the least getting up and down.

A run is a row of exercises in one list of steps. Rests between them keep their slots; whatever else stands between ends
a run. Warm-up and release work stay where they are, and nothing passes them: what is released is to be worked on after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from voicecoach.body.order import MOST_EXACT, Effort, Movement, Often, Pose, Run, best_order, effort
from voicecoach.body.positions import posture
from voicecoach.model.exercise import Exercise, ExerciseKind
from voicecoach.model.routine import ExerciseStep, IncludeStep, IntervalsStep, RepeatStep, RestStep, SayStep, Step

STAY = frozenset({ExerciseKind.WARM_UP, ExerciseKind.RELEASE})

MOST_SEARCHED = 1000
"""Exercises in runs too long to be ordered exactly, of one routine: those beyond stay as they are, to save time."""
MOST_NAMED = 15
"""So many exercises are named where an order is told."""

Lookup = Callable[[ExerciseStep], Exercise | None]
"""Finds the exercise of a step; None where there is none."""


@dataclass(frozen=True)
class Reordering:
    """A run whose exercises are better done in another order.

    Attributes
    ----------
    written, better
        The steps in both orders.
    effort, least
        What both cost, in all the rounds that they are done.
    """

    written: tuple[ExerciseStep, ...]
    better: tuple[ExerciseStep, ...]
    effort: Effort
    least: Effort

    @property
    def order(self) -> str:
        """The exercises in their better order: ``split-squat, clamshell, hip-bridge``."""
        names = [step.exercise for step in self.better]
        return ", ".join(names[:MOST_NAMED] + ["…"] * (len(names) > MOST_NAMED))

    @property
    def gain(self) -> str:
        """What it saves: ``up or down once instead of 4 times, about 30 s less to get there``."""
        now, least = self.effort, self.least
        if least.ups_and_downs < now.ups_and_downs:
            told = f"up or down {_often(least.ups_and_downs)} instead of {_often(now.ups_and_downs)}"
        else:
            told = f"a new position {_often(least.changes)} instead of {_often(now.changes)}"
        saved_s = round(now.getting_there_s - least.getting_there_s)
        return f"{told}, about {saved_s} s less to get there" if saved_s > 0 else told


def _often(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def reordered(steps: Sequence[Step], lookup: Lookup) -> tuple[tuple[Step, ...], tuple[Reordering, ...]]:
    """Bring the exercises of each run into their best order.

    Orders are changed where that makes for fewer ups and downs, or as many and fewer changes of position; not for a few
    seconds alone.

    Parameters
    ----------
    steps
        Of a whole routine. Those of included files are runs of their own, whether they stand in an `IncludeStep` or,
        flattened, tell of another file by their places.
    lookup
        Finds exercises.

    Returns
    -------
    tuple
        The steps in their new order, and what was changed, in reading order.
    """
    reorderer = _Reorderer(lookup)
    found = reorderer.list_of(steps, _Around())
    return found, tuple(reorderer.changed)


@dataclass(frozen=True)
class _Around:
    """What one comes to a list from and leaves it for, how often it is done, and how often of these after itself."""

    before: Often = ()
    after: Often = ()
    times: int = 1
    again: int = 0


class _Reorderer:
    """Goes through the lists of a routine, the first run first: each one is ordered with all before it as it is now."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.changed: list[Reordering] = []
        self._searched = 0

    def list_of(self, steps: Sequence[Step], around: _Around) -> tuple[Step, ...]:
        """Bring one list of steps into order."""
        done = list(steps)
        number = 0
        while number < len(done):
            step = done[number]
            if self._movable(step):
                slots = self._slots(done, number)
                self._run(done, slots, around)
                number = slots[-1]
            elif isinstance(step, RepeatStep | IncludeStep):
                rounds = step.times.count if isinstance(step, RepeatStep) else 1
                part = self._part(done, number, number, around)
                again = part.again + part.times * (rounds - 1)
                inner = replace(part, times=part.times * rounds, again=again)
                done[number] = replace(step, steps=self.list_of(step.steps, inner))
            number += 1
        return tuple(done)

    def _movable(self, step: Step) -> bool:
        exercise = self.lookup(step) if isinstance(step, ExerciseStep) else None
        return exercise is not None and exercise.kind not in STAY

    def _slots(self, steps: Sequence[Step], begin: int) -> list[int]:
        """Return where the exercises of the run that begins here stand."""
        slots = [begin]
        for number in range(begin + 1, len(steps)):
            step = steps[number]
            if self._movable(step) and _one_list(steps[slots[-1]], step):
                slots.append(number)
            elif not isinstance(step, RestStep):
                break
        return slots

    def _run(self, steps: list[Step], slots: Sequence[int], around: _Around) -> None:
        """Bring the exercises in some slots of a list into their best order."""
        written = tuple(step for step in (steps[slot] for slot in slots) if isinstance(step, ExerciseStep))
        if len(written) < 2 or not self._affordable(len(written)):
            return
        part = self._part(steps, slots[0], slots[-1], around)
        movements = tuple(self._movement(step) for step in written)
        run = Run(movements, part.before, part.after, part.times, part.again)
        order = best_order(run)
        now, least = effort(run, range(len(written))), effort(run, order)
        if (least.ups_and_downs, least.changes) < (now.ups_and_downs, now.changes):
            better = tuple(written[number] for number in order)
            for slot, step in zip(slots, better, strict=True):
                steps[slot] = step
            self.changed.append(Reordering(written, better, now, least))

    def _movement(self, step: ExerciseStep) -> Movement:
        exercise = self.lookup(step)
        assert exercise is not None
        return Movement(step.exercise, Pose(exercise.position, _needed(exercise)), exercise.end_position)

    def _affordable(self, count: int) -> bool:
        """Tell whether a run of so many exercises is still to be searched."""
        self._searched += count if count > MOST_EXACT else 0
        return count <= MOST_EXACT or self._searched <= MOST_SEARCHED

    def _part(self, steps: Sequence[Step], first: int, last: int, around: _Around) -> _Around:
        """Return what is around a part of a list: the rest of it, its next round, or what is around the list."""
        left, right = self._left_in(steps[:first]), self._begun_in(steps[last + 1 :])
        if left is None and right is None:
            return around  # it is all that is done in this list, so in the next round it comes after itself
        before, after = around.before, around.after
        if left is not None:
            before = ((left, around.times),)
        elif around.again:
            before = (*before, (self._left_in(steps) or Pose(), around.again))
        if right is not None:
            after = ((right, around.times),)
        elif around.again:
            after = (*after, (self._begun_in(steps) or Pose(), around.again))
        return _Around(before, after, around.times)

    def _begun_in(self, steps: Iterable[Step]) -> Pose | None:
        """Return the pose that steps begin in; one without a position where it cannot be told, None where in none."""
        return next((pose for step in steps for pose in self._poses(step) if pose is not None), None)

    def _left_in(self, steps: Sequence[Step]) -> Pose | None:
        """Return the pose that steps leave one in."""
        for step in reversed(steps):
            if isinstance(step, RepeatStep | IncludeStep):
                found = self._left_in(step.steps)
            else:
                found = next((pose for pose in reversed([*self._poses(step, end=True)]) if pose is not None), None)
            if found is not None:
                return found
        return None

    def _poses(self, step: Step, *, end: bool = False) -> Iterator[Pose | None]:
        """Give the poses that a step begins, or ends, in; words that name a posture may mean any."""
        if isinstance(step, ExerciseStep):
            exercise = self.lookup(step)
            position = None if exercise is None else exercise.position
            if exercise is not None and end:
                position = exercise.end_position or position
            unknown = Pose() if exercise is None else None
            yield Pose(position, _needed(exercise)) if exercise is not None and position is not None else unknown
        elif isinstance(step, IntervalsStep):
            for item in step.of:
                yield from self._poses(item, end=end)
        elif isinstance(step, RepeatStep | IncludeStep):
            yield self._begun_in(step.steps)
        elif isinstance(step, SayStep) and posture(step.text) is not None:
            yield Pose()


def _needed(exercise: Exercise) -> frozenset[str]:
    return frozenset(exercise.equipment)


def _one_list(step: Step, later: Step) -> bool:
    """Tell whether a step stands further down in the same file; steps that were not written stand anywhere."""
    one, other = (next(iter(each.places.values()), None) for each in (step, later))
    if one is None or other is None:
        return True
    return one.file == other.file and (one.line, one.column) < (other.line, other.column)
