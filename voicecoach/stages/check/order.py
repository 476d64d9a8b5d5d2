"""The order of exercises: getting up from the floor and down to it takes time and breath."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.body.runs import reordered
from voicecoach.model.diagnostic import Diagnostic
from voicecoach.stages.check.checked import Checked


def order_is_easy(checked: Checked) -> Iterator[Diagnostic]:
    """An order that goes up and down more often than need be is seldom meant."""
    _, found = reordered(checked.routine.steps, checked.exercise)
    for change in found:
        if change.least.ups_and_downs < change.effort.ups_and_downs:
            message = f"in this order, {len(change.written)} exercises go up and down more often than need be"
            hint = f"{change.order}: {change.gain}; or build with --reorder"
            yield checked.warning("up-and-down", message, checked.place(change.written[0], "exercise"), hint)
