"""voicecoach exercises: what the library holds, and everything about one exercise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.model.exercise import Exercise

SIDES = ("each", "alternate", "left", "right", "both")
KINDS = ("warm-up", "release", "mobility", "stretch", "strength", "balance", "posture")


@click.command()
@click.argument("words", nargs=-1)
@click.option("--kind", type=click.Choice(KINDS), help="Only what is for that.")
@click.option("--area", metavar="WORD", help="Only what works on it, such as glutes.")
@click.option("--position", metavar="WORD", help="Only what is done in it, such as standing or lying.")
@click.option("--equipment", metavar="WORD", help="Only what needs it, such as mat; 'none' for what needs nothing.")
@click.option("--sides", type=click.Choice(SIDES), help="Only what is done so: on each side, in turn, or both at once.")
@click.option("--json", "as_json", is_flag=True, help="Print all about them as JSON.")
def exercises(
    words: tuple[str, ...],
    kind: str | None,
    area: str | None,
    position: str | None,
    equipment: str | None,
    sides: str | None,
    as_json: bool,
) -> int:
    """List the exercises that a routine can name, or those in which all WORDS are found; or show one, by its name.

    \b
    voicecoach exercises
    voicecoach exercises hip --kind stretch --position lying
    voicecoach exercises pigeon-pose

    Exercises of your own count, too: those in the folder 'exercises' here, and in your own one.
    """
    library = _library()
    if len(words) == 1 and words[0] in library.exercise_ids:
        return _show_one(library, words[0], as_json=as_json)
    found = [
        exercise
        for exercise in _all(library)
        if (kind is None or exercise.kind == kind)
        and (area is None or _in(area, exercise.area))
        and (position is None or _in(position, (exercise.position or "", exercise.end_position or "")))
        and (equipment is None or _needs(exercise, equipment))
        and (sides is None or exercise.sides.value == sides)
        and all(_in(word, _texts(exercise)) for word in words)
    ]
    ranked = sorted(found, key=lambda exercise: (_rank(exercise, words), exercise.id))
    if as_json:
        click.echo(_json(ranked))
    elif ranked:
        for exercise in ranked:
            click.echo(_line(exercise, width=max(len(each.id) for each in ranked)))
    if not ranked:
        click.echo(_nothing(words, library), err=True)
    return EXIT_GOOD if ranked else EXIT_FAULTS


def _library() -> Library:
    """Open the library with what lies in the folder ``exercises`` here."""
    from pathlib import Path

    from voicecoach.config import data_folder
    from voicecoach.library import Library
    from voicecoach.source.nodes import SourceFile

    return Library(user_folder=data_folder()).beside(SourceFile("routine.yaml", "", Path()))


def _all(library: Library) -> Iterator[Exercise]:
    """Give every exercise that reads; faults of the user's files are shown."""
    for exercise_id in library.exercise_ids:
        found = library.look_up(exercise_id)
        show_faults(found.faults)
        if found.exercise is not None:
            yield found.exercise


def _in(word: str, texts: Sequence[str]) -> bool:
    return any(word.casefold() in text.casefold() for text in texts)


def _needs(exercise: Exercise, equipment: str) -> bool:
    return not exercise.equipment if equipment.casefold() == "none" else _in(equipment, exercise.equipment)


def _rank(exercise: Exercise, words: Sequence[str]) -> int:
    """Those with the words in their names come first, then those with them in their areas."""
    names = (exercise.id, exercise.name, exercise.says or "")
    for rank, texts in enumerate((names, (*names, *exercise.area))):
        if all(_in(word, texts) for word in words):
            return rank
    return 2


def _texts(exercise: Exercise) -> tuple[str, ...]:
    """All that is said of an exercise; hyphens count as spaces, too."""
    phrases = (exercise.set_up, *exercise.form, exercise.breath, exercise.release, exercise.safety)
    more = (exercise.easier, exercise.harder, *(phase.say for phase in exercise.phases))
    worded = [phrase for phrase in (*phrases, *more) if phrase is not None]
    spoken = [text for phrase in worded for text in (phrase.full, phrase.brief or "")]
    facts = (
        exercise.kind or "",
        exercise.position or "",
        exercise.end_position or "",
        *exercise.area,
        *exercise.equipment,
    )
    return (exercise.id, exercise.id.replace("-", " "), exercise.name, exercise.says or "", *facts, *spoken)


def _line(exercise: Exercise, width: int) -> str:
    from voicecoach.cli.doses import dose_text
    from voicecoach.model.routine import ExerciseStep, prescribe

    dose = dose_text(prescribe(ExerciseStep(exercise.id), exercise))
    needs = f", needs {', '.join(exercise.equipment)}" if exercise.equipment else ""
    return f"{exercise.id:{width}}  {dose}; {exercise.position or 'any position'}{needs}"


def _nothing(words: Sequence[str], library: Library) -> str:
    from voicecoach.model.diagnostic import did_you_mean

    near = did_you_mean("-".join(words), library.exercise_ids) if words else None
    return f"no exercise is like that{f'; {near}' if near else ': take a word or a filter away'}"


def _show_one(library: Library, exercise_id: str, *, as_json: bool) -> int:
    from voicecoach.cli.exercise_page import exercise_page

    found = library.look_up(exercise_id)
    show_faults(found.faults)
    if found.exercise is None:
        return EXIT_FAULTS
    if as_json:
        click.echo(_json([found.exercise]))
    else:
        for line in exercise_page(found.exercise):
            click.echo(line)
    return EXIT_GOOD


def _json(exercises: Sequence[Exercise]) -> str:
    from voicecoach.cli.exercise_page import exercise_json

    return json.dumps([exercise_json(exercise) for exercise in exercises], ensure_ascii=False, indent=2)
