"""Warming up first, for a person who wants it of routines that begin without."""

from __future__ import annotations

from fractions import Fraction

from voicecoach.model.exercise import ExerciseKind, Measure, Quantity, Unit
from voicecoach.model.profile import Profile
from voicecoach.model.routine import ExerciseStep, Given, SayStep, SoundStep, Step
from voicecoach.stages.adapt.amounts import shown
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.steps import Lookup, exercises_in

WARM_UP = "warm-up-walk"
"""The library's warm-up."""


def warmed(steps: tuple[Step, ...], profile: Profile, lookup: Lookup, notes: Notes) -> tuple[Step, ...]:
    """Put a warm-up before the first thing to do, behind what is said at the beginning; where there is one, none."""
    length_s = profile.warm_up_s
    if length_s is None or WARM_UP in profile.skip:
        return steps
    if any(lookup(step).kind is ExerciseKind.WARM_UP for step in exercises_in(steps)):
        return steps
    at = next((at for at, step in enumerate(steps) if not isinstance(step, SayStep | SoundStep)), len(steps))
    amount = Quantity.of(Fraction(length_s))
    notes.add(f"a warm-up of {shown(amount, timed=True)} first")
    return (*steps[:at], ExerciseStep(WARM_UP, given=Given(amount, Unit.SECONDS, Measure.TIME)), *steps[at:])
