"""Slips: what reads well but is hardly what the author meant."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Measure, Sides
from voicecoach.model.routine import ExerciseStep, RestStep, SayStep
from voicecoach.stages.check.checked import Checked, Doing

_ONLY_TIMED = {"countdown": "countdown", "spoken_countdown": "countdown", "halfway": "halfway"}

_ATTRIBUTES = {
    **dict.fromkeys(("amount", *(measure.value for measure in Measure)), "given"),
    **{key: key for key in ("sides", "start", "sets", "tempo", "pattern", "talk")},
    "rest": "rest_s",
    "remind every": "remind_every_s",
}
"""The attribute of a step that each of its keys sets."""


def steps_differ(checked: Checked) -> Iterator[Diagnostic]:
    """Two equal steps in a row are more often a slip of the hand than meant."""
    for steps in checked.lists():
        for before, step in itertools.pairwise(steps):
            if before != step or not isinstance(step, ExerciseStep | RestStep | SayStep):
                continue
            if isinstance(step, ExerciseStep):
                if not _read_whole(step):
                    continue
                place, hint = checked.place(step, "exercise"), "to do it again, write 'sets: 2' or a 'repeat'"
            elif isinstance(step, RestStep):
                place, hint = checked.place(step, "rest"), "make one longer rest of the two"
            else:
                place, hint = checked.place(step, "say"), "leave one of the two out"
            yield checked.warning("repeated-step", "this step is the same as the one before it", place, hint)


def _read_whole(step: ExerciseStep) -> bool:
    """Tell whether all that was written of a step did read; what did not may be where two steps differ."""
    written = {key: name for key, name in _ATTRIBUTES.items() if key in step.places}
    return step.own is not None or all(getattr(step, name) is not None for name in written.values())


def keys_have_an_effect(checked: Checked) -> Iterator[Diagnostic]:
    """A key that changes nothing was written for something."""
    for doing in checked.exercises():
        for key, message, hint in _idle(doing):
            yield checked.warning("unused-key", message, checked.place(doing.step, key, "coach", "exercise"), hint)


def _idle(doing: Doing) -> Iterator[tuple[str, str, str]]:
    step, plan = doing.step, doing.plan
    if "rest" in step.places and plan.sets == 1 and plan.sides is not Sides.ALTERNATE and plan.rest_s is not None:
        hint = "add 'sets: 2', or write '- rest: 20s' as a step after it"
        yield "rest", f"'rest' stands between sets, and '{doing.name}' is done in one set", hint
    changed = {name for name, _ in step.coach}
    if plan.dose is not None and not plan.dose.measure.timed:
        for key in sorted({_ONLY_TIMED[name] for name in changed & _ONLY_TIMED.keys()}):
            yield key, f"'{key}' goes with a hold or time, and '{doing.name}' is counted", "leave it out"
    if "count_reps" in changed and plan.dose is not None and plan.dose.measure is not Measure.REPS:
        yield "count reps", f"'count reps' goes with repetitions, and '{doing.name}' has none", "leave it out"
    if "change_sides_s" in changed and len(plan.turns) == 1:
        yield "change sides", f"'{doing.name}' has no change of sides", "leave 'change sides' out"


def interval_keys_have_an_effect(checked: Checked) -> Iterator[Diagnostic]:
    """In intervals the clock says how long, and the rounds how often."""
    for doing in checked.items():
        if doing.within is None:
            continue
        kind, places = doing.within.kind, doing.step.places
        idle = ["sets", "rest", "pattern"]
        if kind != "emom":
            idle += ["tempo", "amount", *(measure.value for measure in Measure)]
        if "optional" in places:
            hint = f"write it for the whole: {kind}: {{…, optional: yes}}"
            yield checked.warning("unused-key", f"a part of '{kind}' cannot be optional", places["optional"], hint)
        for key in idle:
            if key in places:
                what = "a dose" if key == "amount" else f"'{key}'"
                message = f"{what} changes nothing in '{kind}': the clock says how long, the rounds how often"
                yield checked.warning("unused-key", message, places[key], "leave it out")
