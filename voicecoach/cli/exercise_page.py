"""Everything about one exercise: as a page for people, and as plain values for programs."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from fractions import Fraction
from typing import Any

from voicecoach.cli.doses import amount_text, dose_text
from voicecoach.model.exercise import DEFAULT_PATTERN, DEFAULT_TEMPO, Dose, Exercise, Measure, Phase, Phrase, Tempo
from voicecoach.model.routine import ExerciseStep, prescribe
from voicecoach.model.units import short
from voicecoach.source.written import written_tempo

_COLUMN = 13
_WIDEST = 100


def exercise_page(exercise: Exercise) -> Iterator[str]:
    """Give the lines of a page: facts first, then what is said, full and brief."""
    yield f"{exercise.name} ({exercise.id})"
    yield ""
    for label, text in _facts(exercise):
        yield from _entry(label, text)
    yield ""
    for label, phrase in _wording(exercise):
        yield from _entry(label, phrase.full)
        if phrase.brief is not None:
            yield from _entry("", f"brief: {phrase.brief}")
    yield ""
    dose = amount_text(exercise.dose).removeprefix("hold ")
    yield from _entry("in a routine", f"- {exercise.id}" if exercise.dose is None else f"- {exercise.id}: {dose}")


def _facts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    if exercise.says is not None:
        yield "spoken as", exercise.says
    if exercise.kind is not None:
        yield "kind", exercise.kind.value
    if exercise.area:
        yield "works on", ", ".join(exercise.area)
    yield "position", exercise.position or "any"
    if exercise.end_position is not None:
        yield "ends in", exercise.end_position
    yield "needs", ", ".join(exercise.equipment) or "nothing"
    yield "dose", dose_text(prescribe(ExerciseStep(exercise.id), exercise))
    measure = exercise.dose.measure if exercise.dose is not None else None
    if measure is Measure.REPS or exercise.tempo != DEFAULT_TEMPO:
        yield "tempo", f"{written_tempo(exercise.tempo)} (seconds down, hold, up, hold)"
    if measure is Measure.BREATHS or exercise.pattern != DEFAULT_PATTERN:
        yield "breath", f"{written_tempo(exercise.pattern)} (seconds in, hold, out, hold)"
    if exercise.rest_s is not None:
        yield "rest", f"{short(exercise.rest_s)} between sets"
    if exercise.remind_every_s is not None:
        yield "reminds", f"every {short(exercise.remind_every_s)}"
    if exercise.based_on is not None:
        yield "based on", exercise.based_on
    if exercise.source is not None:
        yield "source", exercise.source


def _wording(exercise: Exercise) -> Iterator[tuple[str, Phrase]]:
    one = [("set up", exercise.set_up)]
    one += [("" if number else "form", phrase) for number, phrase in enumerate(exercise.form)]
    for number, phase in enumerate(exercise.phases):
        timed = Phrase(f"{number + 1}. for {short(phase.length_s)}: {phase.say.full}", phase.say.brief)
        one.append(("" if number else "each cycle", timed))
    one += [("breath", exercise.breath), ("release", exercise.release), ("safety", exercise.safety)]
    one += [("easier", exercise.easier), ("harder", exercise.harder)]
    return ((label, phrase) for label, phrase in one if phrase is not None)


def _entry(label: str, text: str) -> Iterator[str]:
    width = max(40, min(_WIDEST, shutil.get_terminal_size().columns))
    margin = " " * _COLUMN
    lines = textwrap.wrap(text, width, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)
    for number, line in enumerate(lines or [margin]):
        yield f"{label:{_COLUMN}}{line[_COLUMN:]}".rstrip() if not number else line


def exercise_json(exercise: Exercise) -> dict[str, Any]:
    """Return all of an exercise as plain values: lengths in seconds, what it lacks as null."""
    return {field.name: _plain(getattr(exercise, field.name)) for field in fields(exercise)}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Tempo):
        return written_tempo(value)
    if isinstance(value, Dose):
        return {"measure": value.measure.value, "least": _plain(value.amount.least), "most": _plain(value.amount.most)}
    if isinstance(value, Phrase | Phase):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
