"""Names that other parts go by: positions, equipment, a date."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator

from voicecoach.model.diagnostic import Diagnostic, did_you_mean
from voicecoach.model.exercise import Exercise
from voicecoach.stages.check.checked import Checked

NEAR = 0.8
"""So alike are two names that one is likely the other misspelt."""


def positions_are_known(checked: Checked) -> Iterator[Diagnostic]:
    """A position that the library does not know cannot be told from another, nor avoided."""
    own = [(step, exercise) for step, exercise in checked.worded() if exercise.position or exercise.end_position]
    known = tuple(sorted(_positions(checked))) if own else ()
    for step, exercise in own:
        for key, position in (("position", exercise.position), ("end position", exercise.end_position)):
            if position is not None and position not in known:
                hint = did_you_mean(position, known) or f"the positions are {', '.join(known)}"
                message = f"'{position}' is not one of the library's positions"
                yield checked.warning("unknown-position", message, checked.place(step, key, "exercise"), hint)


def equipment_is_spelt(checked: Checked) -> Iterator[Diagnostic]:
    """Anything may be needed; but a name that is nearly one of the library's is likely that one."""
    own = [(step, exercise) for step, exercise in checked.worded() if exercise.equipment]
    known = {item for exercise in _library(checked) for item in exercise.equipment} if own else set()
    for step, exercise in own:
        for item in exercise.equipment:
            near = difflib.get_close_matches(item.casefold(), known, n=1, cutoff=NEAR)
            if near and item not in known:
                message = f"the library writes '{near[0]}', not '{item}'"
                hint = f"write '{near[0]}', so that --without knows it and it is asked for once"
                yield checked.warning("odd-equipment", message, checked.place(step, "equipment", "exercise"), hint)


def date_is_a_date(checked: Checked) -> Iterator[Diagnostic]:
    """A feed sorts its episodes by date."""
    date = checked.routine.date
    if date is None:
        return
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
            dt.date.fromisoformat(date)
            return
    except ValueError:
        pass
    hint = "write year-month-day, such as 2026-03-31"
    yield checked.error("bad-date", f"'{date}' is not a date", checked.place(checked.routine, "date"), hint)


def _positions(checked: Checked) -> set[str]:
    named = ((exercise.position, exercise.end_position) for exercise in _library(checked))
    return {position for pair in named for position in pair if position is not None}


def _library(checked: Checked) -> Iterator[Exercise]:
    """Every exercise that there is; a file of the user's that does not read is none."""
    found = (checked.library.look_up(exercise_id).exercise for exercise_id in checked.library.exercise_ids)
    return (exercise for exercise in found if exercise is not None)
