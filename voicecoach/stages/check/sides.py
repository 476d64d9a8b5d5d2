"""Sides: whether they go with the exercise and its wording."""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic
from voicecoach.model.exercise import Exercise, Sides
from voicecoach.model.routine import SayStep
from voicecoach.stages.check.checked import Checked, Doing, phrases
from voicecoach.text.fill import variables

SIDE_VARIABLES = ("side", "other side")


def sides_fit(checked: Checked) -> Iterator[Diagnostic]:
    """A step does not change whether both sides work at once."""
    for doing in checked.everything_done():
        sides, usual = doing.step.sides, doing.plan.exercise.sides
        if sides is None or (sides is Sides.BOTH) == (usual is Sides.BOTH):
            continue
        place = checked.place(doing.step, "sides", "exercise")
        if sides is not Sides.BOTH:
            message = f"'{doing.name}' works both sides at once, but this step says 'sides: {sides.value}'"
            yield checked.warning("sides-unfit", message, place, "leave 'sides' out")
        elif _names_a_side(doing.plan.exercise):
            message = f"'{doing.name}' works one side at a time, and its wording names it"
            yield checked.error("sides-unfit", message, place, "write each, alternate, left or right")


def start_fits(checked: Checked) -> Iterator[Diagnostic]:
    """Only where there are two sides in turn is there one to start with."""
    for doing in checked.everything_done():
        sides = doing.plan.sides
        if "start" not in doing.step.places or sides in {Sides.EACH, Sides.ALTERNATE}:
            continue
        if sides is Sides.BOTH:
            message = f"'{doing.name}' works both sides at once: there is none to start with"
        else:
            message = f"only the {sides.value} side of '{doing.name}' is done: there is none to start with"
        hint = "leave 'start' out" if sides is Sides.BOTH else "leave 'start' out, or write 'sides: each'"
        yield checked.warning("start-unfit", message, doing.step.places["start"], hint)


def sides_are_known_where_named(checked: Checked) -> Iterator[Diagnostic]:
    """``{side}`` is filled only where one side works at a time."""
    for doing in checked.everything_done():
        if doing.plan.sides is not Sides.BOTH:
            continue
        if doing.plan.exercise.sides is Sides.BOTH:
            yield from _wording_without_side(checked, doing)
        if any(_names(cue.text) for cue in doing.step.cues):
            message = f"a cue names a side, but '{doing.name}' is not done side by side"
            yield checked.error("no-side", message, checked.place(doing.step, "cues"), "write it without {side}")
    for step in checked.steps():
        if isinstance(step, SayStep) and _names(step.text):
            hint = "write left or right yourself, or move it to an exercise's 'cues'"
            message = "what is said between exercises belongs to no side"
            yield checked.error("no-side", message, checked.place(step, "say"), hint)


def _wording_without_side(checked: Checked, doing: Doing) -> Iterator[Diagnostic]:
    for key, phrase in phrases(doing.plan.exercise):
        if _names(f"{phrase.full} {phrase.brief or ''}"):
            hint = "add 'sides: each', or write the wording without it"
            message = f"the wording of '{doing.name}' names a side, but it is not done side by side"
            yield checked.error("no-side", message, checked.place(doing.step, key, "exercise"), hint)
            return


def _names_a_side(exercise: Exercise) -> bool:
    return any(_names(f"{phrase.full} {phrase.brief or ''}") for _, phrase in phrases(exercise))


def _names(text: str) -> bool:
    return any(name in SIDE_VARIABLES for name in variables(text))
