"""What may be chosen of a routine, and the routine that a choice makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from voicecoach.model.exercise import Quantity
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IntervalsStep,
    RepeatStep,
    Routine,
    Step,
    Talk,
)
from voicecoach.stages.fit.dials import Dial, Lookup, dials
from voicecoach.stages.fit.tree import Path, does_something, every_step, goes_along, passes, rebuilt

AMOUNTS_OF_TALK: tuple[Talk | None, ...] = (Talk.CUES, Talk.BRIEF, None, Talk.TEACH)
"""From least to most; None: each exercise is taught the first time and brief after. A session of bells stays so."""


@dataclass(frozen=True)
class Coarse:
    """What is chosen of the coarse levers.

    Attributes
    ----------
    left_out
        Optional steps that are not done.
    rounds
        How often each repeat and each intervals is done that has a range of rounds.
    talk
        How much is said.
    """

    left_out: frozenset[Path]
    rounds: tuple[int, ...]
    talk: Talk | None


@dataclass(frozen=True)
class Choice:
    """What is chosen of all levers: the coarse ones, and the notch of each dial."""

    coarse: Coarse
    notches: tuple[int, ...]


@dataclass(frozen=True)
class Turns:
    """A repeat or intervals with a range of rounds."""

    path: Path
    step: RepeatStep | IntervalsStep
    least: int
    most: int


class Leeway:
    """All that a routine leaves open.

    Parameters
    ----------
    routine
        Adapted: it holds no includes.
    lookup
        Finds the exercise of a step.
    talk_is_fixed
        How much is said is not to be changed.

    Attributes
    ----------
    dials
        The fine levers, in the order of the steps.
    optional
        The steps that may be left out.
    turns
        The repeats and intervals with a range of rounds.
    talks
        How much may be said, from what is said by default to what is furthest from it.
    """

    def __init__(self, routine: Routine, lookup: Lookup, *, talk_is_fixed: bool) -> None:
        self.routine = routine
        self.lookup = lookup
        self.dials = tuple(dials(routine, lookup))
        steps = tuple(every_step(routine.steps))
        self.optional = tuple(path for path, step in steps if _optional(step))
        self.turns = tuple(_turns(steps))
        self.talks = (routine.talk,) if talk_is_fixed else _talks(routine.talk)
        self.gone = lru_cache(maxsize=None)(lambda left_out: goes_along(routine.steps, left_out))
        self._times = lru_cache(maxsize=None)(self._count_times)

    @property
    def default(self) -> Choice:
        """The routine as it is."""
        rounds = tuple(turns.least for turns in self.turns)
        return self.plain(Coarse(frozenset(), rounds, self.routine.talk))

    def plain(self, coarse: Coarse) -> Choice:
        """Choose of the coarse levers only."""
        return Choice(coarse, (0,) * len(self.dials))

    def times(self, path: Path, rounds: tuple[int, ...]) -> int:
        """How often a step is come to; intervals themselves are come to once for each of their rounds."""
        return self._times(path, rounds)

    def _count_times(self, path: Path, rounds: tuple[int, ...]) -> int:
        by_path = {turns.path: number for turns, number in zip(self.turns, rounds, strict=True)}
        own = next((t for t in self.turns if t.path == path and isinstance(t.step, IntervalsStep)), None)
        return passes(self.routine.steps, path, by_path) * (by_path[path] if own else 1)

    def something_is_left(self, left_out: frozenset[Path]) -> bool:
        """Leaving these steps out leaves something to do, if there was anything."""
        return not left_out or does_something(self.routine.steps, self.gone(left_out))

    def is_done(self, path: Path, coarse: Coarse) -> bool:
        """A step is not left out, and none that it stands in."""
        gone = self.gone(coarse.left_out)
        return not any(path[:depth] in gone for depth in range(1, len(path) + 1))

    def made(self, choice: Choice) -> Routine:
        """Make the routine that a choice makes."""
        gone = self.gone(choice.coarse.left_out)
        rounds = {t.path: n for t, n in zip(self.turns, choice.coarse.rounds, strict=True) if n != t.least}
        turned: dict[Path, list[tuple[Dial, int]]] = {}
        for dial, notch in zip(self.dials, choice.notches, strict=True):
            if notch:
                turned.setdefault(dial.path, []).append((dial, notch))

        def change(path: Path, step: Step) -> Step | None:
            if path in gone:
                return None
            for dial, notch in turned.get(path, ()):
                step = dial.turned(step, notch)
            if path not in rounds:
                return step
            amount = Quantity.of(rounds[path])
            if isinstance(step, RepeatStep):
                return replace(step, times=amount)
            assert isinstance(step, IntervalsStep)
            return replace(step, rounds=amount)

        return replace(self.routine, talk=choice.coarse.talk, steps=rebuilt(self.routine.steps, change))

    def step(self, path: Path) -> Step:
        """Return the step at a path."""
        steps, step = self.routine.steps, None
        for index in path:
            step = steps[index]
            steps = step.steps if isinstance(step, RepeatStep) else ()
        assert step is not None
        return step


def _optional(step: Step) -> bool:
    return isinstance(step, ExerciseStep | BreatheStep | RepeatStep | IntervalsStep) and step.optional


def _turns(steps: Iterable[tuple[Path, Step]]) -> Iterator[Turns]:
    for path, step in steps:
        if isinstance(step, RepeatStep | IntervalsStep):
            amount = step.times if isinstance(step, RepeatStep) else step.rounds
            if not amount.fixed:
                yield Turns(path, step, amount.count, int(amount.most))


def _talks(usual: Talk | None) -> tuple[Talk | None, ...]:
    if usual not in AMOUNTS_OF_TALK:
        return (usual,)
    at = AMOUNTS_OF_TALK.index(usual)
    return tuple(sorted(AMOUNTS_OF_TALK, key=lambda talk: abs(AMOUNTS_OF_TALK.index(talk) - at)))
