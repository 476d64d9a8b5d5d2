"""Doses as people read them: ``2 sets of 8-12 reps on each side``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.model.exercise import Dose, Sides
    from voicecoach.model.routine import Prescription

_SIDES = {"each": " on each side", "alternate": ", sides in turn", "left": " on the left", "right": " on the right"}


def dose_text(prescription: Prescription) -> str:
    """Say how much of an exercise is done, on which sides and how often."""
    amount = amount_text(prescription.dose)
    times = f"{prescription.sets} sets of " if prescription.sets > 1 else ""
    return f"{times}{amount}{sides_text(prescription.sides)}"


def amount_text(dose: Dose | None) -> str:
    """Say how much is done in one set: ``hold 30-60s``, ``10 reps``, ``2 min``."""
    from voicecoach.model.exercise import Measure, Unit
    from voicecoach.source.written import written_amount

    if dose is None:
        return "no dose"
    unit = Unit.SECONDS if dose.measure.timed else Unit(dose.measure.value)
    amount = written_amount(dose.amount, unit)
    return f"hold {amount}" if dose.measure is Measure.HOLD else amount


def sides_text(sides: Sides) -> str:
    """Say on which sides, to be put behind a dose; nothing where both work at once."""
    return _SIDES.get(sides.value, "")
