"""voicecoach routines: the built-in routines, and what is in one."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from voicecoach.cli.faults import show_faults
from voicecoach.cli.routine_file import find_routine
from voicecoach.cli.shop import open_shop
from voicecoach.errors import EXIT_FAULTS, EXIT_GOOD

if TYPE_CHECKING:
    from voicecoach.library import Library
    from voicecoach.model.exercise import Exercise
    from voicecoach.model.routine import ExerciseStep, IntervalsStep, Routine, Step
    from voicecoach.pipeline import Workshop


@click.command()
@click.argument("name", required=False)
@click.option("--source", "as_source", is_flag=True, help="Print its text, as it stands in its file.")
def routines(name: str | None, as_source: bool) -> int:
    """List the built-in routines with their lengths (speech estimated), or show what is in the one of that NAME.

    \b
    voicecoach routines
    voicecoach routines nine-moves
    voicecoach routines my-routine.yaml        a file of your own, too
    """
    with open_shop() as shop:
        if name is None:
            if as_source:
                raise click.UsageError("--source goes with the name of a routine")
            return _list(shop)
        return _show(name, shop, as_source=as_source)


def _list(shop: Workshop) -> int:
    from voicecoach.model.units import clock
    from voicecoach.pipeline import plan

    for name in shop.library.routine_names:
        outcome = plan(shop.library.routine_source(name), name, shop)
        if outcome.timeline is None or outcome.routine is None:
            raise RuntimeError(f"the built-in routine '{name}' has faults: {outcome.faults}")
        click.echo(f"{name:28} {clock(outcome.timeline.length_s):>7}  {outcome.routine.title}")
        if outcome.routine.description:
            click.echo(f"{'':37}{outcome.routine.description}")
    return EXIT_GOOD


def _show(word: str, shop: Workshop, *, as_source: bool) -> int:
    from voicecoach.model.units import clock
    from voicecoach.pipeline import plan

    found = find_routine(word, shop.library)
    if as_source and not found.faults:
        click.echo(found.source.text, nl=not found.source.text.endswith("\n"))
        return EXIT_GOOD
    outcome = plan(found.source, found.name, shop) if not found.faults else None
    show_faults(found.faults if outcome is None else outcome.faults)
    if outcome is None or outcome.timeline is None or outcome.routine is None:
        return EXIT_FAULTS
    library = shop.library.beside(found.source)
    for line in _page(outcome.routine, f"{clock(outcome.timeline.length_s)} (speech estimated)", library):
        click.echo(line)
    if found.built_in:
        click.echo(f"\nbuild it:       voicecoach build {found.name}")
        click.echo(f"make it yours:  voicecoach new {found.name}.yaml")
    return EXIT_GOOD


def _page(routine: Routine, length: str, library: Library) -> Iterator[str]:
    done = list(_exercises(routine.steps, routine.language, library))
    needed = dict.fromkeys(item for exercise in done for item in exercise.equipment)
    positions = dict.fromkeys(exercise.position for exercise in done if exercise.position)
    yield routine.title
    yield from textwrap.wrap(routine.description or "", max(40, min(100, shutil.get_terminal_size().columns)))
    yield ""
    yield f"length     {length}"
    yield f"needs      {', '.join(needed) or 'nothing'}"
    yield f"positions  {', '.join(positions) or 'any'}"
    for label, text in (("author", routine.author), ("series", routine.series), ("date", routine.date)):
        if text:
            yield f"{label:11}{text}"
    yield f"language   {routine.language}"
    yield ""
    yield from _outline(routine.steps, routine.language, library, "")


def _outline(steps: Iterable[Step], language: str, library: Library, indent: str) -> Iterator[str]:
    """Give a line for each step that is something to do; those inside another one stand below it."""
    from voicecoach.model.routine import BreatheStep, ExerciseStep, IncludeStep, IntervalsStep, RepeatStep
    from voicecoach.source.written import written_amount, written_counts

    for step in steps:
        if isinstance(step, ExerciseStep):
            yield indent + _exercise_line(step, language, library)
        elif isinstance(step, RepeatStep):
            name = f", {step.name}" if step.name else ""
            yield f"{indent}{written_counts(step.times)} times{name}:"
            yield from _outline(step.steps, language, library, f"{indent}  ")
        elif isinstance(step, IntervalsStep):
            yield indent + _intervals_line(step)
            for item in step.of:
                yield f"{indent}  {_one(item, language, library).name}"
        elif isinstance(step, IncludeStep):
            yield from _outline(step.steps, language, library, indent)
        elif isinstance(step, BreatheStep):
            yield f"{indent}{step.name or 'Breathing'}: {step.pattern}, {written_amount(step.amount, step.unit)}"


def _exercise_line(step: ExerciseStep, language: str, library: Library) -> str:
    from voicecoach.cli.doses import dose_text
    from voicecoach.model.routine import prescribe

    exercise = _one(step, language, library)
    return f"{exercise.name}: {dose_text(prescribe(step, exercise))}"


def _intervals_line(step: IntervalsStep) -> str:
    from voicecoach.model.units import short
    from voicecoach.source.written import written_counts

    rounds = f"{written_counts(step.rounds)} rounds"
    clocked = f"every {short(step.work_s)}" if step.kind == "emom" else f"{short(step.work_s)} work"
    rest = f", {short(step.rest_s)} rest" if step.rest_s else ""
    return f"{step.name or step.kind.capitalize()}: {rounds}, {clocked}{rest}:"


def _one(step: ExerciseStep, language: str, library: Library) -> Exercise:
    return step.own if step.own is not None else library.exercise(step.exercise, language)


def _exercises(steps: Iterable[Step], language: str, library: Library) -> Iterator[Exercise]:
    from voicecoach.model.routine import ExerciseStep, IncludeStep, IntervalsStep, RepeatStep

    for step in steps:
        if isinstance(step, ExerciseStep):
            yield _one(step, language, library)
        elif isinstance(step, IntervalsStep):
            yield from _exercises(step.of, language, library)
        elif isinstance(step, RepeatStep | IncludeStep):
            yield from _exercises(step.steps, language, library)
