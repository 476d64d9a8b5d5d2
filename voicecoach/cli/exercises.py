"""voicecoach exercises: what the library holds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import click

from voicecoach.errors import EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.model.routine import Dose


@click.command()
def exercises() -> int:
    """List the exercises that a routine can name, with their usual dose."""
    from voicecoach.library import Library

    library = Library()
    for exercise_id in library.exercise_ids:
        exercise = library.exercise(exercise_id)
        dose = _dose(exercise.dose, exercise.sets)
        needs = f", needs {', '.join(exercise.equipment)}" if exercise.equipment else ""
        sides = "" if exercise.sides.value == "both" else f", {exercise.sides.value} side"
        click.echo(f"{exercise_id:30} {dose}{sides}; {exercise.position or 'any position'}{needs}")
    return EXIT_GOOD


def _dose(dose: Dose | None, sets: int) -> str:
    from voicecoach.model.units import short

    if dose is None:
        return "no dose"
    length = short(dose.length_s or Fraction(0))
    one = f"{dose.reps} reps" if dose.reps is not None else f"{dose.measure.value} {length}"
    return f"{sets} x {one}" if sets > 1 else one
