"""The text of a programme, read: the programme, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import Any

from voicecoach.library import Library
from voicecoach.model.change import Change
from voicecoach.model.diagnostic import Diagnostic, has_errors, in_reading_order
from voicecoach.model.location import Location
from voicecoach.model.profile import CHANGES, Profile
from voicecoach.model.program import SESSION_TITLE, Growing, Program, ProgramWeek
from voicecoach.program.rules import RULES, Checked
from voicecoach.program.table import NO_DAYS, PROGRAM_FIELDS, Days, Fading, LighterSaid, Sides, WeekSaid
from voicecoach.source.fields import Reader, ReadMap, read_map
from voicecoach.source.nodes import SourceFile, parse_yaml

USUALLY_LESS = Profile(hold=Change(Fraction(4, 5)), reps=Change(Fraction(4, 5)))
"""What a lighter week does where its author does not say it."""


def read_program(
    source: SourceFile, name: str, library: Library, given: Collection[str] = ()
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Read a programme.

    Parameters
    ----------
    source
        Its text; routines are looked for beside it.
    name
        Its file's name without folder and ending.
    library
        Of the built-in routines.
    given
        Variables that somebody gives beside those of ``with``.

    Returns
    -------
    tuple
        The programme, or None where an error stands in its way; and all faults, in reading order.
    """
    root, faults = parse_yaml(source)
    if root is None:
        return None, tuple(map(of_program, faults)) or (_empty(source),)
    reader = Reader(source)
    read = read_map(root, PROGRAM_FIELDS, "a programme", reader)
    program, lighter = (None, LighterSaid()) if read is None else _program(read, name, reader)
    found = [*faults, *reader.faults]
    if program is not None:
        checked = Checked(program, lighter, source, library, frozenset(given))
        found += [fault for rule in RULES for fault in rule(checked)]
    told = in_reading_order(found)
    return (None if has_errors(told) else program), told


def of_program(fault: Diagnostic) -> Diagnostic:
    """Say of a file that cannot be read what it should have been: it is no routine."""
    message = re.sub(r"\ba routine\b", "a programme", fault.message)
    return replace(fault, message=message)


def _empty(source: SourceFile) -> Diagnostic:
    hint = "begin with 'title: …', 'weeks: 4' and 'days: [morning]'; voicecoach program list shows the built-in ones"
    return source.fault("empty-file", "there is nothing in this file", Location(source.name, 1, 1), hint)


def _program(read: ReadMap, name: str, reader: Reader) -> tuple[Program | None, LighterSaid]:
    """Make a programme of what read well; what did not is told already."""
    progress: ReadMap = read.get("progress", ReadMap({}, {}))
    lighter: LighterSaid = read.get("lighter", LighterSaid())
    grown: dict[str, Any] = {key: progress.get(key) for key in CHANGES}
    talk = progress.get("talk", ())
    words = {key: read.get(key, "") for key in ("title", "description", "author", "image")}
    said: tuple[WeekSaid, ...] = read.get("weeks", ())
    program = Program(
        name=name,
        weeks=_weeks(said, read, lighter, reader),
        language=read.get("language", "en"),
        growing=Growing(**grown),
        talk=() if talk is Fading.ONCE else talk,
        talk_once=talk is Fading.ONCE,
        alternate=progress.get("sides") is Sides.ALTERNATE,
        less=lighter.less if lighter.less != Profile() else USUALLY_LESS,
        variables=read.get("with", ()),
        session_title=read.get("session title", SESSION_TITLE),
        places={**read.places, **{f"progress {key}": place for key, place in progress.places.items()}},
        **words,
    )
    return program, lighter


def _weeks(said: tuple[WeekSaid, ...], read: ReadMap, lighter: LighterSaid, reader: Reader) -> tuple[ProgramWeek, ...]:
    every: Days | None = read.get("days")
    if every is None and "days" not in read.places and "weeks" in read.values:
        _say_what_has_no_days(said, reader)
    weeks = []
    for number, week in enumerate(said, start=1):
        days = week.days or every or NO_DAYS
        is_lighter = week.lighter
        if is_lighter is None:
            is_lighter = number in {one for one, _ in lighter.weeks} or (
                lighter.every_weeks is not None and number % lighter.every_weeks == 0
            )
        places = {**week.places, "": week.place}
        made = ProgramWeek(days.days, days.by_weekday, week.title, week.said, is_lighter, places)
        weeks.append(made)
    return tuple(weeks)


def _say_what_has_no_days(said: tuple[WeekSaid, ...], reader: Reader) -> None:
    without = [(number, week) for number, week in enumerate(said, start=1) if "days" not in week.places]
    if not without:
        return
    hint = "add 'days:' with a line '- ROUTINE' for each day"
    if len(without) == len(said):
        reader.fault("missing-key", "the programme has no 'days'", Location(reader.source.name, 1, 1), hint)
        return
    for number, week in without:
        message = f"week {number} has no 'days', and there are none for every week"
        reader.fault("missing-key", message, week.place, hint)
