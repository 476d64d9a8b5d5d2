"""adapt: (Routine, Profile) → Routine. Lays what a person wants over what the author wrote, and notes every change.

It comes after `check` and before `expand`: what follows sees no profile and no `IncludeStep`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicecoach.errors import UsageError
from voicecoach.library import Library
from voicecoach.model.exercise import Exercise
from voicecoach.model.extent import MOST_S, MOST_STEPS, extent
from voicecoach.model.profile import Profile
from voicecoach.model.routine import ExerciseStep, Routine, Step
from voicecoach.model.units import HOUR_S
from voicecoach.stages.adapt.leaving import Leaving
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.reordering import reorder
from voicecoach.stages.adapt.scaling import Scaling
from voicecoach.stages.adapt.settings import settings
from voicecoach.stages.adapt.sides import swap_sides
from voicecoach.stages.adapt.steps import Lookup, flattened
from voicecoach.stages.adapt.warming import warmed

__all__ = ["Adapted", "adapt"]


@dataclass(frozen=True)
class Adapted:
    """What adapting gave.

    Attributes
    ----------
    routine
        To be made; without includes: the steps of their files stand in their place.
    notes
        What was changed, and what was asked for in vain; one line each, for people.
    """

    routine: Routine
    notes: tuple[str, ...] = ()


def adapt(routine: Routine, profile: Profile, library: Library) -> Adapted:
    """Lay a profile over a routine.

    Steps are left out first (a repeat or intervals in which nothing is left to do go, too); what stays is brought into
    an easier order, and begun with the other side, where that is asked for, and scaled. A warm-up that is wished for
    comes before, as long as it was wished for.
    Counts stay at 1 at least, holds and rests at 1 s; what is scaled by the clock is rounded to whole seconds. Both
    sides are one step with one dose, so they stay equal. Breaths, the pattern of a breath and phases of cycles are as
    the author wrote them; so are a repeat that is done once and what is done once by the clock.

    Parameters
    ----------
    routine
        Without errors.
    profile
        What the person wants; the empty one changes nothing.
    library
        The exercises that the routine names.

    Raises
    ------
    UsageError
        All that there is to do would be left out; or it would become a session of days.
    """

    def exercise(step: ExerciseStep) -> Exercise:
        return step.own or library.exercise(step.exercise, routine.language)

    notes = Notes()
    steps = flattened(routine.steps)
    steps = Leaving(profile, exercise, library.exercise_ids, notes).leave_out(steps)
    if profile.reorder:
        steps = reorder(steps, exercise, notes)
    if profile.swap_sides:
        steps = swap_sides(steps, exercise, notes)
    adapted = Scaling(profile, exercise, notes).scale(replace(routine, steps=steps))
    adapted = replace(adapted, steps=warmed(adapted.steps, profile, exercise, notes))
    _ends(adapted.steps, exercise)
    adapted = settings(adapted, profile, exercise, notes)
    return Adapted(adapted, notes.told())


def _ends(steps: tuple[Step, ...], lookup: Lookup) -> None:
    """Refuse what would not be made of a routine that is written so, either."""
    length_s, count = extent(steps, lookup)
    hint = "change holds, repetitions, rounds, sets or rests by less"
    if length_s > MOST_S:
        lasting = f"{float(length_s / HOUR_S):.1f} hours; the longest that is made is {MOST_S // HOUR_S}"
        raise UsageError(f"with these changes the session would last {lasting}", hint=hint)
    if count > MOST_STEPS:
        raise UsageError(f"with these changes it would have {count} steps; the most is {MOST_STEPS}", hint=hint)
