"""A routine from its node: the keys of the file's top level."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from voicecoach.library import Library
from voicecoach.model.routine import CoachSettings, Routine, VoiceChoice
from voicecoach.source.fields import (
    COUNT_OR_NONE,
    DURATION,
    SPEED,
    TEXT,
    Field,
    Reader,
    read_map,
)
from voicecoach.source.nodes import ListNode, MapNode, Node
from voicecoach.stages.parse.steps import StepReader

COACH_FIELDS = (
    Field("countdown", COUNT_OR_NONE, "ticks before the end of a hold, such as 3; 0 for none"),
    Field("get ready", DURATION, "time to get there after the set-up is said, such as 5s"),
    Field("change sides", DURATION, "time to change sides, such as 6s"),
    Field("rest", DURATION, "rest between sets, such as 10s"),
)

VOICE_FIELDS = (
    Field("engine", TEXT, "the software that speaks, such as espeak", required=True),
    Field("name", TEXT, "one of the engine's voices, such as en-us"),
    Field("speed", SPEED, "0.5 to 2; 1 is a coach's pace"),
)


def voice(node: Node, reader: Reader, key: str) -> VoiceChoice | None:
    """Read a voice: ``default``, ``espeak:en-us``, or a map of engine, name and speed."""
    if not isinstance(node, MapNode):
        spec = TEXT(node, reader, key)
        return None if spec is None else VoiceChoice(spec)
    read = read_map(node, VOICE_FIELDS, "'voice'", reader)
    if read is None or "engine" not in read.values:
        return None
    name = read.get("name")
    engine = read.get("engine")
    return VoiceChoice(f"{engine}:{name}" if name else engine, read.get("speed", Fraction(1)))


def coach(node: Node, reader: Reader, key: str) -> CoachSettings | None:
    """Read the coach's settings."""
    read = read_map(node, COACH_FIELDS, f"'{key}'", reader)
    if read is None:
        return None
    usual = CoachSettings()
    return CoachSettings(
        countdown=read.get("countdown", usual.countdown),
        get_ready_s=read.get("get ready", usual.get_ready_s),
        move_s=usual.move_s,
        change_sides_s=read.get("change sides", usual.change_sides_s),
        rest_s=read.get("rest", usual.rest_s),
    )


def steps(node: Node, reader: Reader, key: str) -> ListNode | None:
    """Take a list of steps as it stands; `StepReader` reads it."""
    if isinstance(node, ListNode) and node.items:
        return node
    hint = "write each step on a line of its own that begins with '- '"
    reader.fault("wrong-shape", f"'{key}' must be a list of steps", node.place, hint)
    return None


ROUTINE_FIELDS = (
    Field("title", TEXT, "what the session is called"),
    Field("author", TEXT, "who made it"),
    Field("description", TEXT, "what it is for, in a sentence"),
    Field("language", TEXT, "the language of wording and voice, such as en"),
    Field("voice", voice, "default, an engine such as espeak, or engine:voice such as espeak:en-us"),
    Field("coach", coach, "how the coach behaves"),
    Field("steps", steps, "what to do, in order", required=True),
)


def read_routine(root: Node, name: str, reader: Reader, library: Library) -> Routine | None:
    """Read the whole file's root node."""
    read = read_map(root, ROUTINE_FIELDS, "a routine", reader)
    if read is None:
        return None
    listed: Any = read.get("steps")
    found = StepReader(reader, library).steps(listed) if listed is not None else ()
    return Routine(
        name=name,
        title=read.get("title") or name.replace("-", " ").replace("_", " ").capitalize(),
        steps=found,
        author=read.get("author"),
        description=read.get("description"),
        language=read.get("language", "en").lower(),
        voice=read.get("voice", VoiceChoice()),
        coach=read.get("coach", CoachSettings()),
        places=read.places,
    )
