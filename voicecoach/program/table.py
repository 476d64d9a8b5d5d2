"""The language of programmes: its tables, and the kinds of value that only it has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from voicecoach.library.profile import CHANGE_AGAIN, CHANGE_COUNT, CHANGE_S, PROFILE_FIELDS, VARIABLES, profile_of
from voicecoach.model.location import Location
from voicecoach.model.profile import Profile
from voicecoach.model.program import DAYS_A_WEEK, MOST_WEEKS, ProgramDay
from voicecoach.model.routine import Talk
from voicecoach.program.growing import EVERY, GROWTH_COUNT, GROWTH_S
from voicecoach.source.fields import (
    COUNT,
    SWITCH,
    TEXT,
    Field,
    Kind,
    Reader,
    ReadMap,
    choice,
    list_of,
    map_of,
    read_map,
    scalar,
    table_schema,
)
from voicecoach.source.languages import read_tag
from voicecoach.source.nodes import ListNode, MapNode, Node, ScalarNode

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
REST = "rest"
_OF_THE_WHOLE = ("name", "level", "format", "bitrate")
"""Keys of a profile that are about all sessions, not about a day."""


class Sides(StrEnum):
    """With which side sessions begin."""

    ALTERNATE = "alternate"
    SAME = "same"


class Fading(StrEnum):
    """How much is said, by how often a routine came."""

    ONCE = "once"


@dataclass(frozen=True)
class Days:
    """The days of a week as they are written; see `ProgramWeek`."""

    days: tuple[ProgramDay, ...]
    by_weekday: bool


NO_DAYS = Days((ProgramDay(),) * DAYS_A_WEEK, by_weekday=False)
"""Of a week whose days are not there, or did not read."""


@dataclass(frozen=True)
class WeekSaid:
    """What is said of a week; None where nothing is."""

    place: Location
    title: str = ""
    days: Days | None = None
    said: Profile = field(default_factory=Profile)
    lighter: bool | None = None
    places: dict[str, Location] = field(default_factory=dict)


@dataclass(frozen=True)
class LighterSaid:
    """Which weeks are lighter, and by how much; a place for each figure of ``weeks``."""

    every_weeks: int | None = None
    weeks: tuple[tuple[int, Location], ...] = ()
    less: Profile = field(default_factory=Profile)
    places: dict[str, Location] = field(default_factory=dict)


CHANGE_FIELDS = (
    Field("hold", CHANGE_S, "what becomes of holds, such as x0.8 or +10s"),
    Field("reps", CHANGE_COUNT, "what becomes of repetitions, such as x0.8 or +2"),
    Field("rounds", CHANGE_AGAIN, "what becomes of rounds, such as -1"),
    Field("sets", CHANGE_AGAIN, "what becomes of sets, such as -1"),
    Field("rest", CHANGE_S, "what becomes of rests, such as x1.5"),
)

ROUTINE_FIELDS = (
    Field("routine", TEXT, "what is done: a built-in routine, or a file beside the programme", required=True),
    Field("title", TEXT, "a title instead of the routine's own"),
    Field("note", TEXT, "a word for the day"),
    *(one for one in PROFILE_FIELDS if one.key not in _OF_THE_WHOLE),
)
REST_FIELDS = (Field(REST, TEXT, "what to do on a day of rest, such as An easy walk", required=True),)


def _day_of(node: MapNode, reader: Reader, key: str) -> ProgramDay | None:
    if {entry.key.text for entry in node.entries} == {REST}:
        rest = read_map(node, REST_FIELDS, f"'{key}'", reader)
        return None if rest is None or REST not in rest.values else ProgramDay(note=rest.get(REST), places=rest.places)
    read = read_map(node, ROUTINE_FIELDS, "a day", reader)
    if read is None or "routine" not in read.values:
        return None
    given = dict(read.values)
    routine, title, note = given.pop("routine"), given.pop("title", ""), given.pop("note", "")
    return ProgramDay(routine, title, note, profile_of(given), read.places)


def _day(node: Node, reader: Reader, key: str) -> ProgramDay | None:
    if isinstance(node, MapNode):
        return _day_of(node, reader, key)
    if isinstance(node, ScalarNode) and node.empty:
        reader.fault("empty-value", "nothing is said of this day", node.place, "write a routine's name, or rest")
        return None
    name = TEXT(node, reader, key)
    if name is None:
        return None
    return ProgramDay() if name.casefold() == REST else ProgramDay(name, places={"routine": node.place})


DAY = Kind(_day, {"anyOf": [TEXT.schema, table_schema(ROUTINE_FIELDS), table_schema(REST_FIELDS)]})
WEEKDAY_FIELDS = tuple(Field(day, DAY, f"what is done on {day.capitalize()}s, or rest") for day in WEEKDAYS)


def _days(node: Node, reader: Reader, key: str) -> Days | None:
    if isinstance(node, MapNode):
        read = read_map(node, WEEKDAY_FIELDS, f"'{key}'", reader)
        days = read.values if read is not None else {}
        return Days(tuple(days.get(day, ProgramDay()) for day in WEEKDAYS), by_weekday=True)
    if not isinstance(node, ListNode):
        hint = "write a line '- ROUTINE' for each day, or 'monday: ROUTINE' and so on"
        reader.fault("wrong-shape", f"'{key}' wants a list of days, or a map of weekdays", node.place, hint)
        return None
    if len(node.items) > DAYS_A_WEEK:
        message = f"this is day {DAYS_A_WEEK + 1} of a week"
        hint = "a week has 7 days; what differs from week to week stands under 'weeks'"
        reader.fault("too-many-days", message, node.items[DAYS_A_WEEK].place, hint)
    read_days = [DAY(item, reader, key) or ProgramDay() for item in node.items[:DAYS_A_WEEK]]
    missing = DAYS_A_WEEK - len(read_days)
    return Days((*read_days, *(ProgramDay() for _ in range(missing))), by_weekday=False)


_A_WEEK = {"type": "array", "items": DAY.schema, "minItems": 1, "maxItems": DAYS_A_WEEK}
DAYS = Kind(_days, {"anyOf": [_A_WEEK, table_schema(WEEKDAY_FIELDS)]})

WEEK_FIELDS = (
    Field("title", TEXT, "a word for the week"),
    Field("days", DAYS, "the days of this week, instead of those of every week"),
    Field("talk", choice(Talk, "a level of talk"), "how much is said in this week"),
    *CHANGE_FIELDS,
    Field("lighter", SWITCH, "yes: the week goes back a little"),
)


def _week_of(read: ReadMap, reader: Reader, node: Node) -> WeekSaid:  # noqa: ARG001
    said = profile_of({key: value for key, value in read.values.items() if key not in ("title", "days", "lighter")})
    return WeekSaid(node.place, read.get("title", ""), read.get("days"), said, read.get("lighter"), read.places)


WEEK = map_of(WEEK_FIELDS, _week_of)


def _weeks(node: Node, reader: Reader, key: str) -> tuple[WeekSaid, ...] | None:
    """Read how many, or each of them."""
    if isinstance(node, ListNode):
        weeks = [WEEK(item, reader, "a week") or WeekSaid(item.place) for item in node.items]
    elif isinstance(node, ScalarNode):
        count = COUNT(ScalarNode(re.sub(r"\s*weeks?$", "", node.text), node.place, node.quoted), reader, key)
        weeks = [WeekSaid(node.place)] * min(count or 0, MOST_WEEKS + 1)
    else:
        hint = "write how many, such as 4, or a list with a map for each week"
        reader.fault("wrong-shape", f"'{key}' wants a number or a list", node.place, hint)
        return None
    if len(weeks) > MOST_WEEKS:
        place = weeks[MOST_WEEKS].place
        reader.fault("bad-week", f"more than {MOST_WEEKS} weeks", place, "a programme has 1 to 52 weeks")
    if isinstance(node, ListNode) and not weeks:
        reader.fault("empty-value", f"'{key}' has no week", node.place, "write how many, such as 4")
    return tuple(weeks[:MOST_WEEKS]) or None


_WEEK_COUNT = {"type": "integer", "minimum": 1, "maximum": MOST_WEEKS}
_WEEK_LIST = {"type": "array", "items": WEEK.schema, "minItems": 1, "maxItems": MOST_WEEKS}
WEEKS = Kind(_weeks, {"anyOf": [_WEEK_COUNT, _WEEK_LIST]})

LEVEL_OF_TALK = choice(Talk, "a level of talk")
_TALKS = list_of(LEVEL_OF_TALK)


def _talk(node: Node, reader: Reader, key: str) -> Any:
    if isinstance(node, ScalarNode) and node.text.strip().casefold() == Fading.ONCE:
        return Fading.ONCE
    return _TALKS(node, reader, key) or None


TALK = Kind(_talk, {"anyOf": [{"const": Fading.ONCE.value}, _TALKS.schema]})

PROGRESS_FIELDS = (
    Field("hold", GROWTH_S, "how holds grow, such as '+5s a week, up to 45s'"),
    Field("reps", GROWTH_COUNT, "how repetitions grow, such as '+1 a week, up to 12'"),
    Field("rounds", GROWTH_COUNT, "how rounds grow, such as '+1 every 2 weeks, up to 3'"),
    Field("sets", GROWTH_COUNT, "how sets grow, such as '+1 every 4 weeks, up to 3'"),
    Field("rest", GROWTH_S, "how rests change, such as '-2s a week'"),
    Field("talk", TALK, "how much is said, week by week; once: everything the first time that a routine comes"),
    Field("sides", choice(Sides, "a choice"), "alternate: every other time a routine begins with the other side"),
)
_PROGRESS = map_of(PROGRESS_FIELDS, lambda read, reader, node: read)  # noqa: ARG005


def _progress(node: Node, reader: Reader, key: str) -> ReadMap | None:
    """Read how it grows; of a comma that parted a text in braces, say so."""
    if isinstance(node, MapNode):
        parted = [entry for entry in node.entries if re.match(r"up\s+to\b", entry.key.text)]
        for entry in parted:
            hint = "in braces, a text with a comma needs quotes: '+5s a week, up to 45s'; or leave the comma out"
            reader.fault("bad-growth", f"'{entry.key.text}' was parted from what it limits", entry.key.place, hint)
        node = MapNode(tuple(entry for entry in node.entries if entry not in parted), node.place)
    read: ReadMap | None = _PROGRESS(node, reader, key)
    return read


PROGRESS = Kind(_progress, _PROGRESS.schema)


def _week_numbers(node: Node, reader: Reader, key: str) -> tuple[tuple[int, Location], ...]:
    items = node.items if isinstance(node, ListNode) else (node,)
    read = [(COUNT(item, reader, key), item.place) for item in items]
    return tuple((number, place) for number, place in read if number is not None)


_LIGHTER_AMOUNTS = tuple(one.key for one in CHANGE_FIELDS)
LIGHTER_FIELDS = (
    Field("every", EVERY, "how often, such as 4 weeks"),
    Field("weeks", Kind(_week_numbers, list_of(COUNT).schema), "which weeks, such as [4, 8]"),
    *CHANGE_FIELDS,
)


def _lighter_of(read: ReadMap, reader: Reader, node: Node) -> LighterSaid:  # noqa: ARG001
    less = profile_of({key: value for key, value in read.values.items() if key in _LIGHTER_AMOUNTS})
    return LighterSaid(read.get("every"), read.get("weeks", ()), less, read.places)


LIGHTER = map_of(LIGHTER_FIELDS, _lighter_of)

PROGRAM_FIELDS = (
    Field("title", TEXT, "the name of the programme", required=True),
    Field("description", TEXT, "what it is about"),
    Field("author", TEXT, "who made it"),
    Field("language", scalar(read_tag, {"type": "string"}), "the language of its words, such as en or de"),
    Field("image", TEXT, "show art of its feed, a square JPEG or PNG file of 1400 to 3000 pixels a side"),
    Field("weeks", WEEKS, "how many weeks; or a list with a map for each week", required=True),
    Field("days", DAYS, "the days of every week: a list of up to 7, or a map by weekdays"),
    Field("progress", PROGRESS, "how the routines grow from week to week"),
    Field("lighter", LIGHTER, "weeks that go back a little: every 4 weeks, or which weeks, and by how much"),
    Field("with", VARIABLES, "what {name} and its like stand for, such as {name: friend}"),
    Field("session title", TEXT, "what stands over a session; it may hold {week}, {day}, {number} and {title}"),
)
