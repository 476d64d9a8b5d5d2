"""The programme that a word on the command line means, laid over the days of somebody's calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from voicecoach.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.library import Library
    from voicecoach.model.course import Course, CourseDay
    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.model.profile import Profile
    from voicecoach.model.program import Program
    from voicecoach.source.nodes import SourceFile

ENDINGS = (".yaml", ".yml")


class ProgramFile(NamedTuple):
    """A programme's text, ready to be read.

    Attributes
    ----------
    name
        File name without folder and extension.
    built_in
        It is the library's, not a file.
    """

    source: SourceFile
    faults: tuple[Diagnostic, ...]
    name: str
    built_in: bool


def find_program(word: str, library: Library) -> ProgramFile:
    """Find the programme: the file of that name; else with ``.yaml`` added; else the built-in one.

    Raises
    ------
    click.UsageError
        There is none, or it cannot be read.
    """
    from voicecoach.program.reading import of_program
    from voicecoach.source.nodes import read_source

    path = Path(word)
    try:
        path.stat()
    except FileNotFoundError:
        pass  # perhaps it is the library's
    except (OSError, ValueError) as error:
        raise click.UsageError(f"cannot read '{word[:80]}': {getattr(error, 'strerror', None) or error}") from error
    if path.is_dir():
        raise click.UsageError(f"'{word}' is a folder; name a programme in it")
    for candidate in (path, *(path.with_name(path.name + ending) for ending in ENDINGS if path.name)):
        if candidate.is_file():
            try:
                source, faults = read_source(candidate)
            except OSError as error:
                raise click.UsageError(f"cannot read '{word}': {error.strerror}") from error
            return ProgramFile(source, tuple(map(of_program, faults)), candidate.stem, built_in=False)
    stem = path.stem if path.suffix in ENDINGS else path.name
    if path.parent == Path() and stem in library.program_names:
        return ProgramFile(library.program_source(stem), (), stem, built_in=True)
    raise click.UsageError(_not_found(word, stem, path, library))


def _not_found(word: str, stem: str, path: Path, library: Library) -> str:
    from voicecoach.model.diagnostic import did_you_mean

    here = [f.name for ending in ENDINGS for f in path.parent.glob(f"*{ending}")] if path.parent.is_dir() else []
    hint = did_you_mean(path.name, here) or did_you_mean(stem, library.program_names)
    if hint is None and stem in library.routine_names:
        hint = f"'{stem}' is a routine: voicecoach build {stem}"
    told = hint or f"the built-in programmes are {', '.join(library.program_names)}"
    return f"there is no file '{word}' and no built-in programme '{stem}'\n  hint: {told}"


def read_found(found: ProgramFile, library: Library, profile: Profile) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Read a programme that was found, for somebody."""
    from voicecoach.program.reading import read_program

    if found.faults:
        return None, found.faults
    return read_program(found.source, found.name, library, [name for name, _ in profile.variables])


def lay_out(program: Program, start: dt.date | None, profile: Profile) -> Course:
    """Lay a programme over the calendar.

    Raises
    ------
    UsageError
        The calendar ends before it does.
    """
    from voicecoach.program.schedule import schedule

    try:
        return schedule(program, start, profile)
    except OverflowError:
        raise UsageError(f"--start {start}: the calendar ends before the programme does") from None


def read_start(text: str | None) -> dt.date | None:
    """Read the day on which a programme starts.

    Raises
    ------
    click.UsageError
        It is none.
    """
    if text is None:
        return None
    from voicecoach.publish.feed.scalars import day
    from voicecoach.source.values import ValueFaultError

    try:
        return day(text)
    except ValueFaultError as fault:
        raise click.UsageError(f"--start: {fault.message}\n  hint: {fault.hint}") from None


def read_at(text: str | None, start: dt.date | None) -> dt.time | None:
    """Read the time of day of sessions.

    Raises
    ------
    click.UsageError
        It is none, or there are no days for it.
    """
    if text is None:
        return None
    hour, colon, minute = text.strip().partition(":")
    digits = hour.isascii() and hour.isdecimal() and minute.isascii() and minute.isdecimal()
    if not (colon and digits and len(hour) <= 2 and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise click.UsageError(f"--at: '{text}' is not a time of day\n  hint: write hours and minutes, such as 07:30")
    if start is None:
        raise click.UsageError("--at goes with --start: without it, there are no days for a calendar")
    return dt.time(int(hour), int(minute))


def sources_of(
    days: Iterable[CourseDay], found: ProgramFile, library: Library
) -> tuple[dict[str, SourceFile], dict[str, tuple[str, ...]]]:
    """Read each routine of a course once; give their texts, and what is wrong with the others, rendered."""
    from voicecoach.program.routines import routine_source

    good: dict[str, SourceFile] = {}
    bad: dict[str, tuple[str, ...]] = {}
    for word in dict.fromkeys(day.routine for day in days if day.routine is not None):
        try:
            source, faults = routine_source(word, found.source, library)
        except (OSError, KeyError) as error:
            bad[word] = (f"the routine '{word}' cannot be read: {getattr(error, 'strerror', None) or 'it is gone'}",)
            continue
        if faults:
            bad[word] = tuple(fault.render() for fault in faults)
        else:
            good[word] = source
    return good, bad
