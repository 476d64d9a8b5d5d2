"""Reordering: exercises in a row change places, so that one gets up and down less."""

from __future__ import annotations

from voicecoach.body.runs import reordered
from voicecoach.model.routine import Step
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.steps import Lookup


def reorder(steps: tuple[Step, ...], lookup: Lookup, notes: Notes) -> tuple[Step, ...]:
    """Bring the exercises of steps that hold no includes into the order that needs the fewest changes of position."""
    steps, changes = reordered(steps, lookup)
    for change in changes:
        notes.add(f"reordered: {change.order} ({change.gain})")
    if not changes:
        notes.add("reorder changes nothing: no order needs fewer changes of position")
    return steps
