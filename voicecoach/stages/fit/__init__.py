"""fit: Routine → Routine of the length wanted, within what the author lets vary; or a refusal.

The levers, the gentlest first: the author's ranges, rests, optional steps, rounds, and how much is said. A less gentle
one is touched only where those before it do not do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from voicecoach.library import Library
from voicecoach.model.exercise import Exercise
from voicecoach.model.routine import ExerciseStep, Routine
from voicecoach.model.timeline import Timeline
from voicecoach.model.units import short
from voicecoach.stages.fit.choices import Leeway
from voicecoach.stages.fit.search import Found, Search
from voicecoach.stages.fit.telling import hint, message, notes

__all__ = ["Fitted", "Refusal", "fit"]


@dataclass(frozen=True)
class Fitted:
    """A routine that has the length wanted, and what was changed for it."""

    routine: Routine
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """Why it cannot have that length: which nearest ones it can have, what stands in the way, and what to do."""

    message: str
    hint: str | None = None


def fit(
    routine: Routine, library: Library, measure: Callable[[Routine], Timeline], *, talk_is_fixed: bool
) -> Fitted | Refusal:
    """Fit a routine to its length, to within a second.

    Holds, times, repetitions, cycles, breaths and rests that have a range begin at its lower end and lengthen by the
    same share of it. Rests without one give up to half of themselves (down to 5 s) or double (up to 2 min); those of
    intervals belong to their clock. Optional steps are done unless time is short, rounds with a range are the fewest
    unless there is time, and how much is said moves between cues, brief and teach. All else stays as it is.

    Parameters
    ----------
    routine
        Adapted to the person, without includes; its ``length_s`` is the length wanted.
    library
        The exercises that it names.
    measure
        Times a routine with the length that it wants told as its own.
    talk_is_fixed
        The person said how much is to be said.

    Returns
    -------
    Fitted or Refusal
        The length of what is fitted was measured, and so were the lengths that a refusal names.
    """

    def lookup(step: ExerciseStep) -> Exercise:
        return step.own or library.exercise(step.exercise, routine.language)

    assert routine.length_s is not None
    leeway = Leeway(routine, lookup, talk_is_fixed=talk_is_fixed)
    search = Search(leeway, measure, routine.length_s)
    found = search.found()
    if found is not None:
        return _fitted(leeway, found)
    below, above = search.nearest(above=False), search.nearest(above=True)
    found = search.late()
    if found is not None:
        return _fitted(leeway, found)
    nearest = above or below or Found(leeway.default, search.measured.length_s(leeway.default))
    timeline = measure(replace(leeway.made(nearest.choice), length_s=nearest.length_s))
    below_s, above_s = (None if side is None else side.length_s for side in (below, above))
    return Refusal(message(routine.length_s, below_s, above_s, timeline), hint(below_s, above_s))


def _fitted(leeway: Leeway, found: Found) -> Fitted:
    assert leeway.routine.length_s is not None
    told = notes(leeway, found.choice)
    if found.length_s != leeway.routine.length_s:
        told = (*told, f"{short(found.length_s)} is as near to {short(leeway.routine.length_s)} as it can be")
    return Fitted(leeway.made(found.choice), told)
