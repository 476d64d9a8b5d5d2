"""Voices as an author names them: one, several in order of preference, or a map that says how it speaks, too."""

from __future__ import annotations

from typing import Any

from voicecoach.model.routine import VoiceChange, VoiceChoice
from voicecoach.source import values
from voicecoach.source.fields import SPEED, TEXT, Field, Kind, Reader, list_of, read_map, scalar, table_schema
from voicecoach.source.nodes import ListNode, MapNode, Node

_TEXTS = list_of(TEXT)


def _specs(node: Node, reader: Reader, key: str) -> str | None:
    """Read one voice or several: a list, or commas between."""
    if isinstance(node, ListNode) and not node.items:
        reader.fault("empty-value", f"'{key}' names no voice", node.place, "name one, such as espeak")
        return None
    before = len(reader.faults)
    texts: tuple[str, ...] = _TEXTS(node, reader, key)
    specs = [spec.strip() for text in texts for spec in text.split(",") if spec.strip()]
    if not specs and len(reader.faults) == before:
        reader.fault("empty-value", f"'{key}' names no voice", node.place, "name one, such as espeak")
    return ", ".join(specs) or None


SPECS = Kind(_specs, _TEXTS.schema)
PITCH = scalar(
    values.semitones,
    {
        "anyOf": [
            {"type": "number", "minimum": -values.MOST_ST, "maximum": values.MOST_ST},
            {"type": "string", "pattern": rf"^\s*[+−-]?{values.NUMBER}\s*(?:st|[sS]emitones?)?\s*$"},
        ]
    },
)
VOLUME = scalar(values.volume_db, {"type": "string", "pattern": rf"^\s*[+−-]?{values.NUMBER}\s*[dD][bB]\s*$"})

VOICE_FIELDS = (
    Field("engine", SPECS, "the software that speaks, such as espeak"),
    Field("name", TEXT, "one of the engine's voices, such as en-us"),
    Field("speed", SPEED, "0.5 to 2; 1 is a coach's pace"),
    Field("pitch", PITCH, "semitones above the voice's own pitch, or below, such as +2 or -3"),
    Field("volume", VOLUME, "how much louder or softer than usual, such as -6 dB"),
)
_ATTRIBUTES = {"speed": "speed", "pitch": "pitch_st", "volume": "gain_db"}


def _change(node: Node, reader: Reader, key: str) -> VoiceChange | None:
    if not isinstance(node, MapNode):
        spec = SPECS(node, reader, key)
        return None if spec is None else VoiceChange(spec)
    read = read_map(node, VOICE_FIELDS, f"'{key}'", reader)
    if read is None:
        return None
    if not node.entries:
        hint = "name a voice, such as espeak, or what is to be otherwise, such as {speed: 0.9}"
        reader.fault("empty-value", f"'{key}' says nothing", node.place, hint)
        return None
    engine, name = read.get("engine"), read.get("name")
    if "name" in read.places and "engine" not in read.places:
        hint = "add 'engine: …' (the software that speaks, such as espeak)"
        reader.fault("missing-key", f"'{key}' has no 'engine'", node.place, hint)
        return None
    if name is not None and engine is not None and "," in engine:
        hint = "write each with its voice: 'engine: [piper:kristin, espeak:en-us]', without 'name'"
        reader.fault("wrong-shape", "'name' belongs to one engine, and here are several", read.places["name"], hint)
        return None
    if {"engine", "name"} & read.places.keys() - read.values.keys():
        return None
    given: dict[str, Any] = {_ATTRIBUTES[k]: value for k, value in read.values.items() if k in _ATTRIBUTES}
    return VoiceChange(f"{engine}:{name}" if name else engine, **given)


def _choice(node: Node, reader: Reader, key: str) -> VoiceChoice | None:
    change = _change(node, reader, key)
    return None if change is None else change.over(VoiceChoice())


_MAP = {**table_schema(VOICE_FIELDS), "minProperties": 1, "dependentRequired": {"name": ["engine"]}}
_SCHEMA = {"anyOf": [*SPECS.schema["anyOf"], _MAP]}
VOICE = Kind(_choice, _SCHEMA)
"""A voice: ``default``, ``espeak:en-us``, several of them, or a map; it gives a `VoiceChoice`."""
VOICE_CHANGE = Kind(_change, _SCHEMA)
"""The same, where what is not named is as the coach has it; it gives a `VoiceChange`."""
