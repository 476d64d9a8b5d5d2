"""Swapping sides: what is done one side after the other begins with the other side than it would."""

from __future__ import annotations

from dataclasses import replace

from voicecoach.model.routine import ExerciseStep, IntervalsStep, RepeatStep, Step, prescribe
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.steps import Lookup, exercises_in


def swap_sides(steps: tuple[Step, ...], lookup: Lookup, notes: Notes) -> tuple[Step, ...]:
    """Begin with the other side. What an author gives one side only, in steps of their own, stays as written."""
    for step in exercises_in(steps):
        plan = prescribe(step, lookup(step))
        if len(plan.turns) > 1:
            notes.add(f"{plan.start.other.value} side first instead of {plan.start.value}", step.exercise)
    swapped = tuple(_swapped(step, lookup) for step in steps)
    if swapped == steps:
        notes.add("swap sides changes nothing: nothing here is done one side after the other")
    return swapped


def _swapped(step: Step, lookup: Lookup) -> Step:
    if isinstance(step, ExerciseStep):
        return _begun(step, lookup)
    if isinstance(step, IntervalsStep):
        return replace(step, of=tuple(_begun(item, lookup) for item in step.of))
    if isinstance(step, RepeatStep):
        return replace(step, steps=tuple(_swapped(inner, lookup) for inner in step.steps))
    return step


def _begun(step: ExerciseStep, lookup: Lookup) -> ExerciseStep:
    plan = prescribe(step, lookup(step))
    return replace(step, start=plan.start.other) if len(plan.turns) > 1 else step
