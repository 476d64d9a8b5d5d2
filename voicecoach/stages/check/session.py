"""The session as a whole: whether it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Measure, Unit
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
from voicecoach.model.units import HOUR_S, MINUTE_S, short
from voicecoach.stages.check.checked import Checked

MOST_S = 24 * HOUR_S
MOST_STEPS = 50_000
LEAST_LENGTH_S = Fraction(MINUTE_S)
LONG_LENGTH_S = Fraction(3 * HOUR_S)


def session_ends(checked: Checked) -> Iterator[Diagnostic]:
    """A session that would last for days is a slip, and would take days to make."""
    length_s, count = _extent(checked, checked.routine.steps)
    place = checked.place(checked.routine, "steps")
    if length_s > MOST_S:
        message = f"the session would last {float(length_s / HOUR_S):.0f} hours"
        yield checked.error("too-long", message, place, "the longest that is made is 24 hours")
    elif count > MOST_STEPS:
        yield checked.error("too-long", f"the session would have {count} steps", place, f"the most is {MOST_STEPS}")


def length_is_sane(checked: Checked) -> Iterator[Diagnostic]:
    """The length to fit the session to is one that people train for."""
    length_s = checked.routine.length_s
    if length_s is None:
        return
    place = checked.place(checked.routine, "length")
    if length_s > MOST_S:
        message = f"a session of {short(length_s)}"
        yield checked.error("too-long", message, place, "the longest that is made is 24 hours")
    elif not LEAST_LENGTH_S <= length_s <= LONG_LENGTH_S:
        message = f"a session of {short(length_s)}: is that meant?"
        yield checked.warning("extreme", message, place, "write a length such as 15 min")


def _extent(checked: Checked, steps: Iterable[Step]) -> tuple[Fraction, int]:
    """Sum the required lengths and performed steps (each set on each side is one)."""
    length_s, count = Fraction(0), 0
    for step in steps:
        one_s, one = _extent_of(checked, step)
        length_s, count = length_s + one_s, count + one
    return length_s, count


def _extent_of(checked: Checked, step: Step) -> tuple[Fraction, int]:
    if isinstance(step, RestStep):
        return step.length.least, 1
    if isinstance(step, BreatheStep):
        of_s = Fraction(1) if step.unit is Unit.SECONDS else step.pattern.whole_s
        return step.amount.least * of_s, 1
    if isinstance(step, RepeatStep):
        inner_s, inner = _extent(checked, step.steps)
        return step.times.count * inner_s, step.times.count * inner
    if isinstance(step, IncludeStep):
        return _extent(checked, step.steps)
    if isinstance(step, IntervalsStep):
        return _extent_of_intervals(checked, step)
    if isinstance(step, ExerciseStep):
        exercise = checked.exercise(step)
        return _extent_of_exercise(prescribe(step, exercise)) if exercise is not None else (Fraction(0), 0)
    return Fraction(0), 1


def _extent_of_intervals(checked: Checked, step: IntervalsStep) -> tuple[Fraction, int]:
    found = [(item, checked.exercise(item)) for item in step.of]
    turns = sum(len(prescribe(item, exercise).turns) for item, exercise in found if exercise is not None)
    return step.rounds.count * turns * (step.work_s + step.rest_s), step.rounds.count * turns


def _extent_of_exercise(plan: Prescription) -> tuple[Fraction, int]:
    turns = plan.sets * len(plan.turns)
    if plan.dose is None:
        return Fraction(0), turns
    of_s = {
        Measure.REPS: plan.tempo.whole_s,
        Measure.CYCLES: plan.exercise.cycle_s,
        Measure.BREATHS: plan.pattern.whole_s,
    }
    return turns * plan.dose.amount.least * of_s.get(plan.dose.measure, Fraction(1)), turns
