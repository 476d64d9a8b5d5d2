"""Going through steps: without includes, and what there is to do in them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from voicecoach.model.cuescript import NAMED_SOUNDS
from voicecoach.model.exercise import Exercise
from voicecoach.model.routine import (
    BreatheStep,
    ExerciseStep,
    IncludeStep,
    IntervalsStep,
    RepeatStep,
    SoundStep,
    Step,
)

Lookup = Callable[[ExerciseStep], Exercise]
"""Finds the exercise of a step."""


def flattened(steps: Iterable[Step], folder: str = "") -> tuple[Step, ...]:
    """Put the steps of included files in the place of the includes.

    Parameters
    ----------
    steps
        Steps of one file.
    folder
        That of the file, from the folder of the routine: a sound file is found beside the file that names it.
    """
    flat: list[Step] = []
    for step in steps:
        if isinstance(step, IncludeStep):
            flat += flattened(step.steps, posixpath.join(folder, posixpath.dirname(step.file)))
        elif isinstance(step, RepeatStep):
            flat.append(replace(step, steps=flattened(step.steps, folder)))
        elif isinstance(step, SoundStep) and step.sound not in NAMED_SOUNDS and not step.sound.startswith("~/"):
            flat.append(replace(step, sound=posixpath.join(folder, step.sound)))
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
