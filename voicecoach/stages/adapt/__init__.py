"""adapt: (Routine, Profile) → Routine. Lays what a person wants over what the author wrote, and notes every change.

It comes after `check` and before `expand`: what follows sees no profile and no `IncludeStep`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicecoach.library import Library
from voicecoach.model.exercise import Exercise
from voicecoach.model.profile import Profile
from voicecoach.model.routine import ExerciseStep, Routine
from voicecoach.stages.adapt.leaving import Leaving
from voicecoach.stages.adapt.notes import Notes
from voicecoach.stages.adapt.reordering import reorder
from voicecoach.stages.adapt.scaling import Scaling
from voicecoach.stages.adapt.settings import settings
from voicecoach.stages.adapt.sides import swap_sides
from voicecoach.stages.adapt.steps import flattened

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
    an easier order, and begun with the other side, where that is asked for, and scaled.
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
        All that there is to do would be left out.
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
    adapted = settings(adapted, profile, exercise, notes)
    return Adapted(adapted, notes.told())
