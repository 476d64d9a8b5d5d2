"""The settings of a routine and of a step: coach, talk, bed, and the author's own variables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from voicecoach.model.routine import Bed, Changes, Talk
from voicecoach.source import values
from voicecoach.source.fields import (
    DURATION,
    LEVEL,
    SWITCH,
    TEXT,
    Field,
    Kind,
    Reader,
    ReadMap,
    choice,
    map_of,
    read_map,
    scalar,
    table_schema,
)
from voicecoach.source.nodes import MapNode, Node

MOST_TICKS = 10
_COUNTDOWN_HINT = f"write 0 to {MOST_TICKS}; 0 is none"


def _ticks(raw: str) -> int:
    ticks = values.whole(raw, least=0)
    if ticks > MOST_TICKS:
        message = f"a countdown from {ticks} is longer than one can follow"
        raise values.ValueFaultError("bad-countdown", message, _COUNTDOWN_HINT)
    return ticks


TICKS = scalar(_ticks, {"type": "integer", "minimum": 0, "maximum": MOST_TICKS})
COUNTDOWN_FIELDS = (
    Field("from", TICKS, "ticks before the end of a hold, such as 3; 0 for none"),
    Field("spoken", SWITCH, "yes: the seconds are counted aloud, too"),
)


def _countdown(node: Node, reader: Reader, key: str) -> Changes | None:
    if not isinstance(node, MapNode):
        ticks = TICKS(node, reader, key)
        return None if ticks is None else (("countdown", ticks),)
    read = read_map(node, COUNTDOWN_FIELDS, f"'{key}'", reader)
    if read is None:
        return None
    fields = {"from": "countdown", "spoken": "spoken_countdown"}
    return tuple((fields[name], value) for name, value in read.values.items())


COUNTDOWN = Kind(_countdown, {"anyOf": [TICKS.schema, table_schema(COUNTDOWN_FIELDS)]})
"""How the end of a hold is counted; the settings that it changes."""

STEP_COACH_FIELDS = (
    Field("countdown", COUNTDOWN, "ticks before the end of a hold, such as 3; 0 for none; or {from: 3, spoken: yes}"),
    Field("halfway", SWITCH, "yes: the middle of a long hold is marked"),
    Field("count reps", SWITCH, "yes: repetitions are counted aloud where the tempo leaves room"),
    Field("get ready", DURATION, "time to get there after the set-up is said, such as 5s"),
    Field("change sides", DURATION, "time to change sides, such as 6s"),
    Field("next up", SWITCH, "yes: what comes next is announced in a rest"),
)
"""What a step can change of the coach."""

COACH_FIELDS = (
    *STEP_COACH_FIELDS,
    Field("rest", DURATION, "rest between sets, such as 10s"),
    Field("opening", SWITCH, "yes: the session begins with its title, its length and what to have at hand"),
    Field("safety", SWITCH, "yes: the session begins with the safety line"),
    Field("closing", SWITCH, "yes: the session ends with a word"),
)

_SETTINGS = {
    "halfway": "halfway",
    "count reps": "count_reps",
    "get ready": "get_ready_s",
    "change sides": "change_sides_s",
    "next up": "next_up",
    "rest": "rest_s",
    "opening": "opening",
    "safety": "safety",
    "closing": "closing",
}
"""The field of `CoachSettings` that each key sets; 'countdown' and 'coach' set several."""


def coach_changes(read: ReadMap, table: Sequence[Field]) -> Changes:
    """Take what a map changes of the coach's settings by the keys of a table, in the order written."""
    keys = {field.key for field in table}
    found: list[tuple[str, object]] = []
    for key, value in read.values.items():
        if key in keys and key in {"countdown", "coach"}:
            found += value
        elif key in keys and key in _SETTINGS:
            found.append((_SETTINGS[key], value))
    return tuple(found)


def _coach(read: ReadMap, _reader: Reader, _node: Node) -> Changes:
    return coach_changes(read, COACH_FIELDS)


COACH = map_of(COACH_FIELDS, _coach)
STEP_COACH = map_of(STEP_COACH_FIELDS, _coach)
TALK = choice(Talk, "an amount of talk")


def _duck(raw: str) -> Fraction:
    depth_db = values.level_db(raw)
    if depth_db < 0:
        hint = f"write how much lower, such as {raw.strip().lstrip('-')}"
        raise values.ValueFaultError("bad-level", f"'{raw.strip()}' would make it louder under the voice", hint)
    return depth_db


BED_FIELDS = (
    Field("sound", TEXT, "a built-in name such as rain, or a file", required=True),
    Field("level", LEVEL, "how loud, such as -22 dB"),
    Field("duck", scalar(_duck, LEVEL.schema), "how much lower under the voice, such as 10 dB"),
)


def _bed(node: Node, reader: Reader, key: str) -> Bed | None:
    if not isinstance(node, MapNode):
        sound = TEXT(node, reader, key)
        return None if sound is None else Bed(sound)
    read = read_map(node, BED_FIELDS, f"'{key}'", reader)
    if read is None or "sound" not in read.values:
        return None
    usual = Bed(read.get("sound"))
    return Bed(usual.sound, read.get("level", usual.level_db), read.get("duck", usual.duck_db))


BED = Kind(_bed, {"anyOf": [TEXT.schema, table_schema(BED_FIELDS)]})
"""Music or noise under the voice: its name, or a map."""

_NAME = re.compile(r"[^\W\d_][\w -]*")


def _variables(node: Node, reader: Reader, key: str) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(node, MapNode):
        hint = "write each on a line of its own below it, such as 'name: Sam'"
        reader.fault("wrong-shape", f"'{key}' must be a map of names and texts", node.place, hint)
        return None
    found: dict[str, str] = {}
    for entry in node.entries:
        name, place = entry.key.text, entry.key.place
        if not _NAME.fullmatch(name):
            hint = "begin it with a letter; letters, digits, spaces and '-' may follow"
            reader.fault("bad-variable", f"'{name}' cannot name a variable", place, hint)
        elif name in found:
            reader.fault("duplicate-key", f"'{name}' is written twice", place, "only one can count")
        else:
            text = TEXT(entry.value, reader, name)
            found[name] = text or ""
    return tuple(found.items())


VARIABLES = Kind(
    _variables,
    {"type": "object", "propertyNames": {"pattern": r"^[^\s\d_{}-][^{}]*$"}, "additionalProperties": TEXT.schema},
)
"""The author's own variables, by name."""
