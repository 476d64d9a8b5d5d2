"""The fine levers: each amount that may vary by whole seconds and counts, and how far."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from voicecoach.model.exercise import Dose, Exercise, Measure, Quantity, Sides, Unit
from voicecoach.model.routine import (
    BreatheStep,
    CoachSettings,
    ExerciseStep,
    Given,
    Prescription,
    RestStep,
    Routine,
    Step,
    changed,
    prescribe,
)
from voicecoach.stages.fit.tree import Path, every_step

SHORTEST_REST_S, LONGEST_REST_S = Fraction(5), Fraction(120)
"""No rest is shortened below the one or lengthened beyond the other, unless it is so already."""
LEAST_OF_REST, MOST_OF_REST = Fraction(1, 2), Fraction(2)
"""What part of a rest the shortest and the longest that is made of it are."""

Lookup = Callable[[ExerciseStep], Exercise]
"""Finds the exercise of a step."""


class What(StrEnum):
    """What an amount is of."""

    DOSE = "dose"
    BREATHING = "breathing"
    REST = "rest"
    SET_REST = "rest between sets"


@dataclass(frozen=True)
class Dial:
    """An amount that may vary. It stands at a number of notches from where it is by default: 0.

    Attributes
    ----------
    path
        The step that it is of.
    what, called
        What it is the amount of; of a dose its measure, and of breathing its name.
    given
        The author gave the range: it begins at its lower end, and is a gentler lever than a rest without one.
    default, least, most
        In seconds, or counted.
    unit_s
        Seconds that one of it takes: 1 of seconds, those of a repetition of repetitions.
    times
        How often it is done each time that its step is.
    breath_s
        Of a breathing that is given in seconds: those of a breath, of which there is a whole number; else None.
    """

    path: Path
    what: What
    called: str
    given: bool
    default: Fraction
    least: Fraction
    most: Fraction
    unit_s: Fraction = Fraction(1)
    times: int = 1
    breath_s: Fraction | None = None

    @property
    def lowest(self) -> int:
        """The furthest notch down: 0 or below."""
        return -self._notches(self.default - self.least, math.ceil(self.default) - math.floor(self.least))

    @property
    def highest(self) -> int:
        """The furthest notch up."""
        return self._notches(self.most - self.default, math.ceil(self.most) - math.floor(self.default))

    def _notches(self, room: Fraction, whole: int) -> int:
        if self.breath_s is not None:
            return whole_breaths(self.default + room, self.breath_s) - whole_breaths(self.default, self.breath_s)
        return whole if room > 0 else 0

    def value(self, notch: int) -> Fraction:
        """The amount at a notch: whole numbers but for the ends of its room, which may be others."""
        if notch == 0:
            return self.default
        if self.breath_s is not None:
            value = (whole_breaths(self.default, self.breath_s) + notch) * self.breath_s
        else:
            value = Fraction(math.floor(self.default) if notch > 0 else math.ceil(self.default)) + notch
        return min(max(value, self.least), self.most)

    def effect_s(self, notch: int) -> Fraction:
        """Seconds that a notch adds each time that its step is done."""
        if self.breath_s is not None:
            return notch * self.breath_s
        return (self.value(notch) - self.default) * self.unit_s * self.times

    def turned(self, step: Step, notch: int) -> Step:
        """Give the step this amount."""
        value = self.value(notch)
        if isinstance(step, RestStep):
            return replace(step, length=Quantity.of(value))
        if isinstance(step, BreatheStep):
            return replace(step, amount=Quantity.of(value))
        assert isinstance(step, ExerciseStep)
        if self.what is What.SET_REST:
            return replace(step, rest_s=value)
        measure = Measure(self.called)
        unit = Unit.SECONDS if measure.timed else Unit(measure.value)
        return replace(step, given=Given(Quantity.of(value), unit, measure))


def whole_breaths(length_s: Fraction, breath_s: Fraction) -> int:
    """How many breaths come nearest to a length; one at least."""
    return max(1, round(length_s / breath_s))


def dials(routine: Routine, lookup: Lookup) -> Iterator[Dial]:
    """Find all amounts of a routine that may vary. What is done by the clock of intervals stays as it is."""
    coach = changed(CoachSettings(), routine.coach)
    for path, step in every_step(routine.steps):
        for dial in _of_step(path, step, coach, lookup):
            if dial.lowest < dial.highest:
                yield dial


def _of_step(path: Path, step: Step, coach: CoachSettings, lookup: Lookup) -> Iterator[Dial]:
    if isinstance(step, RestStep):
        if step.length.fixed:
            yield rest(path, What.REST, "", step.length.least)
        else:
            yield _range(path, What.REST, "", step.length)
    elif isinstance(step, BreatheStep):
        of_time = step.unit is Unit.SECONDS
        breath_s = step.pattern.whole_s
        dial = _range(path, What.BREATHING, step.name or "", step.amount, Fraction(1) if of_time else breath_s)
        yield replace(dial, breath_s=breath_s) if of_time else dial
    elif isinstance(step, ExerciseStep):
        plan = prescribe(step, lookup(step))
        if plan.dose is not None:
            yield _dose(path, plan, plan.dose)
        if plan.sets > 1:
            rest_s = changed(coach, step.coach).rest_s if plan.rest_s is None else plan.rest_s
            sides = len(plan.turns) if plan.sides is not Sides.ALTERNATE else 1
            yield replace(rest(path, What.SET_REST, "", rest_s), times=(plan.sets - 1) * sides)


def _dose(path: Path, plan: Prescription, dose: Dose) -> Dial:
    unit_s = {
        Measure.REPS: plan.tempo.whole_s,
        Measure.CYCLES: plan.exercise.cycle_s,
        Measure.BREATHS: plan.pattern.whole_s,
    }.get(dose.measure, Fraction(1))
    dial = _range(path, What.DOSE, dose.measure.value, dose.amount, unit_s)
    return replace(dial, times=plan.sets * len(plan.turns))


def _range(path: Path, what: What, called: str, amount: Quantity, unit_s: Fraction = Fraction(1)) -> Dial:
    return Dial(path, what, called, True, amount.least, amount.least, amount.most, unit_s)


def rest(path: Path, what: What, called: str, length_s: Fraction) -> Dial:
    """Let a rest vary to which the author gave no range."""
    least_s = min(length_s, max(SHORTEST_REST_S, Fraction(math.ceil(length_s * LEAST_OF_REST))))
    most_s = max(length_s, min(LONGEST_REST_S, Fraction(math.floor(length_s * MOST_OF_REST))))
    return Dial(path, what, called, False, length_s, least_s, most_s)
