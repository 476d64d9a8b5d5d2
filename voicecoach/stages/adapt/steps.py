"""Going through steps: without includes, and what there is to do in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from voicecoach.model.exercise import Exercise
from voicecoach.model.routine import BreatheStep, ExerciseStep, IncludeStep, IntervalsStep, RepeatStep, Step

Lookup = Callable[[ExerciseStep], Exercise]
"""Finds the exercise of a step."""


def flattened(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Put the steps of included files in the place of the includes."""
    flat: list[Step] = []
    for step in steps:
        if isinstance(step, IncludeStep):
            flat += flattened(step.steps)
        elif isinstance(step, RepeatStep):
            flat.append(replace(step, steps=flattened(step.steps)))
        else:
            flat.append(step)
    return tuple(flat)


def every_step(steps: Iterable[Step]) -> Iterator[Step]:
    """Give every step that is no repeat, those within repeats too."""
    for step in steps:
        if isinstance(step, RepeatStep):
            yield from every_step(step.steps)
        else:
            yield step


def done_in(steps: Iterable[Step]) -> Iterator[ExerciseStep | BreatheStep]:
    """Give all that a person does in steps that hold no includes, each as often as it is written."""
    for step in steps:
        if isinstance(step, ExerciseStep | BreatheStep):
            yield step
        elif isinstance(step, RepeatStep):
            yield from done_in(step.steps)
        elif isinstance(step, IntervalsStep):
            yield from step.of


def exercises_in(steps: Iterable[Step]) -> Iterator[ExerciseStep]:
    """Give the exercise steps of steps that hold no includes, those of intervals too."""
    return (step for step in done_in(steps) if isinstance(step, ExerciseStep))
