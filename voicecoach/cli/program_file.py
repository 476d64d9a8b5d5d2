"""The programme that a word on the command line means, laid over the days of somebody's calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from voicecoach.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.library import Library
    from voicecoach.library.named import Named
    from voicecoach.model.course import Course, CourseDay
    from voicecoach.model.diagnostic import Diagnostic
    from voicecoach.model.profile import Profile
    from voicecoach.model.program import Program
    from voicecoach.source.nodes import SourceFile


def find_program(word: str, library: Library) -> Named:
    """Find the programme: the file of that name; else with ``.yaml`` added; else the built-in one.

    Raises
    ------
    click.UsageError
        There is none, or it cannot be read.
    """
    from voicecoach.library.named import Missing, What, find_named
    from voicecoach.program.reading import of_program

    found = find_named(word, What.PROGRAMME, library)
    if isinstance(found, Missing):
        raise click.UsageError(found.told)
    return replace(found, faults=tuple(map(of_program, found.faults)))


def read_found(found: Named, library: Library, profile: Profile) -> tuple[Program | None, tuple[Diagnostic, ...]]:
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
    days: Iterable[CourseDay], found: Named, library: Library
) -> tuple[dict[str, SourceFile], dict[str, tuple[str, ...]]]:
    """Read each routine of a course once; give their texts, and what is wrong with the others, rendered."""
    from voicecoach.library.named import Missing, What, find_named

    good: dict[str, SourceFile] = {}
    bad: dict[str, tuple[str, ...]] = {}
    for word in dict.fromkeys(day.routine for day in days if day.routine is not None):
        named = find_named(word, What.ROUTINE, library, found.source)
        if isinstance(named, Missing):
            bad[word] = (named.told,)
        elif named.faults:
            bad[word] = tuple(fault.render() for fault in named.faults)
        else:
            good[word] = named.source
    return good, bad
