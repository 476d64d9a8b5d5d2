"""How much there is in a routine, as far as it is known before anything is spoken: seconds and steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from voicecoach.model.exercise import Exercise, Measure, Unit
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IncludeStep,
    IntervalsStep,
    Prescription,
    RepeatStep,
    RestStep,
    Step,
    prescribe,
)
from voicecoach.model.units import HOUR_S

MOST_S = 24 * HOUR_S
MOST_STEPS = 50_000
"""Beyond these a session is a slip, and would take days to make."""
Extent = tuple[Fraction, int]
"""Required seconds, and steps as they are performed: each set on each side is one."""
Lookup = Callable[[ExerciseStep], Exercise | None]


def extent(steps: Iterable[Step], lookup: Lookup) -> Extent:
    """Sum the required lengths and the performed steps.

    Parameters
    ----------
    steps
        Of a routine.
    lookup
        Finds the exercise of a step; one that is not known counts for nothing.
    """
    length_s, count = Fraction(0), 0
    for step in steps:
        one_s, one = _of_step(step, lookup)
        length_s, count = length_s + one_s, count + one
    return length_s, count


def _of_step(step: Step, lookup: Lookup) -> Extent:
    if isinstance(step, RestStep):
        return step.length.least, 1
    if isinstance(step, BreatheStep):
        of_s = Fraction(1) if step.unit is Unit.SECONDS else step.pattern.whole_s
        return step.amount.least * of_s, 1
    if isinstance(step, RepeatStep):
        inner_s, inner = extent(step.steps, lookup)
        return step.times.count * inner_s, step.times.count * inner
    if isinstance(step, IncludeStep):
        return extent(step.steps, lookup)
    if isinstance(step, IntervalsStep):
        return _of_intervals(step, lookup)
    if isinstance(step, ExerciseStep):
        exercise = lookup(step)
        return _of_exercise(prescribe(step, exercise)) if exercise is not None else (Fraction(0), 0)
    return Fraction(0), 1


def _of_intervals(step: IntervalsStep, lookup: Lookup) -> Extent:
    found = [(item, lookup(item)) for item in step.of]
    turns = sum(len(prescribe(item, exercise).turns) for item, exercise in found if exercise is not None)
    return step.rounds.count * turns * (step.work_s + step.rest_s), step.rounds.count * turns


def _of_exercise(plan: Prescription) -> Extent:
    turns = plan.sets * len(plan.turns)
    if plan.dose is None:
        return Fraction(0), turns
    of_s = {
        Measure.REPS: plan.tempo.whole_s,
        Measure.CYCLES: plan.exercise.cycle_s,
        Measure.BREATHS: plan.pattern.whole_s,
    }
    return turns * plan.dose.amount.least * of_s.get(plan.dose.measure, Fraction(1)), turns
